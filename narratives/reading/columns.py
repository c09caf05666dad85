"""Which columns of a table hold speaker, speech and time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from narratives.files import nfc
from narratives.reading.known import known_role
from narratives.reading.source import Utterance
from narratives.reading.timecodes import AT_LABEL, seconds

__all__ = ["Columns", "Row", "by_headings", "by_shape", "headings", "time_of", "utterances"]

Row = Sequence[str]

# In order of preference: a table may have both "taler" and "person", the latter naming the interviewee throughout.
_SPEAKER = """taler speaker talernavn speakername talerlabel speakerlabel label hvem who afsender voice stemme
    person navn name deltager participant rolle role"""
_TEXT = """tekst text udsagn replik replikker ytring tale speech utterance udskrift transskription transskript
    transkription transcript transcription indhold content citat quote sagt"""
_TIME = """tid time start starttid tidskode timecode timestamp tidspunkt begin begyndelse fra from startsekund
    startsek startsec timespan tidsrum tidsinterval"""
_MAX_LABEL = 63
_LONGEST_HEADING = 200
_HEAD_ROWS = 15
_TIME_CODE = re.compile(rf"\s*(?:{AT_LABEL}|\d+(?:[.,]\d+)?)\s*(?:(?:-->|[-–—])\s*\S+\s*)?")
_NUMBER = re.compile(r"\s*\d+(?:[.,]\d+)?\s*(?:s|sek|sec)?\.?\s*")
_COLON = re.compile(r"\s*:\s*$")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things are.

    Attributes:
        text: column of the speech.
        speaker: column of the speaker, or None.
        time: column of the start time, or None.
        first: number of the first row with speech.
    """

    text: int
    speaker: int | None
    time: int | None
    first: int


def _plain(heading: str) -> str:
    """A heading as it is compared: "Start (sek.)" -> "start", "Speaker Name" -> "speakername"; "" if it is too long."""
    if len(heading) > _LONGEST_HEADING:
        return ""
    without = re.sub(r"\([^)]*\)|\[[^\]]*\]", "", nfc(heading).casefold())
    return re.sub(r"[\W_]+", "", without)


def headings(rows: Sequence[Row]) -> Row:
    """The first row with anything in it, blank cells left out: the headings to name in a message."""
    return next((found for row in rows[:_HEAD_ROWS] if (found := [c.strip() for c in row if c.strip()])), [])


def by_headings(rows: Sequence[Row]) -> Columns | None:
    """Columns by the first row (of 15) that has a heading for speech; None if there is none."""
    for index, row in enumerate(rows[:_HEAD_ROWS]):
        names = [_plain(cell) for cell in row]
        text = _find(names, _TEXT)
        if text is None:
            continue
        speaker = _speaker_among(names, rows[index + 1 :], text)
        if speaker is None and sum(bool(name) for name in names) < 2:
            continue
        return Columns(text, speaker, _find(names, _TIME), index + 1)
    return None


def _find(names: Sequence[str], wanted: str) -> int | None:
    """The first column called by the most preferred of the ``wanted`` names."""
    return next((names.index(name) for name in wanted.split() if name in names), None)


def _speaker_among(names: Sequence[str], rows: Sequence[Row], text: int) -> int | None:
    """The preferred column for speakers, one with several speakers before one with a single name throughout."""
    found = [names.index(name) for name in _SPEAKER.split() if name in names]
    found = [column for column in found if column != text]
    varied = [c for c in found if len({row[c].strip() for row in rows if c < len(row)} - {""}) > 1]
    return next(iter([*varied, *found]), None)


def by_shape(rows: Sequence[Row]) -> Columns | None:
    """Columns of a table without headings: short labels that come back, beside the longest texts.

    Returns:
        None unless there are two to five columns, and one of them holds speakers: labels of at most 63 characters,
        fewer of them than rows, or all with a known role.
    """
    width = max((len(row) for row in rows), default=0)
    if not 2 <= width <= 5 or len(rows) < 2:
        return None
    columns = [[row[c].strip() if c < len(row) else "" for row in rows] for c in range(width)]
    times = [c for c in range(width) if _mostly(columns[c], _TIME_CODE)]
    others = [c for c in range(width) if c not in times]
    if len(others) < 2:
        return None
    text = max(others, key=lambda c: sum(map(len, columns[c])))
    speaker = next((c for c in others if c != text and _are_labels(columns[c])), None)
    coded = [c for c in times if not _mostly(columns[c], _NUMBER)]  # bare numbers count lines
    return None if speaker is None else Columns(text, speaker, next(iter(coded), None), 0)


def _mostly(cells: Sequence[str], pattern: re.Pattern[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return len(filled) > 0 and sum(pattern.fullmatch(cell) is not None for cell in filled) >= 0.8 * len(filled)


def _are_labels(cells: Sequence[str]) -> bool:
    labels = [_COLON.sub("", cell) for cell in cells if cell]
    if len(labels) < 2 or any(len(label) > _MAX_LABEL or "\n" in label for label in labels):
        return False
    kinds = set(labels)
    known = all(known_role(label) for label in kinds)
    return known or 2 <= len(kinds) <= len(labels) / 2


def utterances(rows: Sequence[Row], columns: Columns) -> Iterator[Utterance]:
    """The rows as utterances; an empty speaker cell means the speaker before."""
    speaker = ""
    for row in rows[columns.first :]:
        named = " ".join(_COLON.sub("", _cell(row, columns.speaker)).split())
        speaker = named or speaker
        words = _cell(row, columns.text)
        if words.strip():
            yield Utterance(speaker, words, time_of(_cell(row, columns.time)))


def _cell(row: Row, column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""


def time_of(cell: str) -> float | None:
    """Seconds from a time code ("00:01:02,5") or a number of seconds, with decimal comma or point ("62,5 s")."""
    if _NUMBER.fullmatch(cell):
        return float(re.sub(r"[^\d.]", "", cell.replace(",", ".")).rstrip("."))
    return seconds(cell)
