"""Shares, mean ranks and shifts corrected by a random sample that people coded.

A model that is right nine times of ten still bends shares, and bends them differently where the codes
differ. The difference estimator takes the model's value for every narrative and adds, for each reviewed one,
what the model was wrong, divided by the probability with which it was sampled; so it is right on average
whatever the model does (design-based supervised learning: Egami, Hinck, Stewart & Wei 2023, NeurIPS;
prediction-powered inference: Angelopoulos et al. 2023, Science 382). Variances are those of the corrected
values, summed by person, with Student's t.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narratives.codebook import Codebook, Variable
from narratives.measuring.rows import (
    PARTICIPANT,
    chosen,
    people_shares,
    probabilities,
    ranks_of,
    rows_of_line,
    tidy,
)
from narratives.measuring.shifts import MARGIN, verdicts

__all__ = [
    "FEWEST_REVIEWED",
    "MEAN_COLUMNS",
    "SHARE_COLUMNS",
    "SHIFT_COLUMNS",
    "corrected_means",
    "corrected_shares",
    "corrected_shifts",
]

FEWEST_REVIEWED = 8
"""With fewer reviewed narratives no interval is given: their errors cannot be known from so few."""

_COUNTS = ("persons", "n", "n_reviewed")
_ESTIMATE = ("naive", "estimate", "low", "high")
SHARE_COLUMNS = ("line", "variable", "code", "rank", *_COUNTS, *_ESTIMATE, "narrative_ids", "reviewed_ids")
MEAN_COLUMNS = ("line", "variable", *_COUNTS, *_ESTIMATE, "narrative_ids", "reviewed_ids")
SHIFT_COLUMNS = (
    "line",
    "variable",
    "span",
    "wave_from",
    "wave_to",
    *_COUNTS,
    *_ESTIMATE,
    "verdict",
    "narrative_ids",
    "reviewed_ids",
)

_FEW_PERSONS = 5
"""With fewer, likeness between them may make errors summed by person too small by chance."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Material:
    """One variable of one line.

    Attributes:
        model: (n, codes) the model's probabilities.
        corrected: (n, codes) the same plus the weighted errors of the reviewed; rows add up to 1 or not at all.
        reviewed: (n,) whether people coded it.
        ranked: (n,) whether they gave it a code that has a rank.
        people: (n,) number of the person.
        weights: (n,) one over the narratives of the person in the wave, so that every person counts the same,
            however much they told.
    """

    model: Floats
    corrected: Floats
    reviewed: NDArray[np.bool_]
    ranked: NDArray[np.bool_]
    people: NDArray[np.int64]
    weights: Floats


def corrected_shares(
    narratives: pd.DataFrame,
    review: pd.DataFrame,
    codebook: Codebook,
    *,
    by: Sequence[str] = ("wave",),
    variables: Sequence[str] | None = None,
    line: str = PARTICIPANT,
    level: float = 0.95,
) -> pd.DataFrame:
    """Share of each code, as the model has it and corrected; every person counts the same in each wave.

    Args:
        narratives: the study's table, coded by the model.
        review: one row per sampled narrative and coder: ``narrative_id``, ``probability`` (of being sampled, 0-1)
            and the people's code in a column per variable. Narratives of the sample that nobody coded are taken as
            missing by chance, whether they stand there without a code or not at all.
        codebook: of both.
        by: columns of ``narratives`` to take estimates apart by; () for one estimate of all.
        variables: names; None takes every ranked variable.
        line: whose narratives.
        level: of the intervals.

    Returns:
        the columns of ``by``, then :data:`SHARE_COLUMNS`: ``naive`` is the mean probability of the model,
        ``estimate`` the corrected share (it may leave 0-1 by chance and is then cut), ``low`` and ``high`` its
        interval, NaN with fewer than :data:`FEWEST_REVIEWED` reviewed narratives; without any there is no estimate.

    Raises:
        CodebookError: if a variable is not in codebook or table, or a reviewed code not in the codebook.
    """
    records = []
    for variable, rows, material in _materials(narratives, review, codebook, variables, line):
        for key, places in _domains(rows, by):
            facts = dict(zip(by, key, strict=True)) | _facts(rows, material, places, variable, line)
            for place, code in enumerate(variable.codes):
                values = _estimated(material, places, place, None, (0.0, 1.0), level)
                records.append(facts | {"code": code.name, "rank": code.rank} | values)
    return _table(records, by, SHARE_COLUMNS, codebook).astype({"rank": "Int64"})


