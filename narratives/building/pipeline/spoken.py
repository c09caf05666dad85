"""Speech-like copies of written sentences.

Transcripts start sentences in lower case, lose their full stops, hesitate ("øh"), break off ("...") and repeat
a word. Each change keeps the tree: new words hang on the word they stand before.
"""

from __future__ import annotations

import random
from copy import deepcopy
from dataclasses import dataclass

from narratives.building.pipeline.trees import Sentence, Word

HESITATIONS = ("øh", "øhm", "øh", "hm", "æh", "mm")
PARTICLES = ("altså", "jo", "ligesom", "sådan", "bare")
_ENDS = frozenset({".", "!", "?"})
_REPEATABLE = frozenset({"PRON", "DET", "ADP", "CCONJ", "SCONJ", "AUX"})


@dataclass(frozen=True)
class Habits:
    """How often each change is made (probabilities per sentence, or per word where so named)."""

    lower_start: float = 0.4
    drop_end: float = 0.12
    ellipsis_end: float = 0.1
    drop_commas: float = 0.25
    hesitate_per_word: float = 0.02
    pause_per_word: float = 0.015
    particle_per_word: float = 0.008
    repeat_per_word: float = 0.01


def spoken_copy(sentence: Sentence, rng: random.Random, habits: Habits = Habits()) -> Sentence:
    """A copy of a UD tree as somebody might have said and a transcriber written it."""
    copy = deepcopy(sentence)
    copy = disturb(copy, rng, habits)
    if rng.random() < habits.drop_commas:
        copy = without(copy, {i for i, w in enumerate(copy.words) if w.form == "," and not copy.dependents(i)})
    copy = _change_end(copy, rng, habits)
    if rng.random() < habits.lower_start:
        lower_start(copy)
    return copy


def lower_start(sentence: Sentence) -> None:
    """Write the first word in lower case unless it is a name, a polite pronoun or an abbreviation; in place."""
    for word in sentence.words:
        if word.upos == "PUNCT":
            continue
        if word.upos not in ("PROPN", "X") and word.form not in ("I", "De", "Dem") and word.form[1:].islower():
            word.form = word.form[0].lower() + word.form[1:]
        return


def _change_end(sentence: Sentence, rng: random.Random, habits: Habits) -> Sentence:
    last = len(sentence.words) - 1
    if last < 1 or sentence.words[last].form not in _ENDS or sentence.dependents(last):
        return sentence
    choice = rng.random()
    if choice < habits.drop_end:
        return without(sentence, {last})
    if choice < habits.drop_end + habits.ellipsis_end:
        sentence.words[last].form = sentence.words[last].lemma = "..."
    return sentence


def without(sentence: Sentence, gone: set[int]) -> Sentence:
    """The sentence without some words that govern nothing; a space is kept where either neighbour had one."""
    kept = [i for i in range(len(sentence.words)) if i not in gone]
    place = {old: new for new, old in enumerate(kept)}
    spaces = sentence.spaces or [True] * len(sentence.words)
    for i in sorted(gone):
        if i and spaces[i]:
            spaces[i - 1] = True
    words = [sentence.words[i] for i in kept]
    for word in words:
        word.head = place.get(word.head, word.head) if word.head >= 0 else word.head
    return Sentence(words, sentence.source, [spaces[i] for i in kept])


def disturb(sentence: Sentence, rng: random.Random, habits: Habits) -> Sentence:
    """Insert hesitations, pauses, particles and repeated function words before random words."""
    position = 1
    while position < len(sentence.words):
        new = _disturbance(sentence.words[position], rng, habits)
        if new is not None:
            insert(sentence, position, new)
            position += 1
        position += 1
    return sentence


def _disturbance(word: Word, rng: random.Random, habits: Habits) -> Word | None:
    chance = rng.random()
    if word.upos == "PUNCT" or word.deprel in ("fixed", "flat"):
        return None
    for limit, forms, upos, deprel in (
        (habits.hesitate_per_word, HESITATIONS, "INTJ", "discourse"),
        (habits.pause_per_word, ("...",), "PUNCT", "punct"),
        (habits.particle_per_word, PARTICLES, "ADV", "advmod"),
    ):
        if chance < limit:
            form = rng.choice(forms)
            return Word(form, form, upos=upos, deprel=deprel)
        chance -= limit
    if chance < habits.repeat_per_word and word.upos in _REPEATABLE:
        return Word(word.form, word.lemma, upos=word.upos, feats=dict(word.feats), deprel="reparandum")
    return None


def insert(sentence: Sentence, position: int, word: Word) -> None:
    """Put a word before the word at ``position``, governed by it; in place.

    A pause clings to the word before it ("jeg ... tror" is written "jeg... tror").
    """
    for other in sentence.words:
        if other.head >= position:
            other.head += 1
    word.head = position + 1
    spaces = sentence.spaces or [True] * len(sentence.words)
    if word.form == "...":
        spaces[position - 1] = False
    sentence.words.insert(position, word)
    spaces.insert(position, True)
    sentence.spaces = spaces
