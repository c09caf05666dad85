"""Pointe: the narrative that best stands for a person, in a wave and over all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narratives.codebook import Codebook
from narratives.measuring.cells import Cells, cells_of
from narratives.measuring.rows import PARTICIPANT, chosen, probabilities, rows_of_line

__all__ = ["LEAST_WORDS", "POINTE_COLUMNS", "pointes"]

LEAST_WORDS = 15
"""Shorter narratives stand for nobody unless there is nothing longer."""

POINTE_COLUMNS = (
    "person",
    "line",
    "wave",
    "place",
    "narrative_id",
    "agreement",
    "certainty",
    "n_words",
    "n",
    "text",
    "narrative_ids",
)

Floats = NDArray[np.float64]


def pointes(
    narratives: pd.DataFrame,
    codebook: Codebook,
    *,
    line: str = PARTICIPANT,
    interviews: pd.DataFrame | None = None,
    variables: Sequence[str] | None = None,
    count: int = 1,
    least_words: int = LEAST_WORDS,
) -> pd.DataFrame:
    """The narratives nearest to all of a person's, per wave and over all waves.

    A medoid: the narrative that shares the most codes with a narrative drawn from the same person and wave
    (Hamming distance, each code counted by its probability). Unsure narratives share less with anything, so
    they are seldom chosen.

    Args:
        narratives, codebook, line: as for :func:`narratives.agency.profiles`.
        interviews: tells of whom professionals speak (``transcript``, ``person``).
        variables: names; None takes every variable.
        count: how many to give of each.
        least_words: shorter ones are chosen only where there are no others.

    Returns:
        with :data:`POINTE_COLUMNS`: one row per person, wave and ``place`` (from 1). ``wave`` is missing where
        the narrative stands for the whole course. ``agreement`` is the expected share of codes in common and
        ``certainty`` the mean probability of its codes (0-1).

    Raises:
        CodebookError: if a variable is not in codebook or table.
    """
    rows = rows_of_line(narratives, line, interviews)
    shares = [probabilities(rows, variable) for variable in chosen(codebook, variables, ranked=False)]
    parts = [
        _nearest(rows, cells_of(rows, by=by), shares, count, least_words) for by in (("person", "wave"), ("person",))
    ]
    frame = pd.concat(parts, ignore_index=True) if len(rows) else pd.DataFrame(columns=list(POINTE_COLUMNS))
    frame = frame.assign(line=line).reindex(columns=list(POINTE_COLUMNS)).astype({"wave": "Int64"})
    return frame.sort_values(["person", "wave", "place"], ignore_index=True)


def _nearest(rows: pd.DataFrame, cells: Cells, shares: Sequence[Floats], count: int, least_words: int) -> pd.DataFrame:
    """The ``count`` best narratives of each cell."""
    words = rows["n_words"] if "n_words" in rows else rows["text"].map(lambda text: len(text.split()))
    keys = cells.keys.iloc[cells.of_row].reset_index(drop=True)
    table = keys.assign(
        narrative_id=rows["narrative_id"].to_numpy(),
        text=rows["text"].to_numpy(),
        n_words=words.to_numpy(),
        agreement=_agreements(cells, shares),
        certainty=np.mean([part.max(axis=1) for part in shares], axis=0),
        cell=cells.of_row,
        short=words.to_numpy() < least_words,
    )
    table = table.sort_values(["cell", "short", "agreement"], ascending=[True, True, False], kind="stable")
    table["place"] = table.groupby("cell").cumcount() + 1
    return table[table["place"] <= count]


def _agreements(cells: Cells, shares: Sequence[Floats]) -> Floats:
    """Expected share of variables in which a narrative agrees with one drawn from its cell, (n,)."""
    counts = np.bincount(cells.of_row, minlength=len(cells))[:, None]
    total = np.zeros(len(cells.of_row))
    for part in shares:
        sums = np.stack([np.bincount(cells.of_row, column, len(cells)) for column in part.T], axis=1)
        total += (part * (sums / counts)[cells.of_row]).sum(axis=1)
    return total / len(shares)
