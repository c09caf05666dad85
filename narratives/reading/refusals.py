"""The one sentence that a file which cannot be read deserves."""

from __future__ import annotations

from pathlib import Path

from narratives.errors import UnreadableFile
from narratives.files import nfc
from narratives.messages import say

__all__ = ["note", "unreadable"]


def unreadable(path: Path, key: str, **fields: object) -> UnreadableFile:
    """The error for ``path`` with the message ``formats.<key>``, its ``{file}`` filled in."""
    return UnreadableFile(say(f"formats.{key}", file=nfc(path.name), **fields))


def note(path: Path, key: str, **fields: object) -> tuple[str, str]:
    """A (kind, sentence) pair for :attr:`Source.notes` from the message ``formats.note_<key>``."""
    return key, say(f"formats.note_{key}", file=nfc(path.name), **fields)
