"""Coded texts as windows of token ids with targets and weights, and the batches of an epoch."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from narratives.coded.records import CodedData
from narratives.network import Window, encode_windows, pad
from narratives.training.augment import vary
from narratives.training.settings import Settings

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

__all__ = ["Batch", "Examples", "epoch_batches", "make_examples", "step_count"]

_ROUND = 8
_CHUNK = 16
"""Batches whose windows are sorted by length together: little padding, still mixed."""


@dataclass(frozen=True)
class Batch:
    """One step's worth of windows.

    Attributes:
        input_ids, attention_mask: shape (windows, tokens).
        targets: per variable, shape (windows, codes); rows sum to 1, or 0 where not coded.
        weights: per variable, shape (windows,).
    """

    input_ids: Tensor
    attention_mask: Tensor
    targets: list[Tensor]
    weights: list[Tensor]


@dataclass(frozen=True)
class Examples:
    """Texts with their targets, ready to be cut into windows.

    Attributes:
        texts: n texts.
        targets: per variable, shape (n, codes).
        weights: per variable, shape (n,): 0 where not coded.
    """

    texts: tuple[str, ...]
    targets: tuple[np.ndarray, ...]
    weights: tuple[np.ndarray, ...]


def make_examples(data: CodedData, settings: Settings) -> Examples:
    """Targets and weights of all texts, variables in the codebook's order.

    A weight is the product of the group's weight, the coders' certainty to ``certainty_power``, and
    the class weight; scaled so that the weights of each variable average 1 over the texts coded.
    """
    groups = np.array([settings.group_weight(text.group) for text in data.texts])
    targets, weights = [], []
    for name in data.codebook.names:
        target = data.targets(name)
        weight = groups * np.where(target.sum(1) > 0, data.certainty(name) ** settings.certainty_power, 0.0)
        weight = weight * _class_weights(target, weight, settings.class_weights)
        mean = weight[target.sum(1) > 0].mean() if (target.sum(1) > 0).any() else 1.0
        targets.append(target)
        weights.append(weight / (mean or 1.0))
    return Examples(tuple(text.text for text in data.texts), tuple(targets), tuple(weights))


def _class_weights(target: np.ndarray, weight: np.ndarray, power: float) -> np.ndarray:
    """Inverse frequency of the codes to ``power``, per text by its targets, shape (n,)."""
    counts = (target * weight[:, None]).sum(0)
    factors = np.where(counts > 0, (counts.sum() / np.maximum(counts, 1e-9)) ** power, 0.0)
    return np.asarray(target @ factors)


def step_count(examples: Examples, tokenizer: PreTrainedTokenizerBase, settings: Settings) -> int:
    """Steps of an epoch; the same every epoch, so that the learning rate's course is known ahead."""
    windows = encode_windows(tokenizer, examples.texts, settings.max_length, settings.stride)
    return max(1, -(-len(windows) // settings.batch_size))


def epoch_batches(
    examples: Examples, tokenizer: PreTrainedTokenizerBase, settings: Settings, epoch: int, steps: int
) -> Iterator[Batch]:
    """The batches of one epoch, ``steps`` of them, the same whenever asked for.

    Order and variations come from the seed and the epoch alone, so a run can be taken up anywhere.
    """
    chance = random.Random(f"{settings.seed}:{epoch}")
    windows = _windows(examples.texts, tokenizer, settings, chance)
    shares = np.bincount([owner for owner, _ in windows], minlength=len(examples.texts))
    padding = tokenizer.pad_token_id or 0
    for chosen in _mixed(windows, settings.batch_size, steps, chance):
        yield _batch(chosen, examples, shares, padding, settings.max_length)


def _windows(
    texts: Sequence[str], tokenizer: PreTrainedTokenizerBase, settings: Settings, chance: random.Random
) -> list[Window]:
    varied = [
        vary(text, chance, drop_sentences=settings.drop_sentences, drop_fillers=settings.drop_fillers) for text in texts
    ]
    return encode_windows(tokenizer, varied, settings.max_length, settings.stride)


def _mixed(windows: list[Window], size: int, steps: int, chance: random.Random) -> list[list[Window]]:
    """Shuffled batches of windows of like length, exactly ``steps`` of them."""
    shuffled = list(windows)
    chance.shuffle(shuffled)
    batches: list[list[Window]] = []
    for start in range(0, len(shuffled), size * _CHUNK):
        chunk = sorted(shuffled[start : start + size * _CHUNK], key=lambda window: len(window[1]))
        batches += [chunk[at : at + size] for at in range(0, len(chunk), size)]
    chance.shuffle(batches)
    return (batches * -(-steps // len(batches)))[:steps]


def _batch(chosen: list[Window], examples: Examples, shares: np.ndarray, padding: int, most: int) -> Batch:
    """Tensors of some windows; the windows of a long text share its weight.

    Widths are rounded up to eights, at most ``most``: few shapes, and shapes that processors like.
    """
    width = min(most, -(-max(len(tokens) for _, tokens in chosen) // _ROUND) * _ROUND)
    owners = np.array([owner for owner, _ in chosen])
    ids, mask = pad([tokens for _, tokens in chosen], padding, width)
    targets = [torch.tensor(target[owners], dtype=torch.float32) for target in examples.targets]
    weights = [torch.tensor(weight[owners] / shares[owners], dtype=torch.float32) for weight in examples.weights]
    return Batch(ids, mask, targets, weights)
