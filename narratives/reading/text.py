"""Plain text and Markdown: bytes to text without changing a character."""

from __future__ import annotations

import codecs
from pathlib import Path

from narratives.reading.source import Source

__all__ = ["decode", "read_text"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8 (BOM)"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32 (BOM)"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32 (BOM)"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16 (BOM)"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16 (BOM)"),
)


def decode(data: bytes) -> tuple[str, str]:
    """Text and the encoding it was in: by byte order mark, else strict UTF-8, else cp1252.

    Line ends and everything else stay as they are; the byte order mark itself is not text.
    Guessing by letter statistics is left out on purpose: it turns short cp1252 lines into Polish.
    """
    for mark, codec, name in _BOMS:
        if data.startswith(mark):
            return data.decode(codec, "replace"), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), "cp1252"


def read_text(path: Path) -> Source:
    """The text of a ``.txt`` or ``.md`` file, its speakers still to be found."""
    text, encoding = decode(path.read_bytes())
    return Source(text, path.suffix.lstrip(".").lower() or "txt", encoding)
