"""Permutation tests for the difference of two weighted means, many at once.

Tests with the same two sizes share their permutations, so that hundreds of persons take a second.
Exact where there are few enough ways to divide the narratives, else Monte Carlo with the observed
division counted in (Phipson & Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

__all__ = ["Pair", "difference_p_values"]

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats, int]
"""Values (n,), weights (n,), and how many of the n, the first ones, belong to the earlier side."""

_MOST_EXACT = 6000
_MONTE_CARLO = 4999
_AT_ONCE = 200


def difference_p_values(pairs: Sequence[Pair], seed: int = 0) -> Floats:
    """Two-sided p-value of each pair: how often chance division gives at least the observed difference.

    Returns:
        (pairs,) in (0, 1]; NaN where one side is empty or has no weight.
    """
    answers = np.full(len(pairs), np.nan)
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, (values, weights, first) in enumerate(pairs):
        if 0 < first < len(values) and weights[:first].sum() > 0 and weights[first:].sum() > 0:
            groups[first, len(values) - first].append(place)
    for (first, second), places in groups.items():
        later = _divisions(first, second, np.random.default_rng([seed, first, second]))
        for start in range(0, len(places), _AT_ONCE):
            some = places[start : start + _AT_ONCE]
            answers[some] = _tested([pairs[place] for place in some], later)
    return answers


def _divisions(first: int, second: int, rng: np.random.Generator) -> Floats:
    """Which narratives count as later, (divisions, n) of 0 and 1; the observed division comes first."""
    n = first + second
    if comb(n, second) <= _MOST_EXACT:
        chosen = np.array(list(combinations(range(n - 1, -1, -1), second)))
    else:
        shuffled = np.argsort(rng.random((_MONTE_CARLO, n)), axis=1)[:, :second]
        chosen = np.vstack([np.arange(first, n), shuffled])
    later = np.zeros((len(chosen), n))
    np.put_along_axis(later, chosen, 1.0, axis=1)
    return later


def _tested(pairs: Sequence[Pair], later: Floats) -> Floats:
    weights = np.stack([pair[1] for pair in pairs], axis=1)
    sums = np.stack([pair[0] * pair[1] for pair in pairs], axis=1)
    after, weight_after = later @ sums, later @ weights
    before, weight_before = sums.sum(axis=0) - after, weights.sum(axis=0) - weight_after
    usable = (weight_after > 1e-9) & (weight_before > 1e-9)
    late = np.divide(after, weight_after, out=np.zeros_like(after), where=usable)
    early = np.divide(before, weight_before, out=np.zeros_like(before), where=usable)
    size = np.abs(late - early)
    answers: Floats = (size >= size[0] - 1e-9).mean(axis=0)
    return answers
