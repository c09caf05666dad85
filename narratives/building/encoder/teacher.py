"""The English teacher: its files, its embeddings, and what it makes of English sentences."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .packing import encode_many, pad_rows, trim
from .vocabulary import SPECIAL

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import BertModel

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LONGEST = 254
ATTENTION = "eager"  # the fused one is slower for short rows: twice the time of a training step on a CPU


def check_weights(folder: Path) -> None:
    """Raise ``ValueError`` unless ``folder`` holds exactly the weights this recipe was measured with."""
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise ValueError(f"{folder}/model.safetensors has sha256 {digest}, expected {WEIGHTS_SHA256}")


def load_teacher(folder: Path) -> "BertModel":
    """The English encoder, without dropout and pooling layer."""
    from transformers import BertModel

    dropout = {"attention_probs_dropout_prob": 0.0, "hidden_dropout_prob": 0.0}
    options: dict[str, Any] = dropout | {"attn_implementation": ATTENTION}
    return BertModel.from_pretrained(folder, add_pooling_layer=False, **options).eval()


def load_english_tokenizer(folder: Path) -> "Tokenizer":
    """The teacher's tokenizer, neither padding nor cutting."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def special_ids(tokenizer: "Tokenizer") -> list[int]:
    """The teacher's ids of [PAD], [UNK], [CLS], [SEP], [MASK]."""
    pieces = tokenizer.get_vocab()
    return [pieces[piece] for piece in SPECIAL]


def embed_rows(body: "BertModel", rows: np.ndarray, batch: int = 128, device: str = "cpu") -> np.ndarray:
    """Unit-length sentence embeddings (rows, width) of padded ids (rows, tokens), in half-precision arithmetic."""
    import torch

    from narratives.training.devices import fast_precision

    from .objectives import pool_mean

    order = np.argsort((rows != 0).sum(1), kind="stable")
    found = np.zeros((len(rows), body.config.hidden_size), dtype=np.float32)
    for start in range(0, len(rows), batch):
        place = order[start : start + batch]
        ids = torch.from_numpy(trim(rows[place])).long().to(device)
        mask = (ids != 0).long()
        with torch.inference_mode(), fast_precision(torch.device(device)):
            states = body(input_ids=ids, attention_mask=mask).last_hidden_state
        found[place] = pool_mean(states.float(), mask).cpu().numpy()
    return found


def embed_english(folder: Path, texts: list[str], device: str = "cpu") -> np.ndarray:
    """What the teacher makes of English ``texts``: unit-length embeddings (texts, width)."""
    import torch

    tokenizer = load_english_tokenizer(folder)
    _, _, start, end, _ = special_ids(tokenizer)
    rows = pad_rows(encode_many(tokenizer, texts, LONGEST))
    body = load_teacher(folder)
    torch.nn.Module.to(body, torch.device(device))
    return embed_rows(body, _with_ends(rows, start, end), device=device)


def _with_ends(rows: np.ndarray, start: int, end: int) -> np.ndarray:
    """Rows with the teacher's own ids for [CLS] and [SEP] in place of ours."""
    changed = rows.copy()
    changed[:, 0] = start
    changed[np.arange(len(rows)), (rows != 0).sum(1) - 1] = end
    return changed
