"""Groups of persons: by any attribute of their interviews, with small cells hidden on demand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narratives.codebook import Codebook
from narratives.errors import NarrativesError
from narratives.measuring.profiles import profiles
from narratives.measuring.rows import PARTICIPANT, tidy
from narratives.measuring.shifts import MARGIN, shifts, verdicts
from narratives.messages import say

__all__ = ["GROUP_COLUMNS", "GROUP_SHIFT_COLUMNS", "RESAMPLES", "by_group", "group_shifts", "groups_of"]

GROUP_COLUMNS = (
    "attribute",
    "group",
    "line",
    "variable",
    "wave",
    "persons",
    "n",
    "mean",
    "low",
    "high",
    "suppressed",
    "narrative_ids",
)
GROUP_SHIFT_COLUMNS = (
    "attribute",
    "group",
    "line",
    "variable",
    "span",
    "wave_from",
    "wave_to",
    "persons",
    "n",
    "difference",
    "low",
    "high",
    "gains",
    "losses",
    "verdict",
    "suppressed",
    "narrative_ids",
)

Floats = NDArray[np.float64]

RESAMPLES = 2000
"""Draws of persons behind each interval."""


def by_group(
    narratives: pd.DataFrame,
    codebook: Codebook,
    interviews: pd.DataFrame,
    attribute: str | None = None,
    *,
    line: str = PARTICIPANT,
    variables: Sequence[str] | None = None,
    level: float = 0.95,
    min_cell: int = 0,
    seed: int = 0,
) -> pd.DataFrame:
    """Mean rank per group and wave; every person counts the same, however much they told.

    Intervals come from a cluster bootstrap by person, widened for few persons (bootstrap error times
    Student's t), so they speak of persons like these. The model's errors bend all means alike: use
    :func:`narratives.agency.corrected_means` where a reviewed sample is at hand.

    Args:
        narratives, codebook, line, variables, level: as for :func:`narratives.agency.profiles`.
        interviews: table with ``transcript`` and ``attribute``.
        attribute: its column (kind, sex, municipality ...); None takes everybody together.
        min_cell: numbers of groups with fewer persons than this are hidden (``suppressed``). Beware of
            publishing totals from which they can be worked out.
        seed: for the resampling.

    Returns:
        with :data:`GROUP_COLUMNS`; ``low`` and ``high`` are NaN for a single person.

    Raises:
        NarrativesError: if the interviews lack the attribute.
        CodebookError: if a variable is not in codebook or table.
    """
    parts = []
    for group, theirs in groups_of(narratives, interviews, attribute):
        options: dict[str, Any] = {"line": line, "variables": variables}
        table = profiles(theirs, codebook, interviews if line != PARTICIPANT else None, draws=1, **options)
        keys = ["line", "variable", "wave"]
        records = [
            dict(zip(keys, key, strict=True)) | _summary(cell["mean"], cell["n"], cell["narrative_ids"], level, seed)
            for key, cell in table[table["mean"].notna()].groupby(keys, sort=False)
        ]
        parts.append(pd.DataFrame(records).assign(attribute=attribute or "", group=group))
    frame = _hidden(parts, GROUP_COLUMNS, ["mean", "low", "high"], min_cell)
    return tidy([frame], GROUP_COLUMNS, ["variable", "group", "wave"], codebook)


def group_shifts(
    narratives: pd.DataFrame,
    codebook: Codebook,
    interviews: pd.DataFrame,
    attribute: str | None = None,
    *,
    line: str = PARTICIPANT,
    variables: Sequence[str] | None = None,
    level: float = 0.95,
    margin: float = MARGIN,
    min_cell: int = 0,
    seed: int = 0,
) -> pd.DataFrame:
    """Mean of the persons' own shifts per group; arguments as for :func:`by_group`.

    Returns:
        with :data:`GROUP_SHIFT_COLUMNS`: only persons who speak in both waves count; ``gains`` and ``losses``
        are the persons whose mean rose or fell (however little), ``verdict`` that on the group's interval.
    """
    parts = []
    for group, theirs in groups_of(narratives, interviews, attribute):
        options: dict[str, Any] = {"line": line, "variables": variables}
        table = shifts(theirs, codebook, interviews if line != PARTICIPANT else None, draws=1, **options)
        table = table.assign(n=table["n_from"] + table["n_to"])
        keys = ["line", "variable", "span", "wave_from", "wave_to"]
        records = [
            dict(zip(keys, key, strict=True))
            | _summary(cell["difference"], cell["n"], cell["narrative_ids"], level, seed)
            | {"gains": int((cell["difference"] > 0).sum()), "losses": int((cell["difference"] < 0).sum())}
            for key, cell in table[table["difference"].notna()].groupby(keys, sort=False)
        ]
        parts.append(pd.DataFrame(records).assign(attribute=attribute or "", group=group))
    frame = _hidden(parts, GROUP_SHIFT_COLUMNS, ["mean", "low", "high", "gains", "losses"], min_cell)
    frame["difference"] = frame.pop("mean")
    frame = frame.astype({"gains": "Int64", "losses": "Int64"})
    widest = frame["variable"].map(lambda name: margin * max(r for r in codebook[name].ranks if r is not None))
    low, high = (frame[column].to_numpy(dtype=np.float64) for column in ("low", "high"))
    frame["verdict"] = verdicts(low, high, widest.to_numpy(dtype=np.float64))
    return tidy([frame], GROUP_SHIFT_COLUMNS, ["variable", "group", "span", "wave_from"], codebook)


def groups_of(
    narratives: pd.DataFrame, interviews: pd.DataFrame, attribute: str | None
) -> list[tuple[str, pd.DataFrame]]:
    """Names of the groups, sorted, and their narratives; "" is everybody, or where the attribute is not known.

    Raises:
        NarrativesError: if the interviews lack the attribute.
    """
    if attribute is None:
        return [("", narratives)]
    if attribute not in interviews:
        columns = ", ".join(map(str, interviews.columns))
        raise NarrativesError(say("agency.no_attribute", attribute=attribute, columns=columns))
    values = interviews.drop_duplicates("transcript").set_index("transcript")[attribute].map(_name)
    groups = narratives["transcript"].map(values).fillna("")
    return [(name, narratives[groups == name]) for name in sorted(groups.unique())]


def _name(value: object) -> str:
    """A value as the name of a group; whole numbers stay whole though the column has gaps."""
    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _summary(values: pd.Series, counts: pd.Series, ids: pd.Series, level: float, seed: int) -> dict[str, Any]:
    low, high = _cluster_interval(values.to_numpy(dtype=np.float64), level, seed)
    return {
        "persons": len(values),
        "n": int(counts.sum()),
        "mean": float(values.mean()),
        "low": low,
        "high": high,
        "narrative_ids": ";".join(ids),
    }


def _cluster_interval(values: Floats, level: float, seed: int) -> tuple[float, float]:
    """Interval of the mean of persons' values from resampled persons; NaN for one person."""
    from scipy.stats import t

    count = len(values)
    if count < 2:
        return float("nan"), float("nan")
    rng = np.random.default_rng(seed)
    resampled = rng.multinomial(count, np.full(count, 1 / count), size=RESAMPLES) @ values / count
    half = t.ppf((1 + level) / 2, count - 1) * resampled.std() * np.sqrt(count / (count - 1))
    return float(values.mean() - half), float(values.mean() + half)


def _hidden(
    parts: Sequence[pd.DataFrame], columns: Sequence[str], numbers: Sequence[str], min_cell: int
) -> pd.DataFrame:
    """The groups in one table, the numbers of small ones taken out."""
    filled = [part for part in parts if len(part)]
    nothing = pd.DataFrame(columns=list(dict.fromkeys([*columns, *numbers])))
    frame = pd.concat(filled, ignore_index=True) if filled else nothing
    small = frame["persons"].to_numpy(dtype=np.float64) < min_cell
    frame["suppressed"] = small
    for column in (*numbers, "persons", "n"):
        frame[column] = frame[column].astype("Float64" if column in numbers else "Int64").mask(small)
    for column in numbers:
        frame[column] = frame[column].astype(np.float64)
    frame["narrative_ids"] = frame["narrative_ids"].mask(small, "")
    return frame
