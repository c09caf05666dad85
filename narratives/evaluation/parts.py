"""Parts of coded data that are measured apart.

The agency corpus has parts of very different honesty (see its datasheet): natural answers were written
first and coded after, everything else was written to a code. Other data has a part per group.
"""

from __future__ import annotations

import re

import numpy as np

from narratives.coded.records import CodedData

__all__ = ["ALL", "part_names", "parts_of"]

ALL = "all"
"""The part that is everything."""

_CORPUS_PARTS = {
    "natural": re.compile(r"n\d+"),
    "s1-s6": re.compile(r"s[1-6]"),
    "s7-s8": re.compile(r"s[78]"),
    "s9-s12": re.compile(r"s(?:9|1[0-2])"),
    "transcripts": re.compile(r"coded"),
}
_MOST_GROUPS = 8


def part_names(data: CodedData) -> list[str]:
    """The part of each text: the corpus's parts if every group belongs to one, else the groups themselves.

    Data in one group, in none, or in more than eight has no parts; all its texts are in :data:`ALL`.
    """
    groups = sorted({text.group for text in data.texts})
    known = {group: next((p for p, form in _CORPUS_PARTS.items() if form.fullmatch(group)), "") for group in groups}
    if all(known.values()) and groups != ["coded"]:  # a file called coded.jsonl may be anybody's
        return [known[text.group] for text in data.texts]
    if 1 < len(groups) <= _MOST_GROUPS and all(groups):
        return [text.group for text in data.texts]
    return [ALL] * len(data.texts)


def parts_of(data: CodedData) -> dict[str, np.ndarray]:
    """Per part a mask of shape (texts,); the corpus's parts the most honest first, everything last."""
    names = np.array(part_names(data), dtype=str)
    found = set(names.tolist())
    order = [part for part in _CORPUS_PARTS if part in found] + sorted(found - {ALL, *_CORPUS_PARTS})
    parts = {part: names == part for part in order}
    return parts if len(parts) == 1 else parts | {ALL: np.ones(len(names), dtype=bool)}
