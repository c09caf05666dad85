"""What only shows over all files: spellings of persons, waves by date, roles over waves, doubles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePosixPath

from narratives.files import nfc
from narratives.messages import say
from narratives.reading.filenames import facts_of_name
from narratives.reading.interviews_table import InterviewRow, InterviewsTable
from narratives.reading.roles import assign_persons, only_one_beside_interviewers
from narratives.transcript import Problem, Role, Speaker, Transcript

__all__ = ["agree", "folder_problems"]

BY_DATE = "order of dates"
ONLY_ONE = "only interview"
_MOST_NAMED = 8


def agree(transcripts: Sequence[Transcript], table: InterviewsTable | None = None) -> list[Transcript]:
    """The transcripts with distinct names, one spelling per person, waves by date and roles alike over waves."""
    steps: tuple[Callable[[list[Transcript]], list[Transcript]], ...] = (
        _distinct_names,
        lambda many: _one_spelling(many, table.persons if table else {}),
        _without_serial_numbers,
        _waves_by_date,
        lambda many: _only_interviews(many, table),
        _roles_over_waves,
    )
    found = list(transcripts)
    for step in steps:
        found = step(found)
    return [replace(one, speakers=assign_persons(one.speakers, one.person)) for one in found]


def _distinct_names(transcripts: list[Transcript]) -> list[Transcript]:
    """Files that differ only in their ending keep it in their names; others that still clash get a number."""
    stems = Counter(one.name.casefold() for one in transcripts)
    full = [nfc(one.file) if stems[one.name.casefold()] > 1 else one.name for one in transcripts]
    seen: Counter[str] = Counter()
    named = []
    for one, name in zip(transcripts, full, strict=True):
        seen[name.casefold()] += 1
        again = seen[name.casefold()]
        named.append(replace(one, name=name if again == 1 else f"{name}~{again}"))
    return named


def _one_spelling(transcripts: list[Transcript], spelled: Mapping[str, str]) -> list[Transcript]:
    """One spelling for "p07" and "P07": as the table spells it, else the commonest spelling, else the first."""
    counts: dict[str, Counter[str]] = {}
    for one in transcripts:
        if one.person:
            counts.setdefault(one.person.casefold(), Counter())[one.person] += 1
    common = {key: counter.most_common(1)[0][0] for key, counter in counts.items()} | dict(spelled)
    return [replace(one, person=common[one.person.casefold()]) if one.person else one for one in transcripts]


def _without_serial_numbers(transcripts: list[Transcript]) -> list[Transcript]:
    """A number that runs through the study, once per person, is no wave: "Interview 7 - Bente"."""
    counted = [
        one
        for one in transcripts
        if one.sources.get("wave") == "file name" and facts_of_name(PurePosixPath(nfc(one.file))).serial
    ]
    persons, waves = {one.person for one in counted}, {one.wave for one in counted}
    if len(counted) < 3 or len(persons) != len(counted) or len(waves) != len(counted):
        return transcripts
    names = {one.name for one in counted}
    return [_without_wave(one) if one.name in names else one for one in transcripts]


def _without_wave(one: Transcript) -> Transcript:
    return replace(one, wave=None, sources={name: source for name, source in one.sources.items() if name != "wave"})


def _by_person(transcripts: Iterable[Transcript]) -> dict[str, list[Transcript]]:
    groups: dict[str, list[Transcript]] = {}
    for one in transcripts:
        if one.person:
            groups.setdefault(one.person, []).append(one)
    return groups


def _waves_by_date(transcripts: list[Transcript]) -> list[Transcript]:
    """Waves from the order of dates, for persons of whom only dates are known, and all of them different."""
    waves: dict[str, int] = {}
    for mine in _by_person(transcripts).values():
        days = [one.date for one in mine]
        if any(one.wave for one in mine) or None in days or len(set(days)) < len(days):
            continue
        ordered = sorted(mine, key=lambda one: str(one.date))
        waves |= {one.name: number for number, one in enumerate(ordered, start=1)}
    return [
        replace(one, wave=waves[one.name], sources={**one.sources, "wave": BY_DATE}) if one.name in waves else one
        for one in transcripts
    ]


def _only_interviews(transcripts: list[Transcript], table: InterviewsTable | None) -> list[Transcript]:
    """Wave 1, as a guess, for a person's only interview, unless the interviews table knows of others."""
    alone = {mine[0].name for mine in _by_person(transcripts).values() if len(mine) == 1}
    return [
        replace(one, wave=1, sources={**one.sources, "wave": ONLY_ONE})
        if one.name in alone and one.wave is None and not _other_rows(one, table)
        else one
        for one in transcripts
    ]


