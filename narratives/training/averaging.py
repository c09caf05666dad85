"""The mean of several weights of one network."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["mean_weights"]


def mean_weights(weights: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Mean of several weights of one network; whole numbers (buffers) are taken from the last."""
    last = weights[-1]
    return {
        name: torch.stack([each[name] for each in weights]).mean(0) if tensor.is_floating_point() else tensor
        for name, tensor in last.items()
    }
