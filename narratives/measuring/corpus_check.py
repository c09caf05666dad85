"""Do predicted codes show the shifts that the coders' codes show?

``python -m narratives.measuring.corpus_check MODEL``

The narratives of the corpus's held-out persons, as the coders cut them, are coded by the model; then shifts
are measured from both, and set side by side in ``docs/shift_check.md``; once more after some were reviewed.
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
from narratives.measuring.corrected_persons import corrected_person_shifts
from narratives.measuring.profiles import profiles
from narratives.measuring.sampling import draw_sample
from narratives.measuring.shifts import VERDICTS, shifts
from narratives.measuring.simulation_page import as_markdown

__all__ = ["coded_by_people", "compared", "corrected_by_samples", "main"]

_CLEAR = 0.25
_SAMPLES, _SIZES = 20, (40, 80)
_KEYS = ["person", "variable", "span", "wave_from", "wave_to"]
_NUMBERS = ["difference", "low", "high", "verdict"]


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
    both = (shifts(frame, codebook)[[*_KEYS, *_NUMBERS]] for frame in (people, model))
    return next(both).merge(next(both), on=_KEYS, suffixes=("_people", "_model"), how="outer")


def corrected_by_samples(
    people: pd.DataFrame, model: pd.DataFrame, codebook: Codebook, size: int, samples: int = _SAMPLES
) -> pd.DataFrame:
    """As the model's shifts are after the coders' codes of ``size`` narratives, drawn by wave, are known.

    Returns:
        the figures of the summary per variable, each the mean over so many samples; "people's difference in the
        interval" is the share of persons' steps whose corrected interval holds the difference that the coders'
        codes of all narratives give.
    """
    theirs = shifts(people, codebook)[[*_KEYS, *_NUMBERS]]
    found = []
    for seed in range(samples):
        drawn = draw_sample(model, size, by=("wave",), seed=seed)[["narrative_id", "probability"]]
        review = drawn.merge(people[["narrative_id", *codebook.names]], on="narrative_id")
        ours = corrected_person_shifts(model, review, codebook, seed=seed).rename(columns={"estimate": "difference"})
        both = theirs.merge(ours[[*_KEYS, *_NUMBERS]], on=_KEYS, suffixes=("_people", "_model"), how="outer")
        steps = both[both["span"] == "step"]
        found += [{"variable": name} | _figures(rows) for name, rows in steps.groupby("variable", sort=False)]
    return pd.DataFrame(found).groupby("variable", sort=False).mean().reset_index()


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
    clear = known[known["difference_people"].abs() >= _CLEAR]
    opposite = known["verdict_people"].isin(VERDICTS[:2]) & known["verdict_model"].isin(VERDICTS[:2])
    opposite &= known["verdict_people"] != known["verdict_model"]
    both, figures = levels.dropna(subset=["mean_model"]), _figures(table)
    return {
        "pairs": str(len(known)),
        f"people's difference at least {_CLEAR}": str(len(clear)),
        "same direction there": _percent(figures["same direction"], len(clear)),
        "correlation of differences": f"{figures['correlation']:.2f}",
        "slope": f"{figures['slope']:.2f}",
        "people's difference in the model's interval": _percent(figures["in the interval"], len(known)),
        "same verdict": _percent(figures["same verdict"], len(known)),
        "opposite verdict": str(int(opposite.sum())),
        "bias of means": f"{(both['mean_model'] - both['mean_people']).mean():+.2f}",
    }


def _figures(table: pd.DataFrame) -> dict[str, float]:
    """How shifts of two codings agree; NaN where there are too few."""
    known = table.dropna(subset=["difference_people", "difference_model"])
    ours, theirs = known["difference_model"].to_numpy(), known["difference_people"].to_numpy()
    clear = np.abs(theirs) >= _CLEAR
    enough = len(known) > 2
    inside = (known["low_model"].to_numpy() <= theirs) & (theirs <= known["high_model"].to_numpy())
    return {
        "same direction": _share((np.sign(ours) == np.sign(theirs))[clear]),
        "correlation": float(np.corrcoef(ours, theirs)[0, 1]) if enough else float("nan"),
        "slope": float(np.polyfit(theirs, ours, 1)[0]) if enough else float("nan"),
        "in the interval": _share(inside),
        "same verdict": _share((known["verdict_people"] == known["verdict_model"]).to_numpy()),
    }


def _share(hits: np.ndarray) -> float:
    return float(hits.mean()) if len(hits) else float("nan")


def _percent(share: float, count: int) -> str:
    return f"{100 * share:.0f} % ({round(share * count)}/{count})" if count else "-"


_PAGE = """# Shifts from predicted codes against the coders' codes

Made by `python -m narratives.measuring.corpus_check {model}` (model revision {revision}) on the {persons} held-out
persons of the corpus's interviews, {narratives} narratives as the coders cut them. *people*: shifts from the coders'
codes. *model*: shifts from the model's probabilities. Both carry intervals for few narratives; the people's codes
count as certain. Differences in ranks (0 to 2), later minus earlier.

{summary}

Verdicts, rows by people, columns by model (all pairs of waves):

{crossed}

## After a review

The same after the coders' codes of some narratives, drawn by chance from each wave, were put in as a review
(`narratives track --review`; `narratives.agency.corrected_person_shifts`). Means over {samples} samples; steps from
wave to wave. Reviewed narratives count with the coders' codes, so some of the agreement is theirs; the rest is what the
sample teaches of the model's errors.

{reviewed}

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
        samples=_SAMPLES,
        reviewed=as_markdown(_reviewed(table, people, model, codebook)),
        persons_table=as_markdown(_rounded(first_to_last)),
    )


def _reviewed(table: pd.DataFrame, people: pd.DataFrame, model: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Figures of steps without a review and with reviews of growing size."""
    steps = table[table["span"] == "step"].groupby("variable", sort=False)
    parts = [pd.DataFrame([{"variable": name} | _figures(rows) for name, rows in steps]).assign(reviewed="none")]
    for size in _SIZES:
        found = corrected_by_samples(people, model, codebook, size)
        parts.append(found.assign(reviewed=f"{size} of {len(people)}"))
    rows = pd.concat(parts, ignore_index=True).sort_values("variable", kind="stable")
    percent = ("same direction", "in the interval", "same verdict")
    told = rows.assign(**{name: (100 * rows[name]).map("{:.0f} %".format) for name in percent})
    told = told.assign(**{name: rows[name].map("{:.2f}".format) for name in ("correlation", "slope")})
    return told[["variable", "reviewed", *(name for name in told if name not in ("variable", "reviewed"))]]


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    numbers = [str(name) for name in table.select_dtypes("float")]
    return table.assign(**{name: table[name].map("{:+.2f}".format) for name in numbers})


if __name__ == "__main__":
    raise SystemExit(main())
