"""How right a model was where it was measured: what its folder says, for the methods paragraph of a study."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["FIGURES", "measured"]

FIGURES = ("n", "macro_f1", "kappa", "ece")
"""What is kept of each variable: texts, macro-F1 (0-1), weighted kappa (up to 1), calibration error (0-1)."""

_PART = "natural"


def measured(model: Path) -> dict[str, dict[str, float]]:
    """Per variable :data:`FIGURES` on persons held out from training; {} where the folder tells none.

    Args:
        model: folder of a coding model. Models that come with the package hold ``figures.json``, measured on
            answers that were written before they were coded; models that users train do not.
    """
    try:
        told = json.loads((model / "figures.json").read_text(encoding="utf-8"))["shipped"][_PART]
        return {str(name): _kept(figures) for name, figures in told.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _kept(figures: dict[str, Any]) -> dict[str, float]:
    return {name: float(figures[name]) for name in FIGURES if figures.get(name) is not None}
