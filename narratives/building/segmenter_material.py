"""What the segmenter learns from and is measured on: coded interviews, monologues made of them, baselines."""

from __future__ import annotations

import csv
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from narratives.reading import read_folder
from narratives.segmenting.features import Hashed, cues_of, hashed_of
from narratives.segmenting.metrics import Labels
from narratives.segmenting.monologues import Coded, monologue, runs_of_turns
from narratives.segmenting.questions import bars_of
from narratives.segmenting.speech import Speech, speech_of
from narratives.segmenting.words import Word
from narratives.transcript import Role, Span

__all__ = [
    "BASELINES",
    "Example",
    "baseline",
    "coded_corpus",
    "examples_of",
    "labels_of",
    "monologues_of",
    "whole_monologues",
]


@dataclass(frozen=True)
class Example:
    """One participant's speech as the scorer sees it, and what the coders made of it.

    Attributes:
        person: whose speech.
        speech: its units.
        labels: the coders' narrative of each unit, or None.
        sizes: words of each unit.
        hashed: see :func:`~narratives.segmenting.features.hashed_of`.
        cues: shape (n_units, n_cues).
        bars: see :func:`~narratives.segmenting.questions.bars_of`.
    """

    person: str
    speech: Speech
    labels: Labels
    sizes: Sequence[int]
    hashed: Sequence[Hashed]
    cues: NDArray[np.float32]
    bars: frozenset[int]


# --- the coded corpus ---------------------------------------------------------------------------


def coded_corpus(corpus: Path, side: str) -> list[Coded]:
    """The coded interviews of the persons on one side of the split ("rest" or "test").

    Args:
        corpus: folder with ``transcripts``, ``coded.jsonl`` and ``split.csv``.
        side: value of the column ``split``.
    """
    persons = persons_on(corpus, side)
    narratives: dict[str, list[tuple[Span, ...]]] = defaultdict(list)
    for record in _records(corpus / "coded.jsonl"):
        narratives[record["transcript"]].append(tuple((start, end) for start, end in record["spans"]))
    transcripts = read_folder(corpus / "transcripts").transcripts
    return [Coded(t, tuple(sorted(narratives[t.name]))) for t in transcripts if t.person in persons]


def persons_on(corpus: Path, side: str) -> set[str]:
    """The persons on one side of the split."""
    with (corpus / "split.csv").open(encoding="utf-8", newline="") as handle:
        return {row["person"] for row in csv.DictReader(handle) if row["split"] == side}


def _records(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def labels_of(coded: Coded, speech: Speech) -> Labels:
    """The narrative that holds most words of each unit, or None."""
    return [_most_common([_narrative_at(coded, word.start) for word in unit.words]) for unit in speech.units]


def _narrative_at(coded: Coded, offset: int) -> int | None:
    """Number of the narrative at an offset."""
    holders = (i for i, spans in enumerate(coded.narratives) if any(start <= offset < end for start, end in spans))
    return next(holders, None)


def _most_common(labels: list[int | None]) -> int | None:
    return max(dict.fromkeys(labels), key=labels.count)


def examples_of(coded: Sequence[Coded]) -> list[Example]:
    """An example of each participant's speech; interviews without any are left out."""
    speeches = [(one, s) for one in coded for s in speech_of(one.transcript, (Role.PARTICIPANT,), _whole)]
    return [_example(one, speech) for one, speech in speeches if speech.units]


def _whole(words: Sequence[Word]) -> Sequence[int]:  # noqa: ARG001
    """The corpus has full stops everywhere, so no pipeline is asked."""
    return ()


def _example(coded: Coded, speech: Speech) -> Example:
    person = coded.transcript.person or ""
    labels, bars = labels_of(coded, speech), bars_of(speech)
    return Example(person, speech, labels, speech.sizes, hashed_of(speech), cues_of(speech), bars)


# --- monologues ---------------------------------------------------------------------------------


def monologues_of(
    coded: Sequence[Coded], seed: int, turns: tuple[int, int], answers: bool | None = None
) -> list[Coded]:
    """Every participant's turns joined in runs.

    Args:
        coded: interviews.
        seed: decides the runs.
        turns: the shortest and the longest run.
        answers: whether words that only answer stay at the head of turns; None draws it for each run.
    """
    rng = random.Random(seed)
    return [
        monologue(one, run, rng.random() < 0.5 if answers is None else answers)
        for one in coded
        for run in runs_of_turns(one, rng, *turns)
    ]


def whole_monologues(coded: Sequence[Coded]) -> list[Coded]:
    """Each interview as one long turn."""
    return [monologue(one, list(one.transcript.turns_of(Role.PARTICIPANT))) for one in coded]


# --- baselines ----------------------------------------------------------------------------------

BASELINES = ("every turn", "every sentence", "every turn of 20 words or more", "even pieces at the coders' density")


def baseline(name: str, speech: Speech, density: float) -> Labels:
    """What a simple rule makes of a speech.

    Args:
        name: one of :data:`BASELINES`.
        speech: its units.
        density: the coders' narratives per 1,000 words, for the last rule.
    """
    turns = [unit.turn for unit in speech.units]
    if name == "every turn":
        return turns
    if name == "every sentence":
        return list(range(len(turns)))
    if name == "every turn of 20 words or more":
        words = {turn: sum(len(u.words) for u in speech.units if u.turn == turn) for turn in set(turns)}
        return [turn if words[turn] >= 20 else None for turn in turns]
    before = np.cumsum([0, *speech.sizes])[:-1]
    return [int(words * density / 1000) for words in before]
