"""Find the short narratives in a transcript.

The public entry to segmentation; its parts stand beside it in :mod:`narratives.segmenting`:
speech becomes *units* (sentences), each unit gets *scores* (is it in a narrative, does a boundary
stand before it), and *selection* divides the speech at the density that was asked for. The spaCy
components are in :mod:`narratives.segmenting.components`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from narratives.errors import SegmentationError
from narratives.messages import say
from narratives.narrative import Narrative, Omission
from narratives.segmenting.features import is_back_channel, is_link, is_work
from narratives.segmenting.pipelines import Pipeline, load_pipeline
from narratives.segmenting.questions import bars_of
from narratives.segmenting.scoring import Scorer, UnitScores, probability
from narratives.segmenting.selecting import price_for, select
from narratives.segmenting.speech import Speech, spans_between, speech_of
from narratives.segmenting.words import find_words
from narratives.transcript import Role, Span, Transcript, quote

__all__ = ["Pipeline", "Segmentation", "Settings", "choose", "load_pipeline", "narratives_in"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a researcher can choose.

    Attributes:
        density: narratives wanted per 1,000 words of speech; None takes the coders' own. It sets how readily
            speech is divided, over a whole study; it is no quota for one interview.
        threshold: narratives scored below are omitted, in [0, 1].
        min_words: narratives of fewer words are omitted.
        roles: whose speech yields narratives.

    Raises:
        SegmentationError: if a value is out of its range.
    """

    density: float | None = None
    threshold: float = 0.3
    min_words: int = 5
    roles: tuple[Role, ...] = (Role.PARTICIPANT,)

    def __post_init__(self) -> None:
        if self.density is not None and not self.density > 0:
            raise SegmentationError(say("segment.setting", name="density", value=self.density, wanted="> 0"))
        if not 0 <= self.threshold <= 1:
            raise SegmentationError(say("segment.setting", name="threshold", value=self.threshold, wanted="0-1"))
        if self.min_words < 1:
            raise SegmentationError(say("segment.setting", name="min_words", value=self.min_words, wanted=">= 1"))

    def as_dict(self) -> dict[str, object]:
        """Plain values for ``run.json`` and cache keys."""
        return asdict(self) | {"roles": [str(role) for role in self.roles]}


@dataclass(frozen=True, slots=True)
class Segmentation:
    """All speech of the roles asked for: what is a narrative, and what was left out and why.

    Attributes:
        narratives: in order of their places.
        omitted: the rest, in order of their places.
    """

    narratives: tuple[Narrative, ...]
    omitted: tuple[Omission, ...]


def narratives_in(transcript: Transcript, pipeline: Pipeline, settings: Settings = Settings()) -> Segmentation:
    """The short narratives in one transcript.

    Speakers are taken one by one. What others say in between counts as context: a back-channel rarely
    ends a narrative, a question that asks for something new always does; a narrative that goes on after
    others' words has several spans.

    Args:
        transcript: with turns and roles.
        pipeline: from :func:`load_pipeline`.
        settings: see :class:`Settings`.

    Returns:
        Narratives and omissions; their spans together cover the speech of ``settings.roles`` but for
        white space.
    """
    narratives: list[Narrative] = []
    omitted = list(_wordless(transcript, settings.roles))
    for speech in speech_of(transcript, settings.roles, pipeline.split_long):
        found, left_out = _divide(transcript, speech, pipeline, settings)
        narratives += found
        omitted += left_out
    return Segmentation(
        tuple(sorted(narratives, key=lambda item: item.spans)), tuple(sorted(omitted, key=lambda item: item.spans))
    )


def choose(
    scores: UnitScores, sizes: Sequence[int], scorer: Scorer, settings: Settings, bars: Collection[int]
) -> list[tuple[int, int]]:
    """Which runs of units of one speech are narratives, as (first unit, unit after the last).

    Args:
        scores: of the units.
        sizes: words of the units.
        scorer: knows the price of a density.
        settings: density, threshold and least number of words.
        bars: units that no narrative goes on into, from :func:`narratives.segmenting.questions.bars_of`.
    """
    price = price_for(settings.density or scorer.density, scorer.prices)
    chosen = select(scores.narrativity, scores.boundary, sizes, scorer.weights, price, bars)
    return [
        (start, end)
        for start, end in chosen
        if sum(sizes[start:end]) >= settings.min_words and _score(scores, sizes, start, end) >= settings.threshold
    ]


