"""ELAN annotation files (eaf): a tier for each participant, ordered by time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from narratives.reading.markup import parse_xml
from narratives.reading.refusals import note, unreadable
from narratives.reading.source import Source, Utterance, render

__all__ = ["read_elan"]

_NOT_SPEECH = ("note", "komment", "comment", "memo", "emne", "tema", "kode", "code", "topic")


@dataclass(frozen=True, slots=True)
class _Tier:
    """A tier with text: its name, the person, whether it depends on another tier, and its annotations in ms."""

    name: str
    person: str
    dependent: bool
    annotations: tuple[tuple[int, str], ...]

    @property
    def length(self) -> int:
        """Characters of speech."""
        return sum(len(words) for _, words in self.annotations)


def read_elan(path: Path) -> Source:
    """The annotations of an ELAN file as turns, in order of their start.

    A tier's speaker is its participant, else its name. Of several tiers for one person (glosses, translations) the
    independent one with most text is the speech; notes name what was left out.

    Raises:
        UnreadableFile: if no tier holds text.
        Exception: whatever lxml raises on a broken file (:func:`extract` words it).
    """
    root = parse_xml(path.read_bytes())
    tiers = [tier for tier in _tiers(root) if tier.length]
    used = _speech(tiers)
    if not used:
        raise unreadable(path, "no_tiers")
    spoken = [Utterance(tier.person, words, start / 1000) for tier in used for start, words in tier.annotations]
    text, turns = render(sorted(spoken, key=lambda utterance: utterance.time or 0.0))
    left = [tier.name for tier in tiers if tier not in used]
    shown = {"used": ", ".join(tier.name for tier in used), "left": ", ".join(left)}
    return Source(text, "eaf", "", turns, (note(path, "tiers", **shown),) if left else ())


def _speech(tiers: Sequence[_Tier]) -> list[_Tier]:
    """One tier for each person: independent before dependent, then the one with most text; notes are not speech."""
    best: dict[str, _Tier] = {}
    for tier in tiers:
        if any(word in tier.name.casefold() for word in _NOT_SPEECH):
            continue
        held = best.get(tier.person)
        if held is None or (not tier.dependent, tier.length) > (not held.dependent, held.length):
            best[tier.person] = tier
    return list(best.values())


def _tiers(root: Any) -> Iterator[_Tier]:
    elements = {tier.get("TIER_ID", ""): tier for tier in root.iter("TIER")}
    starts = _starts(root)
    for name, tier in elements.items():
        annotations = tuple(
            (starts.get(a.get("ANNOTATION_ID"), 0), a.findtext("ANNOTATION_VALUE") or "")
            for a in chain(tier.iter("ALIGNABLE_ANNOTATION"), tier.iter("REF_ANNOTATION"))
        )
        yield _Tier(name, _person(tier, elements), bool(tier.get("PARENT_REF")), annotations)


def _person(tier: Any, tiers: Mapping[str, Any]) -> str:
    """The participant of a tier or of those it depends on, else the name of the outermost one."""
    seen: set[str] = set()
    while not (tier.get("PARTICIPANT") or "").strip():
        parent = tier.get("PARENT_REF")
        if parent not in tiers or parent in seen:
            break
        seen.add(parent)
        tier = tiers[parent]
    return " ".join((tier.get("PARTICIPANT") or tier.get("TIER_ID") or "").split()).rstrip(":")


def _starts(root: Any) -> dict[str, int]:
    """Start of each annotation in ms; one without a time of its own starts with what it hangs on."""
    slots = _slots(root)
    starts = {a.get("ANNOTATION_ID"): slots.get(a.get("TIME_SLOT_REF1"), 0) for a in root.iter("ALIGNABLE_ANNOTATION")}
    references = {a.get("ANNOTATION_ID"): a.get("ANNOTATION_REF") for a in root.iter("REF_ANNOTATION")}
    for name, reference in references.items():
        above, steps = reference, 0
        while above in references and steps < len(references):
            above, steps = references[above], steps + 1
        starts[name] = starts.get(above, 0)
    return starts


def _slots(root: Any) -> dict[str, int]:
    """Times of the slots in ms; a slot without a time has that of the slot before it."""
    times: dict[str, int] = {}
    last = 0
    for slot in root.iter("TIME_SLOT"):
        last = int(slot.get("TIME_VALUE") or last)
        times[slot.get("TIME_SLOT_ID")] = last
    return times
