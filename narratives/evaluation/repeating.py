"""The same training again under several seeds: how much of a figure is luck."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from narratives.coded.records import CodedData
from narratives.coded.splitting import take_test
from narratives.errors import ModelError
from narratives.evaluation.calibrated import calibration_error
from narratives.evaluation.coverage import error_at, risk_curve
from narratives.evaluation.figures import Figure
from narratives.evaluation.measuring import COVERAGE, code_measures
from narratives.evaluation.parts import parts_of
from narratives.evaluation.scores import confusion
from narratives.files import sha256_of
from narratives.messages import say
from narratives.progress import Advance

if TYPE_CHECKING:
    from pathlib import Path

    from narratives.classify import Classifier

__all__ = ["Predict", "Train", "repeat_over_seeds", "retrainer", "training_count"]

Predict = Callable[[Sequence[str]], Mapping[str, np.ndarray]]
"""Texts to probabilities per variable, shape (texts, codes), label order."""

Train = Callable[[CodedData, int], Predict]
"""Training data and a seed to a prediction function."""


@dataclass(frozen=True)
class _Key:
    part: str
    variable: str
    measure: str


def repeat_over_seeds(
    train: Train, data: CodedData, seeds: Sequence[int], *, folds: int = 5, advance: Advance | None = None
) -> list[Figure]:
    """Train and measure under each seed; mean and spread of the main figures.

    Where the data fixes a split, every seed trains on the other persons and is measured on the test
    persons, so the spread is that of training alone. Otherwise each seed also deals the persons anew
    into ``folds`` folds, each measured by a model trained on the others.

    Args:
        advance: told of each training done; :func:`training_count` says how many there will be.

    Returns:
        per part, variable and measure a figure with the mean over seeds (method "retrained") and one
        named ``..._spread`` with the standard deviation over seeds (NaN for one seed).
    """
    collected: dict[_Key, list[float]] = {}
    counts: dict[_Key, int] = {}
    tell: Advance = advance or (lambda _item, _steps: None)
    for seed in seeds:
        measured, shares = _one_seed(_telling(train, tell), data, seed, folds)
        for key, value, count in _values(measured, shares):
            collected.setdefault(key, []).append(value)
            counts[key] = count
    return [figure for key, values in collected.items() for figure in _mean_and_spread(key, values, counts[key])]


def training_count(measured: CodedData, fitted: CodedData, seeds: int, folds: int) -> int:
    """How many trainings ``seeds`` seeds take: one each, or as many as there are folds where nothing is fitted on."""
    return seeds * (1 if len(fitted) else min(folds, len(measured.persons)))


def _telling(train: Train, tell: Advance) -> Train:
    """The training, which says when it is done."""

    def told(fitted: CodedData, seed: int) -> Predict:
        predict = train(fitted, seed)
        tell(say("evaluation.seed", seed=seed), 1)
        return predict

    return told


def retrainer(classifier: Classifier) -> Train:
    """How the model was trained, as a function, from its provenance: same encoder, same settings.

    Raises:
        ModelError: if the model does not say how it was made, or was made with other weights of its encoder
            than those at hand.
    """
    from narratives.classify import find_model
    from narratives.training.settings import Settings
    from narratives.training.train import train

    made = classifier.provenance
    if "base_model" not in made or "settings" not in made:
        raise ModelError(say("evaluation.no_provenance", model=classifier.name))
    base = find_model(made["base_model"])
    _require_same(base, made, classifier.name)
    given: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in made["settings"].items()}
    settings = Settings(**given)

    def again(fitted: CodedData, seed: int) -> Predict:
        trained = train(fitted, base, replace(settings, seed=seed), name=classifier.name)
        return lambda texts: trained.classifier.predict(texts).probabilities

    return again


def _require_same(base: Path, made: Mapping[str, Any], model: str) -> None:
    """Refuse an encoder whose weights are not those that the model was trained from."""
    recorded = made.get("base_sha256")
    if recorded and recorded != sha256_of((base / "model.safetensors").read_bytes()):
        raise ModelError(say("evaluation.other_encoder", model=model, base=made["base_model"]))


def _one_seed(train: Train, data: CodedData, seed: int, folds: int) -> tuple[CodedData, Mapping[str, np.ndarray]]:
    """The measured texts, and their probabilities from models that were not trained on their persons."""
    from narratives.training.frozen import person_folds

    usable, test = take_test(data)
    if len(test):
        return test, train(usable, seed)([text.text for text in test.texts])
    fold = person_folds(data, seed, folds)
    shares = {v.name: np.zeros((len(data), len(v.codes))) for v in data.codebook.variables}
    for number in np.unique(fold):
        held = fold == number
        fitted = replace(data, texts=tuple(t for t, out in zip(data.texts, held, strict=True) if not out))
        predicted = train(fitted, seed)([t.text for t, out in zip(data.texts, held, strict=True) if out])
        for name, values in shares.items():
            values[held] = predicted[name]
    return data, shares


def _values(data: CodedData, shares: Mapping[str, np.ndarray]) -> list[tuple[_Key, float, int]]:
    """The main figures of one seed."""
    rows = []
    for part, mask in parts_of(data).items():
        for variable in data.codebook.variables:
            hard = data.hard(variable.name)
            kept = mask & (hard >= 0)
            if not kept.any():
                continue
            truth, own = hard[kept], shares[variable.name][kept]
            counts = confusion(truth, own.argmax(1), len(variable.codes)).sum(0)
            sure, right = own.max(1), (own.argmax(1) == truth).astype(float)
            figures = {name: float(function(counts)) for name, function in code_measures(variable).items()}
            figures["ece"] = float(calibration_error(sure, right))
            figures["error_at_80"] = float(error_at(risk_curve(sure, right), COVERAGE))
            rows += [(_Key(part, variable.name, name), value, len(truth)) for name, value in figures.items()]
    return rows


def _mean_and_spread(key: _Key, values: Sequence[float], count: int) -> list[Figure]:
    place = (key.part, key.variable)
    spread = float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")
    mean = Figure(*place, key.measure, float(np.mean(values)), n=count, method="retrained")
    return [mean, Figure(*place, f"{key.measure}_spread", spread, n=count, method="retrained")]
