"""The training loop: plain torch, deterministic by its seed, resumable at any step."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from narratives.codebook import Codebook
from narratives.network import MultiHead
from narratives.progress import Advance
from narratives.training.averaging import mean_weights
from narratives.training.checkpoint import load_run, save_run, save_weights
from narratives.training.devices import fast_precision
from narratives.training.examples import Batch, Examples, epoch_batches, step_count
from narratives.training.losses import (
    agreement_loss,
    ordinal_log_loss,
    rank_distances,
    smooth,
    soft_cross_entropy,
    weighted_mean,
)
from narratives.training.optimiser import make_optimiser, rate_factor, set_rates
from narratives.training.settings import Settings

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

__all__ = ["Epoch", "Run", "batch_loss", "fit"]

Score = Callable[[MultiHead], tuple[float, dict[str, Any]]]
"""From a network to its development score (higher is better) and the figures behind it."""

_CLIP = 1.0
_SECONDS_BETWEEN_SAVES = 60.0


@dataclass(frozen=True)
class Epoch:
    """What an epoch came to: mean training loss, development score and figures, seconds spent so far.

    ``averaged`` is 0, or the number of last epochs whose mean weights this entry is about.
    """

    number: int
    loss: float
    score: float
    figures: dict[str, Any]
    seconds: float
    averaged: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "number": self.number,
            "loss": self.loss,
            "score": self.score,
            "figures": self.figures,
            "seconds": self.seconds,
            "averaged": self.averaged,
        }


@dataclass
class Run:
    """The moving state of a training run."""

    network: MultiHead
    optimiser: torch.optim.Optimizer
    epoch: int = 0
    step: int = 0
    total_steps: int = 0
    loss: float = 0.0
    history: list[Epoch] = field(default_factory=list)
    weights: dict[int, dict[str, Tensor]] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def best(self) -> Epoch | None:
        """The epoch with the best score; the first of equals."""
        return max(self.history, key=lambda epoch: epoch.score, default=None)

    def progress(self) -> dict[str, Any]:
        """The state without tensors, as plain data."""
        return {
            "epoch": self.epoch,
            "step": self.step,
            "total_steps": self.total_steps,
            "loss": self.loss,
            "seconds": self.seconds,
            "history": [epoch.to_dict() for epoch in self.history],
        }

    def restore(self, state: Mapping[str, Any], weights: Mapping[int, dict[str, Tensor]]) -> None:
        """Take over what :meth:`progress` gave, and the weights kept after epochs."""
        self.epoch, self.step, self.total_steps = state["epoch"], state["step"], state["total_steps"]
        self.loss, self.seconds = state["loss"], state["seconds"]
        self.history = [Epoch(**epoch) for epoch in state["history"]]
        self.weights = {number: kept for number, kept in weights.items() if number <= len(self.history)}

    def keep(self, settings: Settings) -> list[int]:
        """Keep a copy of the weights as they are now; forget, and name, epochs that no longer matter."""
        now = len(self.history)
        self.weights[now] = {name: tensor.detach().clone() for name, tensor in self.network.state_dict().items()}
        assert self.best is not None  # noqa: S101 - an epoch has just been added
        wanted = {self.best.number, *range(now - max(1, settings.average) + 1, now + 1)}
        dropped = [number for number in self.weights if number not in wanted]
        for number in dropped:
            del self.weights[number]
        return dropped

    def finished(self, settings: Settings) -> bool:
        """Whether all epochs are done, or patience is at its end."""
        waited = len(self.history) - (self.best.number if self.best else 0)
        return self.epoch >= settings.epochs or (self.best is not None and waited >= settings.patience)


def fit(
    network: MultiHead,
    tokenizer: PreTrainedTokenizerBase,
    codebook: Codebook,
    examples: Examples,
    settings: Settings,
    score: Score,
    *,
    folder: Path | None = None,
    fingerprint: str = "",
    advance: Advance | None = None,
) -> Run:
    """Train ``network`` in place and return the run; its weights at the end are the best found on ``score``.

    Args:
        score: computes the development score after each epoch.
        folder: where to keep the unfinished run; a run found there with the same ``fingerprint`` goes on.
        advance: called with a word on the epoch and the number of steps done.
    """
    run = Run(network, make_optimiser(network, settings))
    steps = step_count(examples, tokenizer, settings)
    resumed = folder is not None and load_run(run, folder, fingerprint)
    if resumed and advance is not None:
        advance("", run.total_steps)
    saver = _Saver(folder, fingerprint)
    while not run.finished(settings):
        _run_epoch(run, tokenizer, codebook, examples, settings, steps, saver, advance)
        _close_epoch(run, settings, score, saver)
    _take_best(run, settings, score)
    return run


@dataclass
class _Saver:
    """Saves a run now and then, if there is a folder to save to."""

    folder: Path | None
    fingerprint: str
    last: float = field(default_factory=time.monotonic)

    def now(self, run: Run) -> None:
        """Save whatever the clock says."""
        if self.folder is not None:
            save_run(run, self.folder, self.fingerprint)
            self.last = time.monotonic()

    def sometimes(self, run: Run) -> None:
        """Save if the last time is long ago."""
        if time.monotonic() - self.last > _SECONDS_BETWEEN_SAVES:
            self.now(run)

    def epoch(self, run: Run, dropped: list[int]) -> None:
        """Save the weights after an epoch and remove those no longer wanted."""
        if self.folder is None:
            return
        number = len(run.history)
        save_weights(run.weights[number], self.folder / f"epoch-{number}.safetensors")
        self.now(run)
        for old in dropped:
            (self.folder / f"epoch-{old}.safetensors").unlink(missing_ok=True)


def _run_epoch(
    run: Run,
    tokenizer: PreTrainedTokenizerBase,
    codebook: Codebook,
    examples: Examples,
    settings: Settings,
    steps: int,
    saver: _Saver,
    advance: Advance | None,
) -> None:
    """The steps of an epoch that are still to do."""
    run.network.train()
    for number, batch in enumerate(epoch_batches(examples, tokenizer, settings, run.epoch, steps)):
        if number < run.step:
            continue
        began = time.monotonic()
        set_rates(run.optimiser, rate_factor(run.total_steps, settings.epochs * steps, settings.warmup))
        run.loss += _step(run, batch, codebook, settings)
        run.step += 1
        run.total_steps += 1
        run.seconds += time.monotonic() - began
        if advance is not None:
            advance(f"{run.epoch + 1}/{settings.epochs}  {run.loss / run.step:.3f}", 1)
        saver.sometimes(run)


def _close_epoch(run: Run, settings: Settings, score: Score, saver: _Saver) -> None:
    """Score the network, note the epoch, keep its weights."""
    value, figures = score(run.network)
    run.history.append(Epoch(len(run.history) + 1, run.loss / max(1, run.step), value, figures, run.seconds))
    run.epoch, run.step, run.loss = run.epoch + 1, 0, 0.0
    saver.epoch(run, run.keep(settings))


def _step(run: Run, batch: Batch, codebook: Codebook, settings: Settings) -> float:
    """One step of the optimiser; returns the loss."""
    device = next(run.network.parameters()).device
    with fast_precision(device):
        loss = batch_loss(run.network, batch, codebook, settings, device)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(run.network.parameters(), _CLIP)
    run.optimiser.step()
    run.optimiser.zero_grad(set_to_none=True)
    return float(loss.detach())


def batch_loss(
    network: MultiHead, batch: Batch, codebook: Codebook, settings: Settings, device: torch.device
) -> Tensor:
    """Weighted sum of the variables' losses, a scalar."""
    ids, mask = batch.input_ids.to(device), batch.attention_mask.to(device)
    logits = network(ids, mask)
    again = network(ids, mask) if settings.r_drop else None
    total = torch.zeros((), device=device)
    for place, variable in enumerate(codebook.variables):
        target = smooth(batch.targets[place].to(device), settings.label_smoothing)
        scores = logits[place].float()
        losses = soft_cross_entropy(scores, target)
        if variable.ranked and settings.ordinal:
            distances = rank_distances(variable.ranks)
            losses = losses + settings.ordinal * ordinal_log_loss(scores, target, distances)
        if again is not None:
            losses = losses + soft_cross_entropy(again[place].float(), target)
            losses = losses / 2 + settings.r_drop * agreement_loss(scores, again[place].float())
        weights = batch.weights[place].to(device)
        share = settings.variable_weights.get(variable.name, 1.0)
        total = total + share * weighted_mean(losses, weights)
    return total


def _take_best(run: Run, settings: Settings, score: Score) -> None:
    """Load the best epoch's weights, or the mean of the last epochs' where it scores at least as well.

    The mean of the last points of one run lies in a flatter place and tends to generalise better
    (Izmailov et al. 2018).
    """
    if run.best is None:
        return
    run.network.load_state_dict(run.weights[run.best.number])
    last = sorted(run.weights)[-settings.average :] if settings.average > 1 else []
    consecutive = last == list(range(len(run.history) - len(last) + 1, len(run.history) + 1))
    if len(last) < 2 or not consecutive:
        return
    run.network.load_state_dict(mean_weights([run.weights[number] for number in last]))
    value, figures = score(run.network)
    if value >= run.best.score:
        run.history.append(
            Epoch(len(run.history) + 1, run.history[-1].loss, value, figures, run.seconds, averaged=len(last))
        )
    else:
        run.network.load_state_dict(run.weights[run.best.number])
