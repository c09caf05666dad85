"""Following a study's persons over their interviews: every table that ``narratives track`` writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from narratives.agency import (
    Review,
    corrected_codes,
    corrected_means,
    corrected_person_shifts,
    corrected_profiles,
    corrected_shares,
    corrected_shifts,
    distributions,
    dominant,
    pointes,
    profiles,
    read_review,
    shifts,
    turning_points,
)
from narratives.measuring.rows import PARTICIPANT, rows_of_line
from narratives.study.grouping import MIN_CELL, attributes, changed_groups, corrected_group_tables, group_tables
from narratives.study.writing import write_forms

if TYPE_CHECKING:
    import pandas as pd

    from narratives.study import Study

__all__ = ["CORRECTED_PERSON_TABLES", "CORRECTED_TABLES", "TABLES", "Tracking", "lines_of", "measure", "track"]

TABLES = ("profiles", "distributions", "shifts", "turning_points", "dominant", "pointes", "interventions", "chains")
CORRECTED_TABLES = ("corrected_shares", "corrected_means", "corrected_shifts")
"""Of everybody together."""
CORRECTED_PERSON_TABLES = ("corrected_profiles", "corrected_person_shifts", "corrected_codes")
"""Of each person, and the probabilities behind them."""


@dataclass(frozen=True)
class Tracking:
    """What was found.

    Attributes:
        tables: by name, :data:`TABLES` always, :data:`CORRECTED_TABLES` and :data:`CORRECTED_PERSON_TABLES` with a
            review, and :data:`narratives.study.grouping.GROUP_TABLES` where groups were asked for (both:
            :data:`narratives.study.grouping.CORRECTED_GROUP_TABLES`, too); columns as in :mod:`narratives.agency`,
            all lines one below the other and told apart by ``line``.
        lines: whose narratives the study holds, the participants' first.
        files: what was written.
        review: the people's codes, if any were given.
        changed_groups: per attribute the persons whose interviews differ in it.
    """

    tables: dict[str, pd.DataFrame]
    lines: tuple[str, ...]
    files: tuple[Path, ...] = ()
    review: Review | None = None
    changed_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> pd.DataFrame:
        """The table called ``name``; raises KeyError."""
        return self.tables[name]


def track(
    study: Study,
    *,
    review: str | Path | None = None,
    vocabulary: str | Path | None = None,
    by: Sequence[str] = (),
    min_cell: int = MIN_CELL,
    seed: int = 0,
    excel: bool = False,
) -> Tracking:
    """Measure profiles, shifts, turning points and the rest, and write them into the study folder.

    Args:
        study: an annotated study.
        review: a filled-in sheet from ``narratives sample``; adds the corrected tables.
        vocabulary: a file of more interventions, beside those the package knows.
        by: attributes of the interviews (municipality, sex ...); adds the tables of groups by each.
        min_cell: numbers of groups with fewer persons are hidden.
        seed: for draws and permutations: the same seed gives the same tables.
        excel: also write each table as an Excel workbook.

    Raises:
        StudyError: if the study or the review cannot be read.
        CodebookError: if the tables do not fit the codebook.
        VocabularyError: if the vocabulary is not valid.
        NarrativesError: if the interviews lack an attribute.
    """
    columns = attributes(study.interviews, by)
    found = measure(study, seed=seed, vocabulary=vocabulary)
    tables = dict(found.tables)
    people = read_review(review, study) if review is not None else None
    if people is not None:
        tables |= _corrected(study, people, found.lines) | _corrected_persons(study, people, found.lines, seed)
    if columns:
        tables |= group_tables(study, columns, lines=found.lines, min_cell=min_cell, seed=seed)
    if columns and people is not None:
        tables |= corrected_group_tables(study, people, columns, lines=found.lines, min_cell=min_cell)
    files = [path for name, frame in tables.items() for path in write_forms(study.folder, name, frame, excel=excel)]
    return Tracking(tables, found.lines, tuple(files), people, changed_groups(study.interviews, columns))


def measure(study: Study, *, seed: int = 0, vocabulary: str | Path | None = None) -> Tracking:
    """The tables of :data:`TABLES`, nothing written."""
    narratives, codebook, interviews = study.narratives, study.codebook, study.interviews
    lines = lines_of(narratives)
    makers: dict[str, Callable[[str], pd.DataFrame]] = {
        "profiles": lambda line: profiles(narratives, codebook, interviews, seed, line=line),
        "distributions": lambda line: distributions(narratives, codebook, interviews, seed, line=line),
        "shifts": lambda line: shifts(narratives, codebook, interviews, seed, line=line),
        "turning_points": lambda line: turning_points(narratives, codebook, seed, line=line, interviews=interviews),
        "dominant": lambda line: dominant(narratives, codebook, seed, line=line, interviews=interviews),
        "pointes": lambda line: pointes(narratives, codebook, line=line, interviews=interviews),
        **_finders(study, vocabulary),
    }
    return Tracking({name: _stacked(make(line) for line in lines) for name, make in makers.items()}, lines)


def _finders(study: Study, vocabulary: str | Path | None) -> dict[str, Callable[[str], pd.DataFrame]]:
    """What reads the narratives once more, for interventions and what they led to."""
    from narratives.interventions import interventions_and_chains, load_vocabulary

    words = load_vocabulary(vocabulary)

    @cache
    def both(line: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        rows = rows_of_line(study.narratives, line, study.interviews)
        mentions, links = interventions_and_chains(rows, study.codebook, sources=study.source, vocabulary=words)
        return mentions.assign(line=line), links.assign(line=line)

    return {"interventions": lambda line: both(line)[0], "chains": lambda line: both(line)[1]}


def lines_of(narratives: pd.DataFrame) -> tuple[str, ...]:
    """Whose narratives a table holds, the participants first."""
    roles = {PARTICIPANT} | set(narratives["role"].dropna().astype(str)) if "role" in narratives else {PARTICIPANT}
    return tuple(sorted(roles, key=lambda role: (role != PARTICIPANT, role)))


def _corrected(study: Study, review: Review, lines: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """By wave, for everybody together, whatever the model does."""
    functions = dict(zip(CORRECTED_TABLES, (corrected_shares, corrected_means, corrected_shifts), strict=True))
    rows = {line: rows_of_line(study.narratives, line, study.interviews) for line in lines}
    return {
        name: _stacked(function(rows[line], review.rows, study.codebook, line=line) for line in lines)
        for name, function in functions.items()
    }


def _corrected_persons(study: Study, review: Review, lines: tuple[str, ...], seed: int) -> dict[str, pd.DataFrame]:
    """By person, by what the review says of the model's probabilities."""
    makers = (corrected_profiles, corrected_person_shifts, corrected_codes)
    given = (study.narratives, review.rows, study.codebook, study.interviews, seed)
    return {
        name: _stacked(make(*given, line=line) for line in lines)
        for name, make in zip(CORRECTED_PERSON_TABLES, makers, strict=True)
    }


def _stacked(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    tables = list(parts)
    return pd.concat([part for part in tables if len(part)] or tables[:1], ignore_index=True)
