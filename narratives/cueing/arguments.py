"""Who acts and who is acted on in a document: from a parse where there is one, from word order otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from narratives.cueing.clauses import Clause
from narratives.cueing.words import ADVERBS, OBJECTS, PERSONS, SUBJECTS

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["objects_of", "person_of", "subjects_of"]

_SUBJECT_ROLES = frozenset({"nsubj", "nsubj:pass"})
_OBJECT_ROLES = frozenset({"obj", "iobj"})
_NOT_MINE = frozenset({"sig", "hinanden"})


def subjects_of(doc: Doc, clauses: Sequence[Clause]) -> list[Token]:
    """The subjects of verbs, in order.

    A pronoun that can only be a subject counts wherever it stands beside a finite verb; a parser that
    reads speech badly would lose some of these.
    """
    parsed = {token.i for token in doc if token.dep_ in _SUBJECT_ROLES} if doc.has_annotation("DEP") else set()
    found = parsed | {i for clause in clauses for i in _beside_verb(clause)}
    return [doc[i] for i in sorted(found) if doc[i].lower_ not in ("som", "hvem", "hvad")]


def objects_of(doc: Doc) -> list[Token]:
    """The objects of verbs, in order; without a parse only the pronouns in the object form."""
    if doc.has_annotation("DEP"):
        return [token for token in doc if token.dep_ in _OBJECT_ROLES and token.lower_ not in _NOT_MINE]
    forms = {form for person, words in OBJECTS.items() if person != "det" for form in words}
    return [token for token in doc if token.lower_ in forms and not _after_preposition(token)]


def person_of(word: str) -> str:
    """Who a subject or object is: jeg, vi, du, de, man, det, han/hun, or "andre" for all that is no pronoun."""
    for table in (PERSONS, OBJECTS):
        for person, forms in table.items():
            if word in forms:
                return person
    return "andre"


def _beside_verb(clause: Clause) -> list[int]:
    """Pronouns next to the finite verb, adverbs aside: *jeg kan*, *kan jeg*, *at jeg ikke kan*."""
    if clause.finite is None:
        return []
    place = clause.finite.i - clause.start
    before = next((i for i in range(place - 1, -1, -1) if clause.words[i] not in ADVERBS), None)
    for i in (before, place + 1):
        if i is not None and i < len(clause.words) and clause.words[i] in SUBJECTS:
            return [clause.start + i]
    return []


def _after_preposition(token: Token) -> bool:
    words = ("til", "for", "med", "af", "på", "om", "hos", "fra", "over", "efter", "uden", "ved", "i", "mod", "under")
    return token.i > 0 and token.nbor(-1).lower_ in words
