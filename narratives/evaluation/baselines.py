"""What a model must beat: simple classifiers trained on the same persons' texts.

Each baseline is a function (fitted, measured, seed) -> per variable the chosen code of every measured
text, shape (texts,), indices in label order. They see what the model sees, a text; only the mood
oracle sees something else, the true evaluation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from narratives.codebook import Variable
from narratives.coded.records import CodedData
from narratives.evaluation.parts import part_names
from narratives.evaluation.scores import macro_f1

__all__ = ["BASELINES", "WORDS", "Baseline", "Guesses", "cross_guesses", "majority", "mood_oracle", "tfidf"]

Codes = NDArray[np.int64]
Guesses = Mapping[str, Codes]
Baseline = Callable[[CodedData, CodedData, int], Guesses]

WORDS = r"(?u)\b\w+\b"
"""Words as features: also those of one letter, which scikit-learn leaves out (å, i)."""

_STRENGTH = 2.0


def majority(fitted: CodedData, measured: CodedData, seed: int = 0) -> dict[str, Codes]:  # noqa: ARG001
    """The code that is most frequent in training, for every text."""
    guesses = {}
    for variable in fitted.codebook.variables:
        hard = fitted.hard(variable.name)
        counts = np.bincount(hard[hard >= 0], minlength=len(variable.codes))
        guesses[variable.name] = np.full(len(measured), int(counts.argmax()))
    return guesses


def tfidf(fitted: CodedData, measured: CodedData, seed: int = 0) -> dict[str, Codes]:  # noqa: ARG001
    """Logistic regression on TF-IDF of words and pairs of words, codes weighted by inverse frequency."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=WORDS)
    known = vectorizer.fit_transform([text.text for text in fitted.texts])
    asked = vectorizer.transform([text.text for text in measured.texts])
    guesses = {}
    for name in fitted.codebook.names:
        hard = fitted.hard(name)
        coded = hard >= 0
        if len(np.unique(hard[coded])) < 2:
            guesses[name] = majority(fitted, measured)[name]
            continue
        model = LogisticRegression(C=_STRENGTH, max_iter=200, class_weight="balanced")
        guesses[name] = np.asarray(model.fit(known[coded], hard[coded]).predict(asked), dtype=np.int64)
    return guesses


def averages(fitted: CodedData, measured: CodedData, seed: int = 0) -> Guesses:
    """fastText-style averages; see :func:`narratives.evaluation.averages.average_guesses`."""
    from narratives.evaluation.averages import average_guesses

    return average_guesses(fitted, measured, seed)


def textcat(fitted: CodedData, measured: CodedData, seed: int = 0) -> Guesses:
    """SpaCy's text categoriser; see :func:`narratives.evaluation.textcat.textcat_guesses`."""
    from narratives.evaluation.textcat import textcat_guesses

    return textcat_guesses(fitted, measured, seed)


def mood_oracle(fitted: CodedData, measured: CodedData, seed: int = 0) -> dict[str, Codes]:  # noqa: ARG001
    """The best guess for somebody who knows each text's true evaluation and nothing else.

    For each evaluation one code, so chosen on the training texts of the same part that macro-F1 there
    is as high as it gets. A model that is not ahead of it has measured mood. Texts without a coded
    evaluation get the most frequent code. Empty if the codebook has no variable with that role.
    """
    mood = fitted.codebook.with_role("evaluation")
    if mood is None:
        return {}
    known_parts, asked_parts = np.array(part_names(fitted)), np.array(part_names(measured))
    known_mood, asked_mood = fitted.hard(mood.name), measured.hard(mood.name)
    guesses = {}
    for variable in (v for v in fitted.codebook.variables if v is not mood):
        hard = fitted.hard(variable.name)
        guess = majority(fitted, measured)[variable.name]
        for part in np.unique(asked_parts):
            same = known_parts == part
            mapping = _best_mapping(known_mood, hard, mood, variable, same if same.any() else ~same)
            asked = (asked_parts == part) & (asked_mood >= 0)
            guess[asked] = mapping[asked_mood[asked]]
        guesses[variable.name] = guess
    return guesses


def _best_mapping(moods: Codes, hard: Codes, mood: Variable, variable: Variable, kept: np.ndarray) -> Codes:
    """A code for each evaluation: the most frequent, then changed one at a time while macro-F1 rises."""
    both = kept & (moods >= 0) & (hard >= 0)
    table = np.zeros((len(mood.codes), len(variable.codes)))
    np.add.at(table, (moods[both], hard[both]), 1)
    mapping = table.argmax(1)
    best, improved = _mapped_f1(table, mapping), True
    while improved:
        improved = False
        for place, code in np.ndindex(table.shape):
            trial = mapping.copy()
            trial[place] = code
            score = _mapped_f1(table, trial)
            if score > best + 1e-12:
                mapping, best, improved = trial, score, True
    return np.asarray(mapping, dtype=np.int64)


def _mapped_f1(table: np.ndarray, mapping: np.ndarray) -> float:
    """Macro-F1 if each evaluation (row of ``table``) is given its code of ``mapping``."""
    counts = np.zeros((table.shape[1], table.shape[1]))
    np.add.at(counts.T, mapping, table)
    return float(np.nan_to_num(macro_f1(counts)))


def cross_guesses(baseline: Baseline, data: CodedData, folds: np.ndarray, seed: int = 0) -> dict[str, Codes]:
    """Guesses for every text by a baseline trained on the other folds' persons.

    Args:
        folds: fold of each text, shape (texts,), as from :func:`narratives.training.frozen.person_folds`.
    """
    result: dict[str, Codes] = {}
    for fold in np.unique(folds):
        held = folds == fold
        for name, codes in baseline(_masked(data, ~held), _masked(data, held), seed).items():
            result.setdefault(name, np.zeros(len(data), dtype=np.int64))[held] = codes
    return result


def _masked(data: CodedData, mask: Sequence[bool] | np.ndarray) -> CodedData:
    from dataclasses import replace

    return replace(data, texts=tuple(text for text, kept in zip(data.texts, mask, strict=True) if kept))


BASELINES: dict[str, Baseline] = {
    "majority": majority,
    "tfidf": tfidf,
    "averages": averages,
    "textcat": textcat,
    "mood": mood_oracle,
}
"""Baselines by name, in the order in which they are shown."""
