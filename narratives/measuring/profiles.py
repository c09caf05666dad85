"""Profiles: each ranked variable per person and wave."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from narratives.codebook import Codebook, Variable
from narratives.measuring.cells import Cells, Measured, around, cells_of, measured
from narratives.measuring.posterior import DRAWS
from narratives.measuring.rows import PARTICIPANT, Prevalence, chosen, rows_of_line, tidy

__all__ = ["DISTRIBUTION_COLUMNS", "PROFILE_COLUMNS", "distributions", "profiles"]

PROFILE_COLUMNS = (
    "person",
    "line",
    "variable",
    "wave",
    "n",
    "n_ranked",
    "mean",
    "low",
    "high",
    "unranked",
    "certainty",
    "narrative_ids",
)
DISTRIBUTION_COLUMNS = (
    "person",
    "line",
    "variable",
    "wave",
    "code",
    "rank",
    "n",
    "share",
    "low",
    "high",
    "narrative_ids",
)


def profiles(
    narratives: pd.DataFrame,
    codebook: Codebook,
    waves: pd.DataFrame | None = None,
    seed: int = 0,
    *,
    line: str = PARTICIPANT,
    variables: Sequence[str] | None = None,
    prevalence: Prevalence | None = None,
    review: pd.DataFrame | None = None,
    level: float = 0.95,
    draws: int = DRAWS,
) -> pd.DataFrame:
    """Mean rank of each ranked variable per person and wave, with an interval.

    The mean is that of the narratives at hand, each code counted by its probability, so that it can be
    recomputed from ``narratives.csv``. The interval says where the mean of everything the person might
    have told then would lie; it holds both doubts, few narratives and unsure codes
    (:mod:`narratives.measuring.posterior`), and always the mean itself.

    Args:
        narratives: the study's table.
        codebook: what it was coded by.
        waves: the interviews (``transcript``, ``person``, ``wave``). An interview without narratives gives
            a row with n = 0 and no mean: nothing told is not zero.
        seed: for the draws behind the intervals.
        line: whose narratives: "participant", or "professional".
        variables: names; None takes every ranked variable.
        prevalence: shares of codes at which the classifier is calibrated; None estimates them. Not used with a
            review.
        review: people's codes of a sample (:attr:`narratives.agency.Review.rows`); the model's probabilities are
            then set right by them (:mod:`narratives.measuring.recalibrated`), and means and shares are no longer
            those of ``narratives.csv``. A variable or line that nobody reviewed stays as the model has it.
        level: of the interval.
        draws: number of draws.

    Returns:
        one row per person, variable and wave with :data:`PROFILE_COLUMNS`: ``n`` narratives, ``n_ranked``
        those with a ranked code (by probability), ``mean``, ``low`` and ``high`` in ranks from 0,
        ``unranked`` the share of codes without a rank (0-1, not in the mean), ``certainty`` the mean
        probability of the most probable code (0-1).

    Raises:
        CodebookError: if a variable is not in codebook or table.
    """
    rows = rows_of_line(narratives, line, waves)
    cells = cells_of(rows, waves if line == PARTICIPANT else None)
    parts = []
    for variable in chosen(codebook, variables):
        values = measured(rows, cells, variable, prevalence=prevalence, review=review, draws=draws, seed=seed)
        parts.append(_profile(cells, values, variable, line, level))
    return tidy(parts, PROFILE_COLUMNS, ["person", "variable", "wave"], codebook)


def _profile(cells: Cells, values: Measured, variable: Variable, line: str, level: float) -> pd.DataFrame:
    low, high = around(values.means, values.mean_draws, level)
    sure = np.bincount(cells.of_row, values.given.max(axis=1, initial=0.0), len(cells))
    counts = cells.keys["n"].to_numpy(dtype=np.float64)
    return cells.keys.assign(
        line=line,
        variable=variable.name,
        n_ranked=values.ranked,
        mean=values.means,
        low=low,
        high=high,
        unranked=np.where(counts > 0, 1 - values.ranked / np.fmax(counts, 1), np.nan).round(12),
        certainty=np.where(counts > 0, sure / np.fmax(counts, 1), np.nan),
    )


def distributions(
    narratives: pd.DataFrame,
    codebook: Codebook,
    waves: pd.DataFrame | None = None,
    seed: int = 0,
    *,
    line: str = PARTICIPANT,
    variables: Sequence[str] | None = None,
    prevalence: Prevalence | None = None,
    review: pd.DataFrame | None = None,
    level: float = 0.95,
    draws: int = DRAWS,
) -> pd.DataFrame:
    """Share of each code per person and wave, with an interval; arguments as for :func:`profiles`.

    Returns:
        one row per person, variable, wave and code with :data:`DISTRIBUTION_COLUMNS`: ``share`` is the mean
        probability (0-1), ``narrative_ids`` those whose most probable code it is.
    """
    rows = rows_of_line(narratives, line, waves)
    cells = cells_of(rows, waves if line == PARTICIPANT else None)
    parts = []
    for variable in chosen(codebook, variables):
        values = measured(rows, cells, variable, prevalence=prevalence, review=review, draws=draws, seed=seed)
        parts += _shares(rows, cells, values, variable, line, level)
    return tidy(parts, DISTRIBUTION_COLUMNS, ["person", "variable", "wave"], codebook)


def _shares(
    rows: pd.DataFrame, cells: Cells, values: Measured, variable: Variable, line: str, level: float
) -> list[pd.DataFrame]:
    """One table per code."""
    winners = values.given.argmax(axis=1) if len(rows) else np.empty(0, dtype=np.int64)
    low, high = around(values.shares, values.share_draws, level)
    tables = []
    for place, code in enumerate(variable.codes):
        theirs = rows[winners == place]
        ids = theirs["narrative_id"].astype(str).groupby(cells.of_row[winners == place]).agg(";".join)
        tables.append(
            cells.keys.assign(
                line=line,
                variable=variable.name,
                code=code.name,
                rank=pd.array([code.rank] * len(cells), dtype="Int64"),
                share=values.shares[:, place],
                low=low[:, place],
                high=high[:, place],
                narrative_ids=ids.reindex(range(len(cells))).fillna("").to_numpy(),
            )
        )
    return tables
