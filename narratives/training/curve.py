"""How far more coding would help: the same training on part of the persons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from narratives.coded.records import CodedData
from narratives.coded.splitting import hold_out, some_persons, take_test
from narratives.progress import Advance
from narratives.training.frozen import fit_head, person_folds
from narratives.training.scores import criterion, score_variables, softmax
from narratives.training.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Point", "frozen_curve", "full_curve", "gain_per_doubling"]

SHARES = (0.25, 0.5, 0.75, 1.0)
_FULL_SHARES = (0.25, 0.5)
_REPEATS = 3
_FEWEST = 2


@dataclass(frozen=True)
class Point:
    """Score reached with part of the persons.

    Attributes:
        share: of the training persons, in (0, 1].
        texts: how many texts that was, on average.
        score: the criterion on persons not trained on (:func:`narratives.training.scores.criterion`).
        spread: standard deviation of the score over repeats; 0 for one.
    """

    share: float
    texts: int
    score: float
    spread: float = 0.0


def frozen_curve(
    data: CodedData, features: np.ndarray, strengths: Mapping[str, float], settings: Settings
) -> list[Point]:
    """Cross-validated scores of linear heads fitted on a share of the other persons, three repeats.

    Args:
        features: shape (n, features), in the order of the texts.
        strengths: per variable, as chosen on all data.
    """
    points = []
    for share in SHARES:
        outcomes = [_one_repeat(data, features, strengths, settings, share, repeat) for repeat in range(_REPEATS)]
        scores = [score for score, _ in outcomes]
        texts = round(float(np.mean([count for _, count in outcomes])))
        points.append(Point(share, texts, float(np.mean(scores)), float(np.std(scores))))
    return points


def _one_repeat(
    data: CodedData,
    features: np.ndarray,
    strengths: Mapping[str, float],
    settings: Settings,
    share: float,
    repeat: int,
) -> tuple[float, float]:
    """The score of all folds together, and the mean number of texts fitted on."""
    folds = person_folds(data, settings.seed + repeat)
    shares = {name: np.zeros((len(data), len(data.codebook[name].codes))) for name in data.codebook.names}
    persons, counts = np.array([text.person for text in data.texts]), []
    for fold in np.unique(folds):
        held = folds == fold
        kept = some_persons(persons[~held], share, settings.seed + repeat, _FEWEST)
        chosen = ~held & np.isin(persons, list(kept))
        counts.append(chosen.sum())
        for name, strength in strengths.items():
            head = fit_head(features[chosen], data.targets(name)[chosen], strength)
            shares[name][held] = softmax(head.logits(features[held]))
    return criterion(score_variables(data, shares), settings.criterion), float(np.mean(counts))


def full_curve(
    data: CodedData,
    base: Path,
    settings: Settings,
    whole: float,
    advance: Advance | None = None,
    folder: Path | None = None,
) -> list[Point]:
    """Scores of full trainings on a quarter and a half of the training persons, and the whole's.

    Args:
        whole: the score of the training on everyone, measured on the same held-out persons.
        folder: for the unfinished trainings, one folder each in it, so that they can be taken up again.
    """
    from narratives.training.train import train

    usable, _ = take_test(data)
    fitted, held = hold_out(usable.where(lambda text: bool(text.codings)), settings.dev_share, settings.seed)
    points = []
    for share in _FULL_SHARES:
        kept = some_persons(fitted.persons, share, settings.seed, _FEWEST)
        part = [text for text in fitted.texts if text.person in kept]
        marked = [replace(text, split="dev") for text in held.texts]
        some = replace(data, texts=(*part, *marked))
        kept_in = folder / f"{share:.2f}" if folder is not None else None
        trained = train(some, base, replace(settings, method="full"), folder=kept_in, advance=advance)
        points.append(Point(share, len(part), max((epoch.score for epoch in trained.history), default=0.0)))
    return [*points, Point(1.0, len(fitted), whole)]


def gain_per_doubling(points: Sequence[Point]) -> float:
    """Slope of the score over log2 of the number of texts, least squares; 0 with fewer than two sizes."""
    sizes = np.log2([max(1, point.texts) for point in points])
    if len(np.unique(sizes)) < 2:
        return 0.0
    return float(np.polyfit(sizes, [point.score for point in points], 1)[0])
