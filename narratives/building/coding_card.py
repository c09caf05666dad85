"""The card of the shipped coding model: what training writes, with the figures on test persons before it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from narratives.messages import say

__all__ = ["render_test_figures", "shipped_card"]

_SHOWN = (
    ("macro_f1", "macro-F1"),
    ("kappa", "weighted kappa"),
    ("ece", "ECE"),
    ("surest_half", "share right, surest half"),
)

_ABOUT = """**Intended use.** Supporting researchers who code Danish interview narratives by the shipped codebook: first
codes to be reviewed, with calibrated probabilities, never a decision about a person. Figures for groups want a random
sample coded by people beside them (`narratives sample`).

**Data.** The coded corpus in `corpora/agency` (invented speech, see its datasheet): transcripts, single narratives, and
natural answers written before they were coded. Test persons (`split.csv`) were not used in training or choosing.
Coders' disagreement is trained on as shares.

**Licence.** Corpus: MIT, as the project. Weights: MIT, and Apache-2.0 for the encoder's body they were trained from
(all-MiniLM-L6-v2); the encoder's sources are named in its own card."""


_FIT = "python -m narratives.building.coding_model fit --encoder models/encoder --runs RUNS --seeds 0 1 2 3 4\n"
_CURVE = "How far more texts help: `docs/training.md`, learning curve."


def shipped_card(card: str, figures: Mapping[str, Any] | None) -> str:
    """The generated card with use, data and licence, and the test figures where there are any.

    The recipe gets the command that makes the runs, and places on the machine at hand are left out.

    Args:
        card: from :func:`narratives.training.card.render_card`.
        figures: what ``coding_model ship`` measured.
    """
    card = card.replace(f"{Path.cwd()}/", "").replace(say("training.report.no_curve"), _CURVE)
    card = re.sub(r"--runs \S+", "--runs RUNS", card).replace("```\npython", f"```\n{_FIT}python", 1)
    head, _, rest = card.partition("\n## ")
    sections = [head.strip(), _ABOUT]
    if figures:
        sections.append(render_test_figures(figures))
    return "\n\n".join(sections) + "\n\n## " + rest


def render_test_figures(figures: Mapping[str, Any]) -> str:
    """A table per part of the corpus on test persons: the shipped model, and in brackets its single runs.

    Runs are given as mean and standard deviation over seeds.
    """
    seeds: Sequence[Mapping[str, Any]] = figures["seeds"]
    oracle: Mapping[str, float] = figures.get("mood_oracle", {})
    lines = [f"## Test persons: the shipped model ({len(seeds)} single runs: mean ± standard deviation)"]
    lines += ["", "The shipped weights are the plain mean of the runs' weights."]
    for part, shipped in figures["shipped"].items():
        count = int(next(iter(shipped.values()))["n"])
        lines += ["", f"**{part}** ({count} texts)", ""]
        lines += ["| variable | " + " | ".join(name for _, name in _SHOWN) + " |", "|---" * (len(_SHOWN) + 1) + "|"]
        for variable, values in shipped.items():
            runs = [seed["figures"][part][variable] for seed in seeds]
            cells = [_cell(values.get(key), [run.get(key) for run in runs]) for key, _ in _SHOWN]
            lines.append(f"| {variable} | " + " | ".join(cells) + " |")
        if part in oracle:
            lines += ["", f"An oracle that knows only each text's true evaluation: agency macro-F1 {oracle[part]:.2f}."]
    return "\n".join(lines)


def _cell(shipped: float | None, runs: Sequence[float | None]) -> str:
    known = [value for value in runs if value is not None]
    return f"{shipped:.2f} ({np.mean(known):.2f} ± {np.std(known):.2f})" if shipped is not None and known else ""
