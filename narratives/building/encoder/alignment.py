"""Which English pieces a Danish piece stands for: IBM model 1 with a preference for the diagonal.

Sources: Brown et al. (1993), The mathematics of statistical machine translation, section 4.2 (model 1);
Dyer, Chahuneau & Smith (2013), A simple, fast, and effective reparameterization of IBM model 2 (diagonal);
Liang, Taskar & Klein (2006), Alignment by agreement (both directions multiplied).
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

ROUNDS = 6
TENSION = 3.0


@dataclass(frozen=True)
class Links:
    """All possible links between the pieces of each pair; arrays of one length.

    Attributes:
        danish, english: Piece ids of each link.
        danish_token, english_token: Running number of the two tokens over all pairs.
        prior: Preference of the link by its place, 0..1.
    """

    danish: np.ndarray
    english: np.ndarray
    danish_token: np.ndarray
    english_token: np.ndarray
    prior: np.ndarray


@dataclass(frozen=True)
class Alignment:
    """What alignment found.

    Attributes:
        translations: P(English piece | Danish piece), (Danish pieces, English pieces), rows sum to 1 or 0.
        support: How often each Danish piece was seen in the pairs, (Danish pieces,).
    """

    translations: sparse.csr_matrix
    support: np.ndarray


def link_all(danish: list[list[int]], english: list[list[int]], tension: float = TENSION) -> Links:
    """Every link of every pair, preferring tokens at the same relative place."""
    columns: list[tuple[np.ndarray, ...]] = []
    danish_before = english_before = 0
    for ours, theirs in zip(danish, english, strict=True):
        i, j = (axis.ravel() for axis in np.indices((len(ours), len(theirs))))
        distance = np.abs((i + 0.5) / max(1, len(ours)) - (j + 0.5) / max(1, len(theirs)))
        ids = np.asarray(ours, dtype=np.int64)[i], np.asarray(theirs, dtype=np.int64)[j]
        columns.append((*ids, i + danish_before, j + english_before, np.exp(-tension * distance)))
        danish_before, english_before = danish_before + len(ours), english_before + len(theirs)
    return Links(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def expected_counts(
    given: np.ndarray, shown: np.ndarray, shown_token: np.ndarray, prior: np.ndarray, width: int, rounds: int
) -> tuple[np.ndarray, np.ndarray]:
    """Expectation-maximisation for P(shown | given).

    Returns:
        Keys ``given * width + shown`` of the links that occur, and the expected count of each.
    """
    keys, link = np.unique(given * width + shown, return_inverse=True)
    chance = np.ones(len(keys))
    for _ in range(rounds):
        weight = chance[link] * prior
        weight /= np.bincount(shown_token, weight)[shown_token]
        counts = np.bincount(link, weight, minlength=len(keys))
        chance = counts / np.bincount(keys // width, counts)[keys // width]
    return keys, counts


def _normalise_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Rows that sum to 1; empty rows stay empty."""
    sums = np.asarray(matrix.sum(1)).ravel()
    return sparse.diags(np.divide(1.0, sums, out=np.zeros_like(sums), where=sums > 0)) @ matrix


def align(danish: list[list[int]], english: list[list[int]], sizes: tuple[int, int], rounds: int = ROUNDS) -> Alignment:
    """Align pairs of piece ids in both directions and multiply the two.

    Args:
        danish: Piece ids of each Danish text.
        english: Piece ids of its translation.
        sizes: Number of Danish and of English pieces.
        rounds: Rounds of expectation-maximisation.
    """
    links = link_all(danish, english)
    keys, forth = expected_counts(links.danish, links.english, links.english_token, links.prior, sizes[1], rounds)
    back_keys, back = expected_counts(links.english, links.danish, links.danish_token, links.prior, sizes[0], rounds)
    there = sparse.csr_matrix((forth, (keys // sizes[1], keys % sizes[1])), shape=sizes)
    here = sparse.csr_matrix((back, (back_keys % sizes[0], back_keys // sizes[0])), shape=sizes)
    support = np.bincount(np.concatenate([np.asarray(ids) for ids in danish if ids]), minlength=sizes[0])
    return Alignment(_normalise_rows(there.multiply(here).sqrt().tocsr()), support.astype(float))
