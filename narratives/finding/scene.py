"""A mention and the clauses round it: what the rules for tense, evaluation and chains look at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from narratives.cueing.clauses import Clause
from narratives.finding.mentions import phrases_in
from narratives.finding.notation import word_expression
from narratives.finding.tense_words import forms
from narratives.finding.vocabulary import Intervention

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

__all__ = ["Scene", "is_person", "scene_of"]

_NEW = frozenset({"en", "et", "noget", "nogen", "sådan", "ny", "nyt"})
_COPULAS = ("være", "blive", "hedde")
_DEFINITE = ("en", "et", "ne", "ens", "ets", "nes")


@dataclass(frozen=True, slots=True)
class Scene:
    """A mention and the clauses round it.

    Attributes:
        clauses: of the whole document.
        place: index of the mention's clause.
    """

    doc: Doc
    mention: Span
    clauses: Sequence[Clause]
    place: int

    @property
    def clause(self) -> Clause:
        """The clause of the mention."""
        return self.clauses[self.place]

    @property
    def before(self) -> tuple[str, ...]:
        """The words of the clause before the mention."""
        return self.clause.words[: self.mention.start - self.clause.start]

    def neighbour(self, step: int) -> Clause | None:
        """The clause ``step`` away in the same sentence, or None."""
        place = self.place + step
        if not 0 <= place < len(self.clauses) or self.clauses[place].sentence != self.clause.sentence:
            return None
        return self.clauses[place]

    def after(self, most: int, sentences: int = 1) -> list[Clause]:
        """At most ``most`` clauses after the mention's, to the end of ``sentences`` sentences after its own."""
        last = self.clause.sentence + sentences
        return [clause for clause in self.clauses[self.place + 1 :] if clause.sentence <= last][:most]

    @property
    def definite(self) -> bool:
        """Whether the mention is one that is known: *praktikken*, *den praktik*, *min mentor*."""
        return bool(forms("known") & set(self._determiners())) or self.known

    @property
    def known(self) -> bool:
        """Whether the mention itself is definite: *praktikken*; not *den praktik*, *min mentor*."""
        if _NEW & set(self.before[-1:]):
            return False
        return "Def" in self.mention.root.morph.get("Definite", []) or _looks_definite(self.mention)

    def _determiners(self) -> tuple[str, ...]:
        """The one or two words before the mention, unless they are subject and verb (*de siger*, *bliver det*)."""
        verbs = {verb.i: verb.lemma for verb in self.clause.verbs}
        start = self.mention.start
        if start - 1 in verbs or start in verbs:
            return ()
        if verbs.get(start - 2) in _COPULAS:
            return self.before[-1:] if self.before[-1:] not in (("det",), ("de",)) else ()
        return self.before[-1:] if start - 2 in verbs else self.before[-2:]

    @property
    def leads(self) -> bool:
        """Whether the mention stands before the finite verb of its clause."""
        finite = self.clause.finite
        return finite is None or self.mention.end <= finite.i

    def has(self, *entries: str, clause: Clause | None = None) -> bool:
        """Whether one of ``entries`` (vocabulary notation) stands in the clause."""
        clause = clause or self.clause
        return phrases_in(self.doc, clause.start, clause.end, entries)


def scene_of(doc: Doc, mention: Span, clauses: Sequence[Clause]) -> Scene:
    """The scene of a mention."""
    place = next(i for i, clause in enumerate(clauses) if mention.start < clause.end)
    return Scene(doc, mention, clauses, place)


def is_person(mention: Span, intervention: Intervention) -> bool:
    """Whether a mention names a helper: *mentoren*, *min psykolog*."""
    return any(_expression(entry).match(mention[-1].lower_) for entry in intervention.persons)


@lru_cache(maxsize=256)
def _expression(entry: str) -> re.Pattern[str]:
    return re.compile(word_expression(entry))


def _looks_definite(mention: Span) -> bool:
    """By the ending, where no morphology is there: *praktikken*, *kurset* against *fleksjob*."""
    if mention.doc.has_annotation("MORPH"):
        return False
    word = mention[-1].lower_
    return word.endswith(_DEFINITE) and word not in ("afklaring",)
