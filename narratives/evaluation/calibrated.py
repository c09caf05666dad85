"""Whether probabilities mean what they say: Brier score, calibration error, reliability curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["BINS", "Bin", "brier_scores", "calibration_error", "reliability"]

BINS = 10

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bin:
    """Texts of like certainty.

    Attributes:
        certainty: their mean, in [0, 1].
        right: share of them that got their true code.
        n: how many they are.
    """

    certainty: float
    right: float
    n: int


def brier_scores(shares: np.ndarray, truth: np.ndarray) -> Floats:
    """Squared distance from the truth of each text, shape (texts,), in [0, 2] (Brier 1950).

    Args:
        shares: probabilities, shape (texts, codes).
        truth: index of the true code, shape (texts,), none missing.
    """
    wanted = np.zeros_like(shares)
    wanted[np.arange(len(truth)), truth] = 1
    return np.asarray(((shares - wanted) ** 2).sum(1))


def calibration_error(sure: np.ndarray, right: np.ndarray, weights: np.ndarray | None = None) -> Floats:
    """Expected calibration error over bins of equal mass (Nguyen & O'Connor 2015, section 3), in [0, 1].

    Args:
        sure: probability of the chosen code, shape (texts,).
        right: whether it was the true one, shape (texts,).
        weights: shape (resamples, texts), for the bootstrap.

    Returns:
        shape (resamples,), or () without weights. It is never 0 by chance: few texts look miscalibrated.
    """
    if weights is None:
        return calibration_error(sure, right, np.ones((1, len(sure))))[0]
    order = np.argsort(sure, kind="stable")
    gaps = sure[order] - right[order]
    return np.array([_one_error(gaps, row) for row in weights[:, order]])


def _one_error(gaps: np.ndarray, weights: np.ndarray) -> float:
    total = weights.sum()
    if not total:
        return float("nan")
    sums = np.bincount(_bins(weights), weights=gaps * weights, minlength=BINS)
    return float(np.abs(sums).sum() / total)


def reliability(sure: np.ndarray, right: np.ndarray) -> list[Bin]:
    """The reliability curve: mean certainty and share right in bins of equal mass, the least sure first.

    Args:
        sure, right: shape (texts,), as for :func:`calibration_error`.
    """
    order = np.argsort(sure, kind="stable")
    places = _bins(np.ones(len(sure)))
    members = [order[places == number] for number in np.unique(places)]
    return [Bin(float(sure[m].mean()), float(right[m].mean()), len(m)) for m in members]


def _bins(weights: np.ndarray) -> NDArray[np.int64]:
    """Bin of each sorted text, so that bins weigh alike and hold two texts or more."""
    count = max(1, min(BINS, int(np.ceil(len(weights) / 2))))
    middle = np.cumsum(weights) - weights / 2
    return np.minimum((middle / max(weights.sum(), 1e-12) * count).astype(np.int64), count - 1)
