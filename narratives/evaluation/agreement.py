"""Agreement between any number of coders, with gaps: Krippendorff's alpha and Gwet's AC1.

Alpha is counted from coincidences (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability",
sections C and D): they are sums over units, so a bootstrap over persons only adds them up anew.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from narratives.evaluation.scores import ratio

__all__ = ["LEVELS", "ac1_of", "alpha_of", "coincidences", "gwet_terms", "krippendorff_alpha"]

LEVELS = ("nominal", "ordinal", "interval")

Floats = NDArray[np.float64]


def coincidences(ratings: np.ndarray, codes: int) -> Floats:
    """Coincidences of each unit, shape (units, codes, codes); a unit with fewer than two ratings has none.

    Args:
        ratings: shape (coders, units), code indices, -1 where a coder did not code.
    """
    counts = _counts(ratings, codes)
    total = counts.sum(1)
    pairs = counts[:, :, None] * counts[:, None, :] - np.eye(codes) * counts[:, :, None]
    return np.asarray(pairs / np.maximum(total - 1, 1)[:, None, None])


def alpha_of(coincidence: np.ndarray, level: str = "nominal", values: Sequence[float] | None = None) -> Floats:
    """Alpha of summed coincidences, shape (...) for shape (..., codes, codes).

    Args:
        level: one of :data:`LEVELS`; for "ordinal" the codes must stand in order.
        values: of the codes, for "interval"; their places if not given.

    Returns:
        At most 1. NaN where only one code occurs: without variation there is nothing to be reliable about.
    """
    margins = coincidence.sum(-1)
    total = margins.sum(-1)
    costs = _costs(margins, level, values)
    observed = (coincidence * costs).sum((-2, -1)) * (total - 1)
    expected = (margins[..., :, None] * margins[..., None, :] * costs).sum((-2, -1))
    return 1 - ratio(observed, expected)


def krippendorff_alpha(
    ratings: np.ndarray, codes: int, level: str = "nominal", values: Sequence[float] | None = None
) -> float:
    """Krippendorff's alpha of a table of ratings; see :func:`coincidences` and :func:`alpha_of`.

    Raises:
        ValueError: for a level that is not in :data:`LEVELS`.
    """
    return float(alpha_of(coincidences(ratings, codes).sum(0), level, values))


def gwet_terms(ratings: np.ndarray, codes: int) -> Floats:
    """What AC1 needs of each unit, shape (units, 3 + codes): whether it has two ratings, the share of
    its pairs that agree, whether it has a rating at all, and the share of each code.

    Args:
        ratings: shape (coders, units), code indices, -1 where a coder did not code.
    """
    counts = _counts(ratings, codes)
    total = counts.sum(1)
    agreeing = (counts * (counts - 1)).sum(1) / np.maximum(total * (total - 1), 1)
    shares = counts / np.maximum(total, 1)[:, None]
    return np.column_stack([total >= 2, np.where(total >= 2, agreeing, 0), total >= 1, shares]).astype(float)


def ac1_of(terms: np.ndarray) -> Floats:
    """Gwet's AC1 of summed terms (2008, section 4; several raters), shape (...) for shape (..., 3 + codes)."""
    observed = ratio(terms[..., 1], terms[..., 0])
    shares = ratio(terms[..., 3:], terms[..., 2, None])
    chance = (shares * (1 - shares)).sum(-1) / (shares.shape[-1] - 1)
    return ratio(observed - chance, 1 - chance)


def _counts(ratings: np.ndarray, codes: int) -> Floats:
    """How many coders gave each code to each unit, shape (units, codes)."""
    return np.asarray((ratings[:, :, None] == np.arange(codes)).sum(0), dtype=float)


def _costs(margins: np.ndarray, level: str, values: Sequence[float] | None) -> Floats:
    """Squared differences between codes, shape (..., codes, codes)."""
    codes = margins.shape[-1]
    if level == "nominal":
        return 1 - np.eye(codes)
    if level == "interval":
        places = np.arange(codes) if values is None else np.asarray(values, dtype=float)
        return np.asarray((places[:, None] - places[None, :]) ** 2)
    if level != "ordinal":
        raise ValueError(f"unknown level {level!r}: choose one of {', '.join(LEVELS)}")
    # ranks as far apart as there are values between them, half of their own counted (section D, ordinal)
    centres = np.cumsum(margins, axis=-1) - margins / 2
    return np.asarray((centres[..., :, None] - centres[..., None, :]) ** 2)
