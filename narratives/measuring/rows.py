"""The rows a measure is taken from: one line, in order, with their probabilities as arrays.

A *line* is whose words they are: the ``role`` column. The participant's narratives and those of
professionals about the participant are never measured together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narratives.codebook import Codebook, Variable
from narratives.errors import CodebookError
from narratives.messages import say

__all__ = [
    "PARTICIPANT",
    "Prevalence",
    "chosen",
    "expected_ranks",
    "names_of",
    "people_shares",
    "prevalence_of",
    "probabilities",
    "ranks_of",
    "rows_of_line",
    "tidy",
]

PARTICIPANT = "participant"

Prevalence = Mapping[str, Mapping[str, float]]
"""Per variable and code the share at which the classifier was calibrated."""

_SMOOTHING = 20.0
_MOST_POOLED = 0.75


def rows_of_line(
    narratives: pd.DataFrame, line: str = PARTICIPANT, interviews: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The line's rows with known person and wave, ordered by person, wave, transcript and place.

    Args:
        narratives: table of narratives; without a ``role`` column all are the participant's.
        line: the role whose narratives are wanted.
        interviews: table with ``transcript`` and ``person``; tells about whom a professional speaks.
    """
    role = narratives["role"] if "role" in narratives else pd.Series(PARTICIPANT, index=narratives.index)
    rows = narratives[role.astype("string").fillna(PARTICIPANT) == line].copy()
    if interviews is not None and "transcript" in interviews and "transcript" in rows:
        held = interviews.drop_duplicates("transcript")
        names = names_of(held["person"], narratives["person"])
        about = names.set_axis(held["transcript"].astype(str))
        rows["person"] = rows["person"].where(rows["person"].notna(), rows["transcript"].astype(str).map(about))
    rows["wave"] = pd.to_numeric(rows["wave"], errors="coerce").astype("Int64")
    rows = rows[rows["person"].notna() & rows["wave"].notna()]
    rows["person"] = rows["person"].astype(str)
    order = [column for column in ("person", "wave", "transcript", "start") if column in rows]
    return rows.sort_values(order, kind="stable", ignore_index=True)


def names_of(persons: pd.Series, known: pd.Series) -> pd.Series:
    """Persons as the narratives name them, though a table that was read from CSV may say 7 (or 7.0) for "07".

    Args:
        persons: ids, perhaps numbers; missing ones stay missing.
        known: ids of the narratives.
    """
    if not pd.api.types.is_numeric_dtype(persons):
        return persons.astype("string")
    numbers = {int(name): str(name) for name in known.dropna().unique() if str(name).isdecimal()}
    return persons.map(lambda x: pd.NA if pd.isna(x) else numbers.get(int(x), str(int(x)))).astype("string")


def chosen(codebook: Codebook, variables: Sequence[str] | None, *, ranked: bool = True) -> tuple[Variable, ...]:
    """The named variables; None means all ranked ones, or all where ``ranked`` is false.

    Raises:
        CodebookError: for a name that the codebook lacks.
    """
    if variables is None:
        return tuple(variable for variable in codebook.variables if variable.ranked or not ranked)
    unknown = [name for name in variables if name not in codebook.names]
    if unknown:
        raise CodebookError(say("agency.no_variable", variable=unknown[0], variables=", ".join(codebook.names)))
    return tuple(codebook[name] for name in variables)


def probabilities(rows: pd.DataFrame, variable: Variable) -> NDArray[np.float64]:
    """The probability of each code for each row, (n, codes), rows summing to 1.

    A table without ``V_p_<code>`` columns (codes given by people) counts as certain of ``V``.

    Raises:
        CodebookError: if the table does not have the variable, or a code the codebook lacks.
    """
    columns = [f"{variable.name}_p_{label}" for label in variable.labels]
    if all(column in rows for column in columns):
        shares = rows[columns].to_numpy(dtype=np.float64)
        total = shares.sum(axis=1, keepdims=True)
        return np.divide(shares, total, out=np.full_like(shares, 1 / len(columns)), where=total > 0)
    if variable.name not in rows:
        raise CodebookError(say("agency.no_variable", variable=variable.name, variables=", ".join(rows.columns)))
    return _certain(rows[variable.name], variable)


