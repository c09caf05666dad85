"""WordprocessingML as text: runs, links, paragraphs and tables; many times faster than an object for each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from narratives.displays.base import by_person
from narratives.messages import say

if TYPE_CHECKING:
    from narratives.displays.base import Cell, Display

__all__ = ["LINK", "SPOKEN", "Trace", "append", "clean", "link", "paragraph", "run", "table"]

LINK, SPOKEN = "NarrativeLink", "Spoken"
"""Ids of the character styles of links, and of what was said in an interview."""

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MOST_RUNS = 12
_WIDE_TABLE = 6
_TEXT_WIDTH = 9638
"""Twentieths of a point between margins of 2 cm on A4."""


@dataclass
class Trace:
    """Where numbers lead: to narratives in the document, a few beside the number, many in a list at its end.

    Attributes:
        anchors: per narrative id the bookmark of its quote in context; without them tables stay plain.
        owners: per narrative id the person, to name them where a number rests on several.
        lists: long rows of ids, each with its number and the labels to show; filled while tables are written.
        marked: how many bookmarks there are.
    """

    anchors: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    lists: dict[tuple[str, ...], tuple[int, Mapping[str, str]]] = field(default_factory=dict)
    marked: int = 0
    _placed: tuple[Mapping[str, str], dict[str, int]] = field(default=({}, {}), repr=False)

    def behind(self, ids: tuple[str, ...], labels: Mapping[str, str]) -> str:
        """Links to the narratives behind a number; to their list where they are too many for a cell."""
        groups = self._groups(ids, labels)
        if self.anchors and sum(len(stretches) for _, stretches in groups) > _MOST_RUNS:
            place, _ = self.lists.setdefault(ids, (len(self.lists) + 1, labels))
            return link(f"list{place}", say("report.word.see_list", place=place))
        return self._told(groups, labels)

    def listed(self, ids: tuple[str, ...], labels: Mapping[str, str]) -> str:
        """The same, however many there are."""
        return self._told(self._groups(ids, labels), labels)

    def one(self, narrative_id: str, label: str) -> str:
        """The label of a narrative, linked if the narrative is in the document."""
        anchor = self.anchors.get(narrative_id)
        return link(anchor, label) if anchor else run(label, style=LINK)

    def bookmark(self, name: str, runs: str) -> str:
        """Runs that links can lead to."""
        self.marked += 1
        start = f'<w:bookmarkStart w:id="{self.marked}" w:name={quoteattr(name)}/>'
        return f'{start}{runs}<w:bookmarkEnd w:id="{self.marked}"/>'

    def _groups(self, ids: tuple[str, ...], labels: Mapping[str, str]) -> list[tuple[str, list[list[str]]]]:
        """Per person the stretches of ids; ``labels`` stand in the order of telling, looked up once for each table."""
        if self._placed[0] is not labels:
            self._placed = (labels, {name: place for place, name in enumerate(labels)})
        return [(person, _stretches(theirs, self._placed[1])) for person, theirs in by_person(ids, self.owners)]

    def _told(self, groups: Iterable[tuple[str, list[list[str]]]], labels: Mapping[str, str]) -> str:
        return run("; ", style=LINK).join(
            (run(f"{person} ", style=LINK) if person else "")
            + run(", ", style=LINK).join(self._stretch(ids, labels) for ids in stretches)
            for person, stretches in groups
        )

    def _stretch(self, ids: list[str], labels: Mapping[str, str]) -> str:
        ends = dict.fromkeys((ids[0], ids[-1]))
        between = "–" if len(ids) > 2 else ", "
        return run(between, style=LINK).join(self.one(name, labels.get(name, name)) for name in ends)


def _stretches(ids: Iterable[str], places: Mapping[str, int]) -> list[list[str]]:
    """Ids cut where the next is not the next one told."""
    found: list[list[str]] = []
    for name in ids:
        follows = found and name in places and places.get(found[-1][-1], -2) + 1 == places[name]
        found[-1].append(name) if follows else found.append([name])
    return found


def clean(text: str) -> str:
    """Without the control characters that Word cannot hold."""
    return _NOT_IN_XML.sub("", text)


def run(
    text: str,
    *,
    style: str = "",
    bold: bool = False,
    italic: bool = False,
    underline: bool = False,
    half_points: int = 0,
) -> str:
    """A run of text; line ends become breaks. ``half_points``: size, 0 leaves the paragraph's."""
    looks = f'<w:rStyle w:val="{style}"/>' if style else ""
    looks += "<w:b/>" * bold + "<w:i/>" * italic
    looks += f'<w:sz w:val="{half_points}"/>' if half_points else ""
    looks += '<w:u w:val="single"/>' * underline
    lines = re.split("\r\n|\r|\n", escape(clean(text)))
    shown = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in lines)
    return f"<w:r><w:rPr>{looks}</w:rPr>{shown}</w:r>"


