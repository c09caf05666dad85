"""One model as the mean of several runs from one encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from torch import Tensor

from narratives.training.averaging import mean_weights
from narratives.training.scores import criterion, score_variables
from narratives.training.train import Trained, conclude, judged_texts, uncalibrated

if TYPE_CHECKING:
    from narratives.network import MultiHead

__all__ = ["soup"]


def soup(runs: Sequence[Trained]) -> Trained:
    """One model out of several runs that started from the same encoder and heads: their mean, chosen greedily.

    Runs are taken best first; each joins the mean if the score on the development texts does not fall
    (model soups, Wortsman et al. 2022, recipe 1). All runs must have held out the same persons, and
    heads that started alike (``probe_first``), or the mean means nothing.

    Returns:
        The averaged model, calibrated anew; its settings and data are those of the best run.
    """
    judged = judged_texts(runs[0].held, runs[0].settings)
    network, tokenizer = runs[0].classifier.network, runs[0].classifier.tokenizer
    settings = runs[0].settings

    def score(weights: Sequence[dict[str, Tensor]]) -> float:
        network.load_state_dict(mean_weights(weights))
        return criterion(
            score_variables(judged, uncalibrated(network, tokenizer, judged, settings)), settings.criterion
        )

    found = sorted(((score([w]), place, w) for place, w in enumerate(map(_weights, runs))), key=lambda one: -one[0])
    best, chosen = found[0][0], [found[0][2]]
    for _, _, weights in found[1:]:
        value = score([*chosen, weights])
        if value >= best:
            best, chosen = value, [*chosen, weights]
    network.load_state_dict(mean_weights(chosen))
    leading = runs[found[0][1]]
    made = conclude(network, tokenizer, leading.fitted, leading.held, settings, leading.history, 0.0)
    seconds = sum(run.seconds for run in runs)
    return replace(made, notes=leading.notes, seconds=seconds, averaged_runs=len(chosen))


def _weights(run: Trained) -> dict[str, Tensor]:
    """A copy of a run's weights."""
    network: MultiHead = run.classifier.network
    return {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}
