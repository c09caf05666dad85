"""Figures of a pipeline on UD Danish-DDT and DaN+, from raw text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.building.pipeline.entities import entity_doc, read_entities
from narratives.building.pipeline.examples import tree_doc
from narratives.building.pipeline.spoken import lower_start, without
from narratives.building.pipeline.trees import Sentence, read_conllu

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.training import Example

    from narratives.building.pipeline.train import Sources

GROUP = 10  # sentences a document, as in `spacy convert -n 10`, which da_core_news_md was measured with
RELATIONS = ("nsubj", "obj", "iobj", "obl", "advmod", "aux", "cop", "mark", "compound:prt", "acl:relcl")
FEATURES = ("Voice", "Tense", "Mood", "PronType", "Person", "VerbForm", "Number", "Definite")


def measure(model: Path, sources: Sources, part: str = "test") -> dict[str, Any]:
    """All figures of a saved pipeline, between 0 and 1.

    Args:
        model: A folder for ``spacy.load``.
        sources: The data.
        part: ``"test"`` or ``"dev"``.

    Returns:
        ``syntax`` (UD), ``names`` (news, chat, tweets), ``lower`` (UD in lower case at sentence starts) and
        ``bare`` (also without final punctuation): dictionaries of scores.
    """
    import spacy

    nlp = spacy.load(model)
    trees = list(read_conllu(sources.ud(part)))
    names = {genre: names_scores(nlp, sources.names(genre, part)) for genre in ("news", "arto", "twitter")}
    harder = {"lower": bare(trees, ends=True), "bare": bare(trees)}
    scores = {kind: syntax_scores(nlp, changed) for kind, changed in harder.items()}
    return {
        "syntax": syntax_scores(nlp, trees),
        "names": names,
        **{kind: {key: found[key] for key in _HARDER if key in found} for kind, found in scores.items()},
    }


_HARDER = ("token_acc", "pos_acc", "dep_uas", "dep_las", "sents_f", "f_nsubj", "f_obj")


def bare(trees: Iterable[Sentence], *, ends: bool = False) -> list[Sentence]:
    """Copies of sentences without a capital at the start and, unless ``ends``, without final stops.

    Names keep their capitals.
    """
    result = []
    for tree in trees:
        last = len(tree.words) - 1
        stop = last > 0 and tree.words[last].form in {".", "!", "?"} and not tree.dependents(last)
        shorter = without(deepcopy(tree), {last} if stop and not ends else set())
        lower_start(shorter)
        result.append(shorter)
    return result


def _examples(nlp: Language, gold: Iterable[Doc]) -> list[Example]:
    from spacy.training import Example

    return [Example(nlp(doc.text), doc) for doc in gold]


def groups(items: Sequence[Any], size: int = GROUP) -> list[Sequence[Any]]:
    """Items in groups of ``size``; the last may be smaller."""
    return [items[i : i + size] for i in range(0, len(items), size)]


def syntax_scores(nlp: Language, trees: Sequence[Sentence]) -> dict[str, float]:
    """Tokens, classes, features, lemmas, attachment and sentences; F of single relations and features.

    Attachment leaves punctuation out, as spaCy's own figures do.
    """
    from spacy.scorer import Scorer

    examples = _examples(nlp, [tree_doc(nlp.vocab, group) for group in groups(trees)])
    scores = Scorer(nlp).score(examples)
    wanted = ("token_acc", "pos_acc", "morph_acc", "lemma_acc", "dep_uas", "dep_las", "sents_p", "sents_r", "sents_f")
    result = {key: round(scores[key], 4) for key in wanted}
    for kind, names in (("dep_las_per_type", RELATIONS), ("morph_per_feat", FEATURES)):
        found = scores.get(kind) or {}
        result |= {f"f_{name}": round(found[name]["f"], 4) for name in names if name in found}
    return result


def names_scores(nlp: Language, path: Path) -> dict[str, float]:
    """Precision, recall and F of names, all labels together, and F of each label."""
    from spacy.scorer import Scorer

    gold = [entity_doc(nlp.vocab, group) for group in groups(read_entities(path))]
    scores = Scorer.score_spans(_examples(nlp, gold), "ents")
    result = {key: round(scores[key], 4) for key in ("ents_p", "ents_r", "ents_f")}
    return result | {f"f_{label}": round(s["f"], 4) for label, s in sorted(scores["ents_per_type"].items())}