def _other_rows(one: Transcript, table: InterviewsTable | None) -> list[InterviewRow]:
    """Rows of other interviews with the transcript's person."""
    if table is None or one.person is None:
        return []
    own, person = _row_for(one, table), one.person.casefold()
    mine = [row for row in table.rows if row.person and row.person.casefold() == person and not row.of_person]
    return [row for row in mine if row is not own]


def _roles_over_waves(transcripts: list[Transcript]) -> list[Transcript]:
    """One role per label over a person's interviews, where it was guessed in some of them and open in others.

    Guesses that contradict each other are taken back.
    """
    settled: dict[tuple[str, str], Role | None] = {}
    for person, mine in _by_person(transcripts).items():
        for label in {s.label for one in mine for s in one.speakers if s.label}:
            same = [s for one in mine for s in one.speakers if s.label == label]
            settled[person, label] = _one_role(same)
    return [
        replace(one, speakers=tuple(_settle(s, settled.get((one.person or "", s.label))) for s in one.speakers))
        for one in transcripts
    ]


def _one_role(same: Sequence[Speaker]) -> Role | None:
    """The role on which all that is not open agrees, UNKNOWN where guesses differ, None where nothing is known."""
    told = {s.role for s in same if s.role is not Role.UNKNOWN and s.source != "guess"}
    guessed = {s.role for s in same if s.source == "guess"}
    roles = told or guessed
    if not roles:
        return None
    return next(iter(roles)) if len(roles) == 1 else Role.UNKNOWN


def _settle(speaker: Speaker, role: Role | None) -> Speaker:
    """The speaker with the settled role, if its own was open or a guess."""
    if role is None or speaker.role is role or (speaker.source not in ("", "guess")):
        return speaker
    return replace(speaker, role=role, source="guess" if role is not Role.UNKNOWN else "")


def folder_problems(transcripts: Sequence[Transcript], table: InterviewsTable | None) -> Iterator[Problem]:
    """Doubles, gaps and contradictions between files, and between the folder and its interviews table."""
    yield from _same_text(transcripts)
    yield from _same_interview(transcripts)
    yield from _nobodys(transcripts)
    for mine in _by_person(transcripts).values():
        yield from _open_waves(mine)
        yield from _open_beside_table(mine, table)
        yield from _against_time(mine)
    yield from _guesses(transcripts)
    yield from _guessed_waves(transcripts)
    yield from _rows_without_file(transcripts, table)
    yield from _files_without_row(transcripts, table)


