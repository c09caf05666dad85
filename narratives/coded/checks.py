"""What is wrong with coded data, said once per kind and naming the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from narratives.coded.records import CodedData, CodedText, Coding
from narratives.errors import CodedDataError
from narratives.messages import say

__all__ = ["FEWEST_EXAMPLES", "check", "faults", "listed_places", "merge_same_texts", "rare_codes"]

FEWEST_EXAMPLES = 3
"""Texts a code needs at least, so that one can be held out and two remain."""

_SHOWN = 6


def check(data: CodedData, hint: str = "") -> None:
    """Refuse data that cannot be trained or measured on.

    Args:
        hint: a sentence to add where codes are unknown.

    Raises:
        CodedDataError: one line per kind of fault, each naming the rows.
    """
    found = faults(data)
    if found:
        if hint and _unknown_codes(data):
            found.append(hint)
        raise CodedDataError("\n".join(found))


def faults(data: CodedData) -> list[str]:
    """One sentence per kind of fault: empty texts, duplicate ids, unknown codes, persons on both sides."""
    if not data.texts:
        return [say("coded.nothing", source=data.source)]
    return [*_empty(data.texts), *_twice(data.texts), *_unknown_codes(data), *_both_sides(data.texts)]


def rare_codes(data: CodedData) -> list[str]:
    """One sentence per code that some text has, but fewer than :data:`FEWEST_EXAMPLES`."""
    found = []
    for variable in data.codebook.variables:
        holders: dict[str, list[CodedText]] = {}
        for text in data.texts:
            for code in text.shares(variable.name):
                holders.setdefault(code, []).append(text)
        for code in variable.labels:
            if 0 < len(holders.get(code, [])) < FEWEST_EXAMPLES:
                rows = listed_places(holders[code])
                found.append(say("coded.rare", variable=variable.name, code=code, rows=rows, fewest=FEWEST_EXAMPLES))
    return found


def merge_same_texts(texts: Iterable[CodedText]) -> tuple[list[CodedText], list[str]]:
    """Put the codings of one text together, and say where they disagree.

    One text is the same id and wording, or the same wording from the same person.

    Returns:
        The texts in their first order, and one sentence per kind of merging.
    """
    kept: dict[tuple[str, str], CodedText] = {}
    twins: list[CodedText] = []
    for text in texts:
        key = (text.person, " ".join(text.text.split()))
        if not key[1] or key not in kept:
            kept[key if key[1] else (text.id, text.place)] = text
            continue
        twins.append(text)
        kept[key] = _joined(kept[key], text)
    differing = [text for text in kept.values() if _disagree(text) and _repeated(text, twins)]
    notes = []
    if differing:
        notes.append(say("coded.conflicting", count=len(differing), rows=listed_places(differing)))
    if len(twins) > len(differing):
        notes.append(say("coded.repeated", count=len(twins), rows=listed_places(twins)))
    return list(kept.values()), notes


def _joined(first: CodedText, second: CodedText) -> CodedText:
    from dataclasses import replace

    codings: tuple[Coding, ...] = (*first.codings, *second.codings)
    return replace(first, codings=codings, place=f"{first.place}, {second.place.split(' ', 1)[-1]}")


def _disagree(text: CodedText) -> bool:
    names = {variable for coding in text.codings for variable in coding.codes}
    return any(len(text.shares(variable)) > 1 for variable in names)


def _repeated(text: CodedText, twins: Sequence[CodedText]) -> bool:
    wording = " ".join(text.text.split())
    return any(twin.person == text.person and " ".join(twin.text.split()) == wording for twin in twins)


def _empty(texts: Sequence[CodedText]) -> list[str]:
    rows = [text for text in texts if not text.text.strip()]
    return [say("coded.empty_text", count=len(rows), rows=listed_places(rows))] if rows else []


def _twice(texts: Sequence[CodedText]) -> list[str]:
    counts = Counter(text.id for text in texts)
    rows = [text for text in texts if counts[text.id] > 1]
    if not rows:
        return []
    ids = _listed(dict.fromkeys(text.id for text in rows))
    return [say("coded.duplicate_ids", ids=ids, rows=listed_places(rows))]


def _unknown_codes(data: CodedData) -> list[str]:
    found = []
    for variable in data.codebook.variables:
        known = set(variable.labels)
        rows: dict[str, list[CodedText]] = {}
        for text in data.texts:
            for code in text.shares(variable.name).keys() - known:
                rows.setdefault(code, []).append(text)
        for code, holders in sorted(rows.items()):
            place = listed_places(holders)
            codes = ", ".join(variable.labels)
            found.append(say("coded.unknown_code", code=code, variable=variable.name, rows=place, codes=codes))
    return found


def _both_sides(texts: Sequence[CodedText]) -> list[str]:
    sides: dict[str, dict[str, CodedText]] = {}
    for text in texts:
        side = "test" if text.split == "test" else "dev" if text.split == "dev" else "train"
        sides.setdefault(text.person, {}).setdefault(side, text)
    both = {person: found for person, found in sides.items() if len(found) > 1}
    if not both:
        return []
    rows = listed_places([text for found in both.values() for text in found.values()])
    return [say("coded.both_sides", persons=_listed(both), rows=rows)]


def listed_places(texts: Iterable[CodedText]) -> str:
    """Where the first few of some texts stand, and how many more there are."""
    return _listed(text.place or text.id for text in texts)


def _listed(names: Iterable[str]) -> str:
    """The first few names, and how many more there are."""
    every = list(names)
    more = len(every) - _SHOWN
    return ", ".join(every[:_SHOWN]) + (f" (+{more})" if more > 0 else "")
