"""An evaluation on paper: table, JSON, one HTML file that needs nothing else."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from importlib.resources import files
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np

from narratives.evaluation.drawing import Line, line_chart
from narratives.evaluation.evaluating import Evaluation
from narratives.evaluation.figures import COLUMNS, Figure
from narratives.evaluation.measuring import Slice
from narratives.files import write_atomically
from narratives.messages import language, say
from narratives.messages.numbers import MISSING, interval, number

__all__ = ["as_csv", "as_html", "as_json", "headline", "lead", "write_evaluation"]

_MOST_POINTS = 200


def write_evaluation(evaluation: Evaluation, folder: Path) -> list[Path]:
    """Write evaluation.csv, evaluation.json and evaluation.html to ``folder``; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {"csv": as_csv(evaluation), "json": as_json(evaluation), "html": as_html(evaluation)}
    paths = [folder / f"evaluation.{ending}" for ending in contents]
    for path, content in zip(paths, contents.values(), strict=True):
        write_atomically(path, content)
    return paths


def as_csv(evaluation: Evaluation) -> str:
    """One row per figure, columns :data:`narratives.evaluation.figures.COLUMNS`; undefined values are empty."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(figure.row() for figure in evaluation.figures)
    return buffer.getvalue()


def as_json(evaluation: Evaluation) -> str:
    """Figures, confusions, reliability bins, notes and provenance; undefined values are null."""
    content = {
        "provenance": evaluation.provenance,
        "notes": evaluation.notes,
        "labels": evaluation.labels,
        "figures": [figure.row() for figure in evaluation.figures],
        "confusions": [
            {"part": s.part, "variable": s.variable, "counts": s.confusion.astype(int).tolist()}
            for s in evaluation.slices
        ],
        "reliability": [
            {"part": s.part, "variable": s.variable, "certainty": b.certainty, "right": b.right, "n": b.n}
            for s in evaluation.slices
            for b in s.bins
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def as_html(evaluation: Evaluation) -> str:
    """The report as HTML."""
    from jinja2 import Environment, select_autoescape

    template = files("narratives.evaluation").joinpath("report.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=select_autoescape(default=True), trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(template).render(
        say=say,
        language=language(),
        about=evaluation.provenance,
        notes=evaluation.notes,
        labels=evaluation.labels,
        sections=[_section(evaluation, variable) for variable in evaluation.labels],
    )


def headline(evaluation: Evaluation, slice_: Slice) -> dict[str, str]:
    """The main figures of one variable on one part, as text by measure; undefined ones are a dash."""
    names = ("macro_f1", "kappa", "alpha_ordinal", "alpha_nominal", "ac1", "brier", "ece", "error_at_80")
    shown = {name: shown_figure(_of(slice_.figures, name)) for name in names}
    fall = _of(slice_.figures, "error_fall_at_80")
    shown["error_fall_at_80"] = f"{fall.value:.0%}" if fall and not isnan(fall.value) else MISSING
    coders = evaluation.figure(slice_.part, slice_.variable, "macro_f1", "coders")
    n = _of(slice_.figures, "macro_f1")
    return {"n": str(n.n if n else 0), **shown, "coders": shown_figure(coders)}


def lead(slice_: Slice, measure: str = "macro_f1") -> tuple[str, Figure] | None:
    """The baseline that comes closest to the model, and how far the model is ahead of it; None without any."""
    ahead = [figure for figure in slice_.figures if figure.measure == f"{measure}_ahead"]
    nearest = min(ahead, key=lambda figure: np.nan_to_num(figure.value, nan=np.inf), default=None)
    return (nearest.method, nearest) if nearest else None


def shown_figure(figure: Figure | None) -> str:
    """Value and interval with two decimals, as the language in force writes them; a dash where not defined."""
    if figure is None or isnan(figure.value):
        return MISSING
    if isnan(figure.low):
        return number(figure.value)
    return f"{number(figure.value)} {interval(figure.low, figure.high)}"


def _of(figures: Sequence[Figure], measure: str, method: str = "model", code: str = "") -> Figure | None:
    wanted = (measure, method, code)
    return next((f for f in figures if (f.measure, f.method, f.code) == wanted), None)


def _section(evaluation: Evaluation, variable: str) -> dict[str, Any]:
    """Everything about one variable, the parts in order."""
    slices = [part for part in evaluation.slices if part.variable == variable]
    return {"variable": variable, "parts": [_part(evaluation, part) for part in slices]}


def _part(evaluation: Evaluation, slice_: Slice) -> dict[str, Any]:
    labels = evaluation.labels[slice_.variable]
    return {
        "name": slice_.part,
        "headline": headline(evaluation, slice_),
        "methods": _methods(evaluation, slice_),
        "codes": [_code(evaluation, slice_, label, place) for place, label in enumerate(labels)],
        "confusion": slice_.confusion.astype(int).tolist(),
        "reliability": _reliability_chart(slice_),
        "coverage": _coverage_chart(slice_),
        "review": _review(slice_),
        "seeds": _seeds(evaluation, slice_),
    }


def _methods(evaluation: Evaluation, slice_: Slice) -> list[dict[str, Any]]:
    """Rows of the comparison: model, each baseline with the model's lead, the coders."""
    names = dict.fromkeys(figure.method for figure in slice_.figures)
    rows = []
    for name in names:
        ahead = _of(slice_.figures, "macro_f1_ahead", name)
        row = {key: shown_figure(_of(slice_.figures, key, name)) for key in ("macro_f1", "kappa", "accuracy")}
        rows.append({"name": name, **row, "ahead": shown_figure(ahead), "sure": ahead is not None and ahead.low > 0})
    coders = {
        key: shown_figure(evaluation.figure(slice_.part, slice_.variable, key, "coders"))
        for key in ("macro_f1", "kappa", "accuracy")
    }
    known = coders["accuracy"] != MISSING
    return [*rows, *([{"name": "coders", **coders, "ahead": MISSING, "sure": False}] if known else [])]


