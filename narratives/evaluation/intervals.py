"""Bootstrap intervals that draw persons, not texts: a person's texts resemble each other.

Measures are functions of sums over persons (confusion matrices, sums of squares), so a resample is a
vector of how often each person was drawn, and a thousand of them are one matrix product (cluster
bootstrap: Field & Welsh 2007, J. R. Statist. Soc. B 69, section 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["RESAMPLES", "Resampling", "bounds", "draw_persons_again"]

RESAMPLES = 1000
_LEVEL = 0.95
_MOST_UNDEFINED = 0.1

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Resampling:
    """Resamples of persons with replacement.

    Attributes:
        owners: shape (texts,), the person of each text as a number.
        counts: shape (resamples, persons), how often each person was drawn.
    """

    owners: NDArray[np.int64]
    counts: Floats

    @property
    def persons(self) -> int:
        """How many persons there are."""
        return int(self.counts.shape[1])

    def of_texts(self) -> Floats:
        """How often each text was drawn, shape (resamples, texts)."""
        return np.asarray(self.counts[:, self.owners])

    def sums(self, per_text: np.ndarray) -> Floats:
        """Sums over the texts of each resample, shape (resamples, ...), of values of shape (texts, ...)."""
        flat = per_text.reshape(len(per_text), int(np.prod(per_text.shape[1:])))
        by_person = np.zeros((self.persons, flat.shape[1]))
        np.add.at(by_person, self.owners, flat)
        return np.asarray(self.counts @ by_person).reshape(len(self.counts), *per_text.shape[1:])


def draw_persons_again(persons: Sequence[str], resamples: int = RESAMPLES, seed: int = 0) -> Resampling:
    """Draw as many persons as there are, with replacement, ``resamples`` times.

    Args:
        persons: of each text, shape (texts,).
    """
    names, owners = np.unique(np.asarray(persons, dtype=str), return_inverse=True)
    count = max(1, len(names))
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=resamples)
    return Resampling(owners.astype(np.int64), drawn.astype(float))


def bounds(draws: np.ndarray, *, around: float | None = None) -> tuple[float, float]:
    """The 95 % percentile interval of bootstrap values; NaN if there is nothing to draw from.

    Resamples in which a measure is not defined are left out; if that is more than a tenth of them,
    or there is only one person, no interval is given.

    Args:
        draws: shape (resamples,).
        around: the value itself, for measures which resampling pushes upwards (calibration error):
            then the interval is the basic one, mirrored around it and cut off at 0.
    """
    known = draws[~np.isnan(draws)]
    if len(known) < (1 - _MOST_UNDEFINED) * len(draws) or not len(known):
        return float("nan"), float("nan")
    low, high = (float(value) for value in np.quantile(known, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2]))
    if around is None:
        return low, high
    return max(0.0, 2 * around - high), max(0.0, 2 * around - low)
