"""Splits by person: nobody is both trained on and measured on."""

from __future__ import annotations

import random
from collections.abc import Iterable

from narratives.coded.records import CodedData

__all__ = ["draw_persons", "hold_out", "some_persons", "split_given", "take_test"]


def take_test(data: CodedData) -> tuple[CodedData, CodedData]:
    """The data without, and with only, what its source marks as test."""
    return data.where(lambda text: text.split != "test"), data.where(lambda text: text.split == "test")


def split_given(data: CodedData) -> bool:
    """Whether the source itself names development texts ("dev")."""
    return any(text.split == "dev" for text in data.texts)


def hold_out(data: CodedData, share: float, seed: int) -> tuple[CodedData, CodedData]:
    """Split into training and development data by person, within each group.

    Where the source names development texts, those are taken and the seed changes nothing.

    Args:
        share: of each group's persons to hold out, in (0, 1); at least one person of a group with two or more.
    """
    if split_given(data):
        return data.where(lambda text: text.split != "dev"), data.where(lambda text: text.split == "dev")
    held = draw_persons(data, share, seed)
    return data.where(lambda text: text.person not in held), data.where(lambda text: text.person in held)


def draw_persons(data: CodedData, share: float, seed: int) -> set[str]:
    """Persons to hold out: ``share`` of each group's, neighbours together where the data asks for it."""
    groups: dict[str, set[str]] = {}
    for text in data.texts:
        groups.setdefault(text.group, set()).add(text.person)
    chance = random.Random(seed)
    drawn: set[str] = set()
    for _, persons in sorted(groups.items()):
        drawn |= _draw(sorted(persons), share, chance, data.keep_neighbours)
    return drawn


def some_persons(persons: Iterable[str], share: float, seed: int, fewest: int = 0) -> set[str]:
    """A random share (0 to 1) of the persons, at least ``fewest``; of one seed, larger shares hold smaller ones."""
    shuffled = sorted(set(persons))
    random.Random(seed).shuffle(shuffled)
    return set(shuffled[: max(fewest, round(share * len(shuffled)))])


def _draw(persons: list[str], share: float, chance: random.Random, together: bool) -> set[str]:
    """Some of ``persons``: a run of neighbours, or a random sample."""
    if len(persons) < 2:
        return set()
    count = min(len(persons) - 1, max(1, round(share * len(persons))))
    if not together:
        return set(chance.sample(persons, count))
    start = chance.randrange(len(persons) - count + 1)
    return set(persons[start : start + count])
