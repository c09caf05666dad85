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

__all__ = [
    "GROUP_COLUMNS",
    "GROUP_SHIFT_COLUMNS",
    "RESAMPLES",
    "by_group",
    "first_groups",
    "from_first_to_last",
    "group_shifts",
    "groups_of",
    "without_small",
]

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

    A person belongs to the group of their first interview in which the attribute is known (:func:`groups_of`).

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
    parts, highest = [], _highest(codebook)
    for group, theirs in groups_of(narratives, interviews, attribute):
        options: dict[str, Any] = {"line": line, "variables": variables}
        table = profiles(theirs, codebook, interviews if line != PARTICIPANT else None, draws=1, **options)
        keys = ["line", "variable", "wave"]
        records = [
            dict(zip(keys, key, strict=True)) | _summary(cell, "mean", (0.0, highest[str(key[1])]), level, seed)
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
        with :data:`GROUP_SHIFT_COLUMNS`: only persons who speak in both waves count; "overall" is from each person's
        first to last wave, whichever these are (``wave_from`` and ``wave_to`` are the first and last of any);
        ``gains`` and ``losses`` are the persons whose mean rose or fell (however little), ``verdict`` that on the
        group's interval.
    """
    parts, highest = [], _highest(codebook)
    for group, theirs in groups_of(narratives, interviews, attribute):
        options: dict[str, Any] = {"line": line, "variables": variables}
        table = shifts(theirs, codebook, interviews if line != PARTICIPANT else None, draws=1, **options)
        table = from_first_to_last(table.assign(n=table["n_from"] + table["n_to"]))
        keys = ["line", "variable", "span", "wave_from", "wave_to"]
        records = [
            dict(zip(keys, key, strict=True))
            | _summary(cell, "difference", (-highest[str(key[1])], highest[str(key[1])]), level, seed)
            | {"gains": int((cell["difference"] > 0).sum()), "losses": int((cell["difference"] < 0).sum())}
            for key, cell in table[table["difference"].notna()].groupby(keys, sort=False)
        ]
        parts.append(pd.DataFrame(records).assign(attribute=attribute or "", group=group))
    frame = _hidden(parts, GROUP_SHIFT_COLUMNS, ["mean", "low", "high", "gains", "losses"], min_cell)
    frame["difference"] = frame.pop("mean")
    frame = frame.astype({"gains": "Int64", "losses": "Int64"})
    widest = frame["variable"].map({name: margin * rank for name, rank in highest.items()})
    low, high = (frame[column].to_numpy(dtype=np.float64) for column in ("low", "high"))
    frame["verdict"] = verdicts(low, high, np.asarray(widest, dtype=np.float64))
    return tidy([frame], GROUP_SHIFT_COLUMNS, ["variable", "group", "span", "wave_from"], codebook)


def groups_of(
    narratives: pd.DataFrame, interviews: pd.DataFrame, attribute: str | None
) -> list[tuple[str, pd.DataFrame]]:
    """Names of the groups, sorted, and their narratives; "" is everybody, or where the attribute is not known.

    Whoever changes group (age, match group ...) stays in that of their first interview in which it is known, so that
    a change of a person does not become a change of persons.

    Raises:
        NarrativesError: if the interviews lack the attribute.
    """
    if attribute is None:
        return [("", narratives)]
    if attribute not in interviews:
        columns = ", ".join(map(str, interviews.columns))
        raise NarrativesError(say("agency.no_attribute", attribute=attribute, columns=columns))
    held = interviews.drop_duplicates("transcript").assign(group=interviews[attribute].map(_name))
    groups = narratives["transcript"].map(held.set_index("transcript")["group"])
    if "person" in held:
        about = held.set_index("transcript")["person"].astype("string")
        persons = narratives["person"].astype("string").fillna(narratives["transcript"].map(about))
        groups = persons.map(first_groups(held)).fillna(groups)
    groups = groups.fillna("")
    return [(name, narratives[groups == name]) for name in sorted(groups.unique())]


def first_groups(held: pd.DataFrame) -> dict[str, str]:
    """Per person the first known ``group``, in the order of ``wave`` where there is one."""
    known = held[held["person"].notna() & (held["group"] != "")]
    known = known.sort_values("wave", kind="stable") if "wave" in known else known
    first = known.drop_duplicates("person")
    return dict(zip(first["person"].astype(str), first["group"], strict=True))


def from_first_to_last(table: pd.DataFrame) -> pd.DataFrame:
    """Shifts with all "overall" ones under one pair of waves, the first and last of any."""
    overall = table["span"] == "overall"
    if not overall.any():
        return table
    ends = {"wave_from": table.loc[overall, "wave_from"].min(), "wave_to": table.loc[overall, "wave_to"].max()}
    return table.assign(**{name: table[name].mask(overall, value) for name, value in ends.items()})


def _highest(codebook: Codebook) -> dict[str, float]:
    """The highest rank of each ranked variable."""
    return {v.name: float(max(rank for rank in v.ranks if rank is not None)) for v in codebook.variables if v.ranked}


def _name(value: object) -> str:
    """A value as the name of a group; whole numbers stay whole though the column has gaps."""
    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _summary(cell: pd.DataFrame, name: str, bounds: tuple[float, float], level: float, seed: int) -> dict[str, Any]:
    """Mean of the persons' values in a column, its interval within what the scale allows, and what lies behind."""
    values = cell[name].to_numpy(dtype=np.float64)
    low, high = (float(np.clip(end, *bounds)) for end in _cluster_interval(values, level, seed))
    return {
        "persons": len(values),
        "n": int(cell["n"].sum()),
        "mean": float(values.mean()),
        "low": low,
        "high": high,
        "narrative_ids": ";".join(cell["narrative_ids"]),
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
    return without_small(frame, min_cell, numbers)


def without_small(
    frame: pd.DataFrame,
    min_cell: int,
    numbers: Sequence[str],
    counts: Sequence[str] = ("persons", "n"),
    texts: Sequence[str] = ("narrative_ids",),
) -> pd.DataFrame:
    """The table with ``suppressed``, and nothing but keys left of rows with fewer ``persons`` than ``min_cell``.

    Args:
        frame: a row per group, with ``persons``.
        min_cell: persons below which a row is hidden.
        numbers: columns that become NaN.
        counts: columns that become missing integers.
        texts: columns that become "".
    """
    small = frame["persons"].to_numpy(dtype=np.float64) < min_cell
    shown: dict[str, Any] = {name: frame[name].astype("Float64").mask(small).astype(np.float64) for name in numbers}
    shown |= {name: frame[name].astype("Int64").mask(small) for name in counts}
    shown |= {name: frame[name].mask(small, "") for name in texts}
    return frame.assign(suppressed=small, **shown)
