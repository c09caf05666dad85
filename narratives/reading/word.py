"""Word documents (docx): what the reader of the accepted document would see, in reading order.

Tracked insertions and moved text are kept where they arrived; tracked deletions go. Headers, footers, comments,
notes and field codes are not the interview. Labels that only bold or italics tell from speech get a colon.
python-docx's own ``text`` loses tracked insertions, hence the walk.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from narratives.reading.blocks import Block, Table, as_title, lay_out, titles_among, turn_rows
from narratives.reading.emphasis import emphasised_labels, with_colon
from narratives.reading.markup import local_name
from narratives.reading.refusals import note
from narratives.reading.source import Source

__all__ = ["read_docx"]

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OFF = frozenset({"0", "false", "off", "none"})
_STRONG = frozenset({"Strong", "Strk", "Emphasis", "Fremhv"})
_HEADINGS = ("heading", "title", "subtitle", "overskrift", "titel", "undertitel")
_NOT_SHOWN = frozenset(
    {"del", "moveFrom", "pPr", "rPr", "sdtPr", "tblPr", "instrText", "delText", "Fallback", "txbxContent"}
)


def read_docx(path: Path) -> Source:
    """The text of a Word document, its speakers still to be found; tables of turns become labelled paragraphs.

    Raises:
        Exception: whatever python-docx and lxml raise on a broken file (:func:`extract` words it).
    """
    import docx

    with path.open("rb") as file:
        document = docx.Document(file)
    body = document.element.body
    blocks = list(_blocks(body, _marks(body, _heading_styles(document.styles.element))))
    rows = turn_rows(blocks)
    notes = (note(path, "tables", count=rows),) if rows else ()
    return Source(lay_out(blocks), "docx", notes=notes)


@dataclass(frozen=True, slots=True)
class _Marks:
    """What its looks say of a paragraph's text: which emphasised openings are labels, and which texts are titles."""

    labels: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()


_PLAIN = _Marks()


def _marks(body: Any, heading_styles: Collection[str]) -> _Marks:
    paragraphs = [(p, text) for p in body.iter(f"{_WORD}p") if (text := _inline(p)).strip()]
    headings = [text for p, text in paragraphs if _style(p) in heading_styles]
    labels = emphasised_labels([_lead(p) for p, _ in paragraphs])
    return _Marks(labels, titles_among(headings, [text for _, text in paragraphs]))


def _style(paragraph: Any) -> str:
    style = paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")
    return "" if style is None else style.get(f"{_WORD}val", "")


def _heading_styles(styles: Any) -> frozenset[str]:
    """Ids of the styles for headings and titles: Word keeps their English names, others write Danish ones."""
    named = ((style.get(f"{_WORD}styleId", ""), style.find(f"{_WORD}name")) for style in styles.iter(f"{_WORD}style"))
    return frozenset(
        id_ for id_, name in named if name is not None and name.get(f"{_WORD}val", "").casefold().startswith(_HEADINGS)
    )


def _blocks(container: Any, marks: _Marks = _PLAIN) -> Iterator[Block]:
    """Paragraphs and tables below ``container``, those of text boxes after the paragraph they are anchored in."""
    begun = ""
    for element in _unwrapped(container, ("p", "tbl")):
        if local_name(element) == "tbl":
            yield _table(element)
            continue
        labelled = with_colon(_inline(element), _lead(element) if marks.labels else "", marks.labels)
        text = begun + as_title(labelled, marks.titles)
        begun = text if _joined_to_next(element) else ""
        if not begun:
            yield text
        for box in element.iter(f"{_WORD}txbxContent"):
            if not any(local_name(above) in ("Fallback", "txbxContent") for above in box.iterancestors()):
                yield from _blocks(box)
    if begun:
        yield begun


def _unwrapped(container: Any, wanted: tuple[str, ...]) -> Iterator[Any]:
    """Children called ``wanted``, also inside content controls, tracked insertions and custom markup."""
    for child in container:
        name = local_name(child)
        if name in wanted:
            yield child
        elif name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
            yield from _unwrapped(child, wanted)


def _joined_to_next(paragraph: Any) -> bool:
    """Whether the paragraph's end is a tracked deletion, so that the next one goes on in it."""
    return paragraph.find(f"{_WORD}pPr/{_WORD}rPr/{_WORD}del") is not None


def _inline(element: Any) -> str:
    """The text shown of a paragraph or of what stands in one."""
    pieces: list[str] = []
    for child in element:
        name = local_name(child)
        if name in _NOT_SHOWN or (name == "r" and _hidden(child)):
            continue
        if name == "t":
            pieces.append(child.text or "")
        elif name in _CHARACTERS:
            pieces.append(_CHARACTERS[name])
        else:
            pieces.append(_inline(child))
    return "".join(pieces)


def _lead(paragraph: Any) -> str:
    """The emphasised words that open a paragraph; "" if all of it is emphasised, or a sign sets them apart already."""
    lead = ""
    for run in paragraph.iter(f"{_WORD}r"):
        text = "" if _hidden(run) else _inline(run)
        if text.strip() and not _emphasised(run):
            return "" if lead.rstrip(" ").endswith((":", "\t", "\n")) or text[0] in ":\t\n" else lead.strip()
        lead += text
    return ""


def _emphasised(run: Any) -> bool:
    """Whether a run is in bold, italics or underlined, by itself or by the character style "Strong"."""
    marks = [run.find(f"{_WORD}rPr/{_WORD}{name}") for name in ("b", "i", "u")]
    style = run.find(f"{_WORD}rPr/{_WORD}rStyle")
    named = style is not None and style.get(f"{_WORD}val", "") in _STRONG
    return named or any(mark is not None and mark.get(f"{_WORD}val", "1") not in _OFF for mark in marks)


def _hidden(run: Any) -> bool:
    mark = run.find(f"{_WORD}rPr/{_WORD}vanish")
    return mark is not None and mark.get(f"{_WORD}val", "1") not in _OFF


def _table(table: Any) -> Table:
    rows = (row for row in _unwrapped(table, ("tr",)) if row.find(f"{_WORD}trPr/{_WORD}del") is None)
    return tuple(tuple(lay_out(_blocks(cell)).strip() for cell in _unwrapped(row, ("tc",))) for row in rows)
