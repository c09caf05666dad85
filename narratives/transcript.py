"""The transcript: who said what, where in the unaltered source text.

The vocabulary is ConvoKit's (utterance = speaker + text + time) with the field's names: a
:class:`Transcript` holds :class:`Turn` objects, each said by a :class:`Speaker` who has a
:class:`Role`. All offsets are code points of ``Transcript.text``, end exclusive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

__all__ = ["Problem", "Role", "Span", "Speaker", "Transcript", "Turn", "quote"]

Span = tuple[int, int]
"""Start and end (exclusive) in code points of the transcript's text."""


class Role(StrEnum):
    """What a speaker is in the interview."""

    PARTICIPANT = "participant"
    INTERVIEWER = "interviewer"
    PROFESSIONAL = "professional"
    INTERPRETER = "interpreter"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should know of one file: which file, where, what, and what to do.

    Attributes:
        file: path relative to the folder that was read.
        kind: short stable name for filtering, e.g. "unreadable", "unknown_speaker".
        message: one sentence for people.
        place: line, row or time in the file, or "".
        fatal: whether the file yields no narratives because of it.
    """

    file: str
    kind: str
    message: str
    place: str = ""
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's speech until somebody else speaks.

    Attributes:
        speaker: the label as it stands in the file; "" where the file names nobody.
        spans: pieces of speech in order, without label, time codes and page furniture; at least one.
        time: seconds from the start of the recording, or None.
    """

    speaker: str
    spans: tuple[Span, ...]
    time: float | None = None

    @property
    def start(self) -> int:
        """Offset of the first character spoken."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """Offset after the last character spoken."""
        return self.spans[-1][1]


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker label of one transcript, and who stands behind it.

    Attributes:
        label: as in the file ("IP", "Sagsbehandler", "SPEAKER_01").
        role: the role in force.
        person: the person's id in the study; only participants have one.
        source: how the role was found: "metadata", "front matter", "label", "guess" or "".
    """

    label: str
    role: Role = Role.UNKNOWN
    person: str | None = None
    source: str = ""


@dataclass(frozen=True)
class Transcript:
    """One interview as it was read.

    Attributes:
        name: unique within the folder; the relative path without its ending, composed (NFC).
        file: path relative to the folder, as the disk spells it.
        text: what the reader extracted, unaltered; all offsets point into it.
        sha256: digest of ``text``.
        format: name of the reader ("txt", "docx", "vtt" ...).
        encoding: how bytes became text ("utf-8", "cp1252" ...), "" where the format fixes it.
        turns: in order, not overlapping.
        speakers: one for each label among ``turns``, in order of appearance.
        person: the main participant; None if unknown.
        wave: number of the follow-up interview, from 1; None if unknown.
        date: day of the interview; None if unknown.
        sources: where person, wave and date came from: "interviews table", "front matter", "file name".
        attributes: anything else known of the interview or person (sex, age, kind ...).
        problems: what a person should know, not all of it fatal.
    """

    name: str
    file: str
    text: str
    sha256: str
    format: str
    encoding: str = ""
    turns: tuple[Turn, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    person: str | None = None
    wave: int | None = None
    date: date | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def role_of(self, label: str) -> Role:
        """The role of a speaker label; unknown labels are :attr:`Role.UNKNOWN`."""
        return next((s.role for s in self.speakers if s.label == label), Role.UNKNOWN)

    def person_of(self, label: str) -> str | None:
        """The person id behind a speaker label; None for all but participants."""
        return next((s.person for s in self.speakers if s.label == label), None)

    def turns_of(self, role: Role) -> Iterator[Turn]:
        """The turns of all speakers in ``role``, in order."""
        return (turn for turn in self.turns if self.role_of(turn.speaker) is role)

    def with_problem(self, problem: Problem) -> Transcript:
        """A copy that carries one more problem."""
        return replace(self, problems=(*self.problems, problem))


def quote(text: str, spans: tuple[Span, ...]) -> str:
    """What is shown for ``spans``: the source text of each, joined by one blank."""
    return " ".join(text[start:end] for start, end in spans)
