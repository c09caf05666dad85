"""Chains from an intervention to what came of it, where the narrative couples the two itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from narratives.cueing.clauses import Clause
from narratives.finding.connectives import opener_of
from narratives.finding.couplings import by_condition, by_echo, by_opener, by_phrase, by_reason, by_verb, serves
from narratives.finding.doubts import is_doubtful, of_somebody_else
from narratives.finding.links import Link, Piece, from_clause, make_link
from narratives.finding.scene import Scene, is_person, scene_of
from narratives.finding.spoken import is_wished
from narratives.finding.tense import tense_of
from narratives.finding.vocabulary import Vocabulary

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

__all__ = ["Link", "links_in"]

_WAYS = (by_phrase, by_reason, by_verb, by_condition, by_opener, by_echo)
"""The surest first."""

_SURE = (by_phrase, by_verb, by_echo)
"""Ways that couple also what was only spoken of: *uden kursus går det ikke*."""


def links_in(doc: Doc, mentions: Sequence[Span], clauses: Sequence[Clause], vocabulary: Vocabulary) -> list[Link]:
    """The links of one narrative, in order of their mentions and steps.

    Args:
        doc: the narrative.
        mentions: of interventions, in order.
        clauses: of the narrative, in order.
        vocabulary: which the mentions are from.
    """
    found: list[Link] = []
    coupled: set[Piece] = set()
    for mention in mentions:
        scene = scene_of(doc, mention, clauses)
        first = next((link for link in _first_links(scene, vocabulary) if link.coupling not in coupled), None)
        if first is None:
            continue
        found.append(first)
        coupled.add(first.coupling)
        second = None if first.backward else _second(scene, first)
        if second is not None and second.coupling not in coupled:
            found.append(second)
            coupled.add(second.coupling)
    return found


def _first_links(scene: Scene, vocabulary: Vocabulary) -> Iterator[Link]:
    """Possible links from a mention, the surest kind first."""
    if of_somebody_else(scene):
        return
    item = vocabulary[scene.mention.label_]
    tense, person = tense_of(scene, item), is_person(scene.mention, item)
    for find in _WAYS:
        link = find(scene, person)
        if link is not None and tense == "considered" and (find in _SURE or _is_served(scene, link)):
            link = replace(link, kind="conditional")
        if link is not None and not is_doubtful(scene, link, tense):
            yield link


def _is_served(scene: Scene, link: Link) -> bool:
    """*jeg håber på revalidering, så jeg kan* ...: had it not, the consequence is what it would be for."""
    holder = next(clause for clause in scene.clauses if link.consequence[0] < clause.end)
    return link.connective == "så" and serves(holder, is_wished(scene))


def _second(scene: Scene, first: Link) -> Link | None:
    """What followed from the first consequence, if it is coupled in the same sentence."""
    clauses = scene.clauses
    place = next(i for i, clause in enumerate(clauses) if first.consequence[1] <= clause.end)
    if place + 1 >= len(clauses) or clauses[place + 1].sentence != clauses[place].sentence:
        return None
    found = opener_of(clauses[place + 1])
    if found is None:
        return None
    link = make_link(scene, found, first.consequence, from_clause(clauses, place + 1, found.end), step=2)
    return None if is_doubtful(scene, link, "") else link
