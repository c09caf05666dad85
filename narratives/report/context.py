"""A narrative within the text around it, cut from the source by offsets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from narratives.transcript import Span

__all__ = ["REACH", "Context", "Piece", "context_of"]

REACH = 350
"""Characters shown on either side, to the next blank."""


class Piece(NamedTuple):
    """A stretch of the source, and whether it belongs to the narrative."""

    text: str
    marked: bool


class Context(NamedTuple):
    """The narrative and what surrounds it.

    Attributes:
        start, end: of the whole stretch in the source.
        pieces: in order; joined, they are ``source[start:end]``.
        cut_before, cut_after: whether the source goes on there.
    """

    start: int
    end: int
    pieces: tuple[Piece, ...]
    cut_before: bool
    cut_after: bool


def context_of(source: str, spans: Sequence[Span], reach: int = REACH) -> Context:
    """The narrative at ``spans`` with about ``reach`` characters on either side.

    Args:
        source: the transcript's text.
        spans: of the narrative, in order and not overlapping.
        reach: in characters; words are not cut.
    """
    start = _start(source, spans[0][0], reach)
    end = _end(source, spans[-1][1], reach)
    pieces, place = [], start
    for first, last in spans:
        pieces += [Piece(source[place:first], False), Piece(source[first:last], True)]
        place = last
    pieces.append(Piece(source[place:end], False))
    return Context(start, end, tuple(piece for piece in pieces if piece.text), start > 0, end < len(source))


def _start(source: str, first: int, reach: int) -> int:
    """After the first blank within reach."""
    place = max(0, first - reach)
    while 0 < place < first and not source[place - 1].isspace():
        place += 1
    return place


def _end(source: str, last: int, reach: int) -> int:
    """Before the last blank within reach."""
    place = min(len(source), last + reach)
    while last < place < len(source) and not source[place].isspace():
        place -= 1
    return place