def link(anchor: str, text: str) -> str:
    """A link to a bookmark."""
    return f'<w:hyperlink w:anchor={quoteattr(anchor)} w:history="1">{run(text, style=LINK)}</w:hyperlink>'


def paragraph(runs: str, style: str = "", *, new_page: bool = False) -> str:
    """A paragraph of runs, in the style with that id."""
    looks = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{looks}{'<w:pageBreakBefore/>' * new_page}</w:pPr>{runs}</w:p>"


def append(document: Any, xml: str) -> None:
    """Put paragraphs or tables at the end of a python-docx document."""
    from docx.oxml import parse_xml

    ending = document.element.body[-1]
    for element in list(parse_xml(f"<w:body {_SPACE}>{xml}</w:body>")):
        ending.addprevious(element)


def table(shown: Display, trace: Trace) -> str:
    """A display's table, its first row repeated on each page, every number followed by its narratives."""
    width = _TEXT_WIDTH // len(shown.columns)
    size = 16 if len(shown.columns) > _WIDE_TABLE else 18
    head = "".join(_box(paragraph(run(name, bold=True, half_points=size), "Cell")) for name in shown.columns)
    rows = "".join(f"<w:tr>{_whole(row)}{_boxes(row, shown, size, trace)}</w:tr>" for row in shown.rows)
    grid = f'<w:gridCol w:w="{width}"/>' * len(shown.columns)
    looks = '<w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/>'
    top = f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{head}</w:tr>"
    return f"<w:tbl><w:tblPr>{looks}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{top}{rows}</w:tbl>"


def _whole(row: tuple[Cell, ...]) -> str:
    """That a row stays on one page, unless it holds quotes and may be long."""
    return "" if any(cell.quotes for cell in row) else "<w:trPr><w:cantSplit/></w:trPr>"


def _boxes(row: tuple[Cell, ...], shown: Display, size: int, trace: Trace) -> str:
    labels = shown.labels or {}
    return "".join(
        _box(_filled(cell, labels, size, trace, heading=place < shown.headings)) for place, cell in enumerate(row)
    )


def _box(paragraphs: str) -> str:
    return f"<w:tc><w:tcPr/>{paragraphs}</w:tc>"


def _filled(cell: Cell, labels: Mapping[str, str], size: int, trace: Trace, *, heading: bool) -> str:
    """A cell's number, the narratives behind it where the document holds them, and its quotes, a paragraph each."""
    told = [run(cell.text, bold=heading, half_points=size)] if cell.text else []
    told += [trace.behind(cell.narrative_ids, labels)] if trace.anchors and cell.text and cell.narrative_ids else []
    for quote in cell.quotes:
        note = run(f"; {quote.note})" if quote.note else ")", italic=True, half_points=size)
        said = run(f"»{quote.text}«", style=SPOKEN, half_points=size)
        told.append(said + run(" (", half_points=size) + trace.one(quote.narrative_id, quote.label) + note)
    return "".join(paragraph(runs, "Cell") for runs in told or [""])
