"""AdamW with rates that fall from layer to layer, warmed up and then lowered to 0."""

from __future__ import annotations

import re
from typing import Any

import torch
from torch import nn

from narratives.network import MultiHead
from narratives.training.settings import Settings

__all__ = ["layer_depths", "make_optimiser", "rate_factor", "set_rates"]

_LAYER = re.compile(r"\blayers?\.(\d+)\.")


def rate_factor(step: int, steps: int, warmup: float) -> float:
    """What peak rates are multiplied by at ``step`` of ``steps``: up over ``warmup``, then linearly to 0."""
    rising = max(1, round(warmup * steps))
    if step < rising:
        return (step + 1) / rising
    return max(0.0, (steps - step) / max(1, steps - rising))


def layer_depths(body: nn.Module) -> dict[str, int]:
    """Parameter name to depth: 0 for embeddings, 1 for the lowest layer, and the top for all behind it."""
    found = {name: _LAYER.search(name) for name, _ in body.named_parameters()}
    top = max((int(match[1]) + 1 for match in found.values() if match), default=1)
    return {name: int(match[1]) + 1 if match else 0 if "embed" in name else top for name, match in found.items()}


def make_optimiser(network: MultiHead, settings: Settings) -> torch.optim.AdamW:
    """AdamW with one group per layer and kind; each group keeps its ``peak`` rate.

    Biases and norms are not decayed. AdamW corrects its bias, which fine-tuning needs (Mosbach et al. 2021).
    """
    depths = layer_depths(network.body)
    top = max(depths.values())
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in network.body.named_parameters():
        rate = settings.body_rate * settings.layer_decay ** (top - depths[name])
        groups.setdefault((rate, _decay(parameter, settings)), []).append(parameter)
    for parameter in network.heads.parameters():
        groups.setdefault((settings.head_rate, _decay(parameter, settings)), []).append(parameter)
    listed: list[dict[str, Any]] = [
        {"params": parameters, "lr": rate, "peak": rate, "weight_decay": decay}
        for (rate, decay), parameters in groups.items()
    ]
    return torch.optim.AdamW(listed, fused=True)


def _decay(parameter: nn.Parameter, settings: Settings) -> float:
    return settings.weight_decay if parameter.dim() > 1 else 0.0


def set_rates(optimiser: torch.optim.Optimizer, factor: float) -> None:
    """Set every group's rate to ``factor`` times its peak."""
    for group in optimiser.param_groups:
        group["lr"] = group["peak"] * factor
