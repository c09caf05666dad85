"""What a scorer sees of a unit: words around it, hashed, and a few named cues.

Only words and sentence marks enter, never commas, pauses, white space or offsets, so two ways of
writing the same speech give the same features. Hashed n-grams follow Weinberger et al. (2009,
"Feature hashing for large scale multitask learning"); the vocabulary comparison of the sentences
before and after a place is Hearst's (1997, "TextTiling", section 3).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, groupby, pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from narratives.segmenting.speech import Speech
from narratives.segmenting.units import Unit
from narratives.segmenting.wordlists import (
    ANSWERS,
    BACK_CHANNELS,
    DISCOURSE_OPENERS,
    FIRST_PERSON,
    LINKS,
    PAST_VERBS,
    PRESENT_VERBS,
    TIME_WORDS,
    WORK_STEMS,
)
from narratives.segmenting.words import Mark, Word

__all__ = ["BUCKETS", "CUES", "WINDOW", "Hashed", "cues_of", "hashed_of", "is_back_channel"]

BUCKETS = 1 << 16
"""Number of hash buckets."""

WINDOW = 3
"""Sentences on each side that count as context."""

_MANY = 150
_SHORT_QUESTION = 3

Hashed = tuple[NDArray[np.int64], NDArray[np.float32]]
"""Buckets and weights of the n-grams of one unit, both of shape (n_ngrams,)."""

UnitCue = Callable[[Unit], float]


@lru_cache(maxsize=65536)
def _bucket(feature: str) -> int:
    """The bucket of a feature; the same in every process and on every machine."""
    return crc32(feature.encode("utf-8")) % BUCKETS


def is_back_channel(words: Sequence[Word]) -> bool:
    """Whether others' ``words`` only keep the speaker going: at most five, all of them from a short list."""
    return 0 < len(words) <= 5 and all(word.lower in BACK_CHANNELS for word in words)


# --- hashed words -------------------------------------------------------------------------------


def hashed_of(speech: Speech) -> list[Hashed]:
    """Hashed n-grams of each unit of a speech, with those of its neighbours and of the words heard before it."""
    lowered = [[word.lower for word in unit.words] for unit in speech.units]
    heard = [[word.lower for word in words] for words in speech.before]
    kinds = _place_kinds(speech)
    return [_pack(chain(_ngrams(lowered, heard, i), kinds[i])) for i in range(len(lowered))]


def _place_kinds(speech: Speech) -> list[list[tuple[str, float]]]:
    """For each unit, its kind of place: length of the turn, first or last in it, and what was heard before."""
    kinds: list[list[tuple[str, float]]] = []
    for _, group in groupby(range(len(speech.units)), key=lambda i: speech.units[i].turn):
        turn = list(group)
        length = _length_class(sum(len(speech.units[i].words) for i in turn))
        before = _heard_class(speech.before[turn[0]])
        for i in turn:
            place = f"{length}:{i == turn[0]}:{i == turn[-1]}"
            kinds.append([(f"t:{length}", 1.0), (f"u:{place}", 1.0), (f"v:{place}:{before}", 1.0)])
    return kinds


def _length_class(words: int) -> int:
    """The length of a turn, in steps that matter between an answer and a story."""
    return next((step for step in (3, 6, 9, 12, 15, 18, 21, 25, 30, 40, 60, 100) if words < step), 200)


def _heard_class(words: Sequence[Word]) -> str:
    """What others said, in a word."""
    if not words or is_back_channel(words):
        return "back-channel" if words else "nothing"
    if Mark.QUESTION not in words[-1].after:
        return "statement"
    return "question" if len(words) > _SHORT_QUESTION else "short question"


def _pack(features: Iterable[tuple[str, float]]) -> Hashed:
    """Features added up by bucket."""
    weights: dict[int, float] = {}
    for feature, weight in features:
        bucket = _bucket(feature)
        weights[bucket] = weights.get(bucket, 0.0) + weight
    buckets = np.fromiter(weights.keys(), np.int64, len(weights))
    return buckets, np.fromiter(weights.values(), np.float32, len(weights))


