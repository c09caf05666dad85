"""Training within a time budget: distillation towards the teacher, mixed with masked words; resumable.

Every step draws its batches from a generator seeded with its number, so a resumed run sees what an
uninterrupted one would have seen. Heavy imports stand at the top: this module is imported lazily.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from narratives.training.devices import fast_precision

from .objectives import Student, meaning_loss
from .packing import trim
from .state import load_state, save_state
from .teacher import embed_rows, load_teacher
from .vocabulary import load_tokenizer, piece_list

WARM_UP_STEPS = 60
SAVE_EVERY_SECONDS = 120.0
REPORT_EVERY_STEPS = 50


@dataclass(frozen=True)
class Recipe:
    """How to train.

    Attributes:
        minutes: Wall-clock time of training in all, also over several sittings.
        pairs: Sentence pairs per step, at most.
        tokens: Pieces per step in these pairs, at most: long ones come in smaller batches.
        rows: Text rows per step; 0 trains on pairs alone.
        words_weight: Weight of the masked-word loss.
        words_share: Share of words masked, 0..1.
        words_from: Share of the time after which masked words come in, 0..1.
        body_rate: Peak learning rate of the body.
        embedding_rate: Peak learning rate of the embeddings.
        head_rate: Peak learning rate of the masked-word head.
        seed: Source of chance.
    """

    minutes: float
    pairs: int = 128
    tokens: int = 2560
    rows: int = 0
    words_weight: float = 0.3
    words_share: float = 0.2
    words_from: float = 0.0
    body_rate: float = 2e-4
    embedding_rate: float = 1e-3
    head_rate: float = 1e-3
    seed: int = 0


@dataclass(frozen=True)
class Material:
    """Prepared arrays of a run folder: pairs with targets, held-out pairs, text rows by source, shares of sources."""

    pairs: np.ndarray
    targets: np.ndarray
    held_out: np.ndarray
    held_out_targets: np.ndarray
    texts: list[np.ndarray]
    shares: np.ndarray


def load_material(run: Path) -> Material:
    """Read what ``preparing.prepare`` wrote."""
    names = ("pairs_rows", "pairs_targets", "held_out_rows", "held_out_targets")
    pairs, targets, held_out, held_out_targets = (np.load(run / f"{name}.npy") for name in names)
    order = np.argsort((pairs != 0).sum(1), kind="stable")
    texts = [np.load(path, mmap_mode="r") for path in sorted(run.glob("text*.npy"))]
    shares = np.load(run / "shares.npy") * [len(rows) > 0 for rows in texts]
    return Material(pairs[order], targets[order], held_out, held_out_targets, texts, shares / shares.sum())


def build_student(teacher: Path, run: Path) -> Student:
    """The teacher's body with the Danish embeddings of the run folder."""
    body = load_teacher(teacher)
    embeddings = torch.from_numpy(np.load(run / "embeddings.npy"))
    body.set_input_embeddings(torch.nn.Embedding.from_pretrained(embeddings, freeze=False, padding_idx=0))
    body.config.vocab_size = len(embeddings)
    pieces = piece_list(load_tokenizer(run))
    return Student(body, torch.tensor([piece.startswith("##") for piece in pieces]))


def build_optimiser(student: Student, recipe: Recipe) -> torch.optim.AdamW:
    """AdamW with one rate each for the embeddings, the body and the head; the peak rate is kept as ``peak``."""
    embeddings = student.body.embeddings.word_embeddings.weight
    others = [parameter for parameter in student.body.parameters() if parameter is not embeddings]
    groups = [
        {"params": [embeddings], "peak": recipe.embedding_rate},
        {"params": others, "peak": recipe.body_rate},
        {"params": list(student.head.parameters()), "peak": recipe.head_rate},
    ]
    return torch.optim.AdamW(groups, lr=1.0, betas=(0.9, 0.98), weight_decay=0.01, fused=True)


def rate_factor(step: int, spent: float) -> float:
    """Share of the peak rate: rises over the first steps, falls to 0 with the share of time ``spent`` (0..1)."""
    return min(1.0, (step + 1) / WARM_UP_STEPS) * max(0.0, 1.0 - spent)


