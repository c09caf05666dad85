"""What the toolkit says to people, in Danish and English.

One TOML table per room (``reading.toml``, ``study.toml`` ...), each key with a ``da`` and an ``en``
text; ``{fields}`` are filled by :func:`say`. The language is the one set, else ``NARRATIVES_LANG``,
else the locale's.
"""

from __future__ import annotations

import locale
import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files

__all__ = ["LANGUAGES", "language", "say", "set_language", "speaking"]

LANGUAGES = ("da", "en")

_chosen: str | None = None


def set_language(code: str | None) -> None:
    """Use ``code`` ("da" or "en") from now on; None returns to the environment's choice."""
    if code is not None and code not in LANGUAGES:
        raise ValueError(f"unknown language {code!r}: choose one of {', '.join(LANGUAGES)}")
    global _chosen  # noqa: PLW0603 - one process speaks one language
    _chosen = code


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Use ``code`` within a ``with`` block, whatever is in force around it."""
    before = _chosen
    set_language(code)
    try:
        yield
    finally:
        set_language(before)


def language() -> str:
    """The language in force: "da" or "en"."""
    if _chosen is not None:
        return _chosen
    wanted = os.environ.get("NARRATIVES_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG")
    wanted = wanted or locale.getlocale()[0] or ""
    return "da" if wanted.lower().startswith(("da", "dk")) else "en"


@cache
def _tables() -> dict[str, dict[str, str]]:
    """All message tables merged; a key that stands in two tables is a bug."""
    merged: dict[str, dict[str, str]] = {}
    for resource in sorted(files(__name__).iterdir(), key=lambda item: item.name):
        if not resource.name.endswith(".toml"):
            continue
        table = tomllib.loads(resource.read_text(encoding="utf-8"))
        twice = merged.keys() & table.keys()
        if twice:
            raise ValueError(f"message keys defined twice: {sorted(twice)}")
        merged |= table
    return merged


def say(key: str, /, **fields: object) -> str:
    """The message ``key`` in the language in force, its ``{fields}`` filled in.

    Raises:
        KeyError: if no table has the key, or a field that the text names is missing.
    """
    return _tables()[key][language()].format(**fields)
