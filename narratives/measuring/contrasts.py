"""Differences between groups of persons: whether one group stands, or moves, elsewhere than another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narratives.codebook import Codebook
from narratives.measuring.groups import RESAMPLES, from_first_to_last, groups_of
from narratives.measuring.profiles import profiles
from narratives.measuring.rows import PARTICIPANT, tidy
from narratives.measuring.shifts import shifts

__all__ = ["CONTRAST_COLUMNS", "group_contrasts"]

CONTRAST_COLUMNS = (
    "attribute",
    "group",
    "other",
    "line",
    "variable",
    "measure",
    "span",
    "wave_from",
    "wave_to",
    "persons",
    "persons_other",
    "value",
    "value_other",
    "difference",
    "low",
    "high",
    "p_higher",
    "suppressed",
    "narrative_ids",
)

Floats = NDArray[np.float64]

_CELL = ["variable", "measure", "span", "wave_from", "wave_to"]
_NUMBERS = ("value", "value_other", "difference", "low", "high", "p_higher")


def group_contrasts(
    narratives: pd.DataFrame,
    codebook: Codebook,
    interviews: pd.DataFrame,
    attribute: str,
    *,
    line: str = PARTICIPANT,
    variables: Sequence[str] | None = None,
    level: float = 0.95,
    min_cell: int = 0,
    seed: int = 0,
) -> pd.DataFrame:
    """Each group less each other one: mean rank per wave, and shift between waves.

    That one group's interval lies clear of 0 and another's does not is no difference between them
    (Gelman & Stern 2006, Am. Stat. 60); this table holds the difference itself. Persons are resampled
    within their groups (all together where somebody belongs to both), each person counting the same, and
    the error is widened for few persons by Student's t with Welch's degrees of freedom. Of twenty
    contrasts without any true difference one can be expected to have an interval clear of 0.

    Args:
        narratives, codebook, line, variables, level: as for :func:`narratives.agency.profiles`.
        interviews: table with ``transcript`` and ``attribute``.
        attribute: its column. Interviews where it is not known are left out.
        min_cell: numbers are hidden (``suppressed``) where either group has fewer persons than this.
        seed: for the resampling.

    Returns:
        one row per pair of groups, variable and measure with :data:`CONTRAST_COLUMNS`. ``measure`` is "mean"
        (``wave_from`` and ``wave_to`` are then the same wave, ``span`` is "wave") or "shift" (``span`` "step"
        or "overall", as in :func:`narratives.agency.group_shifts`). ``difference`` is ``value`` of ``group`` less
        ``value_other`` of ``other``, in ranks; ``p_higher`` the probability (0-1) that persons like those of
        ``group`` stand higher. ``low``, ``high`` and ``p_higher`` are NaN where a group has a single person.

    Raises:
        NarrativesError: if the interviews lack the attribute.
        CodebookError: if a variable is not in codebook or table.
    """
    options: dict[str, Any] = {"line": line, "variables": variables, "draws": 1}
    known = interviews if line != PARTICIPANT else None
    groups = [(name, theirs) for name, theirs in groups_of(narratives, interviews, attribute) if name]
    parts = [_of_persons(theirs, codebook, known, options).assign(group=name) for name, theirs in groups]
    records = [
        dict(zip(_CELL, key, strict=True)) | record
        for key, cell in (from_first_to_last(pd.concat(parts)).groupby(_CELL, sort=False) if parts else ())
        for record in _pairs(cell, level, min_cell, seed)
    ]
    records = [record | _within(record, codebook) for record in records]
    frame = pd.DataFrame(records, columns=[name for name in CONTRAST_COLUMNS if name not in ("attribute", "line")])
    kinds: dict[str, Any] = {"persons": "Int64", "persons_other": "Int64", "suppressed": bool}
    kinds |= dict.fromkeys(_NUMBERS, np.float64)
    frame = frame.astype(kinds).assign(attribute=attribute, line=line)
    return tidy([frame], CONTRAST_COLUMNS, ["variable", "measure", "group", "other", "span", "wave_from"], codebook)


def _within(record: dict[str, Any], codebook: Codebook) -> dict[str, float]:
    """The ends of the interval, cut where the scale ends: means differ by its length at most, shifts by twice that."""
    longest = max(rank for rank in codebook[record["variable"]].ranks if rank is not None)
    widest = longest * (1 if record["measure"] == "mean" else 2)
    return {name: float(np.clip(record[name], -widest, widest)) for name in ("low", "high")}


def _of_persons(
    narratives: pd.DataFrame, codebook: Codebook, interviews: pd.DataFrame | None, options: dict[str, Any]
) -> pd.DataFrame:
    """One row per person and cell of a group: its key, person, value and narrative ids."""
    stood = profiles(narratives, codebook, interviews, **options).rename(columns={"mean": "value"})
    stood = stood.assign(measure="mean", span="wave", wave_from=stood["wave"], wave_to=stood["wave"])
    moved = shifts(narratives, codebook, interviews, **options).rename(columns={"difference": "value"})
    tables = [
        table.loc[table["value"].notna(), [*_CELL, "person", "value", "narrative_ids"]]
        for table in (stood, moved.assign(measure="shift"))
    ]
    return pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)


def _pairs(cell: pd.DataFrame, level: float, min_cell: int, seed: int) -> Iterator[dict[str, Any]]:
    """Each pair of the groups that have persons in a cell."""
    groups = {str(name): theirs.set_index("person") for name, theirs in cell.groupby("group", sort=True)}
    for group, other in combinations(groups, 2):
        sides = [groups[group], groups[other]]
        names = {"group": group, "other": other}
        if min(map(len, sides)) < min_cell:
            yield names | dict.fromkeys(_NUMBERS, np.nan) | {"suppressed": True, "narrative_ids": ""}
            continue
        first, second = (side["value"].astype(np.float64) for side in sides)
        ids = ";".join(name for side in sides for name in side["narrative_ids"])
        counts = {"persons": len(first), "persons_other": len(second)}
        yield names | counts | _contrast(first, second, level, seed) | {"suppressed": False, "narrative_ids": ids}


def _contrast(first: pd.Series, second: pd.Series, level: float, seed: int) -> dict[str, float]:
    """First mean less second, with interval and probability; both are indexed by person."""
    from scipy.stats import t

    value, other = float(first.mean()), float(second.mean())
    found = {"value": value, "value_other": other, "difference": value - other}
    if min(len(first), len(second)) < 2:
        return found | {"low": np.nan, "high": np.nan, "p_higher": np.nan}
    spread, freedom = _error(first, second, seed)
    half = float(t.ppf((1 + level) / 2, freedom)) * spread
    higher = float(t.cdf((value - other) / spread, freedom)) if spread > 0 else (np.sign(value - other) + 1) / 2
    return found | {"low": value - other - half, "high": value - other + half, "p_higher": float(higher)}


def _error(first: pd.Series, second: pd.Series, seed: int) -> tuple[float, float]:
    """Standard error of the difference from resampled persons, and its degrees of freedom."""
    people = first.index.union(second.index)
    values = np.stack([side.reindex(people).to_numpy(dtype=np.float64) for side in (first, second)])
    inside = ~np.isnan(values)
    weights = _weights(inside, seed)
    counts, sums = weights @ inside.T, weights @ np.nan_to_num(values).T
    means = np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
    sizes = inside.sum(axis=1)
    errors = (means - np.nanmean(values, axis=1)) * np.sqrt(sizes / (sizes - 1))
    variances = np.nanvar(errors, axis=0)
    freedom = float(sizes.min() - 1)
    if not inside.all(axis=0).any() and variances.sum() > 0:
        freedom = float(variances.sum() ** 2 / (variances**2 / (sizes - 1)).sum())
    return float(np.nanstd(errors[:, 0] - errors[:, 1])), freedom


def _weights(inside: NDArray[np.bool_], seed: int) -> Floats:
    """How often each person is drawn, (draws, persons): within the groups, or all alike where they share persons."""
    rng = np.random.default_rng(seed)
    shared = inside.all(axis=0).any()
    weights = np.zeros((RESAMPLES, inside.shape[1]))
    for members in [np.ones_like(inside[0])] if shared else inside:
        count = int(members.sum())
        weights[:, members] = rng.multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    return weights
