"""Persons by waves: which cells there are, and what is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narratives.codebook import Variable
from narratives.measuring.posterior import DRAWS, evidence, mean_ranks, mixed_draws
from narratives.measuring.recalibrated import recalibrated
from narratives.measuring.rows import Prevalence, names_of, people_shares, prevalence_of, probabilities, ranks_of

__all__ = ["Cells", "Measured", "around", "cells_of", "known", "measured"]

_LEAST_RANKED = 0.5


@dataclass(frozen=True)
class Cells:
    """Persons by waves.

    Attributes:
        keys: one row per cell: person, wave, n (narratives), narrative_ids; sorted.
        of_row: (rows,) the cell of each narrative.
    """

    keys: pd.DataFrame
    of_row: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True)
class Measured:
    """One variable in every cell.

    Attributes:
        given: (rows, codes) the probabilities measured from: the model's, or corrected by a review.
        shares: (cells, codes) mean probability of each code; NaN where there is no narrative.
        ranked: (cells,) narratives with a ranked code, by probability.
        means: (cells,) mean rank by probability; NaN where ranked narratives add up to less than a half.
        share_draws: (draws, cells, codes) what the shares may be beyond these narratives.
        mean_draws: (draws, cells) the same for the mean rank; empty for a nominal variable.
    """

    given: NDArray[np.float64]
    shares: NDArray[np.float64]
    ranked: NDArray[np.float64]
    means: NDArray[np.float64]
    share_draws: NDArray[np.float32]
    mean_draws: NDArray[np.float32]


def cells_of(
    rows: pd.DataFrame, interviews: pd.DataFrame | None = None, by: Sequence[str] = ("person", "wave")
) -> Cells:
    """Every person and wave that has narratives or, by the interviews, was interviewed.

    Args:
        rows: of one line.
        interviews: table with ``person`` and ``wave``; None knows only of waves with narratives.
        by: what makes a cell, if not person and wave; then the interviews do not count.
    """
    if tuple(by) != ("person", "wave"):
        return _numbered(rows, rows[list(by)].drop_duplicates())
    known = rows[["person", "wave"]]
    if interviews is not None and {"person", "wave"} <= set(interviews.columns):
        names = names_of(interviews["person"], rows["person"])
        held = interviews[["wave"]].astype("Int64").assign(person=names)[["person", "wave"]].dropna()
        held["person"] = held["person"].astype(str)
        known = pd.concat([known, held], ignore_index=True)
    return _numbered(rows, known.drop_duplicates())


def _numbered(rows: pd.DataFrame, keys: pd.DataFrame) -> Cells:
    """Cells in the order of their keys, with the narratives of each."""
    columns = list(keys.columns)
    keys = keys.sort_values(columns, ignore_index=True)
    index = pd.MultiIndex.from_frame(keys)
    of_row = index.get_indexer(pd.MultiIndex.from_frame(rows[columns])).astype(np.int64)
    counts = np.bincount(of_row, minlength=len(keys))
    ids = rows["narrative_id"].astype(str).groupby(of_row).agg(";".join).reindex(range(len(keys))).fillna("")
    return Cells(keys.assign(n=counts, narrative_ids=ids.to_numpy()), of_row)


def measured(
    rows: pd.DataFrame,
    cells: Cells,
    variable: Variable,
    *,
    prevalence: Prevalence | None = None,
    review: pd.DataFrame | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Measured:
    """Measure a variable in all cells at once.

    Args:
        rows: of one line; with ``wave`` where there is a review.
        cells: of the rows.
        variable: ranked or not.
        prevalence: shares of codes at which the model is calibrated; None estimates them. Not used with a review.
        review: people's codes (:attr:`narratives.agency.Review.rows`); the model's are then set right by them
            (:mod:`narratives.measuring.recalibrated`). None, or none of these rows in it, takes the model's.
        draws: number of draws.
        seed: of the draws.
    """
    given, likelihoods = known(rows, variable, prevalence, review, seed)
    ranks = ranks_of(variable)
    sums = np.stack([np.bincount(cells.of_row, column, len(cells)) for column in given.T], axis=1).astype(np.float64)
    counts = cells.keys["n"].to_numpy(dtype=np.float64)[:, None]
    shares = np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)
    inside = ~np.isnan(ranks)
    ranked = sums[:, inside].sum(axis=1)
    enough = ranked >= _LEAST_RANKED
    means = np.divide(sums[:, inside] @ ranks[inside], ranked, out=np.full(len(cells), np.nan), where=enough)
    prior = 1.0 / (int(inside.sum()) if variable.ranked else len(ranks))
    drawn = mixed_draws(likelihoods, cells.of_row, len(cells), draws=draws, seed=seed, alpha=prior)
    mean_draws = mean_ranks(drawn, ranks) if variable.ranked else np.empty((draws, 0), dtype=np.float32)
    return Measured(given, shares, ranked, means, drawn, mean_draws)


def known(
    rows: pd.DataFrame,
    variable: Variable,
    prevalence: Prevalence | None = None,
    review: pd.DataFrame | None = None,
    seed: int = 0,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Probabilities (rows, codes), and how well codes explain texts (calibrators, rows, codes); as :func:`measured`."""
    given = probabilities(rows, variable)
    people = np.zeros_like(given) if review is None else people_shares(rows, review, variable)
    if not people.any():
        return given, evidence(given, prevalence_of(given, variable, prevalence))[None]
    found = recalibrated(given, people, rows["wave"].to_numpy(), variable, seed=seed)
    return found.probabilities, found.likelihoods


def around(
    estimate: NDArray[np.float64], draws: NDArray[np.float32], level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The central interval of ``draws`` (first axis), widened where needed to hold the estimate; NaN where that is."""
    tail = (1 - level) / 2
    low, high = np.quantile(draws, [tail, 1 - tail], axis=0, method="weibull").astype(np.float64)
    missing = np.isnan(estimate)
    return (
        np.where(missing, np.nan, np.fmin(low, estimate)),
        np.where(missing, np.nan, np.fmax(high, estimate)),
    )
