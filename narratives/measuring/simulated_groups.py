"""Simulated studies of a group, as the model has it and corrected by a review."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from narratives.measuring.corrected import corrected_means, corrected_shifts
from narratives.measuring.sampling import draw_sample
from narratives.measuring.simulated import CODEBOOK, POPULATION, RANKS, Classifier, as_table, draw_codes

__all__ = ["QUANTITIES", "Errors", "corrected_study"]

Errors = tuple[float, float, float, float]
"""Naive error, half the naive interval, then low and high of the corrected interval less the truth."""

QUANTITIES = ("mean, later wave", "shift")

_LATER = np.array([0.22, 0.36, 0.42])


def corrected_study(classifier: Classifier, seed: int, *, size: int = 80) -> dict[str, Errors]:
    """One study of 20 persons, two waves, 8 narratives each; true change of 0.3 ranks; ``size`` are reviewed.

    Returns:
        by quantity of :data:`QUANTITIES`.
    """
    rng = np.random.default_rng([7, seed])
    shares = np.stack([rng.dirichlet(3 * mean, 20) for mean in (POPULATION, _LATER)], axis=1)
    codes = draw_codes(np.repeat(shares[:, :, None], 8, axis=2), rng)
    later = np.broadcast_to(np.array([False, True])[:, None], codes.shape)
    given = classifier.probabilities(codes, later, rng)
    person, wave, _ = (part.ravel() for part in np.indices(codes.shape))
    frame = as_table(given.reshape(-1, 3), codes.ravel(), person, wave + 1)
    review = draw_sample(frame, size, by=("wave",), seed=seed)[["narrative_id", "probability", "human"]]
    review = review.rename(columns={"human": "rank"})
    found = corrected_means(frame, review, CODEBOOK).iloc[1], corrected_shifts(frame, review, CODEBOOK).iloc[0]
    truth = float(_LATER @ RANKS), float((_LATER - POPULATION) @ RANKS)
    persons = (given @ RANKS).mean(axis=2)
    naive = _cluster_t(persons[:, 1]), _cluster_t(persons[:, 1] - persons[:, 0])
    return {
        name: (value - true, half, float(row["low"]) - true, float(row["high"]) - true)
        for name, true, (value, half), row in zip(QUANTITIES, truth, naive, found, strict=True)
    }


def _cluster_t(values: NDArray[np.float64]) -> tuple[float, float]:
    """Mean of persons and half its interval."""
    from scipy.stats import t

    half = t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return float(values.mean()), float(half)
