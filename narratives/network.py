"""The network: one transformer body, one linear head per codebook variable.

Imported only by functions that compute; it loads torch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

__all__ = ["MultiHead", "Window", "batches", "encode_windows", "pad", "pool"]

Window = tuple[int, list[int]]
"""Index of the text a window belongs to, and the window's token ids."""


class MultiHead(nn.Module):
    """A body shared by all variables, mean and max pooling over tokens, one head per variable.

    Args:
        body: any encoder that returns ``last_hidden_state`` of shape (batch, tokens, hidden).
        sizes: number of codes of each variable, in the codebook's order.
        dropout: share of pooled features dropped in training.
    """

    def __init__(self, body: PreTrainedModel, sizes: Sequence[int], dropout: float = 0.1) -> None:
        super().__init__()
        self.body = body
        self.dropout = nn.Dropout(dropout)
        width = 2 * body.config.hidden_size
        self.heads = nn.ModuleList(nn.Linear(width, size) for size in sizes)

    def features(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Pooled features of shape (batch, 2 * hidden), in float32."""
        hidden = self.body(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return pool(hidden.float(), attention_mask)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> list[Tensor]:
        """Logits of shape (batch, codes) for each variable, in order."""
        features = self.dropout(self.features(input_ids, attention_mask))
        return [head(features) for head in self.heads]


def pool(hidden: Tensor, attention_mask: Tensor) -> Tensor:
    """Mean and maximum over the real tokens, side by side.

    Args:
        hidden: shape (batch, tokens, hidden).
        attention_mask: shape (batch, tokens), 1 for real tokens.

    Returns:
        shape (batch, 2 * hidden).
    """
    mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
    mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1)
    maximum = hidden.masked_fill(mask == 0, -1e4).max(1).values
    return torch.cat([mean, maximum], dim=-1)


def encode_windows(
    tokenizer: PreTrainedTokenizerBase, texts: Sequence[str], max_length: int, stride: int
) -> list[Window]:
    """Token ids of every text, in as many overlapping windows as it takes: nothing is cut off.

    Args:
        max_length: tokens in a window at most, special tokens included.
        stride: tokens that neighbouring windows share.
    """
    if not texts:
        return []
    encoded: Any = tokenizer(
        list(texts), truncation=True, max_length=max_length, stride=stride, return_overflowing_tokens=True
    )
    blank = [tokenizer.unk_token_id or 0]
    pairs = zip(encoded["overflow_to_sample_mapping"], encoded["input_ids"], strict=True)
    return [(owner, ids or blank) for owner, ids in pairs]


def batches(windows: Sequence[Window], size: int) -> Iterator[list[Window]]:
    """The windows in batches of like length, longest first, so that memory peaks at once."""
    ordered = sorted(windows, key=lambda window: -len(window[1]))
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


def pad(ids: Sequence[Sequence[int]], padding: int, width: int = 0) -> tuple[Tensor, Tensor]:
    """Token ids and attention mask as tensors of shape (batch, longest), or wider if ``width`` is."""
    longest = max(width, *(len(row) for row in ids))
    input_ids = torch.full((len(ids), longest), padding, dtype=torch.long)
    mask = torch.zeros_like(input_ids)
    for row, tokens in enumerate(ids):
        input_ids[row, : len(tokens)] = torch.tensor(tokens)
        mask[row, : len(tokens)] = 1
    return input_ids, mask
