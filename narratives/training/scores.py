"""The few figures that training itself needs: one score per variable, and losses on development data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from narratives.codebook import Variable
from narratives.coded.records import CodedData

__all__ = ["criterion", "score_variables", "softmax", "variable_scores"]


def softmax(scores: np.ndarray) -> np.ndarray:
    """Softmax over the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


def variable_scores(variable: Variable, probabilities: np.ndarray, hard: np.ndarray) -> dict[str, float]:
    """Figures of one variable on the texts that are coded for it.

    Args:
        probabilities: shape (n, codes) in label order.
        hard: index of the true code, shape (n,), -1 where not coded.

    Returns:
        n, accuracy, majority (the accuracy of always naming the commonest code), macro_f1 (over the codes that
        occur), log_loss and, for a ranked variable,
        kappa (quadratic weights, over texts whose true and predicted code have a rank).
    """
    from sklearn.metrics import f1_score

    coded = hard >= 0
    truth, shares = hard[coded], probabilities[coded]
    if not len(truth):
        return {"n": 0}
    chosen = shares.argmax(1)
    figures = {
        "n": len(truth),
        "accuracy": float((chosen == truth).mean()),
        "majority": float(np.bincount(truth).max() / len(truth)),
        "macro_f1": float(f1_score(truth, chosen, labels=np.unique(truth), average="macro", zero_division=0)),
        "log_loss": float(-np.log(np.clip(shares[np.arange(len(truth)), truth], 1e-9, 1)).mean()),
    }
    return figures | ({"kappa": _kappa(variable, truth, chosen)} if variable.ranked else {})


def _kappa(variable: Variable, truth: np.ndarray, chosen: np.ndarray) -> float:
    """Quadratic-weighted kappa by rank; 0 where it is not defined."""
    from sklearn.metrics import cohen_kappa_score

    ranks = np.array([-1 if rank is None else rank for rank in variable.ranks])
    true_ranks, chosen_ranks = ranks[truth], ranks[chosen]
    both = (true_ranks >= 0) & (chosen_ranks >= 0)
    if len(np.unique(np.concatenate([true_ranks[both], chosen_ranks[both]]))) < 2:
        return 0.0
    value = cohen_kappa_score(true_ranks[both], chosen_ranks[both], weights="quadratic")
    return 0.0 if np.isnan(value) else float(value)


def score_variables(data: CodedData, probabilities: Mapping[str, np.ndarray]) -> dict[str, dict[str, float]]:
    """:func:`variable_scores` of every variable of the codebook."""
    return {v.name: variable_scores(v, probabilities[v.name], data.hard(v.name)) for v in data.codebook.variables}


def criterion(scores: Mapping[str, Mapping[str, float]], variables: Sequence[str] = ()) -> float:
    """What early stopping looks at, higher is better: the mean over variables of macro-F1, and for
    ranked variables of the mean of macro-F1 and quadratic kappa.

    Args:
        variables: those that count; none means all that have a score.
    """
    wanted = [name for name in variables or scores if scores[name].get("n")]
    values = [_single(scores[name]) for name in wanted]
    return float(np.mean(values)) if values else 0.0


def _single(figures: Mapping[str, float]) -> float:
    kappa = figures.get("kappa")
    return figures["macro_f1"] if kappa is None else (figures["macro_f1"] + kappa) / 2
