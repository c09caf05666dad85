"""What the encoder is trained for: sentence meaning like the teacher's, and guessing masked words.

Sources: Reimers & Gurevych (2020), Making monolingual sentence embeddings multilingual using knowledge
distillation (squared error towards the teacher on translations); Oord et al. (2018), Representation learning
with contrastive predictive coding (contrast within the batch); Devlin et al. (2019), BERT, with whole words
masked. Heavy imports stand at the top: this module is imported lazily.
"""

import torch
from torch import nn
from torch.nn import functional
from transformers import BertModel

from .packing import MASK

SCALE = 20.0
CONTRAST_WEIGHT = 0.2


def pool_mean(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Unit-length mean of the hidden states (batch, tokens, width) where ``mask`` is 1: (batch, width)."""
    weight = mask.unsqueeze(-1).to(states.dtype)
    return functional.normalize((states * weight).sum(1) / weight.sum(1).clamp(min=1.0), dim=-1)


def meaning_loss(ours: torch.Tensor, theirs: torch.Tensor) -> torch.Tensor:
    """Squared distance to the teacher's embeddings plus contrast with the others of the batch.

    Args:
        ours: Unit-length student embeddings, (batch, width).
        theirs: Unit-length teacher embeddings of the translations, (batch, width).
    """
    distance = ((ours - theirs) ** 2).sum(-1).mean()
    target = torch.arange(len(ours), device=ours.device)
    scores = SCALE * ours @ theirs.T
    contrast = functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)
    return distance + 0.5 * CONTRAST_WEIGHT * contrast


def choose_words(
    ids: torch.Tensor, continues: torch.Tensor, specials: int, share: float, generator: torch.Generator
) -> torch.Tensor:
    """Mark all pieces of a random ``share`` of the words: boolean, shaped like ``ids``.

    Args:
        ids: Piece ids, (batch, tokens).
        continues: For each piece of the vocabulary, whether it continues a word, (pieces,).
        specials: Ids below this number are never chosen.
        share: Share of words to choose, 0..1.
        generator: Source of chance (on the CPU).
    """
    word = (~continues[ids]).cumsum(1)
    chance = torch.rand(ids.shape, generator=generator).to(ids.device)
    return (chance.gather(1, word.clamp(max=ids.shape[1] - 1)) < share) & (ids >= specials)


def hide_words(ids: torch.Tensor, chosen: torch.Tensor, pieces: int, generator: torch.Generator) -> torch.Tensor:
    """``ids`` with the chosen pieces masked (80 %), exchanged for random ones (10 %) or left alone (10 %)."""
    dice = torch.rand(ids.shape, generator=generator).to(ids.device)
    others = torch.randint(5, pieces, ids.shape, generator=generator).to(ids.device)
    hidden = torch.where(chosen & (dice < 0.8), torch.full_like(ids, MASK), ids)
    return torch.where(chosen & (dice >= 0.9), others.to(ids.dtype), hidden)


class MaskedWordHead(nn.Module):
    """Scores of all pieces for hidden states, with the embeddings as output weights."""

    def __init__(self, width: int, pieces: int) -> None:
        super().__init__()
        self.dense = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.bias = nn.Parameter(torch.zeros(pieces))
        nn.init.eye_(self.dense.weight)
        nn.init.zeros_(self.dense.bias)

    def forward(self, states: torch.Tensor, embeddings: torch.Tensor) -> torch.Tensor:
        """Scores (positions, pieces) of states (positions, width) against embeddings (pieces, width)."""
        return functional.linear(self.norm(functional.gelu(self.dense(states))), embeddings, self.bias)


class Student(nn.Module):
    """The Danish encoder with both training objectives."""

    def __init__(self, body: BertModel, continues: torch.Tensor) -> None:
        super().__init__()
        self.body: BertModel = body
        pieces, width = body.config.vocab_size, body.config.hidden_size
        self.head = MaskedWordHead(width, pieces)
        self.continues: torch.Tensor
        self.register_buffer("continues", continues, persistent=False)

    def embed(self, ids: torch.Tensor) -> torch.Tensor:
        """Unit-length sentence embeddings of padded ids (batch, tokens): (batch, width)."""
        mask = (ids != 0).long()
        return pool_mean(self.body(input_ids=ids, attention_mask=mask).last_hidden_state.float(), mask)

    def guess_loss(self, ids: torch.Tensor, share: float, generator: torch.Generator) -> torch.Tensor:
        """Mean cross-entropy of the masked pieces of ``ids`` (batch, tokens), whole words masked."""
        chosen = choose_words(ids, self.continues, 5, share, generator)
        shown = hide_words(ids, chosen, len(self.continues), generator)
        states = self.body(input_ids=shown, attention_mask=(ids != 0).long()).last_hidden_state
        embeddings = self.body.embeddings.word_embeddings.weight
        return functional.cross_entropy(self.head(states[chosen], embeddings).float(), ids[chosen])
