"""Training material: monologues made of interviews, with narrative boundaries inside long turns.

In the coded corpus nearly every longer turn is one narrative, so a model could learn to trust turns.
Real interviews hold long turns with several narratives and chat between them. Here a person's turns,
chat included, are joined without the questions.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile

from narratives.files import sha256_of
from narratives.segmenting.wordlists import ANSWERS
from narratives.segmenting.words import find_words
from narratives.transcript import Role, Span, Transcript, Turn

__all__ = ["Coded", "monologue", "runs_of_turns"]


_Move = tuple[int, int, int]
"""Start and end of a piece of the source, and how far it moves."""


@dataclass(frozen=True)
class Coded:
    """A transcript and the coders' narratives in it.

    Attributes:
        transcript: with turns and roles.
        narratives: the spans of each narrative, in order of their starts.
    """

    transcript: Transcript
    narratives: tuple[tuple[Span, ...], ...]


def runs_of_turns(coded: Coded, rng: random.Random, shortest: int, longest: int) -> list[list[Turn]]:
    """The participant's turns cut into runs of ``shortest`` to ``longest`` turns, all of them, in order."""
    turns = list(coded.transcript.turns_of(Role.PARTICIPANT))
    runs: list[list[Turn]] = []
    while turns:
        size = rng.randint(shortest, longest)
        runs.append(turns[:size])
        turns = turns[size:]
    return runs


def monologue(coded: Coded, turns: Sequence[Turn], answers: bool = True) -> Coded:
    """``turns`` as one long turn, without anything said in between.

    Args:
        coded: an interview.
        turns: turns of one speaker, in order.
        answers: whether words that only answer ("Ja.", "Jo, men ...") stay at the head of the turns; who
            talks at length is not asked, and a boundary must be found without them.

    Returns:
        A transcript with one turn, and the narratives' places in it; a narrative that was interrupted
        is in one piece again.
    """
    source, text = coded.transcript.text, ""
    moves: list[_Move] = []
    for turn in turns:
        start = turn.start if answers else _after_answers(source, turn)
        if start < turn.end:
            moves.append((start, turn.end, len(text) - start))
            text += f"{source[start : turn.end]} "
    narratives = [_grown(_moved(spans, moves), text) for spans in coded.narratives]
    return Coded(_one_turn(coded.transcript, text.rstrip()), tuple(sorted(spans for spans in narratives if spans)))


def _after_answers(source: str, turn: Turn) -> int:
    """Offset of the first word of a turn that does more than answer; the turn's end if there is none."""
    words = dropwhile(lambda word: word.lower in ANSWERS, find_words(source, turn.spans))
    return next((word.start for word in words), turn.end)


def _moved(spans: Sequence[Span], moves: Sequence[_Move]) -> list[Span]:
    """Spans at their new places; what was left out is cut off."""
    clipped = [
        (max(start, first) + shift, min(end, last) + shift) for start, end in spans for first, last, shift in moves
    ]
    return [(start, end) for start, end in clipped if start < end]


def _grown(spans: Sequence[Span], text: str) -> tuple[Span, ...]:
    """Spans with nothing but white space between them made one."""
    grown: list[Span] = []
    for start, end in spans:
        joins = bool(grown) and not text[grown[-1][1] : start].strip()
        grown.append((grown.pop()[0] if joins else start, end))
    return tuple(grown)


def _one_turn(transcript: Transcript, text: str) -> Transcript:
    """``transcript`` with ``text`` as the only turn of its participant."""
    speaker = next(s for s in transcript.speakers if s.role is Role.PARTICIPANT)
    turns = (Turn(speaker.label, ((0, len(text)),)),) if text else ()
    return replace(transcript, text=text, sha256=sha256_of(text), turns=turns, speakers=(speaker,))
