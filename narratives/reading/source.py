"""What a reader hands over: extracted text, and who speaks where the format itself says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from narratives.transcript import Turn

__all__ = ["Source", "Utterance", "render"]


@dataclass(frozen=True, slots=True)
class Source:
    """The content of one file.

    Attributes:
        text: the extracted text; every offset of the project points into it.
        format: name of the reader ("txt", "docx", "vtt" ...).
        encoding: how bytes became text, "" where the format fixes it.
        turns: turns known from the format itself (subtitles, tables, tiers); None where speaker
            labels must be found in the text (:mod:`narratives.reading.speakers`).
        notes: (kind, sentence) pairs a person should know of, e.g. that time codes were repaired.
        metadata: person, wave, date or other facts that the file states outside its text (raw strings).
    """

    text: str
    format: str
    encoding: str = ""
    turns: tuple[Turn, ...] | None = None
    notes: tuple[tuple[str, str], ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a subtitle cue, a table row or a tier annotation holds (ConvoKit's utterance)."""

    speaker: str
    text: str
    time: float | None = None


def render(utterances: Iterable[Utterance]) -> tuple[str, tuple[Turn, ...]]:
    """Lay utterances out as readable text, ``Speaker: speech`` paragraphs, with the turns' places in it.

    Neighbouring utterances of one speaker become one turn (a cue is a breath, not a turn); runs of
    white space become one blank; utterances without speech are left out.

    Returns:
        the text, and turns whose spans point into it.
    """
    pieces: list[str] = []
    turns: list[Turn] = []
    length = 0
    for speaker, words, time in _merge(utterances):
        head = f"{speaker}: " if speaker else ""
        start = length + len(head)
        turns.append(Turn(speaker, ((start, start + len(words)),), time))
        pieces.append(f"{head}{words}\n\n")
        length += len(pieces[-1])
    return "".join(pieces), tuple(turns)


def _merge(utterances: Iterable[Utterance]) -> list[tuple[str, str, float | None]]:
    """Speaker, speech and start time of each run of utterances by one speaker."""
    runs: list[tuple[str, str, float | None]] = []
    for utterance in utterances:
        words = " ".join(utterance.text.split())
        if not words:
            continue
        if runs and runs[-1][0] == utterance.speaker:
            speaker, before, time = runs.pop()
            runs.append((speaker, f"{before} {words}", time))
        else:
            runs.append((utterance.speaker, words, utterance.time))
    return runs
