"""The report as a Word document: the same displays as tables and pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.displays.word import add_display, add_paragraph, clean, new_document
from narratives.files import writing
from narratives.messages import say

if TYPE_CHECKING:
    from narratives.report.building import Narrative, Person, Report

__all__ = ["write_word"]


def write_word(report: Report, path: Path) -> None:
    """Write the report of a study as .docx."""
    document = new_document(say("report.title"))
    document.add_heading(say("report.title"), 0)
    add_paragraph(document, say("report.warning"))
    document.add_heading(say("report.overview"), 1)
    add_paragraph(document, report.counts)
    for shown in report.overview():
        add_display(document, shown, 2)
    for person in report.persons():
        _add_person(document, person, explained=bool(report.evidence))
    _add_ending(document, report)
    with writing(path) as temporary:
        document.save(str(temporary))


def _add_person(document: Any, person: Person, *, explained: bool) -> None:
    document.add_page_break()
    document.add_heading(say("report.person", person=person.name), 1)
    add_paragraph(document, person.facts)
    if person.pointe is not None:
        document.add_heading(say("report.pointe"), 2)
        add_paragraph(document, f"»{person.pointe.text}« ({person.pointe.label}; {person.pointe.note})")
    for shown in person.displays:
        add_display(document, shown, 2)
    if person.professionals is not None:
        document.add_heading(say("report.professionals", person=person.name), 2)
        add_paragraph(document, say("report.professionals.note"))
        add_display(document, person.professionals, 3)
    if person.narratives:
        document.add_heading(say("report.in_context"), 2)
        add_paragraph(document, f"{say('evidence.marked')} {say('evidence.how')}" if explained else "")
    for narrative in person.narratives:
        _add_narrative(document, narrative)


def _add_narrative(document: Any, narrative: Narrative) -> None:
    """The narrative in bold within what surrounds it, the words that carried its codes underlined."""
    row = narrative.row
    document.add_heading(say("report.narrative", label=row["label"]), 3)
    place = {key: row[key] for key in ("transcript", "start", "end", "speaker")}
    add_paragraph(document, say("report.place", **place), "Caption")
    paragraph = document.add_paragraph("… " if narrative.context.cut_before else "")
    for piece, parts in narrative.pieces:
        for part in parts:
            run = paragraph.add_run(clean(part.text))
            run.bold, run.underline = piece.marked, bool(part.note)
    paragraph.add_run(" …" if narrative.context.cut_after else "")
    add_paragraph(document, narrative.codes, "Caption")
    for line in narrative.evidence.lines if narrative.evidence is not None else ():
        add_paragraph(document, line, "Caption")


def _add_ending(document: Any, report: Report) -> None:
    document.add_page_break()
    document.add_heading(say("report.methods"), 1)
    add_paragraph(document, " ".join(report.methods()))
    document.add_heading(say("report.cite"), 2)
    add_paragraph(document, report.citation())
    document.add_heading(say("report.limits"), 1)
    for sentence in report.limits():
        add_paragraph(document, sentence, "List Bullet")
