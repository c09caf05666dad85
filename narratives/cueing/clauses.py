"""Clauses by rule: a stretch with one finite verb, cut at punctuation and conjunctions.

A parser trained on written Danish loses its way in speech, so that the cuts are made on the surface:
a sentence is cut at every comma and before every conjunction, and a piece without a finite verb of its
own goes back to its neighbour.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from narratives.cueing.verbs import Verb, verbs_of
from narratives.cueing.words import CONJUNCTIONS, SENTENCE_ENDS

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["Clause", "clauses_of"]


@dataclass(frozen=True, slots=True)
class Clause:
    """Tokens ``start`` to ``end`` (exclusive) of a document.

    Attributes:
        sentence: number of the sentence, from 0.
        verbs: the verbs inside, in order.
        words: the lower-cased words, one per token.
    """

    start: int
    end: int
    sentence: int
    verbs: tuple[Verb, ...]
    words: tuple[str, ...]

    @property
    def finite(self) -> Verb | None:
        """The first finite verb."""
        return next((verb for verb in self.verbs if verb.finite), None)

    @property
    def opener(self) -> str:
        """The first word that is no punctuation."""
        return next((word for word in self.words if word[0].isalnum()), "")


def clauses_of(doc: Doc, breaks: Collection[int] = ()) -> list[Clause]:
    """The clauses of ``doc`` in order, covering all its tokens.

    Args:
        doc: tokens, with morphology or without.
        breaks: character offsets at which a sentence ends whatever stands there (joints between spans).
    """
    verbs = {verb.i: verb for verb in verbs_of(doc)}
    clauses: list[Clause] = []
    for number, (start, end) in enumerate(_sentences(doc, breaks)):
        for first, last in _merged(_pieces(doc, start, end), verbs):
            inside = tuple(verbs[i] for i in range(first, last) if i in verbs)
            words = tuple(token.lower_.strip() or " " for token in doc[first:last])
            clauses.append(Clause(first, last, number, inside, words))
    return clauses


def _sentences(doc: Doc, breaks: Collection[int]) -> list[tuple[int, int]]:
    cuts = [token.i + 1 for token in doc if _ends_sentence(token) or _before_break(token, breaks)]
    edges = sorted({0, *cuts, len(doc)})
    return list(pairwise(edges))


def _ends_sentence(token: Token) -> bool:
    """Full stops; a row of dots only where a capital follows."""
    following = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else None
    if token.text in ("...", "…"):
        return following is not None and following.text[:1].isupper() and following.lower_ not in ("i",)
    return token.text in SENTENCE_ENDS or (token.is_space and "\n\n" in token.text)


def _before_break(token: Token, breaks: Collection[int]) -> bool:
    end = token.idx + len(token.text)
    return any(token.idx < place <= end or place == end + 1 for place in breaks)


def _pieces(doc: Doc, start: int, end: int) -> list[tuple[int, int]]:
    """A sentence cut after commas and the like, and before conjunctions."""
    cuts = {start, end}
    for i in range(start + 1, end):
        if doc[i - 1].text in (",", ";", ":", "-", "–", "...", "…", "(") or (
            doc[i].lower_ in CONJUNCTIONS and doc[i - 1].lower_ not in CONJUNCTIONS
        ):
            cuts.add(i)
    edges = sorted(cuts)
    return list(pairwise(edges))


def _merged(pieces: Sequence[tuple[int, int]], verbs: dict[int, Verb]) -> list[tuple[int, int]]:
    """Pieces joined until each has a finite verb: backwards, or forwards at the start of a sentence."""
    whole: list[tuple[int, int]] = []
    waiting: int | None = None
    for start, end in pieces:
        if any(i in verbs and verbs[i].finite for i in range(start, end)):
            whole.append((start if waiting is None else waiting, end))
            waiting = None
        elif whole:
            whole[-1] = (whole[-1][0], end)
        else:
            waiting = start if waiting is None else waiting
    return whole if waiting is None else [(waiting, pieces[-1][1])]
