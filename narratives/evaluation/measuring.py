"""All figures of one set of predictions: per part and variable, each with its interval by person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from narratives.codebook import Variable
from narratives.coded.records import CodedData
from narratives.evaluation.agreement import alpha_of
from narratives.evaluation.baselines import Guesses
from narratives.evaluation.calibrated import Bin, brier_scores, calibration_error, reliability
from narratives.evaluation.coverage import RiskCurve, area, error_at, kept_above, risk_curve
from narratives.evaluation.figures import Figure
from narratives.evaluation.intervals import Resampling, bounds, draw_persons_again
from narratives.evaluation.parts import parts_of
from narratives.evaluation.scores import (
    accuracy,
    code_f1,
    confusion,
    gwet_ac1,
    macro_f1,
    quadratic_kappa,
    ranked_only,
    ratio,
)
from narratives.training.calibration import review_threshold

__all__ = ["COVERAGE", "Slice", "code_measures", "measure", "measure_slice"]

COVERAGE = 0.8
"""Share of texts kept in the headline of the risk-coverage curve."""

Measure = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Slice:
    """One variable on one part.

    Attributes:
        figures: all of them.
        confusion: texts by true and chosen code, shape (codes, codes), label order.
        bins: the reliability curve.
        curve: the risk-coverage curve, shape (texts,).
    """

    part: str
    variable: str
    figures: tuple[Figure, ...]
    confusion: np.ndarray
    bins: tuple[Bin, ...]
    curve: RiskCurve


@dataclass(frozen=True)
class _Texts:
    """The coded texts of a part: truth, probabilities, persons drawn again."""

    part: str
    variable: Variable
    truth: np.ndarray
    shares: np.ndarray
    resampling: Resampling

    def figure(self, name: str, value: float, draws: np.ndarray | None = None, **more: object) -> Figure:
        low_high = (float("nan"),) * 2 if draws is None or self.resampling.persons < 2 else bounds(draws)
        return Figure(self.part, self.variable.name, name, float(value), *low_high, len(self.truth), **more)  # type: ignore[arg-type]


def measure(
    data: CodedData,
    shares: Mapping[str, np.ndarray],
    *,
    guesses: Mapping[str, Guesses] | None = None,
    review_below: Mapping[str, float] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> list[Slice]:
    """Figures of every variable on every part of the data (:func:`narratives.evaluation.parts.parts_of`).

    The truth is the code most coders chose; texts not coded for a variable are left out there.

    Args:
        shares: calibrated probabilities per variable, shape (texts, codes), label order.
        guesses: codes chosen by baselines, per baseline and variable, shape (texts,).
        review_below: the model's own review thresholds.
    """
    slices = []
    persons = np.array([text.person for text in data.texts], dtype=str)
    for part, mask in parts_of(data).items():
        for variable in data.codebook.variables:
            hard = data.hard(variable.name)
            kept = mask & (hard >= 0)
            if not kept.any():
                continue
            resampling = draw_persons_again(persons[kept].tolist(), resamples, seed)
            texts = _Texts(part, variable, hard[kept], shares[variable.name][kept], resampling)
            others = {
                name: codes[variable.name][kept] for name, codes in (guesses or {}).items() if variable.name in codes
            }
            slices.append(measure_slice(texts, others, (review_below or {}).get(variable.name)))
    return slices


def measure_slice(texts: _Texts, others: Mapping[str, np.ndarray], review_below: float | None = None) -> Slice:
    """Figures of one variable on one part; ``others`` are the codes chosen by baselines."""
    chosen = texts.shares.argmax(1)
    counts = confusion(texts.truth, chosen, len(texts.variable.codes))
    sure, right = texts.shares.max(1), (chosen == texts.truth).astype(float)
    curve = risk_curve(sure, right)
    figures = [
        *_scores(texts, counts),
        *_calibration(texts, sure, right),
        *_coverage(texts, sure, right, curve),
        *_review(texts, sure, right, review_below),
        *(figure for name, codes in others.items() for figure in _against(texts, counts, name, codes)),
    ]
    bins = tuple(reliability(sure, right))
    return Slice(texts.part, texts.variable.name, tuple(figures), counts.sum(0), bins, curve)


def code_measures(variable: Variable) -> dict[str, Measure]:
    """Measures of a variable as functions of confusion counts, shape (..., codes, codes), by name."""

    def alpha(counts: np.ndarray) -> np.ndarray:
        return np.asarray(alpha_of(counts + np.swapaxes(counts, -1, -2)))

    def ordinal(counts: np.ndarray) -> np.ndarray:
        ranked = ranked_only(counts, variable.ranks)
        return np.asarray(alpha_of(ranked + np.swapaxes(ranked, -1, -2), "ordinal"))

    plain: dict[str, Measure] = {"macro_f1": macro_f1, "accuracy": accuracy}
    ranked: dict[str, Measure] = {"kappa": lambda counts: quadratic_kappa(counts, variable.ranks)}
    further: dict[str, Measure] = {"alpha_nominal": alpha, "ac1": gwet_ac1}
    return {**plain, **ranked, **further, "alpha_ordinal": ordinal} if variable.ranked else {**plain, **further}


def _scores(texts: _Texts, counts: np.ndarray, method: str = "model") -> list[Figure]:
    """Scores of chosen codes, then F1 of each code."""
    summed, drawn = counts.sum(0), texts.resampling.sums(counts)
    figures = [
        texts.figure(name, float(function(summed)), function(drawn), method=method)
        for name, function in code_measures(texts.variable).items()
    ]
    values, draws = code_f1(summed), code_f1(drawn)
    for place, label in enumerate(texts.variable.labels):
        figures.append(texts.figure("f1", values[place], draws[:, place], code=label, method=method))
    return figures


def _calibration(texts: _Texts, sure: np.ndarray, right: np.ndarray) -> list[Figure]:
    brier = brier_scores(texts.shares, texts.truth)
    error = float(calibration_error(sure, right))
    drawn = calibration_error(sure, right, texts.resampling.of_texts())
    low_high = bounds(drawn, around=error) if texts.resampling.persons > 1 else (float("nan"),) * 2
    sums = texts.resampling.sums(np.column_stack([brier, np.ones(len(brier))]))
    return [
        texts.figure("brier", brier.mean(), ratio(sums[:, 0], sums[:, 1])),
        Figure(texts.part, texts.variable.name, "ece", error, *low_high, len(sure)),
    ]


def _coverage(texts: _Texts, sure: np.ndarray, right: np.ndarray, curve: RiskCurve) -> list[Figure]:
    """Area, error among the surest 80 % and half, and by which share the error of all falls at 80 %."""
    drawn = risk_curve(sure, right, texts.resampling.of_texts())

    def fall(of: RiskCurve) -> np.ndarray:
        return 1 - ratio(error_at(of, COVERAGE), error_at(of, 1.0))

    wanted: dict[str, Callable[[RiskCurve], np.ndarray]] = {
        "risk_area": area,
        "error_at_80": lambda of: error_at(of, COVERAGE),
        "error_fall_at_80": fall,
        "error_at_50": lambda of: error_at(of, 0.5),
    }
    return [texts.figure(name, float(function(curve)), function(drawn)) for name, function in wanted.items()]


def _review(texts: _Texts, sure: np.ndarray, right: np.ndarray, review_below: float | None) -> list[Figure]:
    """The threshold that these texts imply, and what the model's own does to them."""
    thresholds = {"implied": review_threshold(texts.shares, texts.truth)}
    if review_below is not None:
        thresholds["review"] = review_below
    figures = []
    for name, threshold in thresholds.items():
        kept = kept_above(sure, right, threshold)
        figures += [
            texts.figure(f"{name}_threshold", threshold),
            texts.figure(f"{name}_coverage", kept.coverage),
            texts.figure(f"{name}_error", kept.error),
        ]
    return figures


def _against(texts: _Texts, counts: np.ndarray, name: str, codes: np.ndarray) -> list[Figure]:
    """A baseline's main scores, and how far the model is ahead on the very same resamples."""
    theirs = confusion(texts.truth, codes, len(texts.variable.codes))
    mine_drawn, theirs_drawn = texts.resampling.sums(counts), texts.resampling.sums(theirs)
    figures = []
    for measured, function in code_measures(texts.variable).items():
        if measured not in ("macro_f1", "accuracy", "kappa"):
            continue
        value, draws = float(function(theirs.sum(0))), function(theirs_drawn)
        ahead = float(function(counts.sum(0))) - value
        figures += [
            texts.figure(measured, value, draws, method=name),
            texts.figure(f"{measured}_ahead", ahead, function(mine_drawn) - draws, method=name),
        ]
    return figures
