"""Scores as functions of confusion counts, so that one definition serves the value and its bootstrap.

Counts have the shape (..., codes, codes): true codes in rows, chosen codes in columns, label order on both.
Every function returns NaN where its measure is not defined, and never divides by zero on the way.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["accuracy", "code_f1", "confusion", "gwet_ac1", "macro_f1", "quadratic_kappa", "ranked_only", "ratio"]

Floats = NDArray[np.float64]


def confusion(truth: np.ndarray, chosen: np.ndarray, codes: int) -> Floats:
    """One-hot confusion of each text, shape (texts, codes, codes); sum over texts for the matrix.

    Args:
        truth, chosen: shape (texts,), indices in label order; -1 (not coded) gives a matrix of zeros.
    """
    counts = np.zeros((len(truth), codes, codes))
    both = np.flatnonzero((truth >= 0) & (chosen >= 0))
    counts[both, truth[both], chosen[both]] = 1
    return counts


def ratio(above: np.ndarray, below: np.ndarray) -> Floats:
    """``above / below``, NaN where ``below`` is 0."""
    whole = np.asarray(below, dtype=float)
    return np.asarray(np.where(whole == 0, np.nan, above / np.where(whole == 0, 1, whole)))


def accuracy(counts: np.ndarray) -> Floats:
    """Share of texts given their true code, in [0, 1]."""
    return ratio(np.trace(counts, axis1=-2, axis2=-1), counts.sum((-2, -1)))


def code_f1(counts: np.ndarray) -> Floats:
    """F1 of each code, shape (..., codes), in [0, 1]; NaN for a code that no text truly has."""
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    true, chosen = counts.sum(-1), counts.sum(-2)
    return np.where(true == 0, np.nan, ratio(2 * hits, true + chosen))


def macro_f1(counts: np.ndarray) -> Floats:
    """Mean F1 over the codes that occur in the truth, in [0, 1]."""
    each = code_f1(counts)
    known = ~np.isnan(each)
    return ratio(np.where(known, each, 0).sum(-1), known.sum(-1))


def ranked_only(counts: np.ndarray, ranks: Sequence[int | None]) -> Floats:
    """Counts reduced to codes with a rank, in the order of ranks, shape (..., ranks, ranks)."""
    order = sorted((rank, place) for place, rank in enumerate(ranks) if rank is not None)
    places = [place for _, place in order]
    return np.asarray(counts[..., places, :][..., places])


def quadratic_kappa(counts: np.ndarray, ranks: Sequence[int | None]) -> Floats:
    """Kappa with quadratic weights over texts whose true and chosen code have a rank (Cohen 1968, Psych. Bull. 70).

    In [-1, 1]; NaN where all codes, true and chosen, are one and the same: agreement is then total,
    but there is nothing it could be compared with.
    """
    ranked = ranked_only(counts, ranks)
    places = np.arange(ranked.shape[-1])
    costs = (places[:, None] - places[None, :]) ** 2
    rows, columns = ranked.sum(-1), ranked.sum(-2)
    expected = (rows[..., :, None] * columns[..., None, :] * costs).sum((-2, -1))
    observed = (ranked * costs).sum((-2, -1)) * ranked.sum((-2, -1))
    return 1 - ratio(observed, expected)


def gwet_ac1(counts: np.ndarray) -> Floats:
    """AC1 of two codings (Gwet 2008, Brit. J. Math. Stat. Psych. 61, section 4), in [-1, 1].

    Unlike kappa and alpha it is defined, and 1, when both gave one and the same code throughout.
    """
    total = counts.sum((-2, -1))
    shares = ratio(counts.sum(-1) + counts.sum(-2), 2 * total[..., None])
    chance = (shares * (1 - shares)).sum(-1) / (counts.shape[-1] - 1)
    return ratio(accuracy(counts) - chance, 1 - chance)