def _ngrams(units: list[list[str]], heard: list[list[str]], i: int) -> Iterator[tuple[str, float]]:
    """Named n-grams around unit ``i``, each group of about unit length."""
    here = units[i]
    before = units[i - 1] if i else []
    after = units[i + 1] if i + 1 < len(units) else []
    yield from _bag("w", here)
    yield from _bag("p", before)
    yield from _bag("n", after)
    yield from _bag("q", heard[i])
    yield from _stems("s", here)
    yield from _edge("a", here[:3])
    yield from _edge("z", before[:-4:-1])
    yield from _edge("b", before[:2])
    yield from _edge("c", after[:2])
    yield from _edge("h", heard[i][:2])


def _bag(name: str, words: list[str]) -> Iterator[tuple[str, float]]:
    """Single words and pairs, weighted so that a long sentence does not outshout the rest."""
    grams = {f"{name}:{word}" for word in words} | {f"{name}:{one}_{two}" for one, two in pairwise(words)}
    weight = 1 / math.sqrt(len(grams) or 1)
    for gram in sorted(grams):
        yield gram, weight


def _stems(name: str, words: list[str]) -> Iterator[tuple[str, float]]:
    """First five letters of longer words: Danish compounds and inflections meet there."""
    stems = {f"{name}:{word[:5]}" for word in words if len(word) > 5}
    for stem in sorted(stems):
        yield stem, 1 / math.sqrt(len(stems))


def _edge(name: str, words: list[str]) -> Iterator[tuple[str, float]]:
    """Words at a place of the sentence: each with its position, and the sequences from the edge on."""
    for position, word in enumerate(words):
        yield f"{name}{position}:{word}", 0.5
        if position:
            yield f"{name}-{position}:{'_'.join(words[: position + 1])}", 0.5


# --- named cues ---------------------------------------------------------------------------------


def _share(belongs: Callable[[str], bool]) -> UnitCue:
    """The share of a unit's words that belong, from 0 to 1."""
    return lambda unit: sum(belongs(word.lower) for word in unit.words) / len(unit.words)


def _any(belongs: Callable[[str], bool]) -> UnitCue:
    """1 if any word of a unit belongs, else 0."""
    return lambda unit: float(any(belongs(word.lower) for word in unit.words))


def _is_past(word: str) -> bool:
    return word in PAST_VERBS or (len(word) > 5 and word.endswith("ede"))


def is_work(word: str) -> bool:
    """Whether a lower-case word belongs to working life and what bears on it."""
    return word.startswith(WORK_STEMS)


def is_link(word: str) -> bool:
    """Whether a lower-case word ties events or times to one another."""
    return word in LINKS or word in TIME_WORDS or _is_past(word)


_UNIT_CUES: dict[str, UnitCue] = {
    "length": lambda unit: math.log1p(len(unit.words)),
    "past": _share(_is_past),
    "any past": _any(_is_past),
    "present": _share(PRESENT_VERBS.__contains__),
    "time": _any(TIME_WORDS.__contains__),
    "time first": lambda unit: float(any(word.lower in TIME_WORDS for word in unit.words[:3])),
    "link": _share(LINKS.__contains__),
    "first person": _share(FIRST_PERSON.__contains__),
    "addresses": _any({"du", "dig", "din", "dit", "dine"}.__contains__),
    "work": _share(is_work),
    "any work": _any(is_work),
    "answers": lambda unit: float(unit.words[0].lower in ANSWERS),
    "only answers": lambda unit: float(all(word.lower in ANSWERS for word in unit.words)),
    "opens": lambda unit: float(unit.words[0].lower in DISCOURSE_OPENERS),
    "asks": lambda unit: float(unit.asks),
    "number": lambda unit: float(any(word.text[0].isdigit() for word in unit.words)),
}

_HEARD = ("nothing", "back-channel", "short question", "question", "statement")

