"""Where the models and corpora that come with the package lie, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

__all__ = ["shipped_folder", "shipped_models"]

_PACKAGE = Path(__file__).resolve().parent


def shipped_folder(kind: str) -> Path:
    """The folder of shipped ``kind`` ("models" or "corpora"); it need not exist.

    A checkout has it beside the package, a wheel inside it.
    """
    inside = _PACKAGE / "_shipped" / kind
    return inside if inside.is_dir() else _PACKAGE.parent / kind


def shipped_models() -> tuple[str, ...]:
    """Names of the shipped models that code narratives, sorted."""
    folder = shipped_folder("models")
    return tuple(sorted(path.parent.name for path in folder.glob("*/narratives.json")))
