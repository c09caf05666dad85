"""The roles file: speaker labels and their roles, written by the researcher.

``roles.csv`` or ``roller.csv`` (or .xlsx) with the columns label and role, and if wanted person and transcript.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from narratives.errors import MetadataError
from narratives.files import nfc
from narratives.messages import say
from narratives.reading.cells import read_records
from narratives.reading.fields import field_of
from narratives.reading.interviews_table import file_keys
from narratives.reading.known import key_of, role_of_word
from narratives.reading.roles import Told
from narratives.transcript import Problem, Role

__all__ = ["RoleRow", "RolesTable", "read_roles"]

_EXTRA = {role.value: role for role in Role} | {
    "anden": Role.OTHER,
    "andre": Role.OTHER,
    "andet": Role.OTHER,
    "ukendt": Role.UNKNOWN,
    "professionel": Role.PROFESSIONAL,
}


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One row: the label's role, the speaker's person id, and the one file it holds for ("" for all)."""

    label: str
    role: Role
    person: str | None = None
    transcript: str = ""


@dataclass(frozen=True, slots=True)
class RolesTable:
    """The roles file: its name, its rows, and what was wrong with it."""

    file: str
    rows: tuple[RoleRow, ...]
    problems: tuple[Problem, ...] = ()

    def told(self, path: PurePosixPath, person: str | None, persons: Collection[str]) -> dict[str, Told]:
        """What the file says of one interview's labels; a row that names the interview counts before the rest.

        Args:
            path: the transcript, relative to the folder.
            person: the interview's person.
            persons: all persons of the folder: a row for one of them holds in that person's interviews only.
        """
        keys = file_keys(path)
        general, special = {}, {}
        for row in self.rows:
            told = Told(row.role, row.person if row.role is Role.PARTICIPANT else None)
            if row.transcript:
                if nfc(row.transcript).replace("\\", "/").strip("./ ").casefold() in keys:
                    special[row.label] = told
            elif row.person is None or row.person == person or row.person not in persons:
                general[row.label] = told
        return general | special


def read_roles(path: Path) -> RolesTable:
    """Read a roles file.

    Raises:
        MetadataError: if it cannot be read or lacks a column for label or role.
    """
    records = read_records(path)
    headings = list(records[0][1]) if records else []
    fields = {field_of(head): head for head in headings}
    label = fields.get("participant_label")
    if label is None or "role" not in fields:
        raise MetadataError(say("reading.roles_columns", file=path.name, found=", ".join(headings) or "–"))
    rows, problems = [], []
    for number, record in records:
        role = _role(record.get(fields["role"], ""))
        if role is None:
            text = say("reading.roles_value", file=path.name, row=number, value=record.get(fields["role"], ""))
            problems.append(Problem(path.name, "bad_value", text, place=str(number)))
            continue
        person = record.get(fields["person"], "") if "person" in fields else ""
        transcript = record.get(fields["transcript"], "") if "transcript" in fields else ""
        rows.append(RoleRow(record.get(label, ""), role, nfc(person) or None, transcript))
    return RolesTable(path.name, tuple(rows), tuple(problems))


def _role(value: str) -> Role | None:
    """The role a cell names, in English or Danish."""
    plain = key_of(value)
    return _EXTRA.get(plain) or role_of_word(plain)
