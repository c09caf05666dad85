"""What card and report say about a training, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from narratives.coded.records import CodedData
from narratives.training.train import Trained

__all__ = ["code_counts", "code_figures", "confusion", "person_figures"]


def code_counts(data: CodedData) -> dict[str, dict[str, int]]:
    """Per variable, how many texts most coders gave each code."""
    result = {}
    for variable in data.codebook.variables:
        hard = data.hard(variable.name)
        result[variable.name] = {label: int((hard == i).sum()) for i, label in enumerate(variable.labels)}
    return result


def confusion(trained: Trained, variable: str) -> np.ndarray:
    """Counts of shape (true codes, predicted codes) on held-out texts, label order on both sides."""
    hard = trained.held.hard(variable)
    chosen = trained.probabilities[variable].argmax(1)
    size = trained.probabilities[variable].shape[1]
    coded = hard >= 0
    return np.bincount(hard[coded] * size + chosen[coded], minlength=size * size).reshape(size, size)


def code_figures(trained: Trained, variable: str) -> list[dict[str, Any]]:
    """Per code: n, precision, recall and F1 (0 to 1) on held-out texts."""
    counts = confusion(trained, variable)
    rows = []
    for place, label in enumerate(trained.held.codebook[variable].labels):
        hits, true, chosen = counts[place, place], counts[place].sum(), counts[:, place].sum()
        precision, recall = hits / max(1, chosen), hits / max(1, true)
        f1 = 2 * hits / max(1, true + chosen)
        rows.append({"code": label, "n": int(true), "precision": precision, "recall": recall, "f1": f1})
    return rows


def person_figures(trained: Trained) -> list[dict[str, Any]]:
    """Per held-out person with at least three texts: n and the share coded right per variable, worst first."""
    names = trained.held.codebook.names
    hard = {name: trained.held.hard(name) for name in names}
    right = {name: trained.probabilities[name].argmax(1) == hard[name] for name in names}
    persons = np.array([text.person for text in trained.held.texts])
    rows = []
    for person in sorted(set(persons)):
        mine = persons == person
        if mine.sum() >= 3:
            shares = {name: _share(right[name][mine & (hard[name] >= 0)]) for name in names}
            rows.append({"person": str(person), "n": int(mine.sum()), "right": shares})
    return sorted(rows, key=lambda row: _mean(list(row["right"].values())))


def _share(hits: np.ndarray) -> float | None:
    return float(hits.mean()) if len(hits) else None


def _mean(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else 1.0
