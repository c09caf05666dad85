"""Plain text and Markdown: bytes to text without changing a character."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from narratives.reading.refusals import note, unreadable
from narratives.reading.source import Source

__all__ = ["decode", "looks_binary", "read_decoded", "read_text"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8 (BOM)"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32 (BOM)"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32 (BOM)"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16 (BOM)"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16 (BOM)"),
)

_STRAY = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufffd]")
_SAMPLE = 200_000
_MOST_STRAY = 0.01


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


def looks_binary(text: str) -> bool:
    """Whether over 1 % of the first characters are control characters or undecodable: no text has that."""
    sample = text[:_SAMPLE]
    return len(_STRAY.findall(sample)) > _MOST_STRAY * len(sample)


def read_decoded(path: Path) -> tuple[str, str]:
    """The text of ``path`` and its encoding.

    Raises:
        UnreadableFile: if it is not text.
    """
    text, encoding = decode(path.read_bytes())
    if looks_binary(text):
        raise unreadable(path, "binary")
    return text, encoding


def read_text(path: Path) -> Source:
    """The text of a ``.txt`` or ``.md`` file, its speakers still to be found.

    Raises:
        UnreadableFile: if it is not text.
    """
    text, encoding = read_decoded(path)
    format_ = "md" if path.suffix.lower() in (".md", ".markdown") else "txt"
    lost = text.count("\ufffd") if encoding != "utf-8" else 0
    notes = (note(path, "undecodable", count=lost, encoding=encoding),) if lost else ()
    return Source(text, format_, encoding, notes=notes)
