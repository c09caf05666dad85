"""Time codes as transcription tools write them, at a label or in the middle of speech.

Met in the field (see the anchors): ``[mm:ss]``, ``[hh:mm:ss]``, ``[mm.ss]``, ``{hh:mm:ss}``, ``(00:01:02)``,
``#hh:mm:ss.s#``, f4's ``#00:01:02-5#``, bare ``hh:mm:ss`` and ranges with an arrow or a dash.
"""

from __future__ import annotations

import re

__all__ = ["AT_LABEL", "INLINE", "seconds"]

_CORE = r"\d{1,3}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d{1,3})?"
_TO = rf"(?:\s*(?:-->|→|[-–—])\s*{_CORE})"
_RANGE = rf"\s*{_CORE}{_TO}?\s*"
_LONG = r"(?<![\d:])\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,3})?(?![\d:])"
_HASHED = r"\#\d{1,2}:\d{2}:\d{2}(?:[-.,]\d{1,3})?\#"

AT_LABEL = rf"(?:\[{_RANGE}\]|\{{{_RANGE}\}}|\({_RANGE}\)|<{_RANGE}>|{_HASHED}|{_CORE}{_TO}?(?!\d|:\d))"
"""Pattern of a code beside a speaker label, where even ``03:40`` can be nothing else."""

INLINE = re.compile(
    rf"\[{_RANGE}\]|\{{{_RANGE}\}}|\(\s*{_LONG}(?:\s*[-–—]\s*{_LONG})?\s*\)|{_HASHED}|{_LONG}|</?v\b[^<>\n]{{0,64}}>"
)
"""Codes inside speech, and voice tags. "17:30" and "(17:30)" are speech: people do mention the time."""

_PARTS = re.compile(r"(\d+)([:.])(\d{2})(?:\2(\d{2}))?(?:[-.,](\d{1,3}))?")


def seconds(code: str) -> float | None:
    """Seconds from the start of the recording, from the first time in ``code``.

    Returns:
        None where there is none. Two parts are minutes and seconds, three are hours, minutes, seconds.
    """
    found = _PARTS.search(code)
    if found is None:
        return None
    first, _, second, third, fraction = found.groups()
    whole = int(first) * 60 + int(second)
    whole = whole * 60 + int(third) if third else whole
    return whole + (float(f"0.{fraction}") if fraction else 0.0)
