"""Simulated persons in two waves, measured in several ways: do the intervals hold the truth?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from narratives.measuring.cells import around
from narratives.measuring.posterior import evidence, mean_ranks, mixed_draws
from narratives.measuring.recalibrated import recalibrated
from narratives.measuring.rows import prevalence_of
from narratives.measuring.shifts import MARGIN, verdicts
from narratives.measuring.simulated import CODEBOOK, RANKS, Classifier, World, draw_codes, reviewed_by_wave

__all__ = ["METHODS", "Persons", "person_studies"]

Floats = NDArray[np.float64]

METHODS = ("model", "corrected", "t", "bootstrap")
"""The model's probabilities as :mod:`narratives.agency` measures them; the same corrected by a review; Student's t on
the narratives' probabilities; percentile bootstrap of the most probable codes."""

_VARIABLE = CODEBOOK.variables[0]
_WIDEST = MARGIN * 2
_PERSONS = 20
_REVIEWED = 80
_DRAWS = 500


@dataclass(frozen=True)
class Persons:
    """Simulated persons, their true difference, and what was found.

    Attributes:
        mean_covered: (methods, persons, 2) whether the interval holds the true mean, in the order of :data:`METHODS`.
        shift_covered: (methods, persons) the same for the difference.
        shift_width: (methods,) mean width of its interval in ranks.
        truth: (persons,) true difference in ranks.
        verdict: (methods, persons).
    """

    mean_covered: NDArray[np.bool_]
    shift_covered: NDArray[np.bool_]
    shift_width: Floats
    truth: Floats
    verdict: NDArray[np.str_]

    @property
    def unchanged(self) -> NDArray[np.bool_]:
        """Whether nothing changed, (persons,)."""
        return self.truth == 0


@dataclass(frozen=True)
class _Study:
    """What is known of one or more studies: (studies, persons, waves, n) narratives.

    Attributes:
        given: (studies, persons, waves, n, codes) the classifier's probabilities.
        codes: (studies, persons, waves, n) true codes.
    """

    given: Floats
    codes: NDArray[np.int64]


Bounds = tuple[Floats, Floats, Floats, Floats]
"""Low and high of the means (persons, 2), then of the differences (persons,)."""


def person_studies(classifier: Classifier, world: World, n: int, studies: int, seed: int = 0) -> Persons:
    """Studies of twenty persons in two waves with ``n`` narratives each, eighty of them reviewed."""
    rng = np.random.default_rng([seed, n])
    shares = world.shares(studies, _PERSONS, rng)
    codes = draw_codes(np.repeat(shares[:, :, :, None], n, axis=3), rng)
    later = np.broadcast_to(np.array([False, True])[:, None], codes.shape)
    study = _Study(classifier.probabilities(codes, later, rng), codes)
    flat = study.given.reshape(-1, 2, n, 3)
    methods = [_of_model(study, seed), _corrected(study, rng), _student(flat), _bootstrap(flat.argmax(axis=-1), rng)]
    return _compared((shares @ RANKS).reshape(-1, 2), methods)


def _compared(means: Floats, methods: list[Bounds]) -> Persons:
    """What the methods found against the true means, (persons, 2)."""
    low, high, moved_low, moved_high = (np.stack([method[part] for method in methods]) for part in range(4))
    truth = means[:, 1] - means[:, 0]
    return Persons(
        mean_covered=(low <= means + 1e-9) & (means - 1e-9 <= high),
        shift_covered=(moved_low <= truth + 1e-9) & (truth - 1e-9 <= moved_high),
        shift_width=(moved_high - moved_low).mean(axis=1),
        truth=truth,
        verdict=verdicts(moved_low, moved_high, _WIDEST),
    )


def _of_model(study: _Study, seed: int) -> Bounds:
    """As :func:`narratives.agency.profiles` and ``shifts`` measure, each study's prevalence estimated from itself."""
    studies, codes = len(study.given), study.given.shape[-1]
    likelihood = [evidence(rows, prevalence_of(rows, _VARIABLE)) for rows in study.given.reshape(studies, -1, codes)]
    return _measured(study.given, np.concatenate(likelihood)[None], seed)


def _corrected(study: _Study, rng: np.random.Generator) -> Bounds:
    """As ``corrected_profiles`` and ``corrected_person_shifts`` measure, study by study."""
    found = [_corrected_study(_Study(given, codes), rng) for given, codes in zip(study.given, study.codes, strict=True)]
    low, high, moved_low, moved_high = (np.concatenate(part) for part in zip(*found, strict=True))
    return low, high, moved_low, moved_high


def _corrected_study(study: _Study, rng: np.random.Generator) -> Bounds:
    waves = np.indices(study.codes.shape)[1].ravel()
    reviewed = reviewed_by_wave(waves, _REVIEWED, rng)
    people = np.where(reviewed[:, None], np.eye(3)[study.codes.ravel()], 0.0)
    found = recalibrated(study.given.reshape(-1, 3), people, waves, _VARIABLE, seed=int(rng.integers(2**31)))
    return _measured(found.probabilities.reshape(study.given.shape)[None], found.likelihoods, int(rng.integers(2**31)))


def _measured(given: Floats, likelihoods: Floats, seed: int) -> Bounds:
    """Intervals from probabilities (studies, persons, waves, n, codes) and versions of what texts say."""
    studies, persons, waves, n, codes = given.shape
    cells = studies * persons * waves
    of_row = np.repeat(np.arange(cells), n)
    draws = mixed_draws(likelihoods, of_row, cells, draws=_DRAWS, seed=seed, alpha=1 / codes)
    ranks = mean_ranks(draws, RANKS).reshape(_DRAWS, -1, 2)
    estimate = (given @ RANKS).mean(axis=3).reshape(-1, 2)
    low, high = around(estimate, ranks, 0.95)
    moved_low, moved_high = around(estimate[:, 1] - estimate[:, 0], ranks[:, :, 1] - ranks[:, :, 0], 0.95)
    return low, high, moved_low, moved_high


def _student(given: Floats) -> Bounds:
    """Student's t on each narrative's mean rank."""
    from scipy.stats import t

    values = given @ RANKS
    n = values.shape[2]
    means, errors = values.mean(axis=2), values.std(axis=2, ddof=1) / np.sqrt(n)
    half = t.ppf(0.975, n - 1) * errors
    difference = means[:, 1] - means[:, 0]
    wide = t.ppf(0.975, 2 * n - 2) * np.sqrt((errors**2).sum(axis=1))
    return means - half, means + half, difference - wide, difference + wide


def _bootstrap(winners: NDArray[np.int64], rng: np.random.Generator, times: int = 200) -> Bounds:
    """Percentile bootstrap of the most probable codes, as if they were right."""
    n = winners.shape[2]
    means = np.empty((times, *winners.shape[:2]), dtype=np.float32)
    for step in range(times):
        chosen = rng.integers(0, n, winners.shape)
        means[step] = np.take_along_axis(winners, chosen, axis=2).mean(axis=2)
    low, high = np.quantile(means, [0.025, 0.975], axis=0)
    moved_low, moved_high = np.quantile(means[:, :, 1] - means[:, :, 0], [0.025, 0.975], axis=0)
    return low, high, moved_low, moved_high
