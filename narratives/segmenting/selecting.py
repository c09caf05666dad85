"""From scores to narratives: the best division of a speech, found exactly.

A semi-Markov model (Sarawagi & Cohen 2004, "Semi-Markov conditional random fields", section 2) whose
scores come from elsewhere: speech is a row of narratives and of units outside narratives, and the
division with the highest total wins. Every narrative pays a *price*; that price sets the density.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Weights", "price_for", "select"]

_LONGEST = 60
"""Units in a narrative at most; coders' have 1-6, rarely more than 12."""

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts; tuned on persons kept for development.

    Attributes:
        narrativity: of the log-odds that a unit is in a narrative, for each unit of a narrative.
        start: of the log-odds of a boundary, where a narrative starts.
        end: of the same, where a narrative ends before a unit outside.
        length: of the log-likelihood of a narrative's length, in standard deviations from the mean.
        length_mean, length_sd: mean and standard deviation of the log of coders' narratives' words.
    """

    narrativity: float = 1.0
    start: float = 1.0
    end: float = 0.7
    length: float = 1.0
    length_mean: float = 3.8
    length_sd: float = 0.6


def select(
    narrativity: Scores,
    boundary: Scores,
    sizes: Sequence[int],
    weights: Weights,
    price: float,
    bars: Collection[int] = (),
) -> list[tuple[int, int]]:
    """The narratives of one speech, as (first unit, unit after the last), in order.

    Args:
        narrativity: log-odds that each unit is in a narrative, shape (n_units,).
        boundary: log-odds that a boundary stands before each unit, shape (n_units,); the first counts as 0.
        sizes: words of each unit.
        weights: see :class:`Weights`.
        price: what a narrative costs; higher means fewer.
        bars: units that no narrative goes on into; it may start there.

    Returns:
        Units that are in none are outside narratives. Ties go to fewer narratives.
    """
    n = len(sizes)
    inner = np.concatenate([[0.0], np.cumsum(weights.narrativity * np.asarray(narrativity, float))])
    words = np.concatenate([[0], np.cumsum(sizes)])
    edge = np.asarray(boundary, float).copy()
    if n:
        edge[0] = 0.0
    # outside[i], inside[i]: best totals of the first i units when the last of them is outside, or ends a narrative.
    outside, inside = np.full(n + 1, -np.inf), np.full(n + 1, -np.inf)
    outside[0] = 0.0
    came_from = np.zeros(n + 1, int)
    earliest = 0
    for end in range(1, n + 1):
        last = end - 1
        outside[end] = max(outside[last], inside[last] + weights.end * edge[last])
        earliest = last if last in bars else earliest
        first = max(earliest, end - _LONGEST)
        starts = np.arange(first, end)
        totals = np.maximum(outside[first:end], inside[first:end]) + weights.start * edge[first:end]
        totals += inner[end] - inner[first:end] + _length_score(words[end] - words[starts], weights) - price
        best = int(np.argmax(totals))
        inside[end], came_from[end] = totals[best], first + best
    return _trace(outside, inside, came_from, edge, weights.end)


def _length_score(words: NDArray[np.int_], weights: Weights) -> Scores:
    """Log-likelihood of narratives of so many words, up to a constant."""
    deviations = (np.log(np.maximum(words, 1)) - weights.length_mean) / weights.length_sd
    return np.asarray(-0.5 * weights.length * deviations**2)


def _trace(
    outside: Scores, inside: Scores, came_from: NDArray[np.int_], edge: Scores, end_weight: float
) -> list[tuple[int, int]]:
    """Walk back from the end along the choices that gave the best totals."""
    found: list[tuple[int, int]] = []
    i = len(outside) - 1
    in_narrative = inside[i] > outside[i]
    while i > 0:
        if in_narrative:
            start = int(came_from[i])
            found.append((start, i))
            in_narrative = inside[start] > outside[start]
            i = start
        else:
            in_narrative = inside[i - 1] + end_weight * edge[i - 1] > outside[i - 1]
            i -= 1
    return found[::-1]


def price_for(density: float, table: Sequence[tuple[float, float]]) -> float:
    """The price that gave about ``density`` narratives per 1,000 words on development persons.

    Args:
        density: wanted, above 0.
        table: (price, density) pairs, density falling as the price rises; interpolated in between.
    """
    prices, densities = zip(*sorted(table), strict=True)
    return float(np.interp(-density, [-value for value in densities], prices))