def _divide(
    transcript: Transcript, speech: Speech, pipeline: Pipeline, settings: Settings
) -> tuple[list[Narrative], list[Omission]]:
    """Narratives and omissions of one speaker."""
    scores = pipeline.scorer.score(speech)
    kept = choose(scores, speech.sizes, pipeline.scorer, settings, bars_of(speech))
    found = [_narrative(transcript, speech, scores, start, end) for start, end in kept]
    left_out = [_omission(transcript, speech, scores, run, settings) for run in _runs(speech, kept)]
    return found, left_out


def _score(scores: UnitScores, sizes: Sequence[int], start: int, end: int) -> float:
    """How sure a run of units is a narrative: the mean of their probabilities, weighted by words."""
    chances = probability(scores.narrativity[start:end])
    return float(chances @ sizes[start:end] / sum(sizes[start:end]))


def _narrative(transcript: Transcript, speech: Speech, scores: UnitScores, start: int, end: int) -> Narrative:
    """The narrative made of units ``start`` to ``end``."""
    return Narrative.at(
        transcript.text,
        transcript=transcript.name,
        speaker=speech.speaker,
        person=transcript.person_of(speech.speaker),
        role=transcript.role_of(speech.speaker),
        spans=_spans(transcript, speech, range(start, end)),
        score=round(_score(scores, speech.sizes, start, end), 6),
        question=_question(transcript, speech.units[start].turn, speech.speaker),
    )


def _spans(transcript: Transcript, speech: Speech, run: Sequence[int]) -> tuple[Span, ...]:
    """The places of a run of units, neighbours of one turn in one piece."""
    spans: list[Span] = []
    for turn, group in groupby(run, key=lambda i: speech.units[i].turn):
        units = list(group)
        start, end = speech.pieces[units[0]][0][0], speech.pieces[units[-1]][-1][1]
        spans += spans_between(transcript.text, transcript.turns[turn].spans, start, end)
    return tuple(spans)


def _question(transcript: Transcript, turn: int, speaker: str) -> str:
    """What somebody else said last before a turn."""
    earlier = (t for t in reversed(transcript.turns[:turn]) if t.speaker != speaker)
    before = next(earlier, None)
    return quote(transcript.text, before.spans) if before else ""


def _runs(speech: Speech, kept: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    """Neighbouring units of one turn that are in no narrative."""
    inside = {i for start, end in kept for i in range(start, end)}
    outside = (i for i in range(len(speech.units)) if i not in inside)
    for _, group in groupby(enumerate(outside), key=lambda pair: (pair[1] - pair[0], speech.units[pair[1]].turn)):
        yield [i for _, i in group]


def _omission(
    transcript: Transcript, speech: Speech, scores: UnitScores, run: Sequence[int], settings: Settings
) -> Omission:
    """Speech that is no narrative."""
    spans = _spans(transcript, speech, run)
    score = round(_score(scores, speech.sizes, run[0], run[-1] + 1), 6)
    person = transcript.person_of(speech.speaker)
    reason = _reason(speech, run, settings)
    return Omission(transcript.name, speech.speaker, person, spans, quote(transcript.text, spans), reason, score)


def _reason(speech: Speech, run: Sequence[int], settings: Settings) -> str:
    """Why speech was left out: the first that holds of a fixed list."""
    words = [word for i in run for word in speech.units[i].words]
    if is_back_channel(words):
        return "back-channel"
    if len(words) < settings.min_words:
        return "short"
    if not any(is_work(word.lower) for word in words):
        return "no work-life content"
    if not any(is_link(word.lower) for word in words):
        return "no link in time"
    return "below threshold"


def _wordless(transcript: Transcript, roles: Sequence[Role]) -> Iterator[Omission]:
    """Turns that hold notes or marks only, as "[griner]"."""
    for turn in transcript.turns:
        if transcript.role_of(turn.speaker) in roles and not find_words(transcript.text, turn.spans):
            text, person = quote(transcript.text, turn.spans), transcript.person_of(turn.speaker)
            yield Omission(transcript.name, turn.speaker, person, turn.spans, text, "no words")


def __getattr__(name: str) -> Any:
    """The spaCy factories, which entry points name here; loaded on use, because spaCy takes a second to import."""
    if name not in ("make_turns", "make_segmenter"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from narratives.segmenting import components

    return getattr(components, name)