def corrected_means(
    narratives: pd.DataFrame,
    review: pd.DataFrame,
    codebook: Codebook,
    *,
    by: Sequence[str] = ("wave",),
    variables: Sequence[str] | None = None,
    line: str = PARTICIPANT,
    level: float = 0.95,
) -> pd.DataFrame:
    """Mean rank of each ranked variable, as the model has it and corrected; see :func:`corrected_shares`.

    Returns:
        the columns of ``by``, then :data:`MEAN_COLUMNS`, in ranks from 0 among the narratives that have one.
    """
    records = []
    for variable, rows, material in _materials(narratives, review, codebook, variables, line):
        ranks = ranks_of(variable)
        for key, places in _domains(rows, by):
            facts = dict(zip(by, key, strict=True)) | _facts(rows, material, places, variable, line)
            values = _estimated(material, places, None, ranks, (0.0, float(np.nanmax(ranks))), level)
            records.append(facts | values)
    return _table(records, by, MEAN_COLUMNS, codebook)


def corrected_shifts(
    narratives: pd.DataFrame,
    review: pd.DataFrame,
    codebook: Codebook,
    *,
    by: Sequence[str] = (),
    variables: Sequence[str] | None = None,
    line: str = PARTICIPANT,
    level: float = 0.95,
    margin: float = MARGIN,
) -> pd.DataFrame:
    """Difference of mean ranks between waves, as the model has it and corrected; see :func:`corrected_shares`.

    Only persons who speak in both waves count, so that nothing changes because others were asked. Each is one
    cluster.

    Args:
        by: columns to take apart by, beside the waves (``("person",)`` for persons, if enough was reviewed).
        margin: share of the scale within which a difference counts as standing still.

    Returns:
        the columns of ``by``, then :data:`SHIFT_COLUMNS`: "step" from each wave to the next and "overall" from
        first to last, with the verdict by the rules of :mod:`narratives.measuring.shifts`.
    """
    records = []
    for variable, rows, material in _materials(narratives, review, codebook, variables, line):
        ranks = ranks_of(variable)
        for key, places in _domains(rows, by):
            for span, first, last in _wave_pairs(rows["wave"].to_numpy()[places]):
                pair = _paired(places, rows["wave"].to_numpy()[places], material.people[places], (first, last))
                both = np.concatenate(pair)
                if not len(both):
                    continue
                facts = dict(zip(by, key, strict=True)) | _facts(rows, material, both, variable, line)
                moved = _moved(material, pair, ranks, level)
                bounds = np.array([[moved["low"]], [moved["high"]]])
                verdict = verdicts(bounds[0], bounds[1], margin * float(np.nanmax(ranks)))[0]
                records.append(
                    facts | moved | {"span": span, "wave_from": first, "wave_to": last, "verdict": str(verdict)}
                )
    return _table(records, by, SHIFT_COLUMNS, codebook)


def _materials(
    narratives: pd.DataFrame, review: pd.DataFrame, codebook: Codebook, variables: Sequence[str] | None, line: str
) -> Iterator[tuple[Variable, pd.DataFrame, _Material]]:
    """Each variable with the line's rows and their corrected values."""
    rows = rows_of_line(narratives, line)
    people = rows["person"].factorize()[0].astype(np.int64)
    weights = 1 / rows.groupby(["person", "wave"])["person"].transform("size").to_numpy(dtype=np.float64)
    for variable in chosen(codebook, variables):
        model, human = probabilities(rows, variable), people_shares(rows, review, variable)
        corrected = _corrected(rows, model, human, review)
        ranked = (human[:, ~np.isnan(ranks_of(variable))] > 0).any(axis=1)
        reviewed = np.asarray(human.sum(axis=1) > 0)
        yield variable, rows, _Material(model, corrected, reviewed, np.asarray(ranked), people, weights)


def _corrected(rows: pd.DataFrame, model: Floats, human: Floats, review: pd.DataFrame) -> Floats:
    """Model values plus weighted errors, (n, codes); the coded stand in for those of their wave that are not."""
    reviewed = human.sum(axis=1) > 0
    if not reviewed.any():
        return model
    chance = review["probability"].groupby(review["narrative_id"].astype(str)).first()
    weight = np.where(reviewed, 1 / chance.reindex(rows["narrative_id"].astype(str)).to_numpy(dtype=np.float64), 0.0)
    waves = rows["wave"].to_numpy()
    for wave in np.unique(waves[reviewed]):
        inside = waves == wave
        weight[inside] /= min(1.0, weight[inside].mean())
    return model + (human - model) * weight[:, None]


def _domains(rows: pd.DataFrame, by: Sequence[str]) -> Iterator[tuple[tuple[Any, ...], NDArray[np.int64]]]:
    """Keys and places of the rows of each domain."""
    if not by:
        yield (), np.arange(len(rows))
        return
    for key, places in rows.groupby(list(by), sort=True, observed=True).indices.items():
        yield key if isinstance(key, tuple) else (key,), np.asarray(places)


def _wave_pairs(waves: NDArray[Any]) -> Iterator[tuple[str, int, int]]:
    """Neighbouring waves, then the first and the last."""
    known = sorted({int(wave) for wave in waves})
    yield from (("step", first, last) for first, last in pairwise(known))
    if len(known) > 1:
        yield "overall", known[0], known[-1]


