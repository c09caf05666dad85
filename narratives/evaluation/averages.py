"""A fastText-style baseline: embeddings of hashed words and letter groups, averaged, one linear layer.

After Joulin et al. 2017 ("Bag of tricks for efficient text classification", section 2), with words,
pairs of words, and groups of 3 to 5 letters; all variables share the embeddings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from narratives.coded.records import CodedData
from narratives.evaluation.baselines import WORDS

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

__all__ = ["average_guesses"]

_BUCKETS = 2**16
_WIDTH = 50
_EPOCHS = 8
_BATCH = 32
_RATE = 5e-3


class _Averages(nn.Module):
    """Averaged embeddings and a linear head per variable."""

    def __init__(self, sizes: list[int]) -> None:
        super().__init__()
        self.words = nn.EmbeddingBag(2 * _BUCKETS, _WIDTH, mode="mean", sparse=True)
        nn.init.normal_(self.words.weight, std=0.1)
        self.heads = nn.ModuleList(nn.Linear(_WIDTH, size) for size in sizes)

    def forward(self, ids: Tensor, offsets: Tensor) -> list[Tensor]:
        averaged = self.words(ids, offsets)
        return [head(averaged) for head in self.heads]


def average_guesses(fitted: CodedData, measured: CodedData, seed: int = 0) -> dict[str, NDArray[np.int64]]:
    """Chosen codes of the measured texts, per variable, shape (texts,), by averages trained on the fitted ones."""
    state = torch.random.get_rng_state()
    torch.manual_seed(seed)
    network = _Averages([len(variable.codes) for variable in fitted.codebook.variables])
    _fit(network, fitted, seed)
    with torch.inference_mode():
        logits = network(*_bags(_hashed([text.text for text in measured.texts]), np.arange(len(measured))))
    torch.random.set_rng_state(state)
    return {name: scores.argmax(1).numpy() for name, scores in zip(fitted.codebook.names, logits, strict=True)}


def _fit(network: _Averages, data: CodedData, seed: int) -> None:
    """Train with soft targets; a text not coded for a variable costs nothing there."""
    features = _hashed([text.text for text in data.texts])
    targets = [torch.tensor(data.targets(name), dtype=torch.float32) for name in data.codebook.names]
    embeddings = torch.optim.SparseAdam(network.words.parameters(), lr=_RATE)
    heads = torch.optim.Adam(network.heads.parameters(), lr=_RATE)
    chance = np.random.default_rng(seed)
    for _ in range(_EPOCHS):
        order = chance.permutation(len(data))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            logits = network(*_bags(features, rows))
            loss = sum(_cross_entropy(scores, target[rows]) for scores, target in zip(logits, targets, strict=True))
            embeddings.zero_grad()
            heads.zero_grad()
            loss.backward()  # type: ignore[union-attr]
            embeddings.step()
            heads.step()


def _cross_entropy(logits: Tensor, target: Tensor) -> Tensor:
    return -(target * torch.log_softmax(logits, dim=-1)).sum(-1).mean()


def _hashed(texts: list[str]) -> csr_matrix:
    """Buckets of words (the first half) and letter groups (the second), a row per text."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import HashingVectorizer

    settings = {"n_features": _BUCKETS, "norm": None, "alternate_sign": False}
    words = HashingVectorizer(ngram_range=(1, 2), token_pattern=WORDS, **settings)
    letters = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), **settings)
    return csr_matrix(hstack([words.transform(texts), letters.transform(texts)]))


def _bags(features: csr_matrix, rows: np.ndarray) -> tuple[Tensor, Tensor]:
    """Bucket numbers of some texts in one row, and where each text begins."""
    chosen = features[rows]
    return torch.tensor(chosen.indices, dtype=torch.long), torch.tensor(chosen.indptr[:-1], dtype=torch.long)
