"""Which reader takes which file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from narratives.errors import UnknownFormat
from narratives.messages import say
from narratives.reading.source import Source
from narratives.reading.text import read_text

__all__ = ["READERS", "extract"]

READERS: dict[str, Callable[[Path], Source]] = {".txt": read_text, ".md": read_text}


def extract(path: Path) -> Source:
    """Read ``path`` with the reader for its ending.

    Raises:
        UnknownFormat: if there is none.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnknownFormat(say("reading.unknown_format", file=path.name, known=", ".join(READERS)))
    return reader(path)
