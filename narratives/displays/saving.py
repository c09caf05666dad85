"""A display as a file: Word, a page, a table, or its picture, as the suffix says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from narratives.errors import NarrativesError
from narratives.files import write_atomically, writing
from narratives.messages import language, say

if TYPE_CHECKING:
    from narratives.displays.base import Display
    from narratives.displays.pictures import Picture

__all__ = ["SUFFIXES", "save_display"]


def save_display(shown: Display, path: str | Path) -> Path:
    """Write a display; the old file stands until the new one is whole.

    Args:
        shown: the display.
        path: ends in one of :data:`SUFFIXES`, in capitals or not.

    Returns:
        the path written.

    Raises:
        NarrativesError: for another suffix, a display without a picture saved as one, or a file that
            cannot be written.
    """
    target = Path(path)
    write = SUFFIXES.get(target.suffix.lower())
    if write is None:
        raise NarrativesError(say("display.save.suffix", file=target.name, suffixes=", ".join(SUFFIXES)))
    try:
        write(shown, target)
    except OSError as error:
        raise NarrativesError(say("display.save.not_written", file=target, reason=error.strerror or error)) from error
    return target


def _word(shown: Display, path: Path) -> None:
    from narratives.displays.word import add_display, new_document

    document = new_document(shown.title)
    add_display(document, shown, 1)
    with writing(path) as temporary:
        document.save(str(temporary))


def _page(shown: Display, path: Path) -> None:
    from narratives.displays.base import templates

    page = templates().get_template("page.html.j2")
    write_atomically(path, str(page.render(shown=shown, language=language())))


def _csv(shown: Display, path: Path) -> None:
    from narratives.study.writing import write_csv

    write_csv(shown.frame, path)


def _excel(shown: Display, path: Path) -> None:
    from narratives.study.writing import write_excel

    write_excel(shown.frame, path)


def _svg(shown: Display, path: Path) -> None:
    write_atomically(path, _picture(shown).svg)


def _png(shown: Display, path: Path) -> None:
    write_atomically(path, _picture(shown).png(300))


def _picture(shown: Display) -> Picture:
    if shown.picture is None:
        raise NarrativesError(say("display.save.no_picture", title=shown.title))
    return shown.picture


SUFFIXES: dict[str, Callable[[Display, Path], None]] = {
    ".docx": _word,
    ".html": _page,
    ".csv": _csv,
    ".xlsx": _excel,
    ".png": _png,
    ".svg": _svg,
}
"""What each suffix stands for."""
