"""The interviews table: one row per interview (or person), written by the researcher."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath

from narratives.errors import MetadataError
from narratives.files import nfc
from narratives.messages import say
from narratives.reading.cells import read_records
from narratives.reading.dates import parse_date
from narratives.reading.fields import field_of, field_rank
from narratives.transcript import Problem

__all__ = ["InterviewRow", "InterviewsTable", "file_keys", "read_interviews", "wave_number"]

_NUMBER = re.compile(r"\D*0*(\d{1,3})(?:[.,]0+)?\D*")
_OWN = ("transcript", "person", "wave", "date", "participant_label")


@dataclass(frozen=True, slots=True)
class InterviewRow:
    """One row, as understood.

    Attributes:
        number: row number in the file, the heading being row 1.
        transcript: file as named in the table; "" if it names none.
        person: person id; None if not given.
        wave: number of the interview; None if not given.
        date: day of the interview; None if not given.
        labels: the participants' speaker labels.
        attributes: all other columns that are filled.
    """

    number: int
    transcript: str = ""
    person: str | None = None
    wave: int | None = None
    date: date | None = None
    labels: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def of_person(self) -> bool:
        """Whether the row describes a person rather than one interview."""
        return bool(self.person) and not self.transcript and self.wave is None and self.date is None


@dataclass(frozen=True, slots=True)
class InterviewsTable:
    """The table: its file name, its rows, and what was wrong with it."""

    file: str
    rows: tuple[InterviewRow, ...]
    problems: tuple[Problem, ...] = ()

    def row_of(self, path: PurePosixPath) -> InterviewRow | None:
        """The row that names the file at ``path`` (relative to the folder); a fuller name counts before a stem."""
        for key in file_keys(path):
            for row in self.rows:
                if row.transcript and _plain(row.transcript) == key:
                    return row
        return None

    def row_by(self, person: str | None, wave: int | None, day: date | None) -> InterviewRow | None:
        """The one row without a file name for this person's wave, else for this day; None if there is no single one."""
        if person is None:
            return None
        mine = [row for row in self.rows if not row.transcript and _same(row.person, person) and not row.of_person]
        by_wave = [row for row in mine if wave is not None and row.wave == wave]
        by_day = [row for row in mine if day is not None and row.date == day]
        for found in (by_wave, by_day, mine if wave is None and day is None else []):
            if len(found) == 1:
                return found[0]
        return None

    def of_person(self, person: str | None) -> InterviewRow | None:
        """The row that describes the person, if the table has one."""
        return next((row for row in self.rows if row.of_person and person and _same(row.person, person)), None)

    @property
    def persons(self) -> dict[str, str]:
        """Person ids as the table spells them, by their form without case."""
        return {row.person.casefold(): row.person for row in self.rows if row.person}


def file_keys(path: PurePosixPath) -> tuple[str, ...]:
    """The names under which a table may mean the file: path and name, with and without ending."""
    return tuple(_plain(str(key)) for key in (path, path.with_suffix(""), path.name, path.stem))


def read_interviews(path: Path) -> InterviewsTable:
    """Read an interviews table (CSV or XLSX; Danish or English headings).

    Raises:
        MetadataError: if it cannot be read, or has neither a column for the file nor one for the person.
    """
    records = read_records(path)
    headings = list(records[0][1]) if records else []
    columns = _columns(headings)
    if not {"transcript", "person"} & columns.keys():
        raise MetadataError(say("reading.table_columns", file=path.name, found=", ".join(headings) or "–"))
    problems: list[Problem] = []
    rows = tuple(
        _row(number, record, columns, path.name, problems) for number, record in records if any(record.values())
    )
    return InterviewsTable(path.name, rows, (*problems, *_doubles(rows, path.name)))


def _columns(headings: list[str]) -> dict[str, str]:
    """The heading for each field; of two for one field the more usual one."""
    named = [(field, field_rank(heading), heading) for heading in headings if (field := field_of(heading)) in _OWN]
    return {field: heading for field, _, heading in sorted(named, key=lambda one: -one[1]) if field}


def _row(
    number: int, record: Mapping[str, str], columns: Mapping[str, str], file: str, problems: list[Problem]
) -> InterviewRow:
    """One row; a value that is no number or date is reported and left out."""
    values = {name: nfc(record.get(columns[name], "")).strip() if name in columns else "" for name in _OWN}
    wave, day = wave_number(values["wave"]), parse_date(values["date"])
    for name, value, understood in (("wave", values["wave"], wave), ("date", values["date"], day)):
        if value and understood is None:
            text = say("reading.table_value", file=file, row=number, column=columns[name], value=value)
            problems.append(Problem(file, "bad_value", text, place=str(number)))
    used = set(columns.values())
    attributes = {_attribute(head): nfc(value) for head, value in record.items() if value and head not in used}
    labels = tuple(label.strip() for label in re.split(r"[,;/+]", values["participant_label"]) if label.strip())
    return InterviewRow(number, values["transcript"], values["person"] or None, wave, day, labels, attributes)


def _attribute(heading: str) -> str:
    """A column's name among the attributes: the field it stands for, else as written."""
    return field_of(heading) or nfc(heading)


def wave_number(value: str) -> int | None:
    """2 from "2", "2,0", "bølge 2"; None if there is not one number from 1."""
    found = _NUMBER.fullmatch(value)
    return int(found[1]) or None if found else None


def _doubles(rows: tuple[InterviewRow, ...], file: str) -> list[Problem]:
    """Rows that name the same file, or the same person and wave, twice."""
    seen: dict[tuple[str, ...], int] = {}
    problems = []
    for row in rows:
        key = (
            (_plain(row.transcript),) if row.transcript else (str(row.person).casefold(), str(row.wave), str(row.date))
        )
        if key in seen:
            text = say("reading.table_twice", file=file, row=row.number, first=seen[key])
            problems.append(Problem(file, "row_twice", text, place=str(row.number)))
        seen.setdefault(key, row.number)
    return problems


def _plain(name: str) -> str:
    return nfc(name).replace("\\", "/").strip("./ ").casefold()


def _same(one: str | None, other: str) -> bool:
    return one is not None and one.casefold() == other.casefold()
