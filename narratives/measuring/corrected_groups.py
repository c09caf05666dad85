"""Groups of persons, corrected by a random sample that people coded; small groups hidden on demand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from narratives.codebook import Codebook
from narratives.measuring.corrected import MEAN_COLUMNS, SHIFT_COLUMNS, corrected_means, corrected_shifts
from narratives.measuring.groups import groups_of, without_small
from narratives.measuring.rows import PARTICIPANT, rows_of_line

__all__ = ["GROUP_MEAN_COLUMNS", "GROUP_SHIFT_COLUMNS", "corrected_group_shifts", "corrected_groups"]

GROUP_MEAN_COLUMNS = ("attribute", "group", "wave", *MEAN_COLUMNS[:-2], "suppressed", *MEAN_COLUMNS[-2:])
GROUP_SHIFT_COLUMNS = ("attribute", "group", *SHIFT_COLUMNS[:-2], "suppressed", *SHIFT_COLUMNS[-2:])

_NUMBERS = ("naive", "estimate", "low", "high")
_COUNTS = ("persons", "n", "n_reviewed")


def corrected_groups(
    narratives: pd.DataFrame,
    review: pd.DataFrame,
    codebook: Codebook,
    interviews: pd.DataFrame,
    attribute: str,
    *,
    line: str = PARTICIPANT,
    variables: Sequence[str] | None = None,
    level: float = 0.95,
    min_cell: int = 0,
) -> pd.DataFrame:
    """Mean rank per group and wave, as the model has it and corrected.

    Args:
        narratives, review, codebook, line, variables, level: as for :func:`narratives.agency.corrected_means`.
        interviews: table with ``transcript`` and ``attribute``.
        attribute: its column (kind, sex, municipality ...).
        min_cell: numbers of groups with fewer persons than this are hidden (``suppressed``).

    Returns:
        with :data:`GROUP_MEAN_COLUMNS`; no interval with fewer than
        :data:`narratives.measuring.corrected.FEWEST_REVIEWED` reviewed narratives of the group and wave.

    Raises:
        NarrativesError: if the interviews lack the attribute.
        CodebookError: as for :func:`narratives.agency.corrected_means`.
    """

    def means(rows: pd.DataFrame) -> pd.DataFrame:
        by = ("group", "wave")
        return corrected_means(rows, review, codebook, by=by, variables=variables, line=line, level=level)

    frame = _by_attribute(means, narratives, interviews, attribute, line)
    return _hidden(frame, GROUP_MEAN_COLUMNS, min_cell)


def corrected_group_shifts(
    narratives: pd.DataFrame,
    review: pd.DataFrame,
    codebook: Codebook,
    interviews: pd.DataFrame,
    attribute: str,
    *,
    line: str = PARTICIPANT,
    variables: Sequence[str] | None = None,
    level: float = 0.95,
    min_cell: int = 0,
) -> pd.DataFrame:
    """Difference of mean ranks between waves per group, as the model has it and corrected.

    Args:
        all: as for :func:`corrected_groups`.

    Returns:
        with :data:`GROUP_SHIFT_COLUMNS`, otherwise as :func:`narratives.agency.corrected_shifts`.

    Raises:
        NarrativesError, CodebookError: as for :func:`corrected_groups`.
    """

    def moved(rows: pd.DataFrame) -> pd.DataFrame:
        by = ("group",)
        return corrected_shifts(rows, review, codebook, by=by, variables=variables, line=line, level=level)

    frame = _by_attribute(moved, narratives, interviews, attribute, line)
    return _hidden(frame, GROUP_SHIFT_COLUMNS, min_cell)


def _by_attribute(
    measure: Callable[[pd.DataFrame], pd.DataFrame],
    narratives: pd.DataFrame,
    interviews: pd.DataFrame,
    attribute: str,
    line: str,
) -> pd.DataFrame:
    """Measure the line's rows, each with its ``group``."""
    groups = groups_of(narratives, interviews, attribute)
    named = pd.concat([narratives[:0].assign(group=""), *(theirs.assign(group=name) for name, theirs in groups)])
    about = interviews if line != PARTICIPANT else None
    return measure(rows_of_line(named, line, about)).assign(attribute=attribute)


def _hidden(frame: pd.DataFrame, columns: Sequence[str], min_cell: int) -> pd.DataFrame:
    """The table with the numbers of small groups taken out."""
    texts = [name for name in ("narrative_ids", "reviewed_ids", "verdict") if name in frame]
    return without_small(frame, min_cell, _NUMBERS, _COUNTS, texts)[list(columns)]
