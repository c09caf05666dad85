"""The card of the shipped coding model: what training writes, with the figures on test persons before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

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

**Licence.** Weights and corpus: MIT, as the project; the encoder's sources are named in its own card."""


def shipped_card(card: str, figures: Mapping[str, Any] | None) -> str:
    """The generated card with use, data and licence, and the test figures where there are any.

    Args:
        card: from :func:`narratives.training.card.render_card`.
        figures: what ``coding_model test`` wrote.
    """
    head, _, rest = card.partition("\n## ")
    sections = [head.strip(), _ABOUT]
    if figures:
        sections.append(render_test_figures(figures))
    return "\n\n".join(sections) + "\n\n## " + rest


def render_test_figures(figures: Mapping[str, Any]) -> str:
    """A table per part of the corpus: mean and spread (standard deviation) over seeds, test persons."""
    seeds: Sequence[Mapping[str, Any]] = figures["seeds"]
    oracle: Mapping[str, float] = figures.get("mood_oracle", {})
    lines = [f"## Held-out test persons, {len(seeds)} seeds (mean ± standard deviation)"]
    for part in seeds[0]["figures"]:
        count = int(next(iter(seeds[0]["figures"][part].values()))["n"])
        lines += ["", f"**{part}** ({count} texts)", ""]
        lines += ["| variable | " + " | ".join(name for _, name in _SHOWN) + " |", "|---" * (len(_SHOWN) + 1) + "|"]
        for variable in seeds[0]["figures"][part]:
            cells = [_cell([seed["figures"][part][variable].get(key) for seed in seeds]) for key, _ in _SHOWN]
            lines.append(f"| {variable} | " + " | ".join(cells) + " |")
        if part in oracle:
            lines += ["", f"An oracle that knows only each text's true evaluation: agency macro-F1 {oracle[part]:.2f}."]
    return "\n".join(lines)


def _cell(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{np.mean(known):.2f} ± {np.std(known):.2f}" if known else ""
