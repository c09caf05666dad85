"""The model card."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

META: dict[str, object] = {
    "lang": "da",
    "name": "narratives_sm",
    "version": "0.1.0",
    "description": "Compact Danish pipeline (morphology, parser, lemmas, names) of the toolkit narratives",
    "author": "The narratives maintainers",
    "license": "CC BY-SA 4.0",
    "sources": [
        {"name": "Copenhagen Dependency Treebank", "license": "MIT or CC BY-SA 4.0"},
        {"name": "UD Danish-DDT (dev)", "license": "CC BY-SA 4.0"},
        {"name": "DaN+ (news train; Arto and Twitter dev)", "license": "MIT; text CC BY-SA 4.0"},
    ],
}

# da_core_news_md 3.8.0, from its own card (research/anchors_nlp.md); its names were measured on DaNE, not DaN+.
REFERENCE = {"sents_f": 0.894, "dep_las": 0.777, "f_nsubj": 0.84, "f_Voice": 0.98, "ents_f": 0.80}

_ROWS = (
    ("token_acc", "Token accuracy"),
    ("pos_acc", "Word class (UPOS) accuracy"),
    ("morph_acc", "Features, whole bundle"),
    ("f_Voice", "Voice F"),
    ("f_Tense", "Tense F"),
    ("f_Mood", "Mood F"),
    ("f_PronType", "PronType F"),
    ("lemma_acc", "Lemma accuracy"),
    ("dep_uas", "UAS (without punctuation)"),
    ("dep_las", "LAS (without punctuation)"),
    ("f_nsubj", "nsubj F"),
    ("f_obj", "obj F"),
    ("f_aux", "aux F"),
    ("f_mark", "mark F"),
    ("sents_f", "Sentence F"),
)

_GENRES = (("news", "DaN+ news test"), ("arto", "DaN+ Arto (chat) test"), ("twitter", "DaN+ Twitter test"))

# How the shipped version was made; change it together with the model.
RECIPE = {
    "commands": """\
python -m narratives.building.pipeline syntax build/first --steps 3000        # stopped after 1,400 steps
python -m narratives.building.pipeline syntax build/syntax --with-dev --steps 800 --start build/first/out/model-best
python -m narratives.building.pipeline names build/names --steps 2400            # stopped after 2,000
python -m narratives.building.pipeline join build/syntax/out/model-best build/names/out/model-best \\
    models/da_narratives_sm""",
    "minutes": "17",
}

_TEXT = """\
# da_narratives_sm

A compact Danish spaCy pipeline: word classes and features, dependency parser with sentence boundaries, lemmas and
names. It ships with `narratives`, so that a machine without `da_core_news_md` has more than a sentencizer.
No word vectors; {size:.1f} MB on disk; CPU; spaCy {spacy}.

```python
import spacy

nlp = spacy.load("models/da_narratives_sm")
```

**Intended use.** Sentences, subjects and objects, voice, tense and names in Danish speech and plain prose, as
`narratives` needs them for cues, interventions and long stretches without full stops. Not for anonymising, and not for
linguistic research where `da_core_news_md` or a transformer can be had.

