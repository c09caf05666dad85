"""One model as the mean of several runs from one encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from narratives.training.averaging import mean_weights
from narratives.training.train import Trained, conclude

__all__ = ["soup"]


def soup(runs: Sequence[Trained]) -> Trained:
    """One model out of several runs that started from the same encoder and heads: the plain mean of their weights.

    It does about what their ensemble does at the cost of one model (the "uniform soup" of Wortsman et al. 2022,
    section 2), and needs no choice among runs. All runs must have held out the same persons, and heads that
    started alike (``probe_first``), or the mean means nothing.

    Returns:
        The averaged model, calibrated anew; its settings, data and history are those of the first run.
    """
    first = runs[0]
    network, tokenizer = first.classifier.network, first.classifier.tokenizer
    network.load_state_dict(mean_weights([run.classifier.network.state_dict() for run in runs]))
    made = conclude(network, tokenizer, first.fitted, first.held, first.settings, first.history, 0.0)
    return replace(made, notes=first.notes, seconds=sum(run.seconds for run in runs), averaged_runs=len(runs))
