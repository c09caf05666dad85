"""Numbers as people read them, in the language in force; files for machines never go through here."""

from __future__ import annotations

import math

from narratives.messages import language

__all__ = ["MISSING", "interval", "localised", "number"]

MISSING = "–"


def number(value: float | None, digits: int = 2, *, signed: bool = False) -> str:
    """A number with a decimal comma in Danish; a dash where there is none."""
    if value is None or math.isnan(value):
        return MISSING
    rounded = round(float(value), digits) + 0.0
    return localised(f"{rounded:+.{digits}f}" if signed else f"{rounded:.{digits}f}")


def interval(low: float, high: float, digits: int = 2, *, signed: bool = False) -> str:
    """Both ends in brackets; a single dash where there is neither."""
    if math.isnan(low) and math.isnan(high):
        return f"[{MISSING}]"
    return f"[{number(low, digits, signed=signed)};\N{NO-BREAK SPACE}{number(high, digits, signed=signed)}]"


def localised(text: str) -> str:
    """A number written with a point and a hyphen, with the marks that people expect."""
    text = text.replace("-", "−")
    return text.replace(".", ",") if language() == "da" else text