def _same_text(transcripts: Sequence[Transcript]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for one in transcripts:
        file = nfc(one.file)
        if one.sha256 in first:
            text = say("reading.same_text", file=file, other=first[one.sha256])
            yield Problem(file, "same_text", text)
        first.setdefault(one.sha256, file)


def _same_interview(transcripts: Sequence[Transcript]) -> Iterator[Problem]:
    first: dict[tuple[str, int], str] = {}
    for one in transcripts:
        if one.person is None or one.wave is None:
            continue
        key, file = (one.person, one.wave), nfc(one.file)
        if key in first:
            text = say("reading.same_interview", file=file, other=first[key], person=one.person, wave=one.wave)
            yield Problem(file, "same_interview", text)
        first.setdefault(key, file)


def _nobodys(transcripts: Sequence[Transcript]) -> Iterator[Problem]:
    for one in transcripts:
        if one.person is None:
            file = nfc(one.file)
            yield Problem(file, "no_person", say("reading.no_person", file=file))


def _open_waves(mine: Sequence[Transcript]) -> Iterator[Problem]:
    if len(mine) > 1:
        for one in mine:
            if one.wave is None:
                file = nfc(one.file)
                yield Problem(file, "no_wave", say("reading.no_wave", file=file, person=one.person, count=len(mine)))


def _open_beside_table(mine: Sequence[Transcript], table: InterviewsTable | None) -> Iterator[Problem]:
    """A person's only file, without a wave, where the interviews table knows of other interviews."""
    if len(mine) > 1 or mine[0].wave is not None or table is None:
        return
    file, rows = nfc(mine[0].file), ", ".join(str(row.number) for row in _other_rows(mine[0], table))
    text = say("reading.no_wave_in_table", file=file, table=table.file, rows=rows, person=mine[0].person)
    yield Problem(file, "no_wave", text)


def _against_time(mine: Sequence[Transcript]) -> Iterator[Problem]:
    """A later wave with an earlier date."""
    dated = sorted((one for one in mine if one.wave and one.date), key=lambda one: (one.wave or 0, str(one.date)))
    for before, after in pairwise(dated):
        if before.date and after.date and after.wave != before.wave and after.date < before.date:
            file = nfc(after.file)
            text = say(
                "reading.wave_order",
                file=file,
                wave=after.wave,
                date=after.date,
                before=before.wave,
                earlier=before.date,
            )
            yield Problem(file, "wave_order", text)


def _guesses(transcripts: Sequence[Transcript]) -> Iterator[Problem]:
    """One line for all guessed roles of the folder, for each way in which they came about."""
    counts: dict[str, Counter[tuple[str, Role]]] = {
        "reading.guessed_roles": Counter(),
        "reading.guessed_only": Counter(),
    }
    for one in transcripts:
        alone = only_one_beside_interviewers(one.speakers)
        for speaker in one.speakers:
            if speaker.source == "guess":
                key = "reading.guessed_only" if speaker is alone else "reading.guessed_roles"
                counts[key][speaker.label, speaker.role] += 1
    for key, guessed in counts.items():
        if guessed:
            yield Problem("", "guessed_role", say(key, roles=_listed_roles(guessed)))


def _guessed_waves(transcripts: Sequence[Transcript]) -> Iterator[Problem]:
    """One line for all interviews that count as wave 1 because they are their person's only one."""
    usable = [one for one in transcripts if not any(problem.fatal for problem in one.problems)]
    files = [nfc(one.file) for one in usable if one.sources.get("wave") == ONLY_ONE]
    if files:
        yield Problem("", "guessed_wave", say("reading.guessed_wave", files=shortly(files)))


def shortly(names: Sequence[str]) -> str:
    """The names in one line, the first few of many."""
    shown, more = ", ".join(names[:_MOST_NAMED]), len(names) - _MOST_NAMED
    return shown if more <= 0 else say("reading.and_more", names=shown, count=more)


def _listed_roles(guessed: Mapping[tuple[str, Role], int]) -> str:
    return ", ".join(f"{label} = {say(f'reading.role.{role}')} ({count})" for (label, role), count in guessed.items())


def _rows_without_file(transcripts: Sequence[Transcript], table: InterviewsTable | None) -> Iterator[Problem]:
    """Rows of the interviews table that no file belongs to."""
    if table is None:
        return
    used = {row.number for one in transcripts if (row := _row_for(one, table))}
    people = {one.person for one in transcripts}
    for row in table.rows:
        if row.number in used or (row.of_person and row.person in people):
            continue
        named = row.transcript or " ".join(str(part) for part in (row.person, row.wave or row.date) if part)
        text = say("reading.row_without_file", file=table.file, row=row.number, named=named)
        yield Problem(table.file, "row_without_file", text, place=str(row.number))


def _files_without_row(transcripts: Sequence[Transcript], table: InterviewsTable | None) -> Iterator[Problem]:
    """Transcripts that the interviews table says nothing of."""
    if table is None or all(row.of_person for row in table.rows):
        return
    for one in transcripts:
        if _row_for(one, table) is None:
            file = nfc(one.file)
            yield Problem(file, "file_without_row", say("reading.file_without_row", file=file, table=table.file))


def _row_for(one: Transcript, table: InterviewsTable) -> InterviewRow | None:
    """The table's row that a transcript took its facts from."""
    return table.row_of(PurePosixPath(nfc(one.file))) or table.row_by(one.person, one.wave, one.date)
