"""Whole simulated studies, of the size of the source study, measured by the functions that users call."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narratives.measuring.corrected_persons import corrected_person_shifts, corrected_profiles
from narratives.measuring.profiles import profiles
from narratives.measuring.shifts import shifts
from narratives.measuring.simulated import CODEBOOK, RANKS, TYPICAL, Classifier, as_table, draw_codes, reviewed_by_wave

__all__ = ["FEWEST", "MOST", "PERSONS", "REVIEWED", "WAVES", "Found", "whole_study"]

PERSONS, WAVES = 19, 3
FEWEST, MOST = 3, 15
"""Narratives in an interview: each number from 3 to 15 alike probable."""
REVIEWED = 80


@dataclass(frozen=True)
class Found:
    """One study measured in one way.

    Attributes:
        means_covered: (persons x waves,) whether the interval holds the true mean rank.
        shifts_covered: (shifts,) the same for each step and for first to last.
        truth: (shifts,) true differences.
        verdict: (shifts,).
    """

    means_covered: NDArray[np.bool_]
    shifts_covered: NDArray[np.bool_]
    truth: NDArray[np.float64]
    verdict: NDArray[np.str_]


def whole_study(classifier: Classifier, seed: int) -> dict[str, Found]:
    """One study of :data:`PERSONS` in :data:`WAVES`, :data:`REVIEWED` narratives reviewed; drift after the first wave.

    Returns:
        "model" and "corrected".
    """
    rng = np.random.default_rng([13, seed])
    shares = TYPICAL.shares(1, PERSONS, rng, WAVES)[0]
    counts = rng.integers(FEWEST, MOST + 1, (PERSONS, WAVES)).ravel()
    person, wave = (np.repeat(part.ravel(), counts) for part in np.indices((PERSONS, WAVES)))
    codes = draw_codes(shares[person, wave], rng)
    later = (wave > 0) & (person < classifier.touched * PERSONS)
    frame = as_table(classifier.probabilities(codes, later, rng), codes, person, wave + 1)
    review = frame.loc[reviewed_by_wave(wave, REVIEWED, rng), ["narrative_id", "human"]]
    review = review.rename(columns={"human": "rank"}).assign(probability=REVIEWED / len(frame))
    truth = shares @ RANKS
    given = frame, review, CODEBOOK
    return {
        "model": _found(truth, *(make(frame, CODEBOOK, seed=seed) for make in (profiles, shifts))),
        "corrected": _found(
            truth, *(make(*given, seed=seed) for make in (corrected_profiles, corrected_person_shifts))
        ),
    }


def _found(truth: NDArray[np.float64], means: pd.DataFrame, moved: pd.DataFrame) -> Found:
    """Against the true means, (persons, waves)."""
    true = truth[means["person"].astype(int), means["wave"].astype(int) - 1]
    whose = moved["person"].astype(int).to_numpy()
    first, last = (truth[whose, moved[f"wave_{end}"].astype(int) - 1] for end in ("from", "to"))
    difference = last - first
    return Found(
        means_covered=_holds(means, true),
        shifts_covered=_holds(moved, difference),
        truth=difference,
        verdict=moved["verdict"].to_numpy(dtype=np.str_),
    )


def _holds(table: pd.DataFrame, truth: NDArray[np.float64]) -> NDArray[np.bool_]:
    low, high = (table[end].to_numpy(dtype=np.float64) for end in ("low", "high"))
    inside: NDArray[np.bool_] = (low <= truth + 1e-9) & (truth - 1e-9 <= high)
    return inside
