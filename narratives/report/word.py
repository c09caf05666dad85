"""The report as a Word document: the same displays, every number followed by links to its narratives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.displays.word import NOTE, add_display, add_paragraph, new_document
from narratives.displays.word_xml import SPOKEN, Trace, append, link, paragraph, run
from narratives.files import writing
from narratives.messages import say

if TYPE_CHECKING:
    from narratives.displays.base import Quote
    from narratives.report.building import Narrative, Person, Report

__all__ = ["write_word"]


def write_word(report: Report, path: Path) -> None:
    """Write the report of a study as .docx."""
    document, trace = new_document(say("report.title")), Trace(report.anchors, report.owners)
    document.add_heading(say("report.title"), 0)
    add_paragraph(document, say("report.warning"))
    document.add_heading(say("report.overview"), 1)
    add_paragraph(document, report.counts)
    add_paragraph(document, say("report.word.how_to_read"))
    for shown in report.overview():
        add_display(document, shown, 2, trace)
    for person in report.persons():
        _add_person(document, person, trace, explained=bool(report.evidence))
    _add_ending(document, report)
    _add_lists(document, trace)
    with writing(path) as temporary:
        document.save(str(temporary))


def _add_person(document: Any, person: Person, trace: Trace, *, explained: bool) -> None:
    name = run(say("report.person", person=person.name))
    append(document, paragraph(trace.bookmark(person.anchor, name), "Heading1", new_page=True))
    add_paragraph(document, person.facts)
    if person.pointe is not None:
        document.add_heading(say("report.pointe"), 2)
        append(document, _pointe(person.pointe, trace))
    for shown in person.displays:
        add_display(document, shown, 2, trace)
    if person.professionals is not None:
        document.add_heading(say("report.professionals", person=person.name), 2)
        add_paragraph(document, say("report.professionals.note"))
        add_display(document, person.professionals, 3, trace)
    if person.narratives:
        document.add_heading(say("report.in_context"), 2)
        add_paragraph(document, f"{say('evidence.marked')} {say('evidence.how')}" if explained else "", NOTE)
    append(document, "".join(_narrative(narrative, person, trace) for narrative in person.narratives))


def _pointe(quote: Quote, trace: Trace) -> str:
    said = run(f"»{quote.text}«", style=SPOKEN)
    return paragraph(f"{said}{run(' (')}{trace.one(quote.narrative_id, quote.label)}{run(f'; {quote.note})')}")


def _narrative(narrative: Narrative, person: Person, trace: Trace) -> str:
    """The narrative in bold within what surrounds it, the words that carried its codes underlined."""
    row = narrative.row
    heading = trace.bookmark(narrative.anchor, run(say("report.narrative", label=row["label"])))
    place = say("report.place", **{key: row[key] for key in ("transcript", "start", "end", "speaker")})
    back = link(person.anchor, say("report.back", person=person.name))
    lines = narrative.evidence.lines if narrative.evidence is not None else ()
    return "".join(
        (
            paragraph(heading, "Heading3"),
            paragraph(run(f"{place} · ") + back, NOTE),
            paragraph(_in_context(narrative)),
            *(paragraph(run(line), NOTE) for line in (narrative.codes, *lines)),
        )
    )


def _in_context(narrative: Narrative) -> str:
    said = "".join(
        run(part.text, style=SPOKEN, bold=piece.marked, underline=bool(part.note))
        for piece, parts in narrative.pieces
        for part in parts
    )
    before, after = narrative.context.cut_before, narrative.context.cut_after
    return f"{run('… ') * before}{said}{run(' …') * after}"


def _add_ending(document: Any, report: Report) -> None:
    append(document, paragraph(run(say("report.methods")), "Heading1", new_page=True))
    add_paragraph(document, " ".join(report.methods()))
    document.add_heading(say("report.cite"), 2)
    add_paragraph(document, report.citation())
    document.add_heading(say("report.limits"), 1)
    for sentence in report.limits():
        add_paragraph(document, sentence, "List Bullet")


def _add_lists(document: Any, trace: Trace) -> None:
    """The narratives behind those numbers that have too many to stand beside them."""
    if not trace.lists:
        return
    document.add_heading(say("report.word.lists"), 1)
    add_paragraph(document, say("report.word.lists.note"), NOTE)
    for ids, (place, labels) in trace.lists.items():
        heading = trace.bookmark(f"list{place}", run(say("report.word.list", place=place)))
        append(document, paragraph(heading, "Heading3") + paragraph(trace.listed(ids, labels)))