Licence: [CC BY-SA 4.0](https://creativecommons.org/licenses/by-sa/4.0/legalcode), as the data ask for;
the MIT licence of the rest of the repository does not hold for this folder.

## Figures

From raw text, ten sentences a document, gold tokens only for scoring. UD Danish-DDT test (565 sentences).
`lower`: the same text in lower case at sentence starts, as transcripts often are; `bare`: without final stops too.
`da_core_news_md` 3.8.0 as its own card reports it. Empty there: not reported in what was
at hand (no hub could be reached); the model itself could not be run.

| | UD test | lower | bare | da_core_news_md |
|---|---|---|---|---|
{syntax}

| Names, F (precision / recall) | all | PER | LOC | ORG | MISC | da_core_news_md (DaNE) |
|---|---|---|---|---|---|---|
{names}

## Data

* **Copenhagen Dependency Treebank**, Danish part (Buch-Kromann and others; MIT or CC BY-SA 4.0; texts PAROLE-DK,
  Society for Danish Language and Literature). Converted by rule to UD-like annotation; sentences of UD dev and
  test that the release still contained (joined words, misprints, halves) are taken out.
* **UD Danish-DDT** dev (Johannsen, Martínez Alonso, Plank; CC BY-SA 4.0): four of five sentences are trained on, every
  fifth stops the training. The test part was used for the figures above and for nothing else.
* **DaN+** (Plank, Jensen, van der Goot 2020; MIT, text CC BY-SA 4.0), outer layer: news train, Arto and Twitter dev.
  Derived words ("russiske") and compounds ("SID-huset") count as MISC.
* No other text and no pretrained weights.

## Annotation

Word classes, features and relations follow UD Danish-DDT, habits included: passives have no relation of their own
(`nsubj` with `Voice=Pass`, or an `aux` *blive*), relative *som* and *der* carry `PartType=Inf`, object clauses with
*at* are `obj` when they hold no auxiliary and `ccomp` when they do.

Known differences of the conversion from the original: the release of the treebank lost the heads of place and time
complements (about 1 word in 60), which are attached by rule to the nearest verb before them.

## Recipe

Each treebank sentence comes twice: as written, and as speech (lower-case start, no final stop, "...", *øh*, repeated
function words, fewer commas), in groups of 1 to 12 sentences. Two models, one for syntax and one for names, each with
its own hash embeddings (`MultiHashEmbed`) and convolutions.

```
{commands}
```

Made on two shared CPU cores; about {minutes} minutes of processor time in all. Two runs were stopped by hand, as noted,
and the first used an earlier state of the conversion (copulas with a prepositional phrase, genitives of full names), so
the commands give a model like this one, not the same one.

## Limits

* Trained on written news, fiction and a little radio from 1983-1992 and on imitated, not real, speech. No figure on
  real interviews exists; expect fewer correct sentence boundaries there, above all in text without punctuation.
* Sentence boundaries are the weak side: quotation marks after a full stop are often put on the wrong side (the model
  does not see spaces), and text with neither capitals nor stops is hardly divided at all. Give it turns, not whole
  interviews.
* Below `da_core_news_md`, which has word vectors and the original UD training part; prefer that one where installed.
* Names of people whom the model never saw are missed more often than the figure says when they stand in lower case.
  Never rely on it alone to anonymise.
* Hesitations are `INTJ`/`discourse`, and repeated words `reparandum`, as far as the imitated speech taught them.
"""


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _syntax_table(figures: dict[str, Any]) -> str:
    rows = []
    for key, title in _ROWS:
        values = [figures[column].get(key) for column in ("syntax", "lower", "bare")] + [REFERENCE.get(key)]
        rows.append(f"| {title} | " + " | ".join(map(_number, values)) + " |")
    return "\n".join(rows)


def _names_table(figures: dict[str, Any]) -> str:
    rows = []
    for genre, title in _GENRES:
        s = figures["names"][genre]
        overall = f"{s['ents_f']:.3f} ({s['ents_p']:.3f} / {s['ents_r']:.3f})"
        labels = " | ".join(_number(s.get(f"f_{label}")) for label in ("PER", "LOC", "ORG", "MISC"))
        rows.append(f"| {title} | {overall} | {labels} | {_number(REFERENCE['ents_f']) if genre == 'news' else ''} |")
    return "\n".join(rows)


def folder_size(folder: Path) -> float:
    """Size of a folder's files in millions of bytes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def card(folder: Path, figures: dict[str, Any], recipe: dict[str, str]) -> str:
    """The text of the card.

    Args:
        folder: The saved pipeline.
        figures: What ``evaluate.measure`` returned.
        recipe: ``commands`` and ``minutes``, as in :data:`RECIPE`.
    """
    import spacy

    return _TEXT.format(
        size=folder_size(folder), spacy=spacy.__version__, syntax=_syntax_table(figures),
        names=_names_table(figures), **recipe,
    )  # fmt: skip


def write_card(folder: Path, figures: dict[str, Any], recipe: dict[str, str]) -> None:
    """Write ``README.md`` and ``figures.json`` into the model folder."""
    (folder / "README.md").write_text(card(folder, figures, recipe), encoding="utf-8")
    (folder / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
