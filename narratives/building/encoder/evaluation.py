"""What an encoder is worth: coded answers of persons held out, after fine-tuning and with a frozen body.

Only persons that may be trained on take part: they are dealt into folds, and every natural answer is predicted
once by a model that has seen none of its person's texts. The test persons stay unseen. This is a yardstick
for comparing encoders, not the shipped coding model. Heavy imports stand at the top: imported lazily.
"""

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from transformers import BertModel

from narratives.training.devices import fast_precision

from .packing import encode_many, pad_rows
from .teacher import ATTENTION, embed_rows
from .texts import read_records, read_test_persons
from .vocabulary import load_tokenizer

VARIABLES = ("agency", "arbejdsidentitet", "vurdering", "tid", "fokus", "kontekst")
DECIDING = VARIABLES[:2]
SETS = tuple(f"s{number}" for number in range(1, 9))
LONGEST = 192
BATCH = 32
NATURAL_REPEATS = 2


@dataclass(frozen=True)
class Coded:
    """Coded answers: padded ids (answers, tokens), code numbers (answers, variables), person and origin of each."""

    rows: np.ndarray
    codes: np.ndarray
    persons: np.ndarray
    natural: np.ndarray
    sizes: tuple[int, ...]


def read_coded(corpus: Path, encoder: Path) -> Coded:
    """Natural answers, singles of the first eight sets, and interview narratives of persons not for testing."""
    test_persons = read_test_persons(corpus / "split.csv")
    parts = {name: read_records(corpus / f"{name}.jsonl", test_persons) for name in ("natural", "singles", "coded")}
    parts["singles"] = [record for record in parts["singles"] if record["set"] in SETS]
    records = [record for name in ("natural", "singles", "coded") for record in parts[name]]
    codes, sizes = number_codes([record["codes"] for record in records])
    rows = pad_rows(encode_many(load_tokenizer(encoder), [record["text"] for record in records]), LONGEST)
    persons = np.array([record["person"] for record in records])
    return Coded(rows, codes, persons, np.arange(len(records)) < len(parts["natural"]), sizes)


def number_codes(codes: list[dict[str, str]]) -> tuple[np.ndarray, tuple[int, ...]]:
    """Codes as numbers in alphabetical order (answers, variables), and the number of codes of each variable."""
    known = [sorted({code[variable] for code in codes}) for variable in VARIABLES]
    numbers = [
        [names.index(code[variable]) for names, variable in zip(known, VARIABLES, strict=True)] for code in codes
    ]
    return np.array(numbers), tuple(len(names) for names in known)


def deal_persons(persons: np.ndarray, folds: int, seed: int) -> dict[str, int]:
    """A fold for every person, folds as even as can be."""
    names = sorted(set(persons.tolist()))
    random.Random(seed).shuffle(names)
    return {name: place % folds for place, name in enumerate(names)}


class Coder(nn.Module):
    """A linear head per variable on the mean and the maximum of the body's states."""

    def __init__(self, body: BertModel, sizes: tuple[int, ...]) -> None:
        super().__init__()
        self.body: BertModel = body
        width = 2 * body.config.hidden_size
        self.heads = nn.ModuleList(nn.Sequential(nn.Dropout(0.1), nn.Linear(width, size)) for size in sizes)

    def forward(self, ids: torch.Tensor) -> list[torch.Tensor]:
        """Scores (batch, codes) of each variable for padded ids (batch, tokens)."""
        features = pool_both(self.body, ids)
        return [head(features) for head in self.heads]


def pool_both(body: BertModel, ids: torch.Tensor) -> torch.Tensor:
    """Mean and maximum of the body's states over the pieces of each text: (batch, twice the width)."""
    mask = (ids != 0).long()
    states = body(input_ids=ids, attention_mask=mask).last_hidden_state.float()
    seen = mask.unsqueeze(-1)
    mean = (states * seen).sum(1) / seen.sum(1)
    return torch.cat([mean, states.masked_fill(seen == 0, -1e4).max(1).values], -1)


def load_body(encoder: Path) -> BertModel:
    """The encoder of a folder in full precision."""
    return BertModel.from_pretrained(encoder, add_pooling_layer=False, attn_implementation=ATTENTION).float()


def make_batches(lengths: np.ndarray, chosen: np.ndarray, generator: np.random.Generator) -> list[np.ndarray]:
    """``chosen`` in random batches of texts of like length."""
    order = generator.permutation(chosen)
    groups = [order[start : start + 16 * BATCH] for start in range(0, len(order), 16 * BATCH)]
    ordered = [group[np.argsort(lengths[group], kind="stable")] for group in groups]
    batches = [group[start : start + BATCH] for group in ordered for start in range(0, len(group), BATCH)]
    return [batches[place] for place in generator.permutation(len(batches))]


def take(coded: Coded, place: np.ndarray) -> torch.Tensor:
    """Ids of the answers at ``place``, without common padding."""
    rows = coded.rows[place]
    return torch.from_numpy(rows[:, : int((rows != 0).sum(1).max())]).long()


