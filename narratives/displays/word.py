"""A display as a table in Word, with its picture."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from narratives.messages import language

if TYPE_CHECKING:
    from narratives.displays.base import Cell, Display

__all__ = ["add_display", "add_paragraph", "clean", "new_document"]

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WIDEST_CM = 16.0
_WIDE_TABLE = 6


def new_document(title: str) -> Any:
    """An empty python-docx document with room for tables, in the language in force."""
    import docx
    from docx.shared import Cm

    document = docx.Document()
    for section in document.sections:
        section.left_margin = section.right_margin = Cm(2)
    document.core_properties.title = clean(title)
    document.core_properties.language = language()
    return document


def add_display(document: Any, shown: Display, level: int = 2) -> None:
    """Append a display to a python-docx document: heading, picture, table, notes."""
    from docx.shared import Cm

    document.add_heading(shown.title, level)
    if shown.picture is not None:
        width = Cm(min(_WIDEST_CM, shown.picture.size[0] * 2.54))
        added = document.add_picture(io.BytesIO(shown.picture.png()), width=width)
        added._inline.docPr.set("descr", shown.picture.alt)
        add_paragraph(document, shown.picture.caption, "Caption")
    if shown.rows:
        _add_table(document, shown)
    for note in shown.notes:
        add_paragraph(document, note, "Caption")


def _add_table(document: Any, shown: Display) -> None:
    """A table whose first row is repeated on each page."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    table = document.add_table(rows=len(shown.rows) + 1, cols=len(shown.columns), style="Table Grid")
    for cell, heading in zip(table.rows[0].cells, shown.columns, strict=True):
        cell.paragraphs[0].add_run(clean(heading)).bold = True
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(properties.makeelement(qn("w:tblHeader"), {}))
    size = Pt(8 if len(shown.columns) > _WIDE_TABLE else 9)
    for row, cells in zip(table.rows[1:], shown.rows, strict=True):
        for place, (box, cell) in enumerate(zip(row.cells, cells, strict=True)):
            _fill(box, cell, place < shown.headings, size)


def _fill(box: Any, cell: Cell, heading: bool, size: Any) -> None:
    paragraph = box.paragraphs[0]
    run = paragraph.add_run(clean(cell.text))
    run.bold, run.font.size = heading, size
    for place, quote in enumerate(cell.quotes):
        paragraph = box.add_paragraph() if place or cell.text else paragraph
        said = paragraph.add_run(clean(f"»{quote.text}« "))
        place_run = paragraph.add_run(clean(f"({quote.label}; {quote.note})"))
        said.font.size, place_run.font.size, place_run.italic = size, size, True


def add_paragraph(document: Any, text: str, style: str | None = None) -> None:
    """Append a paragraph, unless there is nothing to say."""
    if text:
        document.add_paragraph(clean(text), style=style)


def clean(text: str) -> str:
    """Without the control characters that Word cannot hold."""
    return _NOT_IN_XML.sub("", text)
