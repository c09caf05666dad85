"""Mentions of interventions in a tokenised text, by spaCy's rule Matcher."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from narratives.finding.notation import is_phrase, key_expression, parse_words, word_expression
from narratives.finding.vocabulary import Vocabulary

if TYPE_CHECKING:
    from spacy.matcher import Matcher
    from spacy.tokens import Doc, Span
    from spacy.vocab import Vocab

__all__ = ["MentionFinder", "phrases_in"]


class MentionFinder:
    """Finds the interventions of a vocabulary in documents of one spaCy vocab.

    Single words are looked up once for every word form, which is some twenty times faster than a pattern
    for each. Entries of several words go through spaCy's Matcher, where a word that one of them needs is there.
    """

    def __init__(self, vocab: Vocab, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._wanted = _Lookup(vocab, {item.name: item.words for item in vocabulary.interventions})
        self._excluded = _Lookup(vocab, {item.name: item.excluded for item in vocabulary.interventions})
        self._order = {item.name: place for place, item in enumerate(vocabulary.interventions)}

    def __call__(self, doc: Doc) -> list[Span]:
        """The mentions in order, none overlapping; ``label_`` is the intervention's name.

        A longer match wins over a shorter one, and an earlier entry of the vocabulary over a later one.
        """
        taken = self._excluded(doc)
        found = [span for span in self._wanted(doc) if not any(_covers(other, span) for other in taken)]
        found.sort(key=lambda span: (span.start - span.end, self._order[span.label_], span.start))
        kept: list[Span] = []
        for span in found:
            if not any(span.start < other.end and other.start < span.end for other in kept):
                kept.append(span)
        return sorted(kept, key=lambda span: span.start)


class _Lookup:
    """Where the entries of each name stand in a document."""

    def __init__(self, vocab: Vocab, entries: Mapping[str, Sequence[str]]) -> None:
        phrases = {name: tuple(filter(is_phrase, items)) for name, items in entries.items()}
        self._phrases = _matcher_of(vocab, phrases)
        self._keys = re.compile(
            "|".join(key_expression(item) for items in phrases.values() for item in items) or "(?!)"
        )
        single = {name: [item for item in items if not is_phrase(item)] for name, items in entries.items()}
        self._words = {
            name: re.compile("|".join(word_expression(item) for item in items))
            for name, items in single.items()
            if items
        }
        self._known: dict[str, tuple[bool, tuple[str, ...]]] = {}

    def __call__(self, doc: Doc) -> list[Span]:
        from spacy.tokens import Span

        words = [self._look_up(token.lower_) for token in doc]
        found: list[Span] = list(self._phrases(doc, as_spans=True)) if any(key for key, _ in words) else []
        for place, (_, names) in enumerate(words):
            found += [Span(doc, place, place + 1, label=name) for name in names]
        return found

    def _look_up(self, word: str) -> tuple[bool, tuple[str, ...]]:
        """Whether a phrase may need a word, and the names whose single words it is."""
        if word not in self._known:
            names = tuple(name for name, expression in self._words.items() if expression.match(word))
            self._known[word] = (self._keys.match(word) is not None, names)
        return self._known[word]


def phrases_in(doc: Doc, start: int, end: int, entries: tuple[str, ...]) -> bool:
    """Whether one of ``entries`` (vocabulary notation) stands within tokens ``start`` to ``end``."""
    if start >= end:
        return False
    known = [_sieve(entries)(token.lower_) for token in doc[start:end]]
    if any(single for single, _ in known):
        return True
    return any(key for _, key in known) and bool(_cached_matcher(doc.vocab, entries)(doc[start:end]))


class _Sieve:
    """Tells of a word, once for every form, whether it is one of the entries, or one that one of them needs."""

    def __init__(self, entries: Sequence[str]) -> None:
        parts = [list(filter(is_phrase, entries)), [item for item in entries if not is_phrase(item)]]
        self._keys = re.compile("|".join(map(key_expression, parts[0])) or "(?!)")
        self._words = re.compile("|".join(map(word_expression, parts[1])) or "(?!)")
        self._known: dict[str, tuple[bool, bool]] = {}

    def __call__(self, word: str) -> tuple[bool, bool]:
        if word not in self._known:
            self._known[word] = self._words.match(word) is not None, self._keys.match(word) is not None
        return self._known[word]


@lru_cache(maxsize=256)
def _sieve(entries: tuple[str, ...]) -> _Sieve:
    return _Sieve(entries)


@lru_cache(maxsize=256)
def _cached_matcher(vocab: Vocab, entries: tuple[str, ...]) -> Matcher:
    return _matcher_of(vocab, {"phrases": entries})


def _matcher_of(vocab: Vocab, entries: Mapping[str, Sequence[str]]) -> Matcher:
    from spacy.matcher import Matcher

    matcher = Matcher(vocab)
    for name, items in entries.items():
        if items:
            matcher.add(name, [parse_words(item) for item in items])
    return matcher


def _covers(other: Span, span: Span) -> bool:
    """Whether an exclusion of the same intervention covers a match."""
    return other.label == span.label and other.start <= span.start and span.end <= other.end
