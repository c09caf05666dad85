"""Simulated studies with known truth: drawn persons, waves, narratives, and a classifier that errs.

The classifier sees some narratives as easy and some as hard, each kind with its own error matrix, and gives
the probabilities of codes by Bayes' rule from those matrices, so it is calibrated in the population unless
told to be overconfident or to drift.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narratives.codebook import Codebook, parse_codebook

__all__ = [
    "ACCURATE",
    "CLASSIFIERS",
    "CODEBOOK",
    "POPULATION",
    "RANKS",
    "TYPICAL",
    "UNEVEN",
    "WORLDS",
    "Classifier",
    "World",
    "as_table",
    "draw_codes",
    "draw_shares",
    "reviewed_by_wave",
]

Floats = NDArray[np.float64]

POPULATION = np.array([0.35, 0.40, 0.25])
"""Shares of three ranked codes among all persons' narratives."""

RANKS = np.arange(3.0)

CODEBOOK: Codebook = parse_codebook(
    {
        "name": "simulated",
        "version": "1",
        "variables": [
            {
                "name": "rank",
                "scale": "ranked",
                "codes": [{"name": name, "rank": rank} for rank, name in enumerate(("low", "middle", "high"))],
            }
        ],
    }
)

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
        touched: share of the persons in whose narratives it drifts.
    """

    name: str
    right: tuple[float, float]
    sharpening: float = 1.0
    drift: float = 0.0
    touched: float = 1.0

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
            later: same shape; narratives that drift may touch.
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
UNEVEN = Classifier("drifting for half of the persons", (0.97, 0.65), drift=0.3, touched=0.5)
"""Errs in a way that the corrections of persons take not to be."""


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

    def shares(self, studies: int, persons: int, rng: np.random.Generator, waves: int = 2) -> Floats:
        """True shares, (studies, persons, waves, codes)."""
        shares = draw_shares(POPULATION * self.likeness, (studies, persons, waves), rng)
        for wave in range(1, waves):
            same = rng.random((studies, persons)) < self.unchanged
            shares[:, :, wave][same] = shares[:, :, wave - 1][same]
        return shares


WORLDS = (World("typical", 3.0), World("alike", 9.0), World("extreme", 1.5))
TYPICAL = WORLDS[0]


def draw_shares(parameters: Floats, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """Dirichlet draws, (*shape, codes)."""
    return rng.dirichlet(parameters, shape)


def draw_codes(shares: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """A code for each row of shares, from (..., codes) to (...)."""
    heights = np.cumsum(shares, axis=-1)
    point = rng.random(shares.shape[:-1]) * heights[..., -1]
    drawn: NDArray[np.int64] = (heights[..., :-1] <= point[..., None]).sum(axis=-1)
    return drawn


def reviewed_by_wave(waves: NDArray[np.int64], size: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which of the narratives are reviewed, (n,): ``size`` in all, as many from each wave, or all that there are."""
    known = np.unique(waves)
    order = rng.permutation(len(waves))
    drawn = [order[waves[order] == wave][: size // len(known)] for wave in known]
    chosen = np.zeros(len(waves), dtype=bool)
    chosen[np.concatenate(drawn)] = True
    return chosen


def as_table(
    given: Floats, codes: NDArray[np.int64], persons: NDArray[np.int64], waves: NDArray[np.int64]
) -> pd.DataFrame:
    """Narratives as a study has them, with the true codes in ``human``.

    Args:
        given: (n, codes) the classifier's probabilities.
        codes: (n,) true codes.
        persons, waves: (n,) whose they are and when they were told.
    """
    names = np.array(CODEBOOK.variables[0].labels)
    frame = pd.DataFrame({"person": persons.astype(str), "wave": waves, "start": np.arange(len(codes))})
    frame["narrative_id"] = frame["start"].astype(str)
    frame["human"] = names[codes]
    frame["rank"] = names[given.argmax(axis=1)]
    return frame.assign(**{f"rank_p_{name}": given[:, place] for place, name in enumerate(names)})
