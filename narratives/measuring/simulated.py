"""Simulated studies with known truth: drawn persons, waves, narratives, and a classifier that errs.

The classifier sees some narratives as easy and some as hard, each kind with its own error matrix, and gives
the probabilities of codes by Bayes' rule from those matrices, so it is calibrated in the population unless
told to be overconfident or to drift.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["ACCURATE", "CLASSIFIERS", "POPULATION", "Classifier", "World", "draw_codes", "draw_shares"]

Floats = NDArray[np.float64]

POPULATION = np.array([0.35, 0.40, 0.25])
"""Shares of three ranked codes among all persons' narratives."""

_EASY = 0.55
_WHERE_ERRORS_GO = np.array([[0.0, 0.8, 0.2], [0.5, 0.0, 0.5], [0.2, 0.8, 0.0]])


@dataclass(frozen=True)
class Classifier:
    """How a simulated model errs.

    Attributes:
        name: for the tables.
        right: how often it is right on easy and on hard narratives.
        sharpening: exponent on its probabilities; 1 is calibrated, more is overconfident.
        drift: share of narratives at the later waves that it moves to the lowest code without knowing.
    """

    name: str
    right: tuple[float, float]
    sharpening: float = 1.0
    drift: float = 0.0

    def matrices(self) -> Floats:
        """Its error matrices, (2, codes, codes): row the true code, column the code it sees."""
        diagonal = np.array(self.right)[:, None, None]
        matrices: Floats = (1 - diagonal) * _WHERE_ERRORS_GO + diagonal * np.eye(3)
        return matrices

    def probabilities(
        self,
        codes: NDArray[np.int64],
        later: NDArray[np.bool_],
        rng: np.random.Generator,
        population: Floats = POPULATION,
    ) -> Floats:
        """What it says of narratives with these true codes, (..., codes).

        Args:
            codes: true codes, any shape.
            later: same shape; narratives that drift touches.
            rng: source of chance.
            population: shares at which it is calibrated.
        """
        hard = (rng.random(codes.shape) >= _EASY).astype(np.int64)
        matrices = self.matrices()
        seen = draw_codes(matrices[hard, codes], rng)
        seen = np.where(later & (rng.random(codes.shape) < self.drift), 0, seen)
        joint = population * np.moveaxis(matrices, 2, 1)[hard, seen]
        sharp: Floats = joint**self.sharpening
        return sharp / sharp.sum(axis=-1, keepdims=True)


ACCURATE = Classifier("accurate (82 %)", (0.97, 0.65))
CLASSIFIERS = (
    ACCURATE,
    Classifier("weak (69 %)", (0.85, 0.50)),
    Classifier("overconfident (69 %)", (0.85, 0.50), sharpening=2.5),
    Classifier("drifting (82 %, later 69 %)", (0.97, 0.65), drift=0.15),
)


@dataclass(frozen=True)
class World:
    """What persons are like.

    Attributes:
        name: for the tables.
        likeness: concentration of persons' shares around the population's (Dirichlet); small means extreme.
        unchanged: share of persons whose shares stay the same from one wave to the next.
    """

    name: str
    likeness: float
    unchanged: float = 0.5

    def shares(self, studies: int, persons: int, rng: np.random.Generator) -> Floats:
        """True shares in two waves, (studies, persons, 2, codes)."""
        shares = draw_shares(POPULATION * self.likeness, (studies, persons, 2), rng)
        same = rng.random((studies, persons)) < self.unchanged
        shares[:, :, 1][same] = shares[:, :, 0][same]
        return shares


def draw_shares(parameters: Floats, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """Dirichlet draws, (*shape, codes)."""
    return rng.dirichlet(parameters, shape)


def draw_codes(shares: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """A code for each row of shares, from (..., codes) to (...)."""
    heights = np.cumsum(shares, axis=-1)
    point = rng.random(shares.shape[:-1]) * heights[..., -1]
    drawn: NDArray[np.int64] = (heights[..., :-1] <= point[..., None]).sum(axis=-1)
    return drawn