def _certain(codes: pd.Series, variable: Variable) -> NDArray[np.float64]:
    places = {label: place for place, label in enumerate(variable.labels)}
    found = np.array([places[variable.code(str(code)).name] for code in codes], dtype=np.int64)
    return np.eye(len(places))[found]


def people_shares(rows: pd.DataFrame, review: pd.DataFrame, variable: Variable) -> NDArray[np.float64]:
    """What people coded, (n, codes): shares of a row's coders, summing to 1, or to 0 where nobody coded.

    Args:
        rows: narratives, with ``narrative_id``.
        review: a row per narrative and coder, with ``narrative_id`` and the code; missing where not coded.
        variable: whose codes.

    Raises:
        CodebookError: if the codebook lacks a code.
    """
    votes = np.zeros((len(rows), len(variable.codes)))
    if variable.name not in review:
        return votes
    ids = rows["narrative_id"].astype(str)
    coded = review[review["narrative_id"].astype(str).isin(ids) & review[variable.name].notna()]
    places = pd.Index(ids).get_indexer(pd.Index(coded["narrative_id"].astype(str)))
    np.add.at(votes, places, _certain(coded[variable.name], variable) if len(coded) else 0.0)
    total = votes.sum(axis=1, keepdims=True)
    return np.divide(votes, total, out=votes, where=total > 0)


def ranks_of(variable: Variable) -> NDArray[np.float64]:
    """The rank of each code in label order, (codes,); NaN for a code outside the ranking."""
    return np.array([np.nan if rank is None else float(rank) for rank in variable.ranks])


def prevalence_of(
    shares: NDArray[np.float64], variable: Variable, given: Prevalence | None = None
) -> NDArray[np.float64]:
    """The shares of codes at which the classifier is calibrated, (codes,), all above 0.

    Unless they are given, the mean of the probabilities at hand stands for them, mixed with equal
    shares: by a quarter, and by more where there are few narratives, so that a small or uniform study
    cannot talk itself out of clear codes.
    """
    equal = np.full(len(variable.codes), 1.0 / len(variable.codes))
    if given is not None and variable.name in given:
        wanted = np.array([given[variable.name].get(label, 0.0) for label in variable.labels])
        mixed: NDArray[np.float64] = 0.99 * wanted / wanted.sum() + 0.01 * equal
        return mixed
    if not len(shares):
        return equal
    weight = _MOST_POOLED * len(shares) / (len(shares) + _SMOOTHING)
    return weight * shares.mean(axis=0) + (1 - weight) * equal


def expected_ranks(
    shares: NDArray[np.float64], ranks: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Each narrative's mean rank by probability, (n,), and how much of it is ranked at all, (n,) in 0-1."""
    inside = ~np.isnan(ranks)
    weights = shares[:, inside].sum(axis=1)
    values = np.divide(shares[:, inside] @ ranks[inside], weights, out=np.zeros(len(shares)), where=weights > 0)
    return values, weights


def tidy(
    parts: Sequence[pd.DataFrame], columns: Sequence[str], order: Sequence[str], codebook: Codebook
) -> pd.DataFrame:
    """The parts in one table, sorted, variables in the order of the codebook."""
    if not parts:
        return pd.DataFrame(columns=list(columns))
    frame = pd.concat(parts, ignore_index=True)
    places = {name: place for place, name in enumerate(codebook.names)}
    frame = frame.sort_values(
        list(order),
        key=lambda column: column.map(places) if column.name == "variable" else column,
        kind="stable",
        ignore_index=True,
    )
    return frame[list(columns)]
