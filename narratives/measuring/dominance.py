"""Dominant codes of persons, and how mixed each person is: cases are not types."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narratives.codebook import Codebook, Variable
from narratives.measuring.cells import Cells, Measured, around, cells_of, measured
from narratives.measuring.posterior import DRAWS
from narratives.measuring.rows import PARTICIPANT, Prevalence, chosen, rows_of_line, tidy

__all__ = ["DOMINANT_COLUMNS", "dominant"]

DOMINANT_COLUMNS = (
    "person",
    "line",
    "variable",
    "n",
    "code",
    "rank",
    "share",
    "low",
    "high",
    "probability",
    "second",
    "second_share",
    "mixture",
    "shares",
    "narrative_ids",
)

Floats = NDArray[np.float64]


def dominant(
    narratives: pd.DataFrame,
    codebook: Codebook,
    seed: int = 0,
    *,
    line: str = PARTICIPANT,
    interviews: pd.DataFrame | None = None,
    variables: Sequence[str] | None = None,
    prevalence: Prevalence | None = None,
    level: float = 0.95,
    draws: int = DRAWS,
) -> pd.DataFrame:
    """The most frequent code of each person over all waves, and how sure it is that it is the most frequent.

    Args:
        narratives, codebook, seed, line, variables, prevalence, level, draws: as for
            :func:`narratives.agency.profiles`; any variable may be named, ranked or not.
        interviews: tells of whom professionals speak (``transcript``, ``person``).

    Returns:
        one row per person and variable with :data:`DOMINANT_COLUMNS`: the ``code`` with the largest ``share``
        (0-1, with interval), the posterior ``probability`` that it is the most frequent one, the ``second`` code,
        ``mixture`` from 0 (all narratives alike) to 1 (all codes equally often; entropy over its maximum),
        and all ``shares`` as text ("code 0.52; code 0.31").

    Raises:
        CodebookError: if a variable is not in codebook or table.
    """
    rows = rows_of_line(narratives, line, interviews)
    cells = cells_of(rows, by=("person",))
    parts = []
    for variable in chosen(codebook, variables) if len(cells) else ():
        values = measured(rows, cells, variable, prevalence=prevalence, draws=draws, seed=seed)
        parts.append(_dominant(cells, values, variable, level).assign(line=line))
    return tidy(parts, DOMINANT_COLUMNS, ["person", "variable"], codebook)


def _dominant(cells: Cells, values: Measured, variable: Variable, level: float) -> pd.DataFrame:
    order = np.argsort(-values.shares, axis=1, kind="stable")
    first, second = order[:, 0], order[:, 1]
    every = np.arange(len(cells))
    low, high = around(values.shares, values.share_draws, level)
    names = np.array(variable.labels)
    ranks = pd.array(variable.ranks, dtype="Int64")
    return cells.keys.assign(
        variable=variable.name,
        code=names[first],
        rank=ranks[first],
        share=values.shares[every, first],
        low=low[every, first],
        high=high[every, first],
        probability=(values.share_draws.argmax(axis=2) == first).mean(axis=0),
        second=names[second],
        second_share=values.shares[every, second],
        mixture=_mixture(values.shares),
        shares=[_as_text(names, shares, places) for shares, places in zip(values.shares, order, strict=True)],
    )


def _mixture(shares: Floats) -> Floats:
    """Entropy of each row over its maximum, (cells,) in 0-1."""
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    mixture: Floats = np.fmax(0.0, -(shares * logs).sum(axis=1)) / np.log(shares.shape[1])
    return mixture


def _as_text(names: NDArray[np.str_], shares: Floats, order: NDArray[np.int64]) -> str:
    return "; ".join(f"{names[place]} {shares[place]:.2f}" for place in order if shares[place] >= 0.005)
