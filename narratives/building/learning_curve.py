"""The learning curve of the shipped corpus: what more natural answers have given on development persons.

    python -m narratives.building.coding_model try --label curve --natural-share 0.25 -o runs.jsonl    (0, 0.5, 1 ...)
    python -m narratives.building.learning_curve runs.jsonl -o docs/images/learning-curve.png

Transcripts and singles are trained on in full everywhere; only the number of persons with natural answers varies.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

__all__ = ["Point", "draw", "read_points", "table"]

_SHOWN = ("agency", "arbejdsidentitet")


@dataclass(frozen=True)
class Point:
    """Runs with one share of the natural answers.

    Attributes:
        share: of the persons with natural answers for training, 0 to 1.
        texts: number of training texts in all.
        scores: per variable the macro-F1 on natural answers of development persons, one for each run.
    """

    share: float
    texts: int
    scores: dict[str, list[float]]


def read_points(path: Path) -> list[Point]:
    """The points of a file that ``coding_model try`` has appended to, by share; runs of one share together."""
    points: dict[float, Point] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        run = json.loads(line)
        if "/mean" in run["label"]:
            continue
        share = float(run["natural_share"])
        point = points.setdefault(share, Point(share, int(run["texts"]), {name: [] for name in _SHOWN}))
        for name in _SHOWN:
            point.scores[name].append(run["figures"]["natural"][name]["macro_f1"])
    return [points[share] for share in sorted(points)]


def table(points: Sequence[Point]) -> str:
    """The points as a Markdown table: mean macro-F1, and how many runs it is the mean of."""
    lines = [f"| natural persons | training texts | runs | {' | '.join(_SHOWN)} |", "|---" * (3 + len(_SHOWN)) + "|"]
    for point in points:
        means = (f"{np.mean(point.scores[name]):.3f}" for name in _SHOWN)
        runs = len(point.scores[_SHOWN[0]])
        lines.append(f"| {point.share:.0%} | {point.texts:,} | {runs} | {' | '.join(means)} |")
    return "\n".join(lines)


def draw(points: Sequence[Point], path: Path) -> None:
    """Macro-F1 over the share of natural answers, one line per variable, every run a dot."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3.4), layout="constrained")
    axes = figure.subplots()
    for name, colour, mark, line in zip(_SHOWN, ("#0072B2", "#D55E00"), "os", ("-", "--"), strict=True):
        shares = [100 * point.share for point in points]
        axes.plot(shares, [np.mean(point.scores[name]) for point in points], line, color=colour, label=name)
        for point in points:
            values = point.scores[name]
            axes.plot([100 * point.share] * len(values), values, mark, color=colour, ms=4, alpha=0.6)
    axes.set(xlabel="natural answers trained on, % of persons", ylabel="macro-F1, development persons")
    axes.grid(axis="y", color="#d5dae0")
    axes.legend(frameon=False)
    figure.savefig(path, dpi=150)


def main() -> None:
    """Print the table and draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, help="what coding_model try has written")
    parser.add_argument("-o", "--output", type=Path, help="picture to write (png or svg)")
    arguments = parser.parse_args()
    points = read_points(arguments.runs)
    print(table(points))
    if arguments.output:
        draw(points, arguments.output)


if __name__ == "__main__":
    main()
