"""Losses for soft, partly missing, partly ranked codes."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import kl_div, log_softmax, softmax

__all__ = ["agreement_loss", "ordinal_log_loss", "rank_distances", "smooth", "soft_cross_entropy", "weighted_mean"]


def smooth(targets: Tensor, share: float) -> Tensor:
    """Spread ``share`` of each target over all codes; rows that are all 0 (not coded) stay so.

    Args:
        targets: shape (n, codes), rows sum to 1 or 0.
    """
    coded = targets.sum(-1, keepdim=True)
    return targets * (1 - share) + share * coded / targets.shape[-1]


def soft_cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy with soft targets, shape (n,); 0 where a row of ``targets`` is all 0."""
    return -(targets * log_softmax(logits, dim=-1)).sum(-1)


def rank_distances(ranks: Sequence[int | None]) -> Tensor:
    """How far apart codes are, shape (codes, codes), 0 to 1.

    The distance of ranks over the largest one; codes without a rank stand outside the order and are
    at distance 0 from and to all (cross-entropy alone tells them apart).
    """
    largest = max((rank for rank in ranks if rank is not None), default=0) or 1
    rows = [[abs(a - b) / largest if a is not None and b is not None else 0.0 for b in ranks] for a in ranks]
    return torch.tensor(rows)


def ordinal_log_loss(logits: Tensor, targets: Tensor, distances: Tensor, power: float = 1.5) -> Tensor:
    """Ordinal log-loss with soft targets, shape (n,).

    Probability given to a code is punished by how far that code lies from the true one:
    ``-sum_i log(1 - p_i) d(y, i)^power`` (Castagnos, Mihelich & Dognin 2022, equation 4).

    Args:
        distances: from :func:`rank_distances`.
    """
    # log(1 - p_i) = logsumexp over the other codes - logsumexp over all: stable when p_i nears 1
    codes = logits.shape[-1]
    others = logits.unsqueeze(-2).masked_fill(torch.eye(codes, dtype=torch.bool, device=logits.device), -torch.inf)
    log_rest = torch.logsumexp(others, dim=-1) - torch.logsumexp(logits, dim=-1, keepdim=True)
    expected = targets @ distances.to(logits) ** power
    return -(expected * log_rest).sum(-1)


def agreement_loss(first: Tensor, second: Tensor) -> Tensor:
    """Symmetric Kullback-Leibler divergence of two passes, shape (n,) (R-Drop, Liang et al. 2021, equation 2)."""
    one, two = log_softmax(first, -1), log_softmax(second, -1)
    forth = kl_div(one, softmax(second, -1), reduction="none").sum(-1)
    back = kl_div(two, softmax(first, -1), reduction="none").sum(-1)
    return (forth + back) / 2


def weighted_mean(losses: Tensor, weights: Tensor) -> Tensor:
    """Mean of ``losses`` by ``weights``, both shape (n,); 0 when all weights are 0."""
    return (losses * weights).sum() / weights.sum().clamp(min=1e-6)
