"""Scores for each unit: is it part of a narrative, and does a boundary stand before it?

Two logistic regressions on hashed n-grams and named cues. They are stored as one safetensors file
with the settings they were learned with, and read with numpy alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narratives.errors import ModelError
from narratives.files import sha256_of, write_atomically
from narratives.messages import say
from narratives.segmenting.features import BUCKETS, CUES, Hashed, cues_of, hashed_of
from narratives.segmenting.selecting import Weights
from narratives.segmenting.speech import Speech

__all__ = ["FORMAT", "Scorer", "UnitScores", "load_scorer", "probability"]

FORMAT = "narratives-segmenter-1"

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class UnitScores:
    """Log-odds for the units of one speech, each of shape (n_units,).

    Attributes:
        narrativity: that the unit is in a narrative.
        boundary: that a narrative starts or ends just before the unit.
    """

    narrativity: Array
    boundary: Array


@dataclass(frozen=True)
class Scorer:
    """A learned scorer, and what selection needs to know of it.

    Attributes:
        words: weights of the hash buckets, shape (2, BUCKETS): narrativity, boundary.
        cues: weights of the cues, shape (2, len(CUES)).
        bias: shape (2,).
        mean, scale: of the cues in training, shape (len(CUES),); a cue enters as (value - mean) / scale.
        weights: how selection weighs the scores.
        prices: (price, narratives per 1,000 words) pairs measured on development persons.
        density: the coders' narratives per 1,000 words: the default.
        digest: names the content of all of the above.
    """

    words: Array
    cues: Array
    bias: Array
    mean: Array
    scale: Array
    weights: Weights
    prices: tuple[tuple[float, float], ...]
    density: float
    digest: str = ""

    def score(self, speech: Speech) -> UnitScores:
        """Scores for the units of a speech."""
        return self.score_features(hashed_of(speech), cues_of(speech))

    def score_features(self, hashed: Sequence[Hashed], cues: NDArray[np.float32]) -> UnitScores:
        """Scores from what :mod:`narratives.segmenting.features` makes of a speech."""
        words = np.array([self.words[:, buckets] @ values for buckets, values in hashed]).reshape(len(hashed), 2)
        scores = words + (cues - self.mean) / self.scale @ self.cues.T + self.bias
        return UnitScores(scores[:, 0], scores[:, 1])

    def save(self, folder: Path) -> None:
        """Write ``segmenter.safetensors`` and ``segmenter.json`` into ``folder``."""
        from safetensors.numpy import save

        arrays = {name: np.ascontiguousarray(getattr(self, name), np.float32) for name in _ARRAYS}
        write_atomically(folder / "segmenter.safetensors", save(arrays))
        config = {
            "format": FORMAT,
            "cues": list(CUES),
            "buckets": BUCKETS,
            "weights": asdict(self.weights),
            "prices": self.prices,
            "density": self.density,
        }
        write_atomically(folder / "segmenter.json", json.dumps(config, ensure_ascii=False, indent=1) + "\n")


_ARRAYS = ("words", "cues", "bias", "mean", "scale")


def probability(log_odds: Array) -> Array:
    """Log-odds as probabilities in [0, 1]."""
    return 1 / (1 + np.exp(-np.clip(log_odds, -60, 60)))


@cache
def load_scorer(folder: Path) -> Scorer:
    """The scorer saved in ``folder``.

    Raises:
        ModelError: if it is missing, damaged, or was made for other features than this version has.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        config = json.loads((folder / "segmenter.json").read_text(encoding="utf-8"))
        data = (folder / "segmenter.safetensors").read_bytes()
        arrays = {name: array.astype(np.float64) for name, array in load(data).items()}
    except (OSError, ValueError, SafetensorError) as error:
        raise ModelError(say("segment.no_scorer", folder=folder)) from error
    _check(config, arrays, folder)
    return Scorer(
        **{name: arrays[name] for name in _ARRAYS},
        weights=Weights(**config["weights"]),
        prices=tuple((price, density) for price, density in config["prices"]),
        density=config["density"],
        digest=sha256_of(data, json.dumps(config, sort_keys=True)),
    )


def _check(config: Mapping[str, Any], arrays: Mapping[str, Array], folder: Path) -> None:
    """Refuse a scorer that was made for other features."""
    fits = config.get("format") == FORMAT and config.get("cues") == list(CUES) and config.get("buckets") == BUCKETS
    if not fits or set(arrays) != set(_ARRAYS) or arrays["words"].shape != (2, BUCKETS):
        raise ModelError(say("segment.other_scorer", folder=folder))
