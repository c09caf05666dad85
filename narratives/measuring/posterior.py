"""What a person's narratives are drawn from, given a few of them whose codes are in doubt.

The model: narrative i of a cell (a person in a wave) has a code drawn from the cell's unknown shares
pi ~ Dirichlet(alpha, ..., alpha), and the classifier saw a text with likelihood proportional to
p_i(code) / prevalence(code). Gibbs sampling alternates between codes and shares (data augmentation:
Tanner & Wong 1987, J. Amer. Statist. Assoc. 82; dividing by the prevalence: Saerens et al. 2002, Neural
Computation 14). So intervals carry both doubts: few narratives, and unsure codes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["DRAWS", "evidence", "mean_ranks", "mixed_draws", "share_draws"]

DRAWS = 1000
_WARM_UP = 60

Floats = NDArray[np.float64]


def evidence(probabilities: Floats, prevalence: Floats) -> Floats:
    """How much more each code explains a text than the classifier expected beforehand.

    Args:
        probabilities: (n, codes), rows summing to 1.
        prevalence: (codes,) the shares at which the classifier is calibrated.

    Returns:
        (n, codes), rows scaled to sum to 1.
    """
    ratio = probabilities / prevalence
    scaled: Floats = ratio / ratio.sum(axis=1, keepdims=True)
    return scaled


def share_draws(
    likelihood: Floats,
    cells: NDArray[np.int64],
    n_cells: int,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    alpha: float = 1 / 3,
) -> NDArray[np.float32]:
    """Draws from the posterior of each cell's shares of codes.

    Args:
        likelihood: (n, codes) from :func:`evidence`.
        cells: (n,) cell of each narrative, 0 to ``n_cells`` - 1. Cells without narratives show the prior.
        alpha: prior narratives per code; one over the number of ranked codes covers best (docs/simulations.md),
            as Berger, Bernardo & Sun 2015 (Bayesian Analysis 10) advise for multinomial shares.

    Returns:
        (draws, n_cells, codes), summing to 1 over codes.
    """
    rng = np.random.default_rng(seed)
    by_code = np.ascontiguousarray(likelihood.T)
    codes = len(by_code)
    shares = np.full((codes, n_cells), 1.0 / codes)
    kept = np.empty((draws, n_cells, codes), dtype=np.float32)
    for step in range(-_WARM_UP, draws):
        counts = _drawn_counts(by_code * shares[:, cells], cells, n_cells, rng)
        shares = rng.standard_gamma(counts + alpha)
        shares /= shares.sum(axis=0)
        if step >= 0:
            kept[step] = shares.T
    return kept


def mixed_draws(
    likelihoods: Floats, cells: NDArray[np.int64], n_cells: int, *, draws: int, seed: int, alpha: float
) -> NDArray[np.float32]:
    """As :func:`share_draws`, where what the texts say is itself in doubt.

    Args:
        likelihoods: (versions, n, codes) equally probable; each gives its part of the draws.

    Returns:
        (draws, n_cells, codes).
    """
    versions, n, codes = likelihoods.shape
    apart = (cells[None] + n_cells * np.arange(versions)[:, None]).ravel()
    each = -(-draws // versions)
    flat = likelihoods.reshape(versions * n, codes)
    drawn = share_draws(flat, apart, versions * n_cells, draws=each, seed=seed, alpha=alpha)
    return drawn.reshape(each * versions, n_cells, codes)[:draws]


def _drawn_counts(weights: Floats, cells: NDArray[np.int64], n_cells: int, rng: np.random.Generator) -> Floats:
    """Draw a code for each narrative with probability proportional to ``weights`` (codes, n); count per cell."""
    codes = len(weights)
    heights = np.cumsum(weights, axis=0)
    point = rng.random(weights.shape[1]) * heights[-1]
    drawn = (heights[:-1] <= point).sum(axis=0)
    counts = np.bincount(drawn * n_cells + cells, minlength=codes * n_cells)
    return counts.reshape(codes, n_cells).astype(np.float64)


def mean_ranks(shares: NDArray[np.float32], ranks: NDArray[np.float64]) -> NDArray[np.float32]:
    """Mean rank among the codes that have one.

    Args:
        shares: (..., codes).
        ranks: (codes,) NaN for a code without a rank.

    Returns:
        (...): 0 to the highest rank.
    """
    ranked = ~np.isnan(ranks)
    inside = shares[..., ranked]
    weighted: NDArray[np.float32] = (inside @ ranks[ranked].astype(np.float32)) / inside.sum(axis=-1)
    return weighted
