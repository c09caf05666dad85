"""The model card of a trained classifier, as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from narratives.messages import say
from narratives.training.curve import Point
from narratives.training.report import help_sentence
from narratives.training.summary import code_figures
from narratives.training.train import Trained

__all__ = ["render_card"]


def render_card(trained: Trained, *, base: str, command: str, curve: Sequence[Point] = ()) -> str:
    """What the model is, from which data and how, its figures, limits and intended use.

    Args:
        base: name of the base model.
        command: the command line that makes the model again.
    """
    sections = [
        f"# {trained.classifier.name}\n\n{say('training.card.what', variables=', '.join(trained.held.codebook.names))}",
        f"## {say('training.card.data')}\n\n{_data(trained)}",
        f"## {say('training.card.recipe')}\n\n{say('training.card.base', base=base)}\n\n```\n{command}\n```",
        f"## {say('training.card.figures')}\n\n{_figures(trained)}\n\n{help_sentence(curve)}",
        f"## {say('training.card.limits')}\n\n{say('training.card.limits_text')}",
    ]
    return "\n\n".join(sections) + "\n"


def _data(trained: Trained) -> str:
    fitted, held = trained.fitted, trained.held
    about = say(
        "training.report.data",
        source=fitted.source,
        texts=len(fitted),
        persons=len(fitted.persons),
        held=len(held),
        held_persons=len(held.persons),
    )
    book = say("training.card.codebook", name=fitted.codebook.name, version=fitted.codebook.version)
    notes = [f"- {note}" for note in (*fitted.notes, *trained.notes)]
    return "\n".join([about, "", book, *(["", *notes] if notes else [])])


def _figures(trained: Trained) -> str:
    """A table of variables and one of codes, on held-out texts."""
    lines = [
        say("training.report.figures_about"),
        "",
        f"| {say('training.report.variable')} | n | {say('training.report.accuracy')} "
        f"| {say('training.report.majority')} | macro-F1 | kappa |",
        "|---|---|---|---|---|---|",
    ]
    for name, figures in trained.scores.items():
        kappa = f"{figures['kappa']:.2f}" if "kappa" in figures else ""
        shown = [f"{figures.get(key, 0):.2f}" for key in ("accuracy", "majority", "macro_f1")]
        lines.append(f"| {name} | {figures['n']} | {' | '.join(shown)} | {kappa} |")
    lines += ["", f"| {say('training.report.code')} | n | F1 |", "|---|---|---|"]
    for name in trained.scores:
        lines += [f"| {name}: {row['code']} | {row['n']} | {row['f1']:.2f} |" for row in code_figures(trained, name)]
    return "\n".join(lines)