def _code(evaluation: Evaluation, slice_: Slice, label: str, place: int) -> dict[str, Any]:
    return {
        "name": label,
        "n": int(slice_.confusion[place].sum()),
        "f1": shown_figure(_of(slice_.figures, "f1", code=label)),
        "coders": shown_figure(evaluation.figure(slice_.part, slice_.variable, "f1", "coders", label)),
    }


def _seeds(evaluation: Evaluation, slice_: Slice) -> list[dict[str, str]]:
    """Mean and spread over seeds, per measure."""
    mine = [f for f in evaluation.repeated if (f.part, f.variable) == (slice_.part, slice_.variable)]
    spread = {f.measure: f for f in mine if f.measure.endswith("_spread")}
    return [
        {"measure": f.measure, "mean": shown_figure(f), "spread": shown_figure(spread.get(f"{f.measure}_spread"))}
        for f in mine
        if f.measure not in spread
    ]


def _review(slice_: Slice) -> list[str]:
    """A sentence on coverage, one on the threshold these texts imply, one on the model's own."""
    values = {f.measure: f.value for f in slice_.figures if f.method == "model" and not f.code}
    fall, kept_error = values["error_fall_at_80"], values["error_at_80"]
    every = 1 - values["accuracy"]
    sentences = [] if isnan(fall) else [say("evaluation.report.fall", fall=fall, every=every, kept=kept_error)]
    for name in ("implied", "review"):
        if f"{name}_threshold" in values and not isnan(values[f"{name}_coverage"]):
            fields = {key: values[f"{name}_{key}"] for key in ("threshold", "coverage", "error")}
            error = MISSING if isnan(fields["error"]) else f"{fields['error']:.0%}"
            told = {**fields, "threshold": number(fields["threshold"]), "error": error}
            sentences.append(say(f"evaluation.report.{name}", **told))
    return sentences


def _reliability_chart(slice_: Slice) -> str:
    points = [(each.certainty, each.right) for each in slice_.bins]
    title = say("evaluation.report.reliability", part=slice_.part, variable=slice_.variable)
    lines = [Line([(0, 0), (1, 1)], dashed=True), Line(points, marked=True)]
    return line_chart(lines, title, say("evaluation.report.certainty"), say("evaluation.report.right"))


def _coverage_chart(slice_: Slice) -> str:
    curve = slice_.curve
    places = np.unique(np.linspace(0, len(curve.risk) - 1, _MOST_POINTS).round().astype(int))
    points = [(float(curve.coverage[place]), float(curve.risk[place])) for place in places]
    top = max(0.1, float(np.ceil(curve.risk[places].max() * 10) / 10))
    title = say("evaluation.report.coverage", part=slice_.part, variable=slice_.variable)
    return line_chart([Line(points)], title, say("evaluation.report.kept"), say("evaluation.report.error"), top)