_PLACE_CUES = (
    *("starts speech", "ends speech", "starts turn", "ends turn", "one sentence turn"),
    *("turn length", "next turn length", "words before in turn", "words after in turn"),
    *(f"{kind} heard" for kind in _HEARD),
    *("heard length", "overlap", "overlap wide", "stem overlap", "work before", "work after"),
)

CUES: tuple[str, ...] = (
    *(f"{name} {offset:+d}" if offset else name for offset in (0, -1, 1, -2, 2) for name in _UNIT_CUES),
    *_PLACE_CUES,
)
"""Names of the cues, in the order of the columns of :func:`cues_of`."""


def cues_of(speech: Speech) -> NDArray[np.float32]:
    """Cues of each unit of a speech, shape (n_units, len(CUES)), columns as in :data:`CUES`."""
    own = np.array([[cue(unit) for cue in _UNIT_CUES.values()] for unit in speech.units], np.float32)
    own = own.reshape(len(speech.units), len(_UNIT_CUES))
    shifted = [_shift(own, offset) for offset in (0, -1, 1, -2, 2)]
    turns = _turn_places(speech.units)
    places = [[*turns[i], *_heard(speech.before[i]), *_vocabulary_shift(speech.units, i)] for i in range(len(turns))]
    return np.hstack([*shifted, np.array(places, np.float32).reshape(len(turns), len(_PLACE_CUES))])


def _shift(rows: NDArray[np.float32], offset: int) -> NDArray[np.float32]:
    """The row ``offset`` places on, zeros where there is none."""
    moved = np.zeros_like(rows)
    if offset < 0:
        moved[-offset:] = rows[:offset]
    elif offset:
        moved[:-offset] = rows[offset:]
    else:
        moved = rows
    return moved


def _turn_places(units: Sequence[Unit]) -> list[list[float]]:
    """For each unit: where it stands in the speech and in its turn, in words and sentences."""
    places: list[list[float]] = []
    turns = [list(turn) for _, turn in groupby(units, key=lambda unit: unit.turn)]
    lengths = [sum(len(unit.words) for unit in turn) for turn in turns]
    for k, turn in enumerate(turns):
        before = 0
        following = lengths[k + 1] if k + 1 < len(turns) else 0
        for j, unit in enumerate(turn):
            first, last = j == 0, j + 1 == len(turn)
            flags = (first and k == 0, last and k + 1 == len(turns), first, last, len(turn) == 1)
            counts = (lengths[k], following, before, lengths[k] - before)
            places.append([*map(float, flags), *(math.log1p(min(count, _MANY)) for count in counts)])
            before += len(unit.words)
    return places


def _heard(words: Sequence[Word]) -> list[float]:
    """Kind and length of what others said just before: nothing, a back-channel, a question, a statement."""
    kind = _heard_class(words)
    return [*(float(kind == one) for one in _HEARD), math.log1p(len(words))]


def _vocabulary_shift(units: Sequence[Unit], i: int) -> list[float]:
    """Likeness in vocabulary of what stands before and after the start of a unit, each from 0 to 1."""
    before = [word.lower for unit in units[max(0, i - WINDOW) : i] for word in unit.words]
    after = [word.lower for unit in units[i : i + WINDOW] for word in unit.words]
    return [
        _cosine([word for word in before if len(word) > 3], [word for word in after if len(word) > 3]),
        _cosine(before, after),
        _cosine([word[:5] for word in before if len(word) > 4], [word[:5] for word in after if len(word) > 4]),
        float(any(map(is_work, before))),
        float(any(map(is_work, after))),
    ]


def _cosine(one: Sequence[str], other: Sequence[str]) -> float:
    """Cosine of two bags of words, 0 if either is empty."""
    left, right = Counter(one), Counter(other)
    dot = sum(count * right[word] for word, count in left.items())
    norm = math.sqrt(sum(c * c for c in left.values()) * sum(c * c for c in right.values()))
    return dot / norm if norm else 0.0
