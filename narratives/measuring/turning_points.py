"""Turning points (vendepunkter): where in the order of telling a person's narratives change level.

One change of mean is looked for by the largest standardised difference over all places (CUSUM type; Page
1954, Biometrika 41), its p-value taken from permutations of the order, which is exact for short series.
Where one is found, both sides are searched again with half the risk (binary segmentation). A rise that is
undone by an equal fall has no single change of mean and may be missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narratives.codebook import Codebook
from narratives.measuring.rows import (
    PARTICIPANT,
    chosen,
    expected_ranks,
    probabilities,
    ranks_of,
    rows_of_line,
    tidy,
)

__all__ = ["LEAST_RANKED", "LEAST_SIDE", "TURNING_COLUMNS", "Change", "find_changes", "turning_points"]

LEAST_SIDE = 3
"""Fewest narratives before and after a turning point."""

LEAST_RANKED = 0.5
"""Ranked probability below which a narrative says nothing of the level and is left out of the series."""

TURNING_COLUMNS = (
    "person",
    "line",
    "variable",
    "n",
    "found",
    "place",
    "wave_before",
    "wave_after",
    "narrative_before",
    "narrative_after",
    "mean_before",
    "mean_after",
    "direction",
    "p_value",
    "narrative_ids",
)

Floats = NDArray[np.float64]

_PERMUTATIONS = 999


@dataclass(frozen=True, slots=True)
class Change:
    """A candidate for a turning point in a series.

    Attributes:
        start, place, end: narratives ``start`` to ``place`` - 1 lie before it, ``place`` to ``end`` - 1 after.
        before, after: their mean ranks.
        p_value: how often chance order gives as large a change, in (0, 1].
    """

    start: int
    place: int
    end: int
    before: float
    after: float
    p_value: float


def turning_points(
    narratives: pd.DataFrame,
    codebook: Codebook,
    seed: int = 0,
    *,
    line: str = PARTICIPANT,
    interviews: pd.DataFrame | None = None,
    variables: Sequence[str] | None = None,
    risk: float = 0.05,
) -> pd.DataFrame:
    """Turning points of each person in each ranked variable; none is the most frequent answer.

    The order is by wave, transcript and place, of narratives that probably have a ranked code. A p-value speaks of
    one person and one variable: with
    many persons, some turning points are found by chance (about ``risk`` of the persons without any).

    Args:
        narratives, codebook, line, variables: as for :func:`narratives.agency.profiles`.
        interviews: table with ``transcript`` and ``person``, from which the persons of professionals' narratives
            are taken.
        seed: for the permutations.
        risk: a turning point is found where its p-value is at most this (halved at each further search).

    Returns:
        with :data:`TURNING_COLUMNS`: one row per turning point (``found`` true; ``place`` counts the narratives
        before it, ``direction`` is "gain" or "loss", means are ranks between the neighbouring turning points),
        or one row with ``found`` false and the p-value of the best candidate (NaN where the series is too
        short to hold one).

    Raises:
        CodebookError: if a variable is not in codebook or table.
    """
    rows = rows_of_line(narratives, line, interviews)
    groups = rows.groupby("person", sort=True).indices
    records = []
    for variable in chosen(codebook, variables):
        values, weights = expected_ranks(probabilities(rows, variable), ranks_of(variable))
        for number, (person, places) in enumerate(groups.items()):
            spoken = np.asarray(places)[weights[places] >= LEAST_RANKED]
            changes = find_changes(values[spoken], weights[spoken], seed=seed + number, risk=risk)
            theirs = rows.take(spoken)
            facts = {"person": person, "line": line, "variable": variable.name, "n": len(places)}
            records += [facts | _record(theirs, change, risk) for change in changes]
    frame = tidy(
        [pd.DataFrame(records, columns=list(TURNING_COLUMNS))], TURNING_COLUMNS, ["person", "variable"], codebook
    )
    frame["found"] = frame["found"].astype(bool)
    for column in ("place", "wave_before", "wave_after"):
        frame[column] = frame[column].astype("Int64")
    return frame


def _record(rows: pd.DataFrame, change: Change | None, risk: float) -> dict[str, object]:
    ids = rows["narrative_id"].astype(str).tolist()
    if change is None or change.p_value > risk:
        nothing = np.nan if change is None else change.p_value
        return {"found": False, "p_value": nothing, "narrative_ids": ";".join(ids), "direction": ""}
    waves = rows["wave"].tolist()
    return {
        "found": True,
        "place": change.place,
        "wave_before": waves[change.place - 1],
        "wave_after": waves[change.place],
        "narrative_before": ids[change.place - 1],
        "narrative_after": ids[change.place],
        "mean_before": change.before,
        "mean_after": change.after,
        "direction": "gain" if change.after > change.before else "loss",
        "p_value": change.p_value,
        "narrative_ids": ";".join(ids[change.start : change.end]),
    }


def find_changes(values: Floats, weights: Floats, *, seed: int = 0, risk: float = 0.05) -> list[Change | None]:
    """All turning points of a series in order, or its best candidate alone; [None] where it is too short.

    Args:
        values: (n,) mean ranks in order.
        weights: (n,) how much each counts, above 0.
        seed: for the permutations.
        risk: largest p-value of a turning point.
    """
    best = _best(values, weights, 0, seed)
    if best is None or best.p_value > risk:
        return [best]
    return [best, *_further(values, weights, best, seed, risk / 2)]


def _further(values: Floats, weights: Floats, found: Change, seed: int, risk: float) -> list[Change | None]:
    """Turning points before and after one that was found."""
    more: list[Change | None] = []
    for start, end in ((found.start, found.place), (found.place, found.end)):
        change = _best(values[start:end], weights[start:end], start, seed)
        if change is not None and change.p_value <= risk:
            more += [change, *_further(values, weights, change, seed, risk / 2)]
    return more


def _best(values: Floats, weights: Floats, offset: int, seed: int) -> Change | None:
    """The largest change of a stretch and its p-value."""
    n = len(values)
    if n < 2 * LEAST_SIDE:
        return None
    rng = np.random.default_rng([seed, n])
    orders = np.vstack([np.arange(n), np.argsort(rng.random((_PERMUTATIONS, n)), axis=1)])
    sizes = _change_sizes(values[orders], weights[orders])
    place = int(sizes[0].argmax()) + LEAST_SIDE
    largest = sizes.max(axis=1)
    before, after = (
        float(np.average(values[part], weights=weights[part])) for part in (slice(0, place), slice(place, n))
    )
    p_value = float((largest >= largest[0] - 1e-9).mean())
    return Change(offset, offset + place, offset + n, before, after, p_value)


def _change_sizes(values: Floats, weights: Floats) -> Floats:
    """Standardised difference of means at every place, (orders, places), from (orders, n)."""
    sums, masses = np.cumsum(values * weights, axis=1), np.cumsum(weights, axis=1)
    inside = slice(LEAST_SIDE - 1, values.shape[1] - LEAST_SIDE)
    total, mass = sums[:, -1:], masses[:, -1:]
    left, left_mass = sums[:, inside], masses[:, inside]
    right_mass = mass - left_mass
    difference = (total - left) / right_mass - left / left_mass
    sizes: Floats = np.abs(difference) * np.sqrt(left_mass * right_mass / mass)
    return sizes