def fine_tune(body: BertModel, coded: Coded, chosen: np.ndarray, epochs: int, seed: int) -> Coder:
    """Fit all heads and the body on the answers at ``chosen``."""
    torch.manual_seed(seed)
    generator = np.random.default_rng(seed)
    coder = Coder(body, coded.sizes).train()
    groups = [{"params": coder.body.parameters(), "peak": 1e-4}, {"params": coder.heads.parameters(), "peak": 1e-3}]
    optimiser = torch.optim.AdamW(groups, lr=1.0, weight_decay=0.01, fused=True)
    lengths = (coded.rows != 0).sum(1)
    batches = [batch for _ in range(epochs) for batch in make_batches(lengths, chosen, generator)]
    for step, batch in enumerate(batches):
        done = step / len(batches)
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * min(1.0, (done + 1e-3) / 0.1) * (1 - done)
        optimiser.zero_grad()
        code_loss(coder, take(coded, batch), torch.from_numpy(coded.codes[batch])).backward()
        torch.nn.utils.clip_grad_norm_(coder.parameters(), 1.0)
        optimiser.step()
    return coder.eval()


def code_loss(coder: Coder, ids: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """Cross-entropy over all variables, the deciding ones counting four times as much."""
    with fast_precision(torch.device("cpu")):
        scores = coder(ids)
    weights = [2.0 if variable in DECIDING else 0.5 for variable in VARIABLES]
    losses = [
        weight * functional.cross_entropy(score.float(), codes[:, column], label_smoothing=0.05)
        for column, (weight, score) in enumerate(zip(weights, scores, strict=True))
    ]
    return torch.stack(losses).sum()


def predict(coder: Coder, coded: Coded, chosen: np.ndarray) -> np.ndarray:
    """Code numbers (answers, variables) predicted for the answers at ``chosen``."""
    found = []
    with torch.inference_mode(), fast_precision(torch.device("cpu")):
        for start in range(0, len(chosen), BATCH):
            scores = coder(take(coded, chosen[start : start + BATCH]))
            found.append(torch.stack([score.argmax(1) for score in scores], 1).numpy())
    return np.concatenate(found)


def score(truth: np.ndarray, found: np.ndarray) -> dict[str, float]:
    """Macro-F1 of the deciding variables and quadratic kappa of the first, by the codebook's ranks.

    Args:
        truth, found: codes as places in the alphabetical order of a variable's codes, (answers, variables).
    """
    from sklearn.metrics import cohen_kappa_score, f1_score

    from narratives.codebook import load_codebook

    figures = {
        name: float(f1_score(truth[:, column], found[:, column], average="macro"))
        for column, name in enumerate(DECIDING)
    }
    variable = load_codebook()[DECIDING[0]]
    ranked = np.array([variable.code(name).rank for name in sorted(variable.labels)])
    kappa = cohen_kappa_score(ranked[truth[:, 0]], ranked[found[:, 0]], weights="quadratic")
    return figures | {"kappa": float(kappa)}


def cross_validate(encoder: Path, corpus: Path, folds: int, epochs: int, seed: int, run_folds: int) -> dict[str, float]:
    """Fine-tune once per fold, and score all natural answers of the folds that were run together.

    Args:
        encoder: Folder in the Hugging Face layout.
        corpus: ``corpora/agency``.
        folds: Number of folds of persons.
        epochs: Rounds over the training answers; natural ones come twice in each.
        seed: Deals the persons and starts the heads.
        run_folds: How many of the folds to run.
    """
    coded = read_coded(corpus, encoder)
    dealt = deal_persons(coded.persons, folds, seed)
    fold = np.array([dealt[person] for person in coded.persons])
    truth, found = [], []
    for number in range(run_folds):
        training = np.flatnonzero(fold != number)
        training = np.concatenate([training] + [training[coded.natural[training]]] * (NATURAL_REPEATS - 1))
        coder = fine_tune(load_body(encoder), coded, training, epochs, seed + number)
        held_out = np.flatnonzero((fold == number) & coded.natural)
        truth.append(coded.codes[held_out])
        found.append(predict(coder, coded, held_out))
    return score(np.concatenate(truth), np.concatenate(found))


def find_translations(encoder: Path, held_out: Path, targets: Path) -> float:
    """Share of held-out Danish sentences that lie nearest to the teacher's embedding of their own translation, 0..1.

    Args:
        encoder: Folder in the Hugging Face layout.
        held_out: English and Danish sentences, tab-separated.
        targets: The teacher's embeddings of the English sides (.npy).
    """
    danish = [line.split("\t")[1] for line in held_out.read_text(encoding="utf-8").splitlines()]
    rows = pad_rows(encode_many(load_tokenizer(encoder), danish))
    nearest = (embed_rows(load_body(encoder).eval(), rows) @ np.load(targets).T).argmax(1)
    return float((nearest == np.arange(len(rows))).mean())
