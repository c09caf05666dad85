"""Probabilities that mean what they say, and when a person should look."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from narratives.classify import Calibration
from narratives.coded.records import CodedData
from narratives.training.scores import softmax

__all__ = ["calibrate", "fit_temperature", "review_threshold"]

_LOWEST, _HIGHEST = 0.25, 8.0
_FEWEST = 20
_SHARE_OF_ERROR = 2 / 3


def fit_temperature(logits: np.ndarray, targets: np.ndarray, weights: np.ndarray | None = None) -> float:
    """The temperature that makes held-out targets most likely (Guo et al. 2017, section 4.2).

    Args:
        logits, targets: shape (n, codes); rows of ``targets`` sum to 1, or to 0 where not coded.
        weights: shape (n,).

    Returns:
        A number in [0.25, 8]; 1 when fewer than 20 texts are coded.
    """
    from scipy.optimize import minimize_scalar

    coded = targets.sum(1) > 0
    if coded.sum() < _FEWEST:
        return 1.0
    scores, truth = logits[coded], targets[coded]
    weight = np.ones(len(scores)) if weights is None else weights[coded]

    def loss(log_temperature: float) -> float:
        shares = softmax(scores / np.exp(log_temperature))
        return float(-(weight[:, None] * truth * np.log(np.clip(shares, 1e-12, 1))).sum())

    found = minimize_scalar(loss, bounds=(np.log(_LOWEST), np.log(_HIGHEST)), method="bounded")
    return float(np.exp(found.x))


def review_threshold(probabilities: np.ndarray, hard: np.ndarray) -> float:
    """The certainty under which a person should look.

    The rule: keep as many of the surest codes as possible while their error is at most two thirds of
    the error of all; the threshold lies midway between the last one kept and the next. If no errors
    are made nothing needs a look, and below 20 coded texts the rule says nothing (0).

    Args:
        probabilities: calibrated, shape (n, codes).
        hard: index of the true code, shape (n,), -1 where not coded.
    """
    coded = hard >= 0
    sure = probabilities[coded].max(1)
    wrong = (probabilities[coded].argmax(1) != hard[coded]).astype(float)
    if len(wrong) < _FEWEST or not wrong.any():
        return 0.0
    order = np.argsort(-sure, kind="stable")
    errors = wrong[order].cumsum() / np.arange(1, len(wrong) + 1)
    allowed = np.flatnonzero(errors <= _SHARE_OF_ERROR * wrong.mean())
    if not len(allowed):
        return float(sure.max())
    last = int(allowed[-1])
    below = sure[order][min(last + 1, len(wrong) - 1)]
    return float((sure[order][last] + below) / 2)


def calibrate(data: CodedData, logits: Mapping[str, np.ndarray], review: tuple[str, ...] = ()) -> Calibration:
    """Temperatures and review thresholds from held-out texts.

    Args:
        data: held-out texts, in the order of the rows of ``logits``.
        logits: per variable, shape (n, codes).
        review: variables that can send a text to review; none means all ranked ones, or all if none is ranked.
    """
    temperatures, thresholds = {}, {}
    ranked = tuple(variable.name for variable in data.codebook.variables if variable.ranked)
    watched = review or ranked or data.codebook.names
    for name in data.codebook.names:
        temperatures[name] = round(fit_temperature(logits[name], data.targets(name)), 4)
        if name in watched:
            shares = softmax(logits[name] / temperatures[name])
            thresholds[name] = round(review_threshold(shares, data.hard(name)), 4)
    return Calibration(temperatures, thresholds)
