"""Text and pairs as rectangles of piece ids."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PAD, UNK, CLS, SEP, MASK = range(5)


def encode_many(tokenizer: "Tokenizer", texts: Sequence[str], longest: int = 10_000) -> list[list[int]]:
    """Piece ids of each text, without special pieces, cut at ``longest``."""
    encodings = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
    return [encoding.ids[:longest] for encoding in encodings]


def running_text(passages: Iterable[list[int]], gap: int) -> np.ndarray:
    """All passages one after another, ``gap`` times -1 between them."""
    parts: list[np.ndarray] = []
    for ids in passages:
        parts += [np.asarray(ids, dtype=np.int64), np.full(gap, -1)]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def pack_rows(passages: Iterable[list[int]], length: int) -> np.ndarray:
    """Neighbouring passages packed into rows ``[CLS] ... [SEP]`` of ``length`` ids, padded with 0.

    A passage starts a new row when it does not fit any more; one longer than a row is cut into pieces.
    """
    room = length - 2
    rows: list[list[int]] = []
    current: list[int] = []
    for ids in passages:
        if current and len(current) + len(ids) > room:
            rows.append(current)
            current = []
        current = current + ids
        while len(current) > room:
            rows.append(current[:room])
            current = current[room:]
    return pad_rows([*rows, current] if current else rows, length)


def pad_rows(texts: Sequence[list[int]], length: int | None = None) -> np.ndarray:
    """One row ``[CLS] ... [SEP]`` per text, cut at ``length`` and padded with 0 to it: (texts, length).

    Without ``length``, rows are as long as the longest text needs.
    """
    width = length or max((len(ids) for ids in texts), default=0) + 2
    rows = np.zeros((len(texts), width), dtype=np.int32)
    for row, ids in zip(rows, texts, strict=True):
        kept = ids[: width - 2]
        row[: len(kept) + 2] = [CLS, *kept, SEP]
    return rows


def trim(rows: np.ndarray) -> np.ndarray:
    """Rows without columns that are padding in all of them."""
    used = int((rows != PAD).sum(1).max()) if len(rows) else 0
    return rows[:, :used]
