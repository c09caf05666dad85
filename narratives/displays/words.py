"""Numbers and codes as people read them, in the language in force."""

from __future__ import annotations

import math
from collections.abc import Iterable

from narratives.messages import say
from narratives.messages.numbers import MISSING, interval, number

__all__ = ["MISSING", "counted", "interval", "joined", "number", "per_cent", "split_ids", "wave_name", "waves_from_to"]


def per_cent(share: float) -> str:
    """A share of 0-1 in whole per cent."""
    return MISSING if math.isnan(share) else f"{round(100 * share)}\N{NO-BREAK SPACE}%"


def waves_from_to(first: object, last: object) -> str:
    """Two waves as "1 → 2"."""
    return f"{first} → {last}"


def joined(words: Iterable[str]) -> str:
    """Words in a row, or a dash."""
    return ", ".join(words) or MISSING


def split_ids(cell: object) -> tuple[str, ...]:
    """The ids in a column ``narrative_ids``."""
    return tuple(part for part in str(cell).split(";") if part) if isinstance(cell, str) else ()


def wave_name(wave: object) -> str:
    """A wave as a heading."""
    return say("display.wave", wave=wave)


def counted(n: object) -> str:
    """A number of narratives, kept on one line."""
    return f"n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{n}"
