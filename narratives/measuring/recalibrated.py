"""The model's probabilities set right by a sample that people coded, and the doubt that is left.

A calibrator is fitted to the sample: the log probabilities times a slope, plus an offset for each code, both
free to differ between waves, so that a model which is too sure of itself, or which drifts from one wave to the
next, is seen and mended (temperature and vector scaling: Guo et al. 2017, ICML; Kull et al. 2019, NeurIPS).
Normal priors hold it near "nothing to mend" until the sample says otherwise. Several calibrators are drawn from
its posterior (Laplace approximation), so that a small sample gives wide intervals; what they are fitted to is not
fed back from the shares that are estimated with them (a "cut", Plummer 2015, Statistics and Computing 25).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narratives.codebook import Variable
from narratives.measuring.posterior import evidence
from narratives.measuring.rows import prevalence_of

__all__ = ["CALIBRATORS", "Recalibrated", "recalibrated"]

CALIBRATORS = 20
"""Calibrators drawn from the posterior."""

_LEAST = 1e-3
_SLOPE, _SLOPE_OF_WAVE = 0.7, 0.4
_OFFSET, _OFFSET_OF_WAVE = 1.0, 0.7
_STEPS, _NEAR = 50, 1e-6

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Recalibrated:
    """What the narratives' codes are, given the model and the people.

    Attributes:
        probabilities: (n, codes) the mean of the calibrators; where people coded, the people's codes.
        likelihoods: (calibrators, n, codes) how well each code explains each text, rows summing to 1; where
            people coded, the people's codes.
    """

    probabilities: Floats
    likelihoods: Floats


def recalibrated(
    model: Floats, people: Floats, waves: NDArray[Any], variable: Variable, *, seed: int = 0, draws: int = CALIBRATORS
) -> Recalibrated:
    """Learn from the reviewed narratives what the model's probabilities mean, wave by wave.

    Args:
        model: (n, codes) the model's probabilities, rows summing to 1.
        people: (n, codes) shares of the people's codes, rows summing to 1, or to 0 where nobody coded.
        waves: (n,) the wave of each narrative.
        variable: whose codes, in label order.
        seed: of the draws.
        draws: number of calibrators.
    """
    reviewed = people.sum(axis=1) > 0
    logs = np.log(np.clip(model, _LEAST, 1.0))
    terms, precision = _terms(logs - logs.mean(axis=1, keepdims=True), np.unique(waves, return_inverse=True)[1])
    posterior = _Posterior(logs[reviewed], terms[reviewed], precision, people[reviewed])
    given = np.stack([_softmax(logs + terms @ weights) for weights in posterior.draws(draws, seed)])
    likelihoods = np.stack([_explained(shares, waves, variable) for shares in given])
    for each in (given, likelihoods):
        each[:, reviewed] = people[reviewed]
    return Recalibrated(given.mean(axis=0), likelihoods)


def _terms(logs: Floats, wave: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """What a calibrator can add to log probabilities, (n, codes, terms), and how strongly 0 is believed, (terms,).

    Slope and offsets common to all waves, then the deviations of each wave.
    """
    n, codes = logs.shape
    common = np.concatenate([logs[:, :, None], np.broadcast_to(np.eye(codes), (n, codes, codes))], axis=2)
    inside = (wave[:, None] == np.arange(wave.max(initial=0) + 1)).astype(np.float64)
    own = np.einsum("nkt,nw->nkwt", common, inside).reshape(n, codes, -1)
    spread = [np.r_[_SLOPE, np.full(codes, _OFFSET)]]
    spread += [np.r_[_SLOPE_OF_WAVE, np.full(codes, _OFFSET_OF_WAVE)]] * inside.shape[1]
    return np.concatenate([common, own], axis=2), np.concatenate(spread) ** -2.0


@dataclass(frozen=True)
class _Posterior:
    """Of a calibrator's weights, given the n narratives that people coded.

    Attributes:
        logs: (n, codes) log probabilities of the model.
        terms: (n, codes, terms) what each weight adds to them.
        precision: (terms,) of the normal priors around 0.
        people: (n, codes) shares of the people's codes.
    """

    logs: Floats
    terms: Floats
    precision: Floats
    people: Floats

    def draws(self, count: int, seed: int) -> Floats:
        """Weights drawn from the normal distribution at the mode, (count, terms)."""
        mode = self.mode()
        spread = np.linalg.inv(np.linalg.cholesky(self.derivatives(mode)[1]))
        drawn: Floats = mode + np.random.default_rng(seed).standard_normal((count, len(mode))) @ spread
        return drawn

    def mode(self) -> Floats:
        """The most probable weights, (terms,), by Newton's method."""
        weights = np.zeros(len(self.precision))
        for _ in range(_STEPS):
            slope, curvature = self.derivatives(weights)
            step = self._shortened(weights, np.asarray(np.linalg.solve(curvature, slope), dtype=np.float64))
            weights = weights + step
            if np.abs(step).max() < _NEAR:
                break
        return weights

    def derivatives(self, weights: Floats) -> tuple[Floats, Floats]:
        """Slope of the log posterior, (terms,), and its negative curvature, (terms, terms)."""
        shares = _softmax(self.logs + self.terms @ weights)
        slope = np.einsum("nkt,nk->t", self.terms, self.people - shares) - self.precision * weights
        weighted = shares[:, :, None] * self.terms
        means = weighted.sum(axis=1)
        curvature = np.tensordot(weighted, self.terms, axes=([0, 1], [0, 1])) - means.T @ means
        return slope, curvature + np.diag(self.precision)

    def loss(self, weights: Floats) -> float:
        """Negative log posterior, but for a constant."""
        shares = np.clip(_softmax(self.logs + self.terms @ weights), 1e-300, None)
        return float((self.precision * weights**2).sum() / 2 - (self.people * np.log(shares)).sum())

    def _shortened(self, weights: Floats, step: Floats) -> Floats:
        """The step, or a half or quarter ... of it that does not make things worse."""
        now = self.loss(weights)
        while self.loss(weights + step) > now + _NEAR and np.abs(step).max() > _NEAR:
            step = step / 2
        return step


def _explained(shares: Floats, waves: NDArray[Any], variable: Variable) -> Floats:
    """Evidence for each code, against what is expected in the narrative's wave."""
    found = np.empty_like(shares)
    for wave in np.unique(waves):
        inside = waves == wave
        found[inside] = evidence(shares[inside], prevalence_of(shares[inside], variable))
    return found


def _softmax(scores: Floats) -> Floats:
    """Over the last axis."""
    from scipy.special import softmax

    found: Floats = softmax(scores, axis=-1)
    return found