def draw_pairs(
    material: Material, most: int, tokens: int, generator: np.random.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Random pairs of like length: Danish ids (count, tokens) and teacher embeddings (count, width).

    Pairs are stored from short to long, so neighbours need little padding and are the harder contrast.
    """
    middle = int(generator.integers(len(material.pairs)))
    count = min(most, max(16, tokens // int((material.pairs[middle] != 0).sum())), len(material.pairs))
    start = min(max(0, middle - 2 * count), max(0, len(material.pairs) - 4 * count))
    around = np.arange(start, min(start + 4 * count, len(material.pairs)))
    place = generator.choice(around, size=count, replace=False)
    return torch.from_numpy(trim(material.pairs[place])).long(), torch.from_numpy(material.targets[place])


def draw_texts(material: Material, count: int, generator: np.random.Generator) -> torch.Tensor:
    """Random text rows (count, tokens), sources in proportion to their shares."""
    sources = generator.choice(len(material.texts), size=count, p=material.shares)
    rows = [material.texts[source][generator.integers(len(material.texts[source]))] for source in sources]
    return torch.from_numpy(np.stack(rows)).long()


def step_loss(student: Student, material: Material, recipe: Recipe, step: int, spent: float) -> dict[str, torch.Tensor]:
    """The losses of one step: ``meaning``, and ``words`` where the recipe asks for text."""
    device = student.head.bias.device
    chance = np.random.default_rng((recipe.seed, step))
    ids, targets = draw_pairs(material, recipe.pairs, recipe.tokens, chance)
    with fast_precision(device):
        losses = {"meaning": meaning_loss(student.embed(ids.to(device)), targets.to(device))}
        if recipe.rows and spent >= recipe.words_from:
            masking = torch.Generator().manual_seed(recipe.seed * 1_000_003 + step)
            rows = draw_texts(material, recipe.rows, chance).to(device)
            losses["words"] = student.guess_loss(rows, recipe.words_share, masking)
    return losses


def retrieval(student: Student, material: Material) -> float:
    """Share of held-out Danish sentences whose own translation is the nearest of all: 0..1."""
    device = str(student.head.bias.device)
    ours = embed_rows(student.body.eval(), material.held_out, device=device)
    student.body.train()
    return float((ours @ material.held_out_targets.T).argmax(1).__eq__(np.arange(len(ours))).mean())


def sittings(minutes: float, used: float, step: int) -> Iterator[tuple[int, float, float]]:
    """Step number, share of time spent and seconds used, until the budget is spent."""
    start = time.monotonic() - used
    while (seconds := time.monotonic() - start) < minutes * 60:
        yield step, seconds / (minutes * 60), seconds
        step += 1


def update(student: Student, optimiser: torch.optim.Optimizer, loss: torch.Tensor, factor: float) -> None:
    """One optimiser step at ``factor`` times the peak rates, gradients clipped to norm 1."""
    for group in optimiser.param_groups:
        group["lr"] = group["peak"] * factor
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
    optimiser.step()


def train(
    student: Student, material: Material, recipe: Recipe, run: Path, tell: Callable[[str], None] = print
) -> Student:
    """Train until the recipe's time is up, going on from the state in ``run`` where there is one."""
    student.train()
    optimiser = build_optimiser(student, recipe)
    progress = load_state(run, student, optimiser) or {"step": 0, "seconds": 0.0}
    tell(f"step {progress['step']:.0f}: retrieval {retrieval(student, material):.3f}")
    saved = progress["seconds"]
    for step, spent, seconds in sittings(recipe.minutes, progress["seconds"], int(progress["step"])):
        losses = step_loss(student, material, recipe, step, spent)
        loss = losses["meaning"] + recipe.words_weight * losses.get("words", torch.zeros(()))
        update(student, optimiser, loss, rate_factor(step, spent))
        progress = {"step": step + 1, "seconds": seconds}
        if step % REPORT_EVERY_STEPS == 0:
            tell(f"step {step}, {seconds / 60:.1f} min: {describe(losses)}")
        if seconds - saved > SAVE_EVERY_SECONDS:
            save_state(run, student, optimiser, progress)
            saved = seconds
    save_state(run, student, optimiser, progress)
    tell(f"done after {progress['step']:.0f} steps: retrieval {retrieval(student, material):.3f}")
    return student


def describe(losses: dict[str, torch.Tensor]) -> str:
    """Names and values of the losses."""
    return ", ".join(f"{name} {value.item():.3f}" for name, value in losses.items())
