"""Pictures of a training as inline SVG; without matplotlib there are none."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from narratives.messages import say
from narratives.messages.numbers import localised
from narratives.training.curve import Point

if TYPE_CHECKING:
    from matplotlib.axis import Axis

    from narratives.training.loop import Epoch

__all__ = ["curve_figure", "history_figure"]

_BLUE, _ORANGE = "#0072b2", "#d55e00"


def history_figure(history: Sequence[Epoch]) -> str:
    """Training loss and development score over epochs, as SVG; "" if there is nothing to draw."""
    epochs = [epoch for epoch in history if not epoch.averaged]
    axes = _axes() if len(epochs) > 1 else None
    if axes is None:
        return ""
    numbers = [epoch.number for epoch in epochs]
    axes.plot(numbers, [epoch.loss for epoch in epochs], color=_BLUE, marker="o", label=say("training.report.loss"))
    axes.set_xlabel(say("training.report.epoch"))
    axes.set_ylabel(say("training.report.loss"), color=_BLUE)
    axes.set_xticks(numbers)
    beside = axes.twinx()
    scores = [epoch.score for epoch in epochs]
    beside.plot(numbers, scores, color=_ORANGE, marker="s", linestyle="--", label=say("training.report.score"))
    beside.set_ylabel(say("training.report.score"), color=_ORANGE)
    _mark_decimals(axes.yaxis, beside.yaxis)
    return _svg(axes)


def curve_figure(points: Sequence[Point]) -> str:
    """Score over number of texts, as SVG; "" if there is nothing to draw."""
    axes = _axes() if len(points) > 1 else None
    if axes is None:
        return ""
    sizes, scores = [point.texts for point in points], [point.score for point in points]
    axes.errorbar(sizes, scores, yerr=[point.spread for point in points], color=_BLUE, marker="o", capsize=3)
    axes.set_xscale("log", base=2)
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
    _mark_decimals(axes.yaxis)
    axes.set_xlabel(say("training.report.texts"))
    axes.set_ylabel(say("training.report.score"))
    return _svg(axes)


def _axes() -> Any:
    """Axes of a small figure of its own, or None without matplotlib."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return None
    figure = Figure(figsize=(6, 3.2), layout="constrained")
    axes = figure.add_subplot()
    axes.grid(alpha=0.3)
    return axes


def _mark_decimals(*scales: Axis) -> None:
    """Ticks with the decimal mark of the language in force."""
    from matplotlib.ticker import ScalarFormatter

    class Marked(ScalarFormatter):
        def __call__(self, x: float, pos: int | None = None) -> str:
            return localised(super().__call__(x, pos))

    for scale in scales:
        scale.set_major_formatter(Marked(useOffset=False))


def _svg(axes: Any) -> str:
    """The figure as an <svg> element, the same bytes for the same figure."""
    from matplotlib import rc_context

    buffer = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "narratives"}):
        axes.figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    content = buffer.getvalue()
    return re.sub(r"<metadata>.*?</metadata>", "", content[content.index("<svg") :], flags=re.DOTALL)
