"""The whole of ``narratives train``: coded data in, a saved model with card and report out."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from narratives.classify import find_model
from narratives.coded.records import CodedData
from narratives.coded.splitting import hold_out, take_test
from narratives.errors import ModelError
from narratives.files import sha256_of
from narratives.messages import say
from narratives.progress import progress_bar
from narratives.training.settings import Settings
from narratives.training.train import Trained, choose_method, train, within_limits

__all__ = ["BASE_MODEL", "Made", "make_model", "save_trained"]

BASE_MODEL = "encoder"
REPORT = "training.html"
_UNFINISHED = ".unfinished"
_CURVE = "curve"


@dataclass(frozen=True)
class Made:
    """A trained model and where it and its report lie."""

    trained: Trained
    folder: Path
    report: Path


def make_model(
    data: CodedData,
    output: Path,
    settings: Settings,
    *,
    base_model: str = BASE_MODEL,
    learning_curve: bool = False,
    overwrite: bool = False,
    command: str = "",
    show_progress: bool = True,
) -> Made:
    """Train on coded data, and save model, card and report to ``output``.

    A run that was interrupted goes on where it stopped when the same is asked for again, the learning curve's too.

    Args:
        base_model: shipped name, folder, or owner/name on the Hugging Face hub.
        learning_curve: train also on a quarter and on half of the persons.
        overwrite: whether a finished model in ``output`` may be replaced.
        command: how the model can be made again, for its card.

    Raises:
        CodedDataError: if the data cannot be trained on.
        ModelError: if the base model cannot be loaded, or ``output`` holds a model already.
    """
    if (output / "narratives.json").exists() and not overwrite:
        raise ModelError(say("training.exists", folder=output))
    base = find_model(base_model)
    settings = within_limits(settings, base)
    with progress_bar(say("training.progress"), _steps(data, base, settings), show=show_progress) as advance:
        trained = train(data, base, settings, name=output.name, folder=output / _UNFINISHED, advance=advance)
    if learning_curve and trained.settings.method == "full":
        trained = replace(trained, curve=tuple(_measured_curve(data, base, trained, output, show_progress)))
    return save_trained(trained, output, base_name=base_model, base=base, command=command)


def save_trained(trained: Trained, output: Path, *, base_name: str, base: Path, command: str) -> Made:
    """Write model, card and report, and clear the unfinished run away."""
    from narratives.training.card import render_card
    from narratives.training.report import write_report

    trained.classifier.provenance = _provenance(trained, base_name, base)
    card = render_card(trained, base=base_name, command=command, curve=trained.curve)
    trained.classifier.save(output, card)
    report = write_report(trained, output / REPORT, curve=trained.curve)
    shutil.rmtree(output / _UNFINISHED, ignore_errors=True)
    return Made(trained, output, report)


def _steps(data: CodedData, base: Path, settings: Settings) -> int:
    """Steps of the training to come, for the progress bar."""
    usable, _ = take_test(data)
    if choose_method(settings, len(usable)) == "frozen":
        return 1
    from transformers import AutoTokenizer

    from narratives.training.examples import make_examples, step_count

    tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
    fitted, _ = hold_out(usable.where(lambda text: bool(text.codings)), settings.dev_share, settings.seed)
    return settings.epochs * step_count(make_examples(fitted, settings), tokenizer, settings)


def _measured_curve(data: CodedData, base: Path, trained: Trained, output: Path, show_progress: bool) -> Any:
    from narratives.training.curve import full_curve

    best = max((epoch.score for epoch in trained.history), default=0.0)
    steps = _steps(data, base, trained.settings) * 3 // 4
    with progress_bar(say("training.progress_curve"), steps, show=show_progress) as advance:
        return full_curve(data, base, trained.settings, best, advance, output / _UNFINISHED / _CURVE)


def _provenance(trained: Trained, base_name: str, base: Path) -> dict[str, Any]:
    """How the model came to be, for ``narratives.json``: nothing that changes when it is made again."""
    texts = trained.fitted.texts
    return {
        "base_model": base_name,
        "base_sha256": sha256_of((base / "model.safetensors").read_bytes()),
        "settings": trained.settings.to_dict(),
        "data": {
            "source": trained.fitted.source,
            "texts": len(texts),
            "persons": len(trained.fitted.persons),
            "sha256": sha256_of(*(f"{text.id}\t{text.text}" for text in texts)),
        },
        "scores": {name: dict(figures) for name, figures in trained.scores.items()},
        "versions": {name: version(name) for name in ("torch", "transformers", "narratives")},
    }
