"""The words that reading goes by, from ``vocabulary.toml``: a person who knows the field can extend them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

__all__ = ["words", "words_by_name"]


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("narratives.reading").joinpath("vocabulary.toml").read_text(encoding="utf-8"))


def words(table: str, name: str) -> tuple[str, ...]:
    """The words under ``name`` in ``table``, in the order of the file."""
    return tuple(_tables()[table][name].split())


def words_by_name(table: str) -> dict[str, tuple[str, ...]]:
    """All words of ``table`` by name."""
    return {name: words(table, name) for name in _tables()[table]}
