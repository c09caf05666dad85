"""Word vectors from co-occurrence in Danish text, and their map into the English embedding space.

Sources: Levy, Goldberg & Dagan (2015), Improving distributional similarity with lessons learned from word
embeddings (shifted context distribution, square-rooted singular values); Mikolov, Le & Sutskever (2013),
Exploiting similarities among languages for machine translation (linear map between languages).
"""

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

WINDOW = 4
SMOOTHING = 0.75


def count_neighbours(ids: np.ndarray, size: int, window: int = WINDOW) -> sparse.csr_matrix:
    """How often two pieces stand within ``window`` places of each other, nearer ones counting more.

    Args:
        ids: Running text as piece ids, (tokens,); negative ids are breaks between passages.
        size: Number of pieces.
        window: Greatest distance.
    """
    total = sparse.csr_matrix((size, size))
    for distance in range(1, window + 1):
        left, right = ids[:-distance], ids[distance:]
        inside = (left >= 0) & (right >= 0)
        weight = np.full(int(inside.sum()), 1.0 / distance)
        total = total + sparse.coo_matrix((weight, (left[inside], right[inside])), shape=(size, size)).tocsr()
    return total + total.T


def positive_information(counts: sparse.csr_matrix, smoothing: float = SMOOTHING) -> sparse.csr_matrix:
    """Positive pointwise mutual information of each cell, context counts raised to ``smoothing``."""
    cells = counts.tocoo()
    rows = np.asarray(counts.sum(1)).ravel()
    contexts = np.asarray(counts.sum(0)).ravel() ** smoothing
    information = np.log(cells.data * contexts.sum() / (rows[cells.row] * contexts[cells.col]))
    positive = information > 0
    place = (cells.row[positive], cells.col[positive])
    return sparse.csr_matrix((information[positive], place), shape=counts.shape)


def word_vectors(counts: sparse.csr_matrix, width: int) -> np.ndarray:
    """Unit vectors of every piece, (pieces, width); zero for pieces without neighbours."""
    start = np.ones(counts.shape[0])
    left, values, _ = linalg.svds(positive_information(counts), k=width, v0=start)
    vectors = left * np.sqrt(values)
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)


def fit_map(source: np.ndarray, target: np.ndarray, weight: np.ndarray, penalty: float) -> np.ndarray:
    """Weighted ridge regression with an intercept from ``source`` (n, a) to ``target`` (n, b): (a + 1, b)."""
    design = np.hstack([source, np.ones((len(source), 1))])
    weighted = design * weight[:, None]
    gram = design.T @ weighted + penalty * np.diag([1.0] * source.shape[1] + [0.0])
    return np.linalg.solve(gram, weighted.T @ target)


def apply_map(vectors: np.ndarray, mapping: np.ndarray) -> np.ndarray:
    """``vectors`` (n, a) through a map of ``fit_map``: (n, b)."""
    return vectors @ mapping[:-1] + mapping[-1]
