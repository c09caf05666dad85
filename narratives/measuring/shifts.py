"""Shifts: what changes for a person between two waves.

Verdicts, by these rules and no others:

- **gain** (fremgang): the whole interval of the difference lies above 0;
- **loss** (tilbagegang): the whole interval lies below 0;
- **stable** (stabil): the interval holds 0 and lies within ``margin`` (a quarter of the scale: half a rank
  where there are three) on either side of it;
- **undecided** (uafgjort): anything else, and wherever one side has no ranked narratives. With 5-10
  narratives a wave this is the most frequent honest answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narratives.codebook import Codebook, Variable
from narratives.measuring.cells import Cells, Measured, around, cells_of, measured
from narratives.measuring.permutation import Pair, difference_p_values
from narratives.measuring.posterior import DRAWS
from narratives.measuring.rows import (
    PARTICIPANT,
    Prevalence,
    chosen,
    expected_ranks,
    ranks_of,
    rows_of_line,
    tidy,
)

__all__ = ["MARGIN", "SHIFT_COLUMNS", "VERDICTS", "cliffs_delta", "shifts", "told_once", "verdicts"]

VERDICTS = ("gain", "loss", "stable", "undecided")

MARGIN = 0.25
"""Share of the scale, from lowest to highest rank, within which a difference counts as standing still."""

SHIFT_COLUMNS = (
    "person",
    "line",
    "variable",
    "span",
    "wave_from",
    "wave_to",
    "n_from",
    "n_to",
    "mean_from",
    "mean_to",
    "difference",
    "low",
    "high",
    "p_increase",
    "cliffs_delta",
    "p_value",
    "verdict",
    "narrative_ids_from",
    "narrative_ids_to",
    "narrative_ids",
)

Floats = NDArray[np.float64]


class _Step(NamedTuple):
    """Two cells of a person, and whether they are neighbours ("step") or first and last ("overall")."""

    earlier: int
    later: int
    span: str


def shifts(  # noqa: PLR0913 - each is one choice of the study
    narratives: pd.DataFrame,
    codebook: Codebook,
    waves: pd.DataFrame | None = None,
    seed: int = 0,
    *,
    line: str = PARTICIPANT,
    variables: Sequence[str] | None = None,
    prevalence: Prevalence | None = None,
    review: pd.DataFrame | None = None,
    level: float = 0.95,
    margin: float = MARGIN,
    draws: int = DRAWS,
) -> pd.DataFrame:
    """Difference of mean ranks between waves, per person and ranked variable.

    Args:
        narratives, codebook, waves, seed, line, variables, prevalence, review, level, draws: as
            for
            :func:`narratives.agency.profiles`.
        margin: share of the scale within which a difference counts as standing still.

    Returns:
        one row per person, variable and pair of waves with :data:`SHIFT_COLUMNS`. ``span`` is "step" from
        one wave with narratives to the next that has some, or "overall" from the first to the last.
        ``difference`` is later minus earlier in ranks, with the interval ``low`` to ``high``; ``p_increase``
        the posterior probability that the mean is higher later (0-1); ``cliffs_delta`` the chance that a
        later narrative ranks higher less the chance that it ranks lower (-1 to 1; Cliff 1993, Psychol.
        Bull. 114); ``p_value`` of a permutation of narratives over the two waves (two-sided); ``verdict``
        one of :data:`VERDICTS`. A person with one wave has no row.

    Raises:
        CodebookError: if a variable is not in codebook or table.
    """
    rows = rows_of_line(narratives, line, waves)
    cells = cells_of(rows, None)
    steps = list(_steps(cells.keys))
    parts = []
    for variable in chosen(codebook, variables) if steps else ():
        values = measured(rows, cells, variable, prevalence=prevalence, review=review, draws=draws, seed=seed)
        part = _differences(cells, steps, values, variable, level)
        p_values = difference_p_values(_pairs(values.given, cells, steps, variable), seed)
        part["p_value"] = np.where(part["difference"].isna(), np.nan, p_values)
        widest = margin * float(np.nanmax(ranks_of(variable)))
        part["verdict"] = verdicts(part["low"].to_numpy(), part["high"].to_numpy(), widest)
        parts.append(part.assign(line=line, variable=variable.name))
    return tidy(parts, SHIFT_COLUMNS, ["person", "variable"], codebook)


def _steps(keys: pd.DataFrame) -> Iterator[_Step]:
    """Neighbouring waves of each person, then first and last."""
    places = keys.reset_index(drop=True).groupby("person", sort=False).indices
    for mine in places.values():
        yield from (_Step(int(a), int(b), "step") for a, b in pairwise(mine))
        if len(mine) > 1:
            yield _Step(int(mine[0]), int(mine[-1]), "overall")


def _differences(
    cells: Cells, steps: Sequence[_Step], values: Measured, variable: Variable, level: float
) -> pd.DataFrame:
    early = np.array([step.earlier for step in steps])
    late = np.array([step.later for step in steps])
    before, after = (cells.keys.iloc[side].reset_index(drop=True) for side in (early, late))
    difference = values.means[late] - values.means[early]
    drawn = values.mean_draws[:, late] - values.mean_draws[:, early]
    low, high = around(difference, drawn, level)
    missing = np.isnan(difference)
    delta = cliffs_delta(values.shares[early], values.shares[late], variable)
    return pd.DataFrame(
        {
            "person": before["person"],
            "span": [step.span for step in steps],
            "wave_from": before["wave"],
            "wave_to": after["wave"],
            "n_from": before["n"],
            "n_to": after["n"],
            "mean_from": values.means[early],
            "mean_to": values.means[late],
            "difference": difference,
            "low": low,
            "high": high,
            "p_increase": np.where(missing, np.nan, (drawn > 0).mean(axis=0)),
            "cliffs_delta": np.where(missing, np.nan, delta),
            "narrative_ids_from": before["narrative_ids"],
            "narrative_ids_to": after["narrative_ids"],
            "narrative_ids": before["narrative_ids"] + ";" + after["narrative_ids"],
        }
    )


def cliffs_delta(before: Floats, after: Floats, variable: Variable) -> Floats:
    """Chance of a higher rank later less chance of a lower one, from two distributions.

    Args:
        before, after: (pairs, codes) shares in label order; codes without a rank are left out.

    Returns:
        (pairs,) in [-1, 1]; NaN where one side has no ranked share.
    """
    ranks = ranks_of(variable)
    ranked = ~np.isnan(ranks)
    sign = np.sign(ranks[ranked][None, :] - ranks[ranked][:, None])
    joint = np.einsum("pa,ab,pb->p", before[:, ranked], sign, after[:, ranked])
    weight = before[:, ranked].sum(axis=1) * after[:, ranked].sum(axis=1)
    return np.divide(joint, weight, out=np.full(len(joint), np.nan), where=weight > 0)


def told_once(table: pd.DataFrame) -> pd.DataFrame:
    """Shifts to show, of persons or of everybody: without an "overall" that is the only step there is."""
    keys = [name for name in ("person", "line", "variable", "wave_from", "wave_to") if name in table]
    return table[~((table["span"] == "overall") & table.duplicated(keys, keep=False))]


def verdicts(low: Floats, high: Floats, margin: float | Floats) -> NDArray[np.str_]:
    """The verdict on each interval by the rules at the head of this module; ``margin`` in ranks."""
    conditions = [low > 0, high < 0, (low >= -margin) & (high <= margin)]
    return np.select(conditions, VERDICTS[:3], default=VERDICTS[3])


def _pairs(given: Floats, cells: Cells, steps: Sequence[_Step], variable: Variable) -> list[Pair]:
    """Each narrative's mean rank and ranked probability, earlier narratives first."""
    values, weights = expected_ranks(given, ranks_of(variable))
    ends = np.cumsum(np.bincount(cells.of_row, minlength=len(cells)))
    starts = np.concatenate([[0], ends[:-1]])
    pairs: list[Pair] = []
    for step in steps:
        first, second = (slice(starts[cell], ends[cell]) for cell in (step.earlier, step.later))
        both = (np.concatenate([array[first], array[second]]) for array in (values, weights))
        pairs.append((*both, int(ends[step.earlier] - starts[step.earlier])))  # type: ignore[arg-type]
    return pairs
