"""Units: the sentences of one turn, the smallest pieces that scores are given to.

Where a transcriber put a full stop, rules decide (a parser trained on written text is thrown by
speech, and the stock sentencizer leaves "... d. 3. aug. Det var hårdt" in one piece). Where nobody
put any for a long while, as in automatic transcripts, the pipeline decides, and where it cannot,
the next clause opener does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from narratives.segmenting.wordlists import (
    CLAUSE_OPENERS,
    DISCOURSE_OPENERS,
    ENDING_ABBREVIATIONS,
    INNER_ABBREVIATIONS,
    SENTENCE_OPENERS,
)
from narratives.segmenting.words import Mark, Word

__all__ = ["LONG", "Splitter", "Unit", "cut_units", "is_caseless"]

LONG = 45
"""Words without any full stop from which on other means look for a place to cut."""

_SHORT = 8
_OPENERS = CLAUSE_OPENERS | DISCOURSE_OPENERS

Splitter = Callable[[Sequence[Word]], Sequence[int]]
"""Words of an unpunctuated stretch to the indexes at which a sentence starts."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence of a turn.

    Attributes:
        words: its words, at least one.
        turn: index of the turn in the transcript.
    """

    words: tuple[Word, ...]
    turn: int

    @property
    def start(self) -> int:
        """Offset of the first word."""
        return self.words[0].start

    @property
    def asks(self) -> bool:
        """Whether it ends with a question mark."""
        return Mark.QUESTION in self.words[-1].after


def is_caseless(words: Sequence[Word]) -> bool:
    """Whether the transcriber starts sentences without capitals: hardly any word after a full stop has one."""
    after = [then.text for before, then in pairwise(words) if before.after & Mark.STOP]
    return len(after) >= 3 and sum(text[0].isupper() for text in after) < 0.2 * len(after)


def cut_units(words: Sequence[Word], turn: int, split_long: Splitter, caseless: bool = False) -> tuple[Unit, ...]:
    """The units of one turn, in order; together they hold every word.

    Args:
        words: the words of the turn.
        turn: index of the turn in the transcript.
        split_long: finds sentence starts where no full stop stands (see :data:`LONG`).
        caseless: whether sentences start in lower case here.
    """
    starts = [0] + [i for i in range(1, len(words)) if _starts_sentence(words[i - 1], words[i], caseless)]
    units: list[Unit] = []
    for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
        units += [Unit(tuple(piece), turn) for piece in _cut_long(words[start:end], split_long) if piece]
    return tuple(units)


def _starts_sentence(before: Word, word: Word, caseless: bool) -> bool:
    """Whether a sentence starts between two neighbouring words."""
    capital = word.text[0].isupper()
    opens = capital and word.lower in SENTENCE_OPENERS
    if before.after & (Mark.STOP | Mark.QUESTION):
        if before.after & Mark.STOP and _is_abbreviated(before, opens):
            return False
        return capital or caseless or word.text[0].isdigit()
    return bool(before.after & Mark.PAUSE) and opens


def _is_abbreviated(before: Word, opens: bool) -> bool:
    """Whether a full stop after ``before`` belongs to it: "nr.", "f.eks.", "3.", "P."."""
    word = before.lower
    if word in INNER_ABBREVIATIONS:
        return True
    if word in ENDING_ABBREVIATIONS or word.isdigit():
        return not opens
    return len(word) == 1 and word.isalpha() and word not in {"i", "å", "ø"} and not opens


def _cut_long(words: Sequence[Word], split_long: Splitter) -> list[Sequence[Word]]:
    """A sentence in pieces of at most :data:`LONG` words or so; short ones stay whole."""
    if len(words) <= LONG:
        return [words]
    starts = [0, *(i for i in split_long(words) if 0 < i < len(words))]
    pieces = [words[start:end] for start, end in zip(starts, [*starts[1:], len(words)], strict=True)]
    return [part for piece in pieces for part in _cut_at_clauses(piece)]


def _cut_at_clauses(words: Sequence[Word]) -> list[Sequence[Word]]:
    """Cut before clause openers ("og så", "men") while a piece is too long."""
    pieces: list[Sequence[Word]] = []
    start = 0
    while len(words) - start > LONG:
        cut = _clause_start(words, start)
        pieces.append(words[start:cut])
        start = cut
    return [*pieces, words[start:]]


def _clause_start(words: Sequence[Word], start: int) -> int:
    """Index of the best place to cut after ``start``: the opener nearest to half of :data:`LONG`, else that half."""
    middle = start + LONG // 2
    places = range(start + _SHORT, min(start + LONG, len(words) - _SHORT))
    # "nå men så" opens together: the first of several openers counts.
    openers = [i for i in places if words[i].lower in _OPENERS and words[i - 1].lower not in _OPENERS]
    return min(openers, key=lambda i: abs(i - middle), default=middle)
