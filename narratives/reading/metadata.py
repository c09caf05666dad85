"""Whose interview it is, which one, and when: from the interviews table, front matter, or the file's name.

In that order; every fact keeps its source, and sources that contradict each other are reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath

from narratives.files import nfc
from narratives.messages import say
from narratives.reading.dates import parse_date
from narratives.reading.fields import field_of
from narratives.reading.filenames import facts_of_name, is_id
from narratives.reading.interviews_table import InterviewRow, InterviewsTable, wave_number
from narratives.reading.known import key_of, known_role, likely_keys, named_keys
from narratives.transcript import Problem

__all__ = ["FRONT_MATTER", "TABLE", "InterviewFacts", "gather_facts"]

TABLE = "interviews table"
FRONT_MATTER = "front matter"


@dataclass(frozen=True, slots=True)
class InterviewFacts:
    """What is known of one interview before anybody has looked at who speaks.

    Attributes:
        person: id of the main participant; None if unknown.
        wave: number of the interview, from 1; None if unknown.
        date: its day; None if unknown.
        sources: where each of "person", "wave" and "date" came from.
        attributes: everything else the table or the head of the file says.
        labels: the participants' speaker labels, where the table or front matter names them.
        problems: contradictions between the sources.
    """

    person: str | None = None
    wave: int | None = None
    date: date | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Account:
    """What one source says."""

    source: str
    person: str | None = None
    wave: int | None = None
    date: date | None = None


def gather_facts(
    path: PurePosixPath,
    head: Mapping[str, str],
    labels: Iterable[str] = (),
    table: InterviewsTable | None = None,
) -> InterviewFacts:
    """Put together what the table, the head of the file and its name say of an interview.

    Args:
        path: the file, relative to the folder.
        head: front matter and other facts in the file, keys and values as written.
        labels: the speaker labels of the transcript: "deltager: IP" names a label, "deltager: p07" a person.
        table: the interviews table, if there is one.
    """
    front, attributes = _front(head, {key_of(label) for label in labels})
    names = facts_of_name(path)
    row = _row(path, front, names.person, names.wave, names.date, table)
    accounts = [
        *([_Account(TABLE, row.person, row.wave, row.date)] if row else []),
        front,
        *(_Account(source, **{name: getattr(names, name)}) for name, source in names.sources.items()),
    ]
    person, wave, day, sources = _first_of(accounts)
    described = table.of_person(person) if table else None
    known = {**(described.attributes if described else {}), **attributes, **(row.attributes if row else {})}
    return InterviewFacts(
        person=person,
        wave=wave,
        date=day,
        sources=sources,
        attributes=known,
        labels=row.labels if row else (),
        problems=tuple(_contradictions(str(path), accounts)),
    )


def _front(head: Mapping[str, str], labels: set[str]) -> tuple[_Account, dict[str, str]]:
    """What the head of the file says, and what else stands there."""
    found: dict[str, str] = {}
    rest: dict[str, str] = {}
    for key, value in head.items():
        name = field_of(key)
        if not value or _names_label(key, value, labels) or name in ("participant_label", "transcript"):
            continue
        if name in ("person", "wave", "date") and name not in found:
            found[name] = value
        else:
            rest[name if name not in (None, "attribute", "person") else key] = value
    person = nfc(found["person"]) if "person" in found else None
    account = _Account(FRONT_MATTER, person, wave_number(found.get("wave", "")), parse_date(found.get("date")))
    return account, rest


def _names_label(key: str, value: str, labels: set[str]) -> bool:
    """Whether a fact means a speaker of the transcript: "IP", or "informant: Mette Holm (MH)" where MH speaks."""
    meant = (*named_keys(value), *likely_keys(value)) if known_role(key) else ()
    return not labels.isdisjoint((key_of(value), *meant))


def _row(
    path: PurePosixPath,
    front: _Account,
    person: str | None,
    wave: int | None,
    day: date | None,
    table: InterviewsTable | None,
) -> InterviewRow | None:
    """The table's row for a file: the one that names it, else the one for its person and wave or day."""
    if table is None:
        return None
    return table.row_of(path) or table.row_by(front.person or person, front.wave or wave, front.date or day)


def _first_of(accounts: Iterable[_Account]) -> tuple[str | None, int | None, date | None, dict[str, str]]:
    """Each fact from the first source that has it."""
    person: str | None = None
    wave: int | None = None
    day: date | None = None
    sources: dict[str, str] = {}
    for one in accounts:
        for name in ("person", "wave", "date"):
            if name not in sources and getattr(one, name) is not None:
                sources[name] = one.source
        person = person if person is not None else one.person
        wave = wave if wave is not None else one.wave
        day = day if day is not None else one.date
    return person, wave, day, sources


def _contradictions(file: str, accounts: list[_Account]) -> Iterable[Problem]:
    """Facts on which two sources differ; a file's name counts as a person's only where it reads like an id."""
    for name in ("person", "wave", "date"):
        said = [(one.source, getattr(one, name)) for one in accounts if getattr(one, name) is not None]
        if len(said) < 2:
            continue
        (first, value), *others = said
        for other, differing in others:
            if not _agree(value, differing):
                text = say(
                    "reading.contradiction",
                    file=file,
                    what=say(f"reading.{name}"),
                    first=say(f"reading.source.{first}"),
                    value=value,
                    other=say(f"reading.source.{other}"),
                    differing=differing,
                )
                yield Problem(file, "contradiction", text, place=name)
                break


def _agree(one: object, other: object) -> bool:
    """Whether two values are the same; names of persons may differ unless both read like ids of one kind."""
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold() or not (is_id(one) and is_id(other))
    return one == other
