"""Danish embeddings in the English space: translations where known, neighbours where not."""

import numpy as np

from .alignment import Alignment
from .vectors import apply_map, fit_map

TRUSTED_SUPPORT = 5.0
RIDGE = 5.0
SPECIAL_COUNT = 5


def translate_embeddings(alignment: Alignment, english: np.ndarray) -> np.ndarray:
    """Mean English embedding of each Danish piece by its translations: (Danish pieces, width)."""
    return np.asarray(alignment.translations @ english)


def match_length(vectors: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Vectors moved away from ``reference``'s mean until their mean distance from it is the usual one.

    Averages and regressions both shrink towards the mean, which would make rare pieces too quiet.
    """
    centre = reference.mean(0)
    usual = np.linalg.norm(reference - centre, axis=1).mean()
    offset = vectors - centre
    length = np.linalg.norm(offset, axis=1, keepdims=True)
    return centre + offset * np.minimum(2.5, usual / np.maximum(length, 1e-6))


def lower_case_twins(pieces: list[str]) -> np.ndarray:
    """Id of each piece's lower-case form, its own where there is none: (pieces,)."""
    ids = {piece: place for place, piece in enumerate(pieces)}
    return np.array([ids.get(piece.lower(), place) for place, piece in enumerate(pieces)])


def borrow_from_twins(vectors: np.ndarray, support: np.ndarray, twins: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mix a capitalised piece with its lower-case form, by how often either was seen.

    Returns:
        The mixed vectors and the support of the mixtures.
    """
    lent = np.where(twins == np.arange(len(twins)), 0.0, support[twins])
    total = support + lent
    share = np.divide(support, total, out=np.ones_like(total), where=total > 0)[:, None]
    return share * vectors + (1 - share) * vectors[twins], total


def danish_embeddings(
    pieces: list[str], alignment: Alignment, neighbours: np.ndarray, english: np.ndarray, english_special: list[int]
) -> np.ndarray:
    """Embeddings of every Danish piece, (pieces, width).

    Args:
        pieces: Danish pieces, special ones first.
        alignment: Their translations.
        neighbours: Their word vectors, (pieces, any width), zero where unknown.
        english: The English embeddings, (English pieces, width).
        english_special: English ids of the special pieces, in our order.
    """
    translated, support = borrow_from_twins(
        translate_embeddings(alignment, english), alignment.support, lower_case_twins(pieces)
    )
    known = (support >= TRUSTED_SUPPORT) & (np.abs(neighbours).sum(1) > 0)
    mapping = fit_map(neighbours[known], translated[known], np.log1p(support[known]), RIDGE)
    guessed = match_length(apply_map(neighbours, mapping), english)
    trust = (support / (support + TRUSTED_SUPPORT / 2))[:, None]
    mixed = match_length(trust * translated + (1 - trust) * guessed, english)
    mixed[:SPECIAL_COUNT] = english[english_special]
    return mixed.astype(np.float32)
