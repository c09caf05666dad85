"""Do predicted codes show the shifts that the coders' codes show?

``python -m narratives.measuring.corpus_check MODEL``

The narratives of the corpus's held-out persons, as the coders cut them, are coded by the model; then shifts
are measured from both, and set side by side in ``docs/shift_check.md``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd

from narratives.classify import DEFAULT_MODEL, load_classifier
from narratives.codebook import Codebook
from narratives.coded.corpus import corpus_folder, read_corpus
from narratives.files import write_atomically
from narratives.measuring.profiles import profiles
from narratives.measuring.shifts import VERDICTS, shifts
from narratives.measuring.simulation import as_markdown

__all__ = ["coded_by_people", "compared", "main"]

_CLEAR = 0.25


def coded_by_people(split: str = "test") -> tuple[pd.DataFrame, Codebook]:
    """Narratives of the interviews of one side of the split, with the coders' codes.

    Returns:
        ``narrative_id``, ``person``, ``wave``, ``start``, ``text`` and a column per variable (the code most coders
        gave); and the codebook.
    """
    data = read_corpus("agency", ["transcripts"]).where(lambda text: text.split == split)
    lines = (corpus_folder("agency") / "coded.jsonl").read_text(encoding="utf-8").splitlines()
    places = {record["id"]: record for record in map(json.loads, lines)}
    rows = [
        {
            "narrative_id": text.id,
            "person": text.person,
            "wave": places[text.id]["wave"],
            "start": places[text.id]["spans"][0][0],
            "text": text.text,
            **{name: text.code(name) for name in data.codebook.names},
        }
        for text in data.texts
    ]
    return pd.DataFrame(rows), data.codebook


def compared(people: pd.DataFrame, model: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Shifts from both codings side by side.

    Args:
        people: as :func:`coded_by_people` gives it.
        model: the same narratives with ``V_p_<code>`` columns.

    Returns:
        one row per person, variable and pair of waves: ``difference``, ``low``, ``high`` and ``verdict`` of both,
        ending in ``_people`` and ``_model``.
    """
    keys = ["person", "variable", "span", "wave_from", "wave_to"]
    kept = [*keys, "difference", "low", "high", "verdict"]
    both = (shifts(frame, codebook)[kept] for frame in (people, model))
    return next(both).merge(next(both), on=keys, suffixes=("_people", "_model"), how="outer")


def _summary(table: pd.DataFrame, people: pd.DataFrame, model: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Agreement per variable, all pairs of waves together and first to last alone."""
    rows = []
    levels = profiles(people, codebook).merge(
        profiles(model, codebook), on=["person", "variable", "wave"], suffixes=("_people", "_model")
    )
    for name, theirs in table.groupby("variable", sort=False):
        level = levels[(levels["variable"] == name) & levels["mean_people"].notna()]
        for span in ("step", "overall"):
            rows.append({"variable": name, "span": span} | _agreement(theirs[theirs["span"] == span], level))
    return pd.DataFrame(rows)


def _agreement(table: pd.DataFrame, levels: pd.DataFrame) -> dict[str, str]:
    known = table.dropna(subset=["difference_people", "difference_model"])
    ours, theirs = known["difference_model"].to_numpy(), known["difference_people"].to_numpy()
    clear = np.abs(theirs) >= _CLEAR
    inside = (known["low_model"] <= theirs) & (theirs <= known["high_model"])
    opposite = known["verdict_people"].isin(VERDICTS[:2]) & known["verdict_model"].isin(VERDICTS[:2])
    opposite &= known["verdict_people"] != known["verdict_model"]
    both = levels.dropna(subset=["mean_model"])
    return {
        "pairs": str(len(known)),
        f"people's difference at least {_CLEAR}": str(int(clear.sum())),
        "same direction there": _percent((np.sign(ours) == np.sign(theirs))[clear]),
        "correlation of differences": f"{np.corrcoef(ours, theirs)[0, 1]:.2f}" if len(known) > 2 else "-",
        "slope": f"{np.polyfit(theirs, ours, 1)[0]:.2f}" if len(known) > 2 else "-",
        "people's difference in the model's interval": _percent(inside.to_numpy()),
        "same verdict": _percent((known["verdict_people"] == known["verdict_model"]).to_numpy()),
        "opposite verdict": str(int(opposite.sum())),
        "bias of means": f"{(both['mean_model'] - both['mean_people']).mean():+.2f}",
    }


def _percent(hits: np.ndarray) -> str:
    return f"{100 * hits.mean():.0f} % ({int(hits.sum())}/{len(hits)})" if len(hits) else "-"


_PAGE = """# Shifts from predicted codes against the coders' codes

Made by `python -m narratives.measuring.corpus_check {model}` (model revision {revision}) on the {persons} held-out
persons of the corpus's interviews, {narratives} narratives as the coders cut them. *people*: shifts from the coders'
codes. *model*: shifts from the model's probabilities. Both carry intervals for few narratives; the people's codes
count as certain. Differences in ranks (0 to 2), later minus earlier.

{summary}

Verdicts, rows by people, columns by model (all pairs of waves):

{crossed}

## First to last wave, person by person

{persons_table}
"""


def main(argv: list[str] | None = None) -> int:
    """Code, measure twice, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m narratives.measuring.corpus_check", description=__doc__)
    parser.add_argument("model", nargs="?", default=DEFAULT_MODEL)
    parser.add_argument("--split", default="test", help="side of the split to look at")
    parser.add_argument("-o", "--output", type=Path, default=Path("docs/shift_check.md"))
    arguments = parser.parse_args(argv)
    people, codebook = coded_by_people(arguments.split)
    classifier = load_classifier(arguments.model)
    predicted = classifier.predict(people["text"].tolist()).to_frame()
    places = people.drop(columns=list(codebook.names))
    model = pd.concat([places, predicted], axis=1)
    write_atomically(arguments.output, _page(arguments.model, classifier.revision, people, model, codebook))
    print(arguments.output)
    return 0


def _page(name: str, revision: str, people: pd.DataFrame, model: pd.DataFrame, codebook: Codebook) -> str:
    table = compared(people, model, codebook)
    crossed = pd.crosstab(table["verdict_people"], table["verdict_model"])
    crossed = crossed.reindex(index=list(VERDICTS), columns=list(VERDICTS), fill_value=0).reset_index()
    first_to_last = table[table["span"] == "overall"].drop(columns="span")
    return _PAGE.format(
        model=name,
        revision=revision[:12] or "unknown",
        persons=people["person"].nunique(),
        narratives=len(people),
        summary=as_markdown(_summary(table, people, model, codebook)),
        crossed=as_markdown(crossed),
        persons_table=as_markdown(_rounded(first_to_last)),
    )


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    numbers = [str(name) for name in table.select_dtypes("float")]
    return table.assign(**{name: table[name].map("{:+.2f}".format) for name in numbers})


if __name__ == "__main__":
    raise SystemExit(main())
