"""The report as a Word document: the same displays as tables and pictures."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.displays.base import Cell, Display
from narratives.files import writing
from narratives.messages import language, say

if TYPE_CHECKING:
    from narratives.report.building import Narrative, Person, Report

__all__ = ["add_display", "write_word"]

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WIDEST_CM = 16.0
_WIDE_TABLE = 6


def write_word(report: Report, path: Path) -> None:
    """Write the report of a study as .docx."""
    import docx
    from docx.shared import Cm

    document = docx.Document()
    for section in document.sections:
        section.left_margin = section.right_margin = Cm(2)
    document.core_properties.title = say("report.title")
    document.core_properties.language = language()
    document.add_heading(say("report.title"), 0)
    _paragraph(document, say("report.warning"))
    document.add_heading(say("report.overview"), 1)
    _paragraph(document, report.counts)
    for shown in report.overview():
        add_display(document, shown, 2)
    for person in report.persons():
        _add_person(document, person)
    _add_ending(document, report)
    with writing(path) as temporary:
        document.save(str(temporary))


def add_display(document: Any, shown: Display, level: int = 2) -> None:
    """Append a display to a python-docx document: heading, picture, table, notes."""
    from docx.shared import Cm

    document.add_heading(shown.title, level)
    if shown.picture is not None:
        width = Cm(min(_WIDEST_CM, shown.picture.size[0] * 2.54))
        added = document.add_picture(io.BytesIO(shown.picture.png()), width=width)
        added._inline.docPr.set("descr", shown.picture.alt)
        _paragraph(document, shown.picture.caption, "Caption")
    if shown.rows:
        _add_table(document, shown)
    for note in shown.notes:
        _paragraph(document, note, "Caption")


def _add_table(document: Any, shown: Display) -> None:
    """A table whose first row is repeated on each page."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    table = document.add_table(rows=len(shown.rows) + 1, cols=len(shown.columns), style="Table Grid")
    for cell, heading in zip(table.rows[0].cells, shown.columns, strict=True):
        cell.paragraphs[0].add_run(_clean(heading)).bold = True
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(properties.makeelement(qn("w:tblHeader"), {}))
    size = Pt(8 if len(shown.columns) > _WIDE_TABLE else 9)
    for row, cells in zip(table.rows[1:], shown.rows, strict=True):
        for place, (box, cell) in enumerate(zip(row.cells, cells, strict=True)):
            _fill(box, cell, place < shown.headings, size)


def _fill(box: Any, cell: Cell, heading: bool, size: Any) -> None:
    paragraph = box.paragraphs[0]
    run = paragraph.add_run(_clean(cell.text))
    run.bold, run.font.size = heading, size
    for place, quote in enumerate(cell.quotes):
        paragraph = box.add_paragraph() if place or cell.text else paragraph
        said = paragraph.add_run(_clean(f"»{quote.text}« "))
        place_run = paragraph.add_run(_clean(f"({quote.label}; {quote.note})"))
        said.font.size, place_run.font.size, place_run.italic = size, size, True


def _add_person(document: Any, person: Person) -> None:
    document.add_page_break()
    document.add_heading(say("report.person", person=person.name), 1)
    _paragraph(document, person.facts)
    if person.pointe is not None:
        document.add_heading(say("report.pointe"), 2)
        _paragraph(document, f"»{person.pointe.text}« ({person.pointe.label}; {person.pointe.note})")
    for shown in person.displays:
        add_display(document, shown, 2)
    if person.professionals is not None:
        document.add_heading(say("report.professionals", person=person.name), 2)
        _paragraph(document, say("report.professionals.note"))
        add_display(document, person.professionals, 3)
    if person.narratives:
        document.add_heading(say("report.in_context"), 2)
    for narrative in person.narratives:
        _add_narrative(document, narrative)


def _add_narrative(document: Any, narrative: Narrative) -> None:
    """The narrative in bold within what surrounds it."""
    row = narrative.row
    document.add_heading(say("report.narrative", label=row["label"]), 3)
    place = {key: row[key] for key in ("transcript", "start", "end", "speaker")}
    _paragraph(document, say("report.place", **place), "Caption")
    paragraph = document.add_paragraph("… " if narrative.context.cut_before else "")
    for piece in narrative.context.pieces:
        paragraph.add_run(_clean(piece.text)).bold = piece.marked
    paragraph.add_run(" …" if narrative.context.cut_after else "")
    _paragraph(document, narrative.codes, "Caption")


def _add_ending(document: Any, report: Report) -> None:
    document.add_page_break()
    document.add_heading(say("report.methods"), 1)
    _paragraph(document, " ".join(report.methods()))
    document.add_heading(say("report.cite"), 2)
    _paragraph(document, report.citation())
    document.add_heading(say("report.limits"), 1)
    for sentence in report.limits():
        _paragraph(document, sentence, "List Bullet")


def _paragraph(document: Any, text: str, style: str | None = None) -> None:
    if text:
        document.add_paragraph(_clean(text), style=style)


def _clean(text: str) -> str:
    """Without the control characters that Word cannot hold."""
    return _NOT_IN_XML.sub("", text)
