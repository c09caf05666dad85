"""Training material: monologues made of interviews, with narrative boundaries inside long turns.

In the coded corpus nearly every longer turn is one narrative, so a model could learn to trust turns.
Real interviews hold long turns with several narratives and chat between them. Here a person's turns,
chat included, are joined without the questions.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from narratives.files import sha256_of
from narratives.transcript import Role, Span, Speaker, Transcript, Turn

__all__ = ["Coded", "joined", "monologue", "runs_of_turns"]

_ANSWER_WORDS = 2


@dataclass(frozen=True)
class Coded:
    """A transcript and the coders' narratives in it.

    Attributes:
        transcript: with turns and roles.
        narratives: the spans of each narrative, in order of their starts.
    """

    transcript: Transcript
    narratives: tuple[tuple[Span, ...], ...]


def runs_of_turns(coded: Coded, rng: random.Random, shortest: int = 3, longest: int = 10) -> list[list[Turn]]:
    """The participant's turns cut into runs of random length (in turns), all of them, in order."""
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
        answers: whether turns of one or two words stay ("Ja.", "Det ved jeg ikke" is longer); people
            who talk at length give no such answers.

    Returns:
        A transcript with one turn, and the narratives' places in it; a narrative that was interrupted
        is in one piece again.
    """
    text, moves = "", []
    for turn in turns:
        said = coded.transcript.text[turn.start : turn.end]
        if answers or len(said.split()) > _ANSWER_WORDS:
            moves.append((turn.start, turn.end, len(text) - turn.start))
            text += f"{said} "
    narratives = [_grown(_moved(spans, moves), text) for spans in coded.narratives]
    return Coded(_one_turn(coded.transcript, text.rstrip()), tuple(sorted(spans for spans in narratives if spans)))


def joined(texts: Sequence[tuple[str, bool]], name: str, person: str) -> Coded:
    """A monologue out of separate texts, each with whether it is a narrative."""
    text, narratives = "", []
    for said, is_narrative in texts:
        if is_narrative:
            narratives.append(((len(text), len(text) + len(said)),))
        text += f"{said} "
    empty = Transcript(name, f"{name}.txt", "", "", "txt", speakers=(Speaker("P", Role.PARTICIPANT, person),))
    return Coded(_one_turn(replace(empty, person=person), text.rstrip()), tuple(narratives))


def _moved(spans: Sequence[Span], moves: Sequence[tuple[int, int, int]]) -> list[Span]:
    """Spans at their new places; those outside the turns that were kept are left out."""
    return [
        (start + shift, end + shift)
        for start, end in spans
        for first, last, shift in moves
        if first <= start and end <= last
    ]


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
