"""Groups of a study's persons: every table that ``narratives track --by`` writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from narratives.agency import by_group, group_contrasts, group_shifts
from narratives.errors import NarrativesError
from narratives.messages import say
from narratives.reading.fields import field_of
from narratives.study.tables import INTERVIEW_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

    from narratives.study import Study

__all__ = ["GROUP_TABLES", "MIN_CELL", "attributes", "group_tables"]

GROUP_TABLES = ("groups", "group_shifts", "group_contrasts")

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
    import pandas as pd

    functions = dict(zip(GROUP_TABLES, (by_group, group_shifts, group_contrasts), strict=True))
    given = (study.narratives, study.codebook, study.interviews)
    columns = attributes(study.interviews, by)
    tables = {}
    for name, function in functions.items():
        parts = [
            function(*given, column, line=line, min_cell=min_cell, seed=seed) for column in columns for line in lines
        ]
        tables[name] = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return tables
