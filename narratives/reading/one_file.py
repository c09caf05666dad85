"""One file as a transcript: its text, its turns, who speaks, whose interview it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from narratives.errors import UnreadableFile
from narratives.files import nfc, sha256_of
from narratives.messages import language, say
from narratives.reading.fields import field_of
from narratives.reading.formats import extract
from narratives.reading.interviews_table import InterviewsTable
from narratives.reading.metadata import InterviewFacts, gather_facts
from narratives.reading.roles import Told, assign_persons, guess_roles
from narratives.reading.roles_table import RolesTable
from narratives.reading.source import Source
from narratives.reading.speakers import TurnsFound, find_turns
from narratives.transcript import Problem, Role, Speaker, Transcript

__all__ = ["MOST_CHARACTERS", "read_transcript", "relative_name", "speaker_problems"]

MOST_CHARACTERS = 2_000_000
"""Longer texts are no interview (this is some thirty hours of speech), and would exhaust the memory of a laptop."""

_ASKING = 0.2


def read_transcript(
    path: Path,
    root: Path | None = None,
    table: InterviewsTable | None = None,
    roles: RolesTable | None = None,
    persons: Collection[str] = (),
) -> Transcript:
    """Read one interview.

    Args:
        path: the file, as the disk spells it.
        root: the folder it belongs to; its own folder by default.
        table: the interviews table.
        roles: the roles file.
        persons: all persons of the folder, for the roles file's rows.

    Raises:
        ReadingError: if it cannot be read or holds no text.
    """
    file = str(PurePosixPath(path.relative_to(root or path.parent)))
    source = extract(path)
    if len(source.text) > MOST_CHARACTERS:
        size, most = (_millions(count) for count in (len(source.text), MOST_CHARACTERS))
        raise UnreadableFile(say("reading.too_long", file=nfc(file), size=size, most=most))
    found = find_turns(source.text) if source.turns is None else TurnsFound(source.turns)
    return _put_together(file, source, found, table, roles, persons)


def _millions(count: int) -> str:
    """A count in millions with one decimal, as the language writes it: 2.3 or 2,3."""
    shown = f"{count / 1e6:.1f}"
    return shown.replace(".", ",") if language() == "da" else shown


def relative_name(file: str) -> str:
    """A transcript's name: the relative path without its ending, composed."""
    return str(PurePosixPath(nfc(file)).with_suffix(""))


def _put_together(
    file: str,
    source: Source,
    found: TurnsFound,
    table: InterviewsTable | None,
    roles: RolesTable | None,
    persons: Collection[str],
) -> Transcript:
    """The transcript from what its file, the table and the roles file say."""
    path = PurePosixPath(nfc(file))
    head = {**dict(source.metadata), **found.front_matter}
    labels = tuple(dict.fromkeys(turn.speaker for turn in found.turns))
    facts = gather_facts(path, head, labels, table)
    told = {label: Told(Role.PARTICIPANT) for label in facts.labels}
    if roles is not None:
        told |= roles.told(path, facts.person, persons)
    present = " ".join([found.preamble, *(value for key, value in head.items() if field_of(key) == "present")])
    speakers = guess_roles(found.turns, source.text, told=told, facts=head, preamble=present)
    speakers = assign_persons(speakers, facts.person)
    problems = [
        *(Problem(nfc(file), kind, text) for kind, text in source.notes),
        *facts.problems,
        *_missing_labels(nfc(file), facts, labels),
    ]
    return Transcript(
        name=relative_name(file),
        file=file,
        text=source.text,
        sha256=sha256_of(source.text),
        format=source.format,
        encoding=source.encoding,
        turns=found.turns,
        speakers=speakers,
        person=facts.person,
        wave=facts.wave,
        date=facts.date,
        sources=facts.sources,
        attributes=facts.attributes,
        problems=tuple(problems),
    )


def _missing_labels(file: str, facts: InterviewFacts, labels: Iterable[str]) -> Iterator[Problem]:
    """Labels that the interviews table names and nobody in the file has."""
    there = {nfc(label).casefold() for label in labels}
    for label in facts.labels:
        if label.casefold() not in there:
            listed = ", ".join(one for one in labels if one) or "–"
            yield Problem(file, "label_missing", say("reading.label_missing", file=file, label=label, found=listed))


def speaker_problems(transcript: Transcript) -> Iterator[Problem]:
    """What a person should know of the speakers: no labels, no participant (which names all), else unknown labels."""
    file = nfc(transcript.file)
    turns = Counter(turn.speaker for turn in transcript.turns)
    if not any(turns):
        if not any(s.role is Role.PARTICIPANT for s in transcript.speakers):
            yield Problem(file, "no_labels", say("reading.no_labels", file=file), fatal=True)
        return
    without = not any(speaker.role is Role.PARTICIPANT for speaker in transcript.speakers)
    for speaker in transcript.speakers:
        if speaker.role is Role.UNKNOWN and speaker.source != "metadata" and not without:
            yield _unknown(file, speaker, turns)
        if speaker.role is Role.INTERPRETER:
            text = say("reading.interpreter", file=file, label=speaker.label, turns=turns[speaker.label])
            yield Problem(file, "interpreter", text, place=speaker.label)
    if not without and _hides_questions(transcript):
        label = transcript.speakers[0].label
        yield Problem(file, "one_speaker", say("reading.one_speaker", file=file, label=label), place=label)
    if without:
        listed = ", ".join(_described(speaker) for speaker in transcript.speakers)
        yield Problem(file, "no_participant", say("reading.no_participant", file=file, speakers=listed), fatal=True)


def _hides_questions(transcript: Transcript) -> bool:
    """Whether one label is all there is, and one in five of its paragraphs is a question: somebody else asks there."""
    if len(transcript.speakers) != 1:
        return False
    spoken = (transcript.text[start:end] for turn in transcript.turns for start, end in turn.spans)
    paragraphs = [part.strip() for piece in spoken for part in re.split(r"\n\s*\n", piece) if part.strip()]
    asking = sum(part.endswith("?") for part in paragraphs)
    return asking > 1 and asking >= _ASKING * len(paragraphs)


def _unknown(file: str, speaker: Speaker, turns: Mapping[str, int]) -> Problem:
    if not speaker.label:
        return Problem(file, "no_speaker", say("reading.no_speaker", file=file, turns=turns[""]))
    text = say("reading.unknown_speaker", file=file, label=speaker.label, turns=turns[speaker.label])
    return Problem(file, "unknown_speaker", text, place=speaker.label)


def _described(speaker: Speaker) -> str:
    return f"{speaker.label or '–'} ({say(f'reading.role.{speaker.role}')})"
