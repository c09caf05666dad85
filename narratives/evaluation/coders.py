"""Coder against coder: how far people agree, which is what a model can be asked for."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from narratives.codebook import Variable
from narratives.coded.records import CodedData, CodedText
from narratives.evaluation.agreement import ac1_of, alpha_of, coincidences, gwet_terms
from narratives.evaluation.figures import Figure
from narratives.evaluation.intervals import bounds, draw_persons_again
from narratives.evaluation.parts import parts_of
from narratives.evaluation.scores import accuracy, code_f1, confusion, macro_f1, quadratic_kappa, ranked_only

__all__ = ["agreement_report", "ratings_of"]


def ratings_of(data: CodedData, variable: str) -> np.ndarray:
    """Code indices of every coder, shape (coders, texts), -1 where a coder did not code.

    A coder who coded a text twice counts with the first coding.
    """
    names = list(dict.fromkeys(coding.coder for text in data.texts for coding in text.codings))
    place = {label: number for number, label in enumerate(data.codebook[variable].labels)}
    ratings = np.full((len(names), len(data)), -1, dtype=np.int64)
    for column, text in enumerate(data.texts):
        for coding in reversed(text.codings):
            if variable in coding.codes:
                ratings[names.index(coding.coder), column] = place[coding.codes[variable]]
    return ratings


def agreement_report(data: CodedData, *, resamples: int = 1000, seed: int = 0) -> list[Figure]:
    """Agreement between the coders of each variable on each part, with intervals by person.

    Alpha (nominal; ordinal over codes with a rank) and AC1 take any number of coders and gaps.
    ``accuracy``, ``macro_f1``, ``kappa`` and the codes' F1 are counted over all pairs of coders
    together. Texts with fewer than two codings are left out; parts without any are not reported.

    Args:
        data: as read by :func:`narratives.coded.read_coded`, which takes up ``second_coding.tsv`` and
            ``*_coders.tsv``.
    """
    figures = []
    parts = parts_of(data)
    for variable in data.codebook.variables:
        ratings = ratings_of(data, variable.name)
        double = (ratings >= 0).sum(0) >= 2
        for part, mask in parts.items():
            kept = mask & double
            if kept.any():
                persons = _persons(data.texts, kept)
                figures += _part(part, variable, ratings[:, kept], persons, resamples, seed)
    return figures


def _persons(texts: tuple[CodedText, ...], kept: np.ndarray) -> list[str]:
    return [text.person for text, wanted in zip(texts, kept, strict=True) if wanted]


def _part(
    part: str, variable: Variable, ratings: np.ndarray, persons: list[str], resamples: int, seed: int
) -> list[Figure]:
    codes = len(variable.codes)
    resampling = draw_persons_again(persons, resamples, seed)
    sums = {
        "pairs": sum(confusion(one, other, codes) for one, other in combinations(ratings, 2)),
        "met": coincidences(ratings, codes),
        "gwet": gwet_terms(ratings, codes),
    }
    if variable.ranked:
        sums["ranked"] = _ranked_coincidences(variable, ratings)
    values = {key: np.asarray(each).sum(0) for key, each in sums.items()}
    draws = {key: resampling.sums(np.asarray(each)) for key, each in sums.items()}

    def figure(name: str, value: np.ndarray, drawn: np.ndarray, code: str = "") -> Figure:
        low_high = bounds(drawn) if resampling.persons > 1 else (float("nan"),) * 2
        return Figure(part, variable.name, name, float(value), *low_high, ratings.shape[1], "coders", code)

    measured, resampled = _measures(variable, values), _measures(variable, draws)
    figures = [figure(name, measured[name], resampled[name]) for name in measured]
    each, each_drawn = code_f1(_both_ways(values["pairs"])), code_f1(_both_ways(draws["pairs"]))
    for place, label in enumerate(variable.labels):
        figures.append(figure("f1", each[place], each_drawn[:, place], label))
    return figures


def _measures(variable: Variable, sums: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """All measures of summed terms, of any leading shape."""
    result = {
        "macro_f1": macro_f1(_both_ways(sums["pairs"])),
        "accuracy": accuracy(sums["pairs"]),
        "alpha_nominal": alpha_of(sums["met"]),
        "ac1": ac1_of(sums["gwet"]),
    }
    if variable.ranked:
        result["kappa"] = quadratic_kappa(sums["pairs"], variable.ranks)
        result["alpha_ordinal"] = alpha_of(sums["ranked"], "ordinal")
    return result


def _both_ways(pairs: np.ndarray) -> np.ndarray:
    """Pairs counted in both directions: between coders neither is the truth."""
    return np.asarray(pairs + np.swapaxes(pairs, -1, -2))


def _ranked_coincidences(variable: Variable, ratings: np.ndarray) -> np.ndarray:
    """Coincidences over codes with a rank, in their order; other codes count as missing."""
    ranks = np.array([-1 if rank is None else rank for rank in variable.ranks])
    placed = np.where(ratings >= 0, ranks[ratings], -1)
    size = ranked_only(np.zeros((len(ranks), len(ranks))), variable.ranks).shape[-1]
    return coincidences(placed, size)
