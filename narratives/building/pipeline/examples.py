"""Training and evaluation documents for spaCy."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from narratives.building.pipeline.trees import ROOT, Sentence, format_feats

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

T = TypeVar("T")


def tree_doc(vocab: Vocab, sentences: Sequence[Sentence]) -> Doc:
    """Several UD trees as one document, with sentence starts."""
    from spacy.tokens import Doc

    words = [(word, start) for sentence, start in _with_starts(sentences) for word in sentence.words]
    heads = [start + word.head if word.head != ROOT else i for i, (word, start) in enumerate(words)]
    return Doc(
        vocab,
        words=[word.form for word, _ in words],
        spaces=[space for sentence in sentences for space in sentence.spaces or [True] * len(sentence.words)],
        lemmas=[word.lemma for word, _ in words],
        pos=[word.upos for word, _ in words],
        morphs=[_morph(word.feats) for word, _ in words],
        deps=["ROOT" if word.head == ROOT else word.deprel for word, _ in words],
        heads=heads,
    )


def _morph(feats: dict[str, str]) -> str:
    return format_feats(feats) if feats else ""


def _with_starts(sentences: Iterable[Sentence]) -> Iterator[tuple[Sentence, int]]:
    start = 0
    for sentence in sentences:
        yield sentence, start
        start += len(sentence.words)


def in_groups(items: Sequence[T], largest: int, rng: random.Random) -> Iterator[list[T]]:
    """Neighbouring items in groups of 1 to ``largest``, sizes drawn evenly."""
    start = 0
    while start < len(items):
        size = rng.randint(1, largest)
        yield list(items[start : start + size])
        start += size


def write_docs(docs: Iterable[Doc], path: Path) -> int:
    """Store documents for ``spacy train``; returns how many."""
    from spacy.tokens import DocBin

    stored = DocBin(docs=docs, store_user_data=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    stored.to_disk(path)
    return len(stored)