def _paired(
    places: NDArray[np.int64], waves: NDArray[Any], people: NDArray[np.int64], pair: tuple[int, int]
) -> list[NDArray[np.int64]]:
    """Places of either wave, of persons who have some in both."""
    both = np.intersect1d(*(people[waves == wave] for wave in pair))
    return [places[(waves == wave) & np.isin(people, both)] for wave in pair]


def _facts(
    rows: pd.DataFrame, material: _Material, places: NDArray[np.int64], variable: Variable, line: str
) -> dict[str, Any]:
    ids = rows["narrative_id"].astype(str).to_numpy()
    reviewed = places[material.reviewed[places]]
    return {
        "line": line,
        "variable": variable.name,
        "persons": len(np.unique(material.people[places])),
        "n": len(places),
        "n_reviewed": len(reviewed),
        "narrative_ids": ";".join(ids[places]),
        "reviewed_ids": ";".join(ids[reviewed]),
    }


def _estimated(
    material: _Material,
    places: NDArray[np.int64],
    code: int | None,
    ranks: Floats | None,
    bounds: tuple[float, float],
    level: float,
) -> dict[str, float]:
    """Naive and corrected value of a domain: the share of ``code``, or the mean of ``ranks``."""
    weights = material.weights[places]
    naive, _ = _influence(*_parts(material.model[places], code, ranks, weights))
    value, influence = _influence(*_parts(material.corrected[places], code, ranks, weights))
    reviewed = int((material.reviewed if ranks is None else material.ranked)[places].sum())
    half = _half_width(influence, material.people[places], reviewed, level)
    if not reviewed:
        value = half = float("nan")
    low, high, value = (float(np.clip(x, *bounds)) for x in (value - half, value + half, value))
    return {"naive": naive, "estimate": value, "low": low, "high": high}


def _moved(material: _Material, pair: Sequence[NDArray[np.int64]], ranks: Floats, level: float) -> dict[str, float]:
    """Naive and corrected difference of mean ranks, second domain minus first."""
    weights = [material.weights[places] for places in pair]
    naive, found = (
        [_influence(*_parts(values[places], None, ranks, w)) for places, w in zip(pair, weights, strict=True)]
        for values in (material.model, material.corrected)
    )
    value = found[1][0] - found[0][0]
    influence = np.concatenate([-found[0][1], found[1][1]])
    both = np.concatenate(list(pair))
    fewest = min(int(material.ranked[places].sum()) for places in pair)
    half = _half_width(influence, material.people[both], fewest, level)
    if not fewest:
        value = half = float("nan")
    widest = float(np.nanmax(ranks))
    low, high, value = (float(np.clip(x, -widest, widest)) for x in (value - half, value + half, value))
    return {"naive": naive[1][0] - naive[0][0], "estimate": value, "low": low, "high": high}


def _parts(values: Floats, code: int | None, ranks: Floats | None, weights: Floats) -> tuple[Floats, Floats]:
    """Weighted numerator and denominator of each narrative, (n,) each."""
    if ranks is None:
        return values[:, code].ravel() * weights, weights
    ranked = ~np.isnan(ranks)
    return (values[:, ranked] @ ranks[ranked]) * weights, values[:, ranked].sum(axis=1) * weights


def _influence(above: Floats, below: Floats) -> tuple[float, Floats]:
    """A ratio of sums and what each narrative contributes to its error (linearised)."""
    total = below.sum()
    if total <= 0:
        return float("nan"), np.full(len(above), np.nan)
    value = float(above.sum() / total)
    return value, (above - value * below) / total


def _half_width(influence: Floats, people: NDArray[np.int64], reviewed: int, level: float) -> float:
    """Half the interval: errors summed by person, or by narrative where that is more and there are few persons."""
    from scipy.stats import t

    if reviewed < FEWEST_REVIEWED:
        return float("nan")
    _, cluster = np.unique(people, return_inverse=True)
    sums = np.bincount(cluster, influence).astype(np.float64)
    few = len(sums) < _FEW_PERSONS
    spread = max(_spread(sums), _spread(influence)) if few else _spread(sums)
    count = min(len(sums), reviewed) if len(sums) > 1 else reviewed
    return float(t.ppf((1 + level) / 2, count - 1) * spread)


def _spread(errors: Floats) -> float:
    """Standard error of a sum of independent errors; 0 for a single one."""
    count = len(errors)
    return float(np.sqrt(count / (count - 1) * ((errors - errors.mean()) ** 2).sum())) if count > 1 else 0.0


def _table(
    records: list[dict[str, Any]], by: Sequence[str], columns: Sequence[str], codebook: Codebook
) -> pd.DataFrame:
    frame = pd.DataFrame(records, columns=[*by, *columns])
    return tidy([frame], [*by, *columns], ["variable"], codebook)
