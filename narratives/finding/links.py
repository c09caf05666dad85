"""One step of a chain, and the pieces of text it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from narratives.cueing.clauses import Clause
from narratives.finding.connectives import CONDITIONAL, TEMPORAL, Connective, subject_first
from narratives.finding.scene import Scene

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

__all__ = ["Link", "Piece", "from_clause", "is_condition", "make_link", "neighbour", "trimmed"]

_STOPS = frozenset({"men", "fordi", "for", "så", "og", "selvom", "selv"})
_HEDGES = frozenset({
    "måske", "vist", "muligvis", "formentlig", "vel", "tror", "håber", "hvis", "eventuelt", "nogenlunde",
})  # fmt: skip
_LONGEST = 2
"""Clauses that a consequence may span after its first."""

Piece = tuple[int, int]
"""First token and the token after the last."""


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a chain.

    Attributes:
        mention: the intervention the chain starts from.
        step: 1 for the step from the intervention, 2 for what followed from that.
        connective: the words that couple, in lower case.
        coupling: tokens of the connective.
        cause: tokens of the cause.
        consequence: tokens of the consequence.
        reservation: tokens of a *men* clause or a hedging word; None without one.
        kind: "causal" (derfor, så jeg ..., fordi), "conditional" (hvis ..., så) or "temporal" (og så fik jeg).
        backward: whether the consequence is told before its cause (fordi, på grund af).
    """

    mention: Span
    step: int
    connective: str
    coupling: Piece
    cause: Piece
    consequence: Piece
    reservation: Piece | None
    kind: str
    backward: bool


def make_link(
    scene: Scene, found: Connective, cause: Piece, consequence: Piece, backward: bool = False, step: int = 1
) -> Link:
    """The link of a connective, its pieces trimmed, with its kind and reservation."""
    told = trimmed(scene.doc, consequence)
    reservation = _reservation(scene.doc, told, cause, scene.clauses)
    kind = _kind(found, cause, consequence, scene.clauses)
    coupling = (found.start, found.end)
    return Link(scene.mention, step, found.name, coupling, trimmed(scene.doc, cause), told, reservation, kind, backward)


def from_clause(clauses: Sequence[Clause], place: int, start: int) -> Piece:
    """A consequence from token ``start`` on: its clause and those that hang on it."""
    last = place
    while last + 1 < len(clauses) and clauses[last + 1].sentence == clauses[place].sentence and last - place < _LONGEST:
        if clauses[last + 1].opener in _STOPS and not _same_subject(clauses[last + 1]):
            break
        last += 1
    return start, clauses[last].end


def neighbour(clauses: Sequence[Clause], place: int, step: int) -> Clause | None:
    """The neighbouring clause of the same sentence."""
    other = place + step
    inside = 0 <= other < len(clauses) and clauses[other].sentence == clauses[place].sentence
    return clauses[other] if inside else None


def is_condition(clause: Clause) -> bool:
    """*hvis jeg får*, *når jeg får*, *får jeg*."""
    finite = clause.finite
    first = finite is not None and finite.form == "present" and finite.i == clause.start
    return "hvis" in clause.words[:4] or clause.opener == "når" or first


def trimmed(doc: Doc, piece: Piece) -> Piece:
    """Without punctuation, white space and a bare *og* at the edges."""
    start, end = piece
    while start < end and (doc[start].is_punct or doc[start].is_space or doc[start].lower_ in ("og", "at")):
        start += 1
    while end > start and (doc[end - 1].is_punct or doc[end - 1].is_space or doc[end - 1].lower_ == "og"):
        end -= 1
    return start, end


def _kind(found: Connective, cause: Piece, consequence: Piece, clauses: Sequence[Clause]) -> str:
    """How a connective couples; *så* tells by word order: *så jeg gik* is causal, *så gik jeg* temporal."""
    inside = (clause for clause in clauses if cause[0] <= clause.start < cause[1])
    if found.name in CONDITIONAL or any(is_condition(clause) for clause in inside):
        return "conditional"
    if found.name in TEMPORAL:
        return "temporal"
    if found.name != "så":
        return "causal"
    holder = next(clause for clause in clauses if consequence[0] < clause.end)
    return "causal" if subject_first(holder, found) else "temporal"


def _same_subject(clause: Clause) -> bool:
    """*og lavede et budget*: the verb comes right after *og*, so the subject goes on."""
    return clause.opener == "og" and clause.finite is not None and clause.finite.i == clause.start + 1


def _reservation(doc: Doc, consequence: Piece, cause: Piece, clauses: Sequence[Clause]) -> Piece | None:
    """A *men* clause right after cause and consequence, else a hedging word inside them."""
    end = max(consequence[1], cause[1])
    after = next((clause for clause in clauses if clause.start >= end - 1 and clause.end > end), None)
    if after is not None and after.opener in ("men", "selvom") and after.start <= end + 1:
        return trimmed(doc, (after.start, after.end))
    inside = [i for piece in (cause, consequence) for i in range(*piece) if doc[i].lower_ in _HEDGES]
    return (inside[0], inside[0] + 1) if inside else None
