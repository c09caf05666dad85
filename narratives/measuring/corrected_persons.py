"""Each person's means and shifts, corrected by a random sample that people coded.

A review is seldom large enough to say something of one person alone. What it says of the model's probabilities
(:mod:`narratives.measuring.recalibrated`) holds for all persons, though, and a person's own reviewed narratives
count with the people's codes. Unlike the corrections of :mod:`narratives.measuring.corrected`, which hold whatever
the model does, these lean on a description of how it errs: alike for all persons within a wave.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from narratives.codebook import Codebook, Variable
from narratives.measuring.cells import known
from narratives.measuring.corrected import FEWEST_REVIEWED
from narratives.measuring.profiles import profiles
from narratives.measuring.rows import PARTICIPANT, chosen, people_shares, rows_of_line, tidy
from narratives.measuring.shifts import MARGIN, VERDICTS, shifts

__all__ = [
    "CODE_COLUMNS",
    "PERSON_COLUMNS",
    "PERSON_SHIFT_COLUMNS",
    "corrected_codes",
    "corrected_person_shifts",
    "corrected_profiles",
]

_ESTIMATE = ("naive", "estimate", "low", "high")
_IDS = ("narrative_ids", "reviewed_ids")
PERSON_COLUMNS = ("person", "line", "variable", "wave", "n", "n_reviewed", *_ESTIMATE, *_IDS)
PERSON_SHIFT_COLUMNS = (
    "person",
    "line",
    "variable",
    "span",
    "wave_from",
    "wave_to",
    "n_from",
    "n_to",
    "n_reviewed",
    *_ESTIMATE,
    "p_increase",
    "verdict",
    "naive_verdict",
    *_IDS,
)
CODE_COLUMNS = ("narrative_id", "person", "line", "variable", "wave", "code", "rank", "naive", "estimate", "reviewed")


def corrected_profiles(
    narratives: pd.DataFrame,
    review: pd.DataFrame,
    codebook: Codebook,
    waves: pd.DataFrame | None = None,
    seed: int = 0,
    *,
    line: str = PARTICIPANT,
    variables: Sequence[str] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Mean rank of each ranked variable per person and wave, as the model has it and corrected.

    Args:
        narratives: the study's table, coded by the model.
        review: people's codes (:attr:`narratives.agency.Review.rows`).
        codebook, waves, seed, line, variables, level: as for :func:`narratives.agency.profiles`.

    Returns:
        one row per person, variable and wave with :data:`PERSON_COLUMNS`, in ranks from 0: ``naive`` is the mean of
        :func:`narratives.agency.profiles`, ``estimate`` that of the corrected probabilities, ``n_reviewed`` how
        many of the narratives people coded. With fewer than :data:`narratives.measuring.corrected.FEWEST_REVIEWED`
        reviewed narratives of the line there is no estimate (NaN).

    Raises:
        CodebookError: if a variable is not in codebook or table, or a reviewed code not in the codebook.
    """
    options: dict[str, Any] = {"line": line, "variables": variables, "level": level}
    naive = profiles(narratives, codebook, waves, seed, **options)
    found = profiles(narratives, codebook, waves, seed, review=review, **options)
    table = found.rename(columns={"mean": "estimate"}).assign(naive=naive["mean"])
    return _finished(table, rows_of_line(narratives, line, waves), review, codebook, variables, PERSON_COLUMNS)


def corrected_person_shifts(
    narratives: pd.DataFrame,
    review: pd.DataFrame,
    codebook: Codebook,
    waves: pd.DataFrame | None = None,
    seed: int = 0,
    *,
    line: str = PARTICIPANT,
    variables: Sequence[str] | None = None,
    level: float = 0.95,
    margin: float = MARGIN,
) -> pd.DataFrame:
    """Difference of mean ranks between waves, per person, as the model has it and corrected.

    Args:
        narratives, review, codebook, waves, seed, line, variables, level: as for :func:`corrected_profiles`.
        margin: as for :func:`narratives.agency.shifts`.

    Returns:
        one row per person, variable and pair of waves with :data:`PERSON_SHIFT_COLUMNS`: ``naive`` and
        ``naive_verdict`` as :func:`narratives.agency.shifts` has them, ``estimate`` (later minus earlier, in ranks),
        its interval, ``p_increase`` (0-1) and ``verdict`` corrected. NaN and "undecided" where too few are reviewed.

    Raises:
        CodebookError: as for :func:`corrected_profiles`.
    """
    options: dict[str, Any] = {"line": line, "variables": variables, "level": level, "margin": margin}
    naive = shifts(narratives, codebook, waves, seed, **options)
    found = shifts(narratives, codebook, waves, seed, review=review, **options)
    table = found.rename(columns={"difference": "estimate"})
    table = table.assign(naive=naive["difference"], naive_verdict=naive["verdict"])
    return _finished(table, rows_of_line(narratives, line, waves), review, codebook, variables, PERSON_SHIFT_COLUMNS)


