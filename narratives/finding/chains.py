"""Chains from an intervention to what came of it, where the narrative couples the two itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from narratives.cueing.clauses import Clause
from narratives.finding.connectives import (
    BACK_REFERENCES,
    TEMPORAL,
    Connective,
    opener_of,
    phrase_of,
    reason_of,
    subject_first,
    verb_of,
)

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

__all__ = ["Link", "links_in"]

_SUBORDINATE = frozenset({
    "der", "som", "før", "inden", "hvad", "hvor", "hvordan", "hvornår", "indtil", "til", "end", "at", "om", "da", "når",
    "hvis", "fordi",
})  # fmt: skip
_LOOSE = _SUBORDINATE - {"at", "da", "når", "hvis", "fordi", "om"}
_OWNING = frozenset({"have", "være", "gå", "få"})
_STOPS = frozenset({"men", "fordi", "for", "så", "og", "selvom", "selv"})
_HEDGES = frozenset({
    "måske", "vist", "muligvis", "formentlig", "vel", "tror", "håber", "hvis", "eventuelt", "nogenlunde",
})  # fmt: skip
_OTHERS = frozenset({
    "mand", "kone", "søn", "datter", "mor", "far", "bror", "søster", "ven", "veninde", "kæreste", "nabo", "kammerat",
})  # fmt: skip
_LONGEST = 2
"""Clauses that a cause or a consequence may span."""

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


def links_in(doc: Doc, mentions: Sequence[Span], clauses: Sequence[Clause]) -> list[Link]:
    """The links of one narrative, in order of their mentions and steps.

    Args:
        doc: the narrative.
        mentions: of interventions, in order.
        clauses: of the narrative, in order.
    """
    found: list[Link] = []
    coupled: set[Piece] = set()
    for mention in mentions:
        place = next(i for i, clause in enumerate(clauses) if mention.start < clause.end)
        if _of_somebody_else(clauses[place]):
            continue
        first = next(
            (link for link in _first_links(doc, mention, clauses, place) if link.coupling not in coupled), None
        )
        if first is None:
            continue
        found.append(first)
        coupled.add(first.coupling)
        second = None if first.backward else _second(doc, first, clauses)
        if second is not None and second.coupling not in coupled:
            found.append(second)
            coupled.add(second.coupling)
    return found


def _of_somebody_else(clause: Clause) -> bool:
    """*Min mand har sin førtidspension*: a relative or friend is the subject, and nobody does anything to me."""
    if {"jeg", "mig", "vi", "os", "mit", "a"} & set(clause.words):
        return False
    of_mine = any(first in ("min", "mine") and then in _OTHERS for first, then in pairwise(clause.words[:4]))
    owning = clause.finite is not None and clause.finite.lemma in _OWNING
    return of_mine or (owning and bool({"han", "hun", "konen", "manden"} & set(clause.words[:4])))


def _first_links(doc: Doc, mention: Span, clauses: Sequence[Clause], place: int) -> Iterator[Link]:
    """Possible links from a mention, the surest kind first."""
    for find in (_by_phrase, _by_reason, _by_verb, _by_opener):
        link = find(doc, mention, clauses, place)
        if link is not None and _tells_something(doc, link):
            yield link


def _by_phrase(doc: Doc, mention: Span, clauses: Sequence[Clause], place: int) -> Link | None:
    """*På grund af praktikken fik jeg ondt*, *jeg fik ondt på grund af praktikken*."""
    clause = clauses[place]
    found = phrase_of(clause, mention.start)
    if found is None or clause.finite is None:
        return None
    if clause.finite.i > mention.end - 1:
        return _link(
            doc, mention, found, (found.start, mention.end), _from(clauses, place, mention.end), clauses, False
        )
    if found.name in ("efter", "uden"):
        return None
    return _link(doc, mention, found, (found.start, clause.end), (clause.start, found.start), clauses, True)


def _by_reason(doc: Doc, mention: Span, clauses: Sequence[Clause], place: int) -> Link | None:
    """*Jeg fik det bedre, fordi jeg kom i praktik*; *fordi jeg kom i praktik, fik jeg det bedre*."""
    clause = clauses[place]
    found = reason_of(clause)
    if found is None or mention.start < found.end:
        return None
    cause = (found.start, clause.end)
    after, told = _same(clauses, place, 1), _before(clauses, place, found)
    if told is not None:
        return _link(doc, mention, found, cause, told, clauses, True)
    if after is not None and clause.opener == found.name:
        return _link(doc, mention, found, cause, _from(clauses, place + 1, after.start), clauses, False)
    return None


def _before(clauses: Sequence[Clause], place: int, found: Connective) -> Piece | None:
    """What is told before a reason: back to its main clause, over other reasons and what hangs on it."""
    start = end = found.start
    for at in range(place - 1, -1, -1):
        clause = clauses[at]
        if clause.sentence != clauses[place].sentence:
            return None
        start = clause.start
        if reason_of(clause) is not None:
            end = clause.start
        elif clause.opener not in _SUBORDINATE:
            return start, end
    return (start, end) if start < end else None


def _by_verb(doc: Doc, mention: Span, clauses: Sequence[Clause], place: int) -> Link | None:
    """*Praktikken gjorde, at jeg ...*; *jeg kom i praktik, og det gjorde, at jeg ...*."""
    for at in range(place, min(place + 2, len(clauses))):
        clause = clauses[at]
        found = verb_of(clause, clauses[at + 1] if at + 1 < len(clauses) else None)
        if found is None or found.start < mention.end or not _refers(doc, mention, clause, found):
            continue
        cause = (clauses[place].start, found.start)
        holder = next(i for i in range(at, len(clauses)) if found.end <= clauses[i].end)
        return _link(doc, mention, found, cause, _from(clauses, holder, found.end), clauses, False)
    return None


def _refers(doc: Doc, mention: Span, clause: Clause, found: Connective) -> bool:
    """Whether the subject of a verb of consequence is the mention, or points back to it."""
    before = {doc[i].lower_ for i in range(clause.start, found.start)}
    if clause.start <= mention.start:
        return (
            not before & {"jeg", "vi", "de", "han", "hun", "man"}
            and clause.finite is not None
            and clause.finite.i >= mention.end
        )
    return bool(before & BACK_REFERENCES) and not before & {"jeg", "vi", "man"} and found.start - clause.start <= 4


def _by_opener(doc: Doc, mention: Span, clauses: Sequence[Clause], place: int) -> Link | None:
    """*Jeg kom i praktik, så jeg fik ondt*; the consequence may also open the next sentence."""
    for at in range(place + 1, min(place + 1 + _LONGEST, len(clauses))):
        found = opener_of(clauses[at])
        if found is None:
            if at > place + 1 or not _continues(clauses[at], clauses[place]):
                return None
            continue
        if found.name == "så" and (at > place + 1 or not _so(clauses[place], clauses[at], found)):
            return None
        cause = (clauses[place].start, clauses[at].start)
        return _link(doc, mention, found, cause, _from(clauses, at, found.end), clauses, False)
    return None


def _so(cause: Clause, consequence: Clause, found: Connective) -> bool:
    """Whether *så* couples: not with a side remark or a wish, nor where *Så gik jeg* begins the next sentence."""
    if _looks_ahead(cause) or cause.opener in _LOOSE:
        return False
    return consequence.sentence == cause.sentence or subject_first(consequence, found)


def _looks_ahead(clause: Clause) -> bool:
    """Whether a clause wishes for the intervention or applies for it: what comes then is no consequence of it."""
    willing = any(verb.lemma == "ville" and verb.finite for verb in clause.verbs)
    wishing = willing and bool({"gerne", "hellere", "helst"} & set(clause.words)) and clause.opener != "hvis"
    return wishing or any(verb.lemma in ("søge", "ansøge", "mangle") for verb in clause.verbs)


def _continues(clause: Clause, earlier: Clause) -> bool:
    """Whether a clause still belongs to the cause: the same sentence, no contrast."""
    return clause.sentence == earlier.sentence and clause.opener not in ("men", "fordi", "for")


def _second(doc: Doc, first: Link, clauses: Sequence[Clause]) -> Link | None:
    """What followed from the first consequence, if it is coupled in the same sentence."""
    place = next(i for i, clause in enumerate(clauses) if first.consequence[1] <= clause.end)
    if place + 1 >= len(clauses) or clauses[place + 1].sentence != clauses[place].sentence:
        return None
    found = opener_of(clauses[place + 1])
    if found is None:
        return None
    link = _link(
        doc, first.mention, found, first.consequence, _from(clauses, place + 1, found.end), clauses, False, step=2
    )
    return link if _tells_something(doc, link) else None


def _from(clauses: Sequence[Clause], place: int, start: int) -> Piece:
    """A consequence from token ``start`` on: its clause and those that hang on it."""
    last = place
    while last + 1 < len(clauses) and clauses[last + 1].sentence == clauses[place].sentence and last - place < _LONGEST:
        if clauses[last + 1].opener in _STOPS and not _same_subject(clauses[last + 1]):
            break
        last += 1
    return start, clauses[last].end


def _same_subject(clause: Clause) -> bool:
    """*og lavede et budget*: the verb comes right after *og*, so the subject goes on."""
    return clause.opener == "og" and clause.finite is not None and clause.finite.i == clause.start + 1


def _link(
    doc: Doc,
    mention: Span,
    found: Connective,
    cause: Piece,
    consequence: Piece,
    clauses: Sequence[Clause],
    backward: bool,
    step: int = 1,
) -> Link:
    told = _trimmed(doc, consequence)
    reservation = _reservation(doc, told, cause, clauses)
    coupling = (found.start, found.end)
    kind = _kind(found, cause, consequence, clauses)
    return Link(mention, step, found.name, coupling, _trimmed(doc, cause), told, reservation, kind, backward)


def _kind(found: Connective, cause: Piece, consequence: Piece, clauses: Sequence[Clause]) -> str:
    """How a connective couples; *så* tells by word order: *så jeg gik* is causal, *så gik jeg* temporal."""
    if any(_is_condition(clause) for clause in clauses if cause[0] <= clause.start < cause[1]):
        return "conditional"
    if found.name in TEMPORAL:
        return "temporal"
    if found.name != "så":
        return "causal"
    holder = next(clause for clause in clauses if consequence[0] < clause.end)
    return "causal" if subject_first(holder, found) else "temporal"


def _is_condition(clause: Clause) -> bool:
    """*hvis jeg får*, *når jeg får*, *får jeg*."""
    first = clause.finite is not None and clause.finite.form == "present" and clause.words[0] == clause.opener
    return clause.opener in ("hvis", "når") or (first and clause.finite is not None and clause.finite.i == clause.start)


def _reservation(doc: Doc, consequence: Piece, cause: Piece, clauses: Sequence[Clause]) -> Piece | None:
    """A *men* clause right after cause and consequence, else a hedging word inside them."""
    end = max(consequence[1], cause[1])
    after = next((clause for clause in clauses if clause.start >= end - 1 and clause.end > end), None)
    if after is not None and after.opener in ("men", "selvom") and after.start <= end + 1:
        return _trimmed(doc, (after.start, after.end))
    inside = [i for piece in (cause, consequence) for i in range(*piece) if doc[i].lower_ in _HEDGES]
    return (inside[0], inside[0] + 1) if inside else None


def _trimmed(doc: Doc, piece: Piece) -> Piece:
    """Without punctuation, white space and a bare *og* at the edges."""
    start, end = piece
    while start < end and (doc[start].is_punct or doc[start].is_space or doc[start].lower_ in ("og", "at")):
        start += 1
    while end > start and (doc[end - 1].is_punct or doc[end - 1].is_space or doc[end - 1].lower_ == "og"):
        end -= 1
    return start, end


def _same(clauses: Sequence[Clause], place: int, step: int) -> Clause | None:
    """The neighbouring clause of the same sentence."""
    other = place + step
    inside = 0 <= other < len(clauses) and clauses[other].sentence == clauses[place].sentence
    return clauses[other] if inside else None


def _tells_something(doc: Doc, link: Link) -> bool:
    """At least two words of consequence and one of cause."""
    start, end = link.consequence
    return sum(doc[i].is_alpha for i in range(start, end)) >= 2 and link.cause[0] < link.cause[1]
