"""Rich Text Format (rtf)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from narratives.reading.blocks import Block, lay_out, turn_rows
from narratives.reading.refusals import note, unreadable
from narratives.reading.source import Source
from narratives.reading.text import decode

__all__ = ["read_rtf"]

# striprtf gives cells as "|" and rows as line ends, which speech may hold too: private characters say it plainly.
_ROW_BEGINS, _CELL_ENDS, _ROW_ENDS = "\ue0f0", "\ue0f1", "\ue0f2"
_WORDS = (
    (re.compile(r"(?<!\\)\\trowd(?![a-z]) ?"), _ROW_BEGINS),
    (re.compile(r"(?<!\\)\\cell(?![a-z]) ?"), _CELL_ENDS),
    (re.compile(r"(?<!\\)\\row(?![a-z]) ?"), _ROW_ENDS),
)
_PARAGRAPH = re.compile(r"(?<!\\)\\par(?![a-z])")
_DELETED = re.compile(r"\{[^{}]*\\deleted(?![a-z0-9])[^{}]*\}")
_PICTURE = re.compile(r"[0-9a-fA-F\r\n]{400,}")
_ROW = re.compile(f"{_ROW_BEGINS}([^{_ROW_ENDS}]*){_ROW_ENDS}")


def read_rtf(path: Path) -> Source:
    """The text of an RTF file, its speakers still to be found; tables of turns become labelled paragraphs.

    Raises:
        UnreadableFile: if it is not RTF.
        Exception: whatever striprtf raises on a broken file (:func:`extract` words it).
    """
    from striprtf.striprtf import rtf_to_text

    rtf = decode(path.read_bytes())[0]
    if not rtf.lstrip().startswith("{\\rtf"):
        raise unreadable(path, "not_inside", suffix=".rtf")
    blocks = list(_blocks(_whole_characters(rtf_to_text(_marked(rtf), errors="replace"))))
    rows = turn_rows(blocks)
    notes = [note(path, "tables", count=rows)] if rows else []
    if not rtf.rstrip("\x00 \r\n\t").endswith("}"):
        notes.append(note(path, "cut_short"))
    return Source(lay_out(blocks), "rtf", notes=tuple(notes))


def _marked(rtf: str) -> str:
    """RTF without pictures and tracked deletions, paragraph ends told from line breaks, rows and cells marked."""
    rtf = _DELETED.sub("", _PICTURE.sub("", rtf))
    rtf = _PARAGRAPH.sub(r"\\par\\par", rtf)
    for word, mark in _WORDS:
        rtf = word.sub(rf"\\u{ord(mark)}?", rtf)
    return rtf


def _whole_characters(text: str) -> str:
    """Emoji arrive as two halves, and soft hyphens are not shown."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\xad", "")


def _blocks(text: str) -> Iterator[Block]:
    """The text between tables, and each run of rows as one table."""
    table: list[tuple[str, ...]] = []
    start = 0
    for row in _ROW.finditer(text):
        between = text[start : row.start()].strip("\n")
        if between.strip():
            if table:
                yield tuple(table)
                table = []
            yield between
        cells = row[1].replace(_ROW_BEGINS, "").split(_CELL_ENDS)[:-1]
        table.append(tuple(cell.strip() for cell in cells))
        start = row.end()
    if table:
        yield tuple(table)
    yield text[start:].strip("\n")
