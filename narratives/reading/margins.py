"""Line numbers in the margin of printed pages, as Word prints them on every line or on every fifth."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

__all__ = ["without_line_numbers"]

_NUMBER = re.compile(r"\s*(?P<number>\d{1,5})(?:[.)]?(?:\s{2,}(?=\S)|\s*$)|[.)](?=[^\W\d_]))")
_STEPS = frozenset({1, 2, 5, 10})
_COVERED = 0.6
_RISING = 0.8
_FEWEST = 4

Place = tuple[int, int]
"""Index of a page and of a line on it."""


def without_line_numbers(pages: Sequence[Sequence[str]]) -> tuple[list[list[str]], int]:
    """Pages without the numbers before their lines.

    Numbers count as such if they stand apart from the text, rise by one step (1, 2, 5 or 10) from each to the next on
    a page, and there is one at every so many lines.

    Args:
        pages: lines with the blanks that place their words.

    Returns:
        the pages, and how many numbers were left out.
    """
    found = {
        (page, line): int(number["number"])
        for page, lines in enumerate(pages)
        for line, text in enumerate(lines)
        if (number := _NUMBER.match(text))
    }
    step = _step(found)
    margin = {place for place, number in found.items() if number % step == 0} if step else set()
    filled = sum(bool(text.strip()) for lines in pages for text in lines)
    if len(margin) < _FEWEST or len(margin) * step < _COVERED * filled:
        return [list(lines) for lines in pages], 0
    return [_cut(lines, page, margin) for page, lines in enumerate(pages)], len(margin)


def _step(found: dict[Place, int]) -> int:
    """By how much the numbers rise on a page; 0 if not by one of the usual steps throughout."""
    rises = [b - a for (p, a), (q, b) in pairwise((page, number) for (page, _), number in found.items()) if p == q]
    step, count = Counter(rises).most_common(1)[0] if rises else (0, 0)
    return step if step in _STEPS and count >= _RISING * len(rises) else 0


def _cut(lines: Sequence[str], page: int, margin: set[Place]) -> list[str]:
    return [_NUMBER.sub("", text, count=1) if (page, line) in margin else text for line, text in enumerate(lines)]