def corrected_codes(
    narratives: pd.DataFrame,
    review: pd.DataFrame,
    codebook: Codebook,
    waves: pd.DataFrame | None = None,
    seed: int = 0,
    *,
    line: str = PARTICIPANT,
    variables: Sequence[str] | None = None,
) -> pd.DataFrame:
    """The probabilities behind :func:`corrected_profiles`, so that each of its means can be recomputed.

    Args:
        narratives, review, codebook, waves, seed, line, variables: as there.

    Returns:
        one row per narrative, ranked variable and code with :data:`CODE_COLUMNS`: ``naive`` the model's probability,
        ``estimate`` the corrected one (both 0-1), ``reviewed`` whether it is the people's code instead. Variables of
        which too little was reviewed are left out.

    Raises:
        CodebookError: as for :func:`corrected_profiles`.
    """
    rows = rows_of_line(narratives, line, waves)
    parts = [
        _codes(rows, review, variable, seed).assign(line=line)
        for variable in chosen(codebook, variables)
        if len(_reviewed(rows, review, variable)) >= FEWEST_REVIEWED
    ]
    order = ["person", "wave", "narrative_id", "variable", "rank"]
    return tidy(parts, CODE_COLUMNS, order, codebook)


def _codes(rows: pd.DataFrame, review: pd.DataFrame, variable: Variable, seed: int) -> pd.DataFrame:
    naive, estimate = known(rows, variable)[0], known(rows, variable, review=review, seed=seed)[0]
    count = len(variable.codes)
    table = rows.loc[rows.index.repeat(count), ["narrative_id", "person", "wave"]].reset_index(drop=True)
    return table.assign(
        variable=variable.name,
        code=list(variable.labels) * len(rows),
        rank=pd.array(list(variable.ranks) * len(rows), dtype="Int64"),
        naive=naive.ravel(),
        estimate=estimate.ravel(),
        reviewed=people_shares(rows, review, variable).any(axis=1).repeat(count),
    )


def _finished(
    table: pd.DataFrame,
    rows: pd.DataFrame,
    review: pd.DataFrame,
    codebook: Codebook,
    variables: Sequence[str] | None,
    columns: Sequence[str],
) -> pd.DataFrame:
    """With the reviewed narratives of each row; without estimates of variables of which too little was reviewed."""
    parts = [
        _counted(table[table["variable"] == variable.name].copy(), _reviewed(rows, review, variable))
        for variable in chosen(codebook, variables)
    ]
    return tidy(parts, columns, ["person", "variable"], codebook)


def _reviewed(rows: pd.DataFrame, review: pd.DataFrame, variable: Variable) -> set[str]:
    """Ids of the rows that people coded."""
    coded = people_shares(rows, review, variable).sum(axis=1) > 0
    return set(rows.loc[coded, "narrative_id"].astype(str))


def _counted(part: pd.DataFrame, reviewed: set[str]) -> pd.DataFrame:
    theirs = [[name for name in ids.split(";") if name in reviewed] for ids in part["narrative_ids"]]
    part["reviewed_ids"] = [";".join(names) for names in theirs]
    part["n_reviewed"] = [len(names) for names in theirs]
    if len(reviewed) < FEWEST_REVIEWED:
        part[["estimate", "low", "high"]] = float("nan")
        if "verdict" in part:
            part = part.assign(p_increase=float("nan"), verdict=VERDICTS[-1])
    return part
