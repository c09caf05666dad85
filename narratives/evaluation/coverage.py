"""What is gained by leaving the least sure texts to people: risk against coverage.

The surest texts are kept first (El-Yaniv & Wiener 2010; the maximum probability is the standard
measure of sureness, Xin et al. 2021).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Kept", "RiskCurve", "area", "error_at", "kept_above", "risk_curve"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class RiskCurve:
    """Error among the texts kept, the surest first; each of shape (..., texts).

    Attributes:
        coverage: share of texts kept, rising to 1.
        risk: share of wrong codes among them.
        weights: how often each text counts.
    """

    coverage: Floats
    risk: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class Kept:
    """Texts at least as sure as a threshold: their share of all, and the error among them (NaN if none)."""

    threshold: float
    coverage: float
    error: float


def risk_curve(sure: np.ndarray, right: np.ndarray, weights: np.ndarray | None = None) -> RiskCurve:
    """The risk-coverage curve.

    Args:
        sure: probability of the chosen code, shape (texts,).
        right: whether it was the true one, shape (texts,).
        weights: shape (resamples, texts), for the bootstrap.
    """
    order = np.argsort(-sure, kind="stable")
    counted = np.ones((1, len(sure))) if weights is None else weights[:, order]
    kept = np.cumsum(counted, axis=1)
    wrong = np.cumsum(counted * (1 - right[order]), axis=1)
    curve = RiskCurve(kept / np.maximum(kept[:, -1:], 1), wrong / np.maximum(kept, 1), counted)
    return RiskCurve(curve.coverage[0], curve.risk[0], counted[0]) if weights is None else curve


def area(curve: RiskCurve) -> Floats:
    """Area under the curve: mean risk over all coverages, in [0, 1]; lower is better."""
    return np.asarray((curve.risk * curve.weights).sum(-1) / np.maximum(curve.weights.sum(-1), 1))


def error_at(curve: RiskCurve, coverage: float) -> Floats:
    """Error among the surest ``coverage`` of the texts (at least one text)."""
    place = np.argmax(curve.coverage >= coverage - 1e-9, axis=-1)
    return np.asarray(np.take_along_axis(curve.risk, place[..., None], axis=-1)[..., 0])


def kept_above(sure: np.ndarray, right: np.ndarray, threshold: float) -> Kept:
    """What is kept when texts less sure than ``threshold`` go to review."""
    kept = sure >= threshold
    error = float(1 - right[kept].mean()) if kept.any() else float("nan")
    return Kept(threshold, float(kept.mean()) if len(kept) else float("nan"), error)
