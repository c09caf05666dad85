"""Little data: the encoder stays as it is, and only linear heads are fitted on its features.

With a few dozen texts, fine-tuning all weights is unstable (Mosbach et al. 2021; the research notes,
part 2 c); logistic regression on pooled features is not, and it is fitted in seconds.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from narratives.coded.records import CodedData
from narratives.network import MultiHead, batches, encode_windows, pad
from narratives.training.settings import Settings

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

__all__ = ["LinearHead", "choose_strength", "cross_logits", "fit_head", "person_folds", "pooled_features", "put_heads"]

STRENGTHS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
"""Inverse regularisation strengths tried (``C`` of scikit-learn)."""

_LEAST_SPREAD = 0.1
_FOLDS = 5
_ENOUGH = 1500
"""Texts that settle the regularisation; more would cost time and change nothing."""


@dataclass(frozen=True)
class LinearHead:
    """Weights of shape (codes, features) and bias of shape (codes,): logits are ``features @ weights.T + bias``."""

    weights: np.ndarray
    bias: np.ndarray

    def logits(self, features: np.ndarray) -> np.ndarray:
        """Shape (n, codes) for features of shape (n, features)."""
        return np.asarray(features @ self.weights.T + self.bias)


def pooled_features(
    network: MultiHead, tokenizer: PreTrainedTokenizerBase, texts: Sequence[str], settings: Settings
) -> np.ndarray:
    """Pooled features of the texts, shape (n, features), the mean over a text's windows."""
    windows = encode_windows(tokenizer, texts, settings.max_length, settings.stride)
    counts = np.bincount([owner for owner, _ in windows], minlength=len(texts))[:, None]
    total = np.zeros((len(texts), 2 * int(network.body.config.hidden_size)))
    device = next(network.parameters()).device
    network.eval()
    with torch.inference_mode():
        for batch in batches(windows, settings.batch_size):
            ids, mask = pad([tokens for _, tokens in batch], tokenizer.pad_token_id or 0)
            features = network.features(ids.to(device), mask.to(device)).cpu().numpy()
            np.add.at(total, [owner for owner, _ in batch], features)
    return total / counts


def fit_head(features: np.ndarray, targets: np.ndarray, strength: float) -> LinearHead:
    """Multinomial logistic regression with soft targets: a text counts for each of its codes by its share.

    Features are standardised for the fit, and the scaling is folded into the weights. A code that no
    text has gets the bias of a code that is not expected.

    Args:
        features: shape (n, features).
        targets: shape (n, codes), rows sum to 1, or 0 where not coded.
        strength: inverse regularisation strength.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    mean, spread = features.mean(0), _spread_of(features)
    rows, codes = np.nonzero(targets)
    shares = targets[rows, codes]
    present = np.unique(codes)
    full = np.zeros((targets.shape[1], features.shape[1]))
    bias = np.full(targets.shape[1], -6.0)
    if len(present) > 1:
        model = LogisticRegression(C=strength, max_iter=500)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(((features - mean) / spread)[rows], codes, sample_weight=shares)
        fitted, offset = _one_row_per_code(model.coef_, model.intercept_)
        full[present] = fitted / spread
        bias[present] = offset - full[present] @ mean
    else:
        bias[present] = 0.0
    return LinearHead(full, bias)


def _spread_of(features: np.ndarray) -> np.ndarray:
    """Standard deviation of each feature, at least a tenth of the middle one, shape (features,).

    A feature that hardly varies, such as a maximum that always comes from the first token, would otherwise get a
    weight in the thousands, and blow up as soon as the encoder is trained on.
    """
    spread = features.std(0)
    return np.asarray(np.maximum(spread, max(_LEAST_SPREAD * float(np.median(spread)), 1e-6)))


def _one_row_per_code(weights: np.ndarray, bias: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two codes come as one row from scikit-learn; here each has its own."""
    if len(weights) > 1:
        return weights, bias
    return np.concatenate([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2


def person_folds(data: CodedData, seed: int, folds: int = _FOLDS) -> np.ndarray:
    """Fold of each text, shape (n,), int; all texts of a person share one, and persons are spread evenly."""
    import random

    persons = data.persons
    random.Random(seed).shuffle(persons)
    fold = {person: place % min(folds, len(persons)) for place, person in enumerate(persons)}
    return np.array([fold[text.person] for text in data.texts])


def cross_logits(features: np.ndarray, targets: np.ndarray, folds: np.ndarray, strength: float) -> np.ndarray:
    """Logits of every text from a head that saw none of its fold, shape (n, codes)."""
    result = np.zeros(targets.shape)
    for fold in np.unique(folds):
        held = folds == fold
        result[held] = fit_head(features[~held], targets[~held], strength).logits(features[held])
    return result


def choose_strength(features: np.ndarray, targets: np.ndarray, folds: np.ndarray) -> float:
    """The strength with the lowest cross-validated log loss, the weakest of equals."""
    losses = []
    features, targets, folds = features[:_ENOUGH], targets[:_ENOUGH], folds[:_ENOUGH]
    for strength in STRENGTHS:
        logits = cross_logits(features, targets, folds, strength)
        shifted = logits - logits.max(1, keepdims=True)
        log_shares = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
        losses.append(-(targets * log_shares).sum() / max(1e-9, targets.sum()))
    return STRENGTHS[int(np.argmin(losses))]


def put_heads(network: MultiHead, heads: Sequence[LinearHead]) -> None:
    """Set the network's heads to fitted ones, in the order of the variables."""
    for module, head in zip(network.heads, heads, strict=True):
        weights = {"weight": torch.tensor(head.weights), "bias": torch.tensor(head.bias)}
        module.load_state_dict(weights)
