"""One speaker's speech through an interview: units in order, and what others said in between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from narratives.segmenting.units import Splitter, Unit, cut_units, is_caseless
from narratives.segmenting.words import Word, find_words
from narratives.transcript import Role, Span, Transcript

__all__ = ["Speech", "spans_between", "speech_of"]


@dataclass(frozen=True, slots=True)
class Speech:
    """Everything one speaker says in one interview.

    Attributes:
        speaker: the label.
        units: sentences in order, over all turns of the speaker.
        before: for each unit, the words others said since the unit before it; empty within a turn.
        pieces: for each unit, its place in the source: pieces of the turn's spans, without white space at
            their ends; together they cover all of the speaker's turns.
        sizes: for each unit, the number of its words.
    """

    speaker: str
    units: tuple[Unit, ...]
    before: tuple[tuple[Word, ...], ...]
    pieces: tuple[tuple[Span, ...], ...]
    sizes: tuple[int, ...]


def speech_of(transcript: Transcript, roles: Iterable[Role], split_long: Splitter) -> tuple[Speech, ...]:
    """The speech of each speaker in one of ``roles``, in order of first appearance.

    Args:
        transcript: with turns and roles.
        roles: whose speech is wanted.
        split_long: see :func:`narratives.segmenting.units.cut_units`.
    """
    words = [find_words(transcript.text, turn.spans) for turn in transcript.turns]
    caseless = is_caseless([word for turn in words for word in turn])
    wanted = set(roles)
    labels = dict.fromkeys(turn.speaker for turn in transcript.turns if transcript.role_of(turn.speaker) in wanted)
    return tuple(_speech(transcript, label, words, split_long, caseless) for label in labels)


def _speech(
    transcript: Transcript, label: str, words: Sequence[tuple[Word, ...]], split_long: Splitter, caseless: bool
) -> Speech:
    """The speech of the speaker called ``label``."""
    units: list[Unit] = []
    before: list[tuple[Word, ...]] = []
    pieces: list[tuple[Span, ...]] = []
    heard: tuple[Word, ...] = ()
    for index, turn in enumerate(transcript.turns):
        if turn.speaker != label:
            heard += words[index]
            continue
        said = cut_units(words[index], index, split_long, caseless)
        if not said:
            continue
        units += said
        before += [heard, *[()] * (len(said) - 1)]
        pieces += _places(transcript.text, turn.spans, said)
        heard = ()
    sizes = tuple(len(unit.words) for unit in units)
    return Speech(label, tuple(units), tuple(before), tuple(pieces), sizes)


def _places(text: str, spans: Sequence[Span], units: Sequence[Unit]) -> list[tuple[Span, ...]]:
    """The place of each unit of a turn: from its own first word, or a mark that opens it, to the next unit."""
    starts = [spans[0][0], *(_opening(text, unit.start, spans) for unit in units[1:])]
    ends = [*starts[1:], spans[-1][1]]
    return [spans_between(text, spans, start, end) for start, end in zip(starts, ends, strict=True)]


def _opening(text: str, start: int, spans: Sequence[Span]) -> int:
    """``start`` moved back over quotation marks, brackets and dots that cling to the word there."""
    first = max(begin for begin, _ in spans if begin <= start)
    while start > first and not text[start - 1].isspace() and text[start - 1] not in ".!?…":
        start -= 1
    return start


def spans_between(text: str, spans: Iterable[Span], start: int, end: int) -> tuple[Span, ...]:
    """The parts of ``spans`` between two offsets, without white space at their ends and without empty ones."""
    found = []
    for begin, stop in spans:
        piece = text[max(begin, start) : min(stop, end)]
        stripped = piece.strip()
        if stripped:
            left = max(begin, start) + len(piece) - len(piece.lstrip())
            found.append((left, left + len(stripped)))
    return tuple(found)
