"""Groups of a study's persons: every table that ``narratives track --by`` writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from narratives.agency import (
    Review,
    by_group,
    corrected_group_shifts,
    corrected_groups,
    group_contrasts,
    group_shifts,
)
from narratives.errors import NarrativesError
from narratives.messages import say
from narratives.reading.fields import field_of
from narratives.study.tables import INTERVIEW_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

    from narratives.study import Study

__all__ = [
    "CORRECTED_GROUP_TABLES",
    "GROUP_TABLES",
    "MIN_CELL",
    "attributes",
    "changed_groups",
    "corrected_group_tables",
    "group_tables",
]

GROUP_TABLES = ("groups", "group_shifts", "group_contrasts")
CORRECTED_GROUP_TABLES = ("corrected_groups", "corrected_group_shifts")

MIN_CELL = 5
"""Persons below which a group's numbers are hidden unless another number is asked for."""


def attributes(interviews: pd.DataFrame, wanted: Sequence[str]) -> tuple[str, ...]:
    """The columns that names stand for, each once: as they are, whatever their case, or as ``køn`` for ``sex``.

    Raises:
        NarrativesError: for a name that stands for none; says which there are.
    """
    return tuple(dict.fromkeys(_column(interviews, name) for name in wanted))


def _column(interviews: pd.DataFrame, name: str) -> str:
    columns = [str(column) for column in interviews.columns]
    known = {column.casefold(): column for column in reversed(columns)} | {column: column for column in columns}
    found = known.get(name) or known.get(name.casefold()) or known.get(field_of(name) or "")
    if found is None:
        offered = [column for column in columns if column not in INTERVIEW_COLUMNS] or columns
        raise NarrativesError(say("agency.no_attribute", attribute=name, columns=", ".join(offered)))
    return found


def changed_groups(interviews: pd.DataFrame, by: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Per attribute the persons whose interviews do not all have the same value of it; others are left out.

    Args:
        interviews: with ``person``.
        by: attributes as the table has them.
    """
    found = {}
    for column in by:
        values = interviews.dropna(subset=["person", column]).groupby("person")[column].nunique()
        if (values > 1).any():
            found[column] = tuple(sorted(values.index[values > 1].astype(str)))
    return found


def group_tables(
    study: Study, by: Sequence[str], *, lines: Sequence[str], min_cell: int = MIN_CELL, seed: int = 0
) -> dict[str, pd.DataFrame]:
    """The tables of :data:`GROUP_TABLES`, all attributes and lines one below the other.

    Args:
        study: an annotated study.
        by: attributes of its interviews, at least one; each is taken by itself.
        lines: whose narratives, each apart.
        min_cell: groups with fewer persons are hidden.
        seed: for the resampling.

    Raises:
        NarrativesError: if the interviews lack an attribute.
    """
    functions = dict(zip(GROUP_TABLES, (by_group, group_shifts, group_contrasts), strict=True))
    given = (study.narratives, study.codebook, study.interviews)
    columns = attributes(study.interviews, by)
    return {
        name: _stacked(
            function(*given, column, line=line, min_cell=min_cell, seed=seed) for column in columns for line in lines
        )
        for name, function in functions.items()
    }


def corrected_group_tables(
    study: Study, review: Review, by: Sequence[str], *, lines: Sequence[str], min_cell: int = MIN_CELL
) -> dict[str, pd.DataFrame]:
    """The tables of :data:`CORRECTED_GROUP_TABLES`, arguments as for :func:`group_tables`.

    Raises:
        NarrativesError: if the interviews lack an attribute.
    """
    functions = dict(zip(CORRECTED_GROUP_TABLES, (corrected_groups, corrected_group_shifts), strict=True))
    given = (study.narratives, review.rows, study.codebook, study.interviews)
    columns = attributes(study.interviews, by)
    return {
        name: _stacked(function(*given, column, line=line, min_cell=min_cell) for column in columns for line in lines)
        for name, function in functions.items()
    }


def _stacked(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The parts that have rows, one below the other."""
    import pandas as pd

    tables = list(parts)
    return pd.concat([part for part in tables if len(part)] or tables[:1], ignore_index=True)
