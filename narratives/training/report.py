"""The training report: one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from narratives.files import write_atomically
from narratives.messages import language, say
from narratives.messages.numbers import number
from narratives.training.curve import Point, gain_per_doubling
from narratives.training.figures import curve_figure, history_figure
from narratives.training.summary import code_counts, code_figures, confusion, person_figures
from narratives.training.train import Trained

__all__ = ["help_sentence", "render_report", "write_report"]

_MOST_PERSONS = 60


def write_report(trained: Trained, path: Path, *, curve: Sequence[Point] = (), source: str = "") -> Path:
    """Write the report of a training to ``path``; returns it."""
    write_atomically(path, render_report(trained, curve=curve, source=source))
    return path


def render_report(trained: Trained, *, curve: Sequence[Point] = (), source: str = "") -> str:
    """The report as HTML: data, figures per variable, code and person, curves, settings."""
    from jinja2 import Environment, select_autoescape

    template = files("narratives.training").joinpath("report.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=select_autoescape(default=True), trim_blocks=True, lstrip_blocks=True)
    environment.filters["figure"] = number
    return environment.from_string(template).render(say=say, language=language(), **_content(trained, curve, source))


def help_sentence(points: Sequence[Point]) -> str:
    """One sentence on how far more coding would help; says so where nothing is known."""
    if len(points) < 2:
        return say("training.report.no_curve")
    gain = gain_per_doubling(points)
    now = points[-1]
    key = "training.report.helps" if gain >= 0.01 else "training.report.helps_little"
    told = {"gain": number(gain, 3, signed=True), "hoped": number(min(1, now.score + gain))}
    return say(key, texts=now.texts, double=2 * now.texts, **told)


def _content(trained: Trained, curve: Sequence[Point], source: str) -> dict[str, Any]:
    names = trained.held.codebook.names
    calibration = trained.classifier.calibration
    return {
        "name": trained.classifier.name,
        "source": source or trained.fitted.source,
        "fitted": trained.fitted,
        "held": trained.held,
        "scores": trained.scores,
        "temperatures": calibration.temperatures,
        "review_below": calibration.review_below,
        "counts": code_counts(trained.fitted),
        "labels": {name: trained.held.codebook[name].labels for name in names},
        "confusions": {name: confusion(trained, name).tolist() for name in names},
        "codes": {name: code_figures(trained, name) for name in names},
        "persons": person_figures(trained)[:_MOST_PERSONS] if trained.held.persons_known else [],
        "history": history_figure(trained.history),
        "curve": curve_figure(curve),
        "helps": help_sentence(curve),
        "notes": [*trained.fitted.notes, *trained.notes],
        "settings": trained.settings.to_dict(),
    }
