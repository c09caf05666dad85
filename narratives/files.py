"""Atomic writes, content hashes and file names: what every room needs of the disk."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["nfc", "sha256_of", "write_atomically", "writing"]


def nfc(name: str) -> str:
    """A name in composed form: macOS hands out "bølge" and "Åse" in pieces."""
    return unicodedata.normalize("NFC", name)


def sha256_of(*parts: str | bytes) -> str:
    """Hex digest of the parts in order; strings count as UTF-8, and parts cannot run together."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Hand out a temporary path beside ``path``, and move it into place only if nothing failed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write text (UTF-8, line ends untouched) or bytes so that readers see the old file or the new."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    with writing(path) as temporary:
        temporary.write_bytes(data)
