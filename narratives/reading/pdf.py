"""PDF files with a text layer."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from narratives.reading.known import known_role
from narratives.reading.margins import without_line_numbers
from narratives.reading.pages import paragraphs, without_furniture
from narratives.reading.refusals import note, unreadable
from narratives.reading.source import Source

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

__all__ = ["read_pdf"]

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\x00": None}
)
_COLUMN = re.compile(r"(?P<label>\S{1,20}(?: \S{1,20}){0,2})[ ]{3,}(?=\S)")


def read_pdf(path: Path) -> Source:
    """The text of a PDF as paragraphs, its speakers still to be found.

    Page furniture and line numbers in the margin are left out, words cut at line ends are joined, ligatures are spelled
    out, and letters are composed (NFC): a PDF holds places of glyphs, so there is no text of its own to keep.

    Raises:
        UnreadableFile: if it is protected, or has no text layer.
        Exception: whatever pypdf raises on a broken file (:func:`extract` words it).
    """
    with _overheard("pypdf") as faults:
        pages = [_lines(page) for page in _open(path).pages]
    filled = sum(any(line.strip() for line in page) for page in pages)
    if not filled:
        raise unreadable(path, "pdf_no_text")
    pages, numbers = without_line_numbers(pages)
    kept, dropped = without_furniture([[_single_spaced(line) for line in page] for page in pages])
    notes = []
    if numbers:
        notes.append(note(path, "line_numbers", count=numbers))
    if dropped:
        notes.append(note(path, "furniture", count=dropped))
    if faults:
        notes.append(note(path, "faults"))
    if filled < len(pages):
        notes.append(note(path, "pages_without_text", count=len(pages) - filled, pages=len(pages)))
    return Source("\n\n".join(paragraphs(kept)), "pdf", notes=tuple(notes))


def _open(path: Path) -> PdfReader:
    """A reader for ``path``; files that only forbid printing or copying open with the empty password."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError

    try:
        reader = PdfReader(path)
        len(reader.pages)
    except (DependencyError, FileNotDecryptedError) as error:
        raise unreadable(path, "protected") from error
    return reader


def _lines(page: PageObject) -> list[str]:
    """The lines of a page from top to bottom, blank ones where there is space between them; blanks place the words."""
    try:
        text = page.extract_text(extraction_mode="layout")
    except Exception:  # layout needs more of the fonts than a damaged page may have
        text = ""
    text = text if text.strip() else page.extract_text()
    text = unicodedata.normalize(
        "NFC", text.translate(_LIGATURES).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )
    return text.split("\n")


def _single_spaced(line: str) -> str:
    """A line without the blanks that only place words; a known label in a column of its own keeps a tab."""
    line = line.strip()
    column = _COLUMN.match(line)
    if column and known_role(column["label"]):
        return f"{column['label']}\t{' '.join(line[column.end() :].split())}"
    return " ".join(line.split())


class _Ear(logging.Handler):
    """Keeps what a library logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one message."""
        self.heard.append(record.getMessage())


@contextmanager
def _overheard(name: str) -> Iterator[list[str]]:
    """What a library logs meanwhile, kept off the screen: pypdf repairs a damaged file and only mentions it there."""
    logger, ear = logging.getLogger(name), _Ear()
    propagate = logger.propagate
    logger.addHandler(ear)
    logger.propagate = False
    try:
        yield ear.heard
    finally:
        logger.removeHandler(ear)
        logger.propagate = propagate
