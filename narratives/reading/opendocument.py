"""OpenDocument texts (odt), as LibreOffice writes them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.reading.blocks import Block, Table, as_title, lay_out, titles_among, turn_rows
from narratives.reading.emphasis import emphasised_labels, with_colon
from narratives.reading.markup import local_name, parse_xml
from narratives.reading.refusals import note, unreadable
from narratives.reading.source import Source

if TYPE_CHECKING:
    from odfdo import Container

__all__ = ["read_odt"]

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_WEIGHTS = ("font-weight", "font-style")
_STRONG = frozenset({"bold", "600", "700", "800", "900", "italic", "oblique"})
_SPACE = re.compile(r"[ \t\r\n]+")
_NOT_SHOWN = frozenset(
    [
        "tracked-changes",
        "note",
        "annotation",
        "annotation-end",
        "ruby-text",
        "sequence-decls",
        "forms",
        "table-of-content",
        "alphabetical-index",
        "index-title-template",
        "title",
        "desc",
    ]
)
_MOST_REPEATED = 1000


def read_odt(path: Path) -> Source:
    """The text of an OpenDocument text, its speakers still to be found; tables of turns become labelled paragraphs.

    Text deleted under change tracking is kept apart by the format and left out here; inserted text is kept.

    Raises:
        UnreadableFile: if it is protected by a password.
        Exception: whatever odfdo and lxml raise on a broken file (:func:`extract` words it).
    """
    from odfdo import Container

    container = Container(path)
    if b"encryption-data" in _part(container, "META-INF/manifest.xml"):
        raise unreadable(path, "protected")
    content = parse_xml(_part(container, "content.xml"))
    body, strong = content.find(f"{_OFFICE}body/{_OFFICE}text"), _emphasising(content)
    paragraphs = [(p, text) for p in body.iter(f"{_TEXT}p", f"{_TEXT}h") if (text := _inline(p, []).strip(" "))]
    headings = [text for p, text in paragraphs if local_name(p) == "h"]
    titles = titles_among(headings, [text for _, text in paragraphs])
    labels = emphasised_labels([_lead(p, strong) for p, _ in paragraphs])
    blocks = [as_title(b, titles) if isinstance(b, str) else b for b in _blocks(body, strong, labels)]
    rows = turn_rows(blocks)
    notes = (note(path, "tables", count=rows),) if rows else ()
    return Source(lay_out(blocks), "odt", notes=notes)


def _part(container: Container, name: str) -> bytes:
    part = container.get_part(name) or b""
    return part.encode() if isinstance(part, str) else part


def _blocks(container: Any, strong: Collection[str] = (), labels: Collection[str] = ()) -> Iterator[Block]:
    """Paragraphs and tables below ``container``, those of frames after the paragraph they are anchored in.

    Args:
        strong: names of the styles that emphasise.
        labels: emphasised openings of paragraphs that are speaker labels.
    """
    for child in container:
        name = local_name(child)
        if name in _NOT_SHOWN:
            continue
        if name in ("p", "h"):
            boxes: list[Any] = []
            yield with_colon(_inline(child, boxes).strip(" "), _lead(child, strong) if labels else "", labels)
            for box in boxes:
                yield from _blocks(box, strong, labels)
        elif name == "table":
            yield _table(child)
        else:
            yield from _blocks(child, strong, labels)


def _emphasising(content: Any) -> frozenset[str]:
    """Names of the text styles that set in bold or italics, the usual one of LibreOffice included."""
    found = {"Strong_20_Emphasis", "Emphasis"}
    for style in content.iter(f"{_STYLE}style"):
        properties = style.find(f"{_STYLE}text-properties")
        if properties is not None and {properties.get(f"{_FO}{name}") for name in _WEIGHTS} & _STRONG:
            found.add(style.get(f"{_STYLE}name", ""))
    return frozenset(found)


def _lead(paragraph: Any, strong: Collection[str]) -> str:
    """The emphasised words that open a paragraph; "" if all of it is emphasised, or a sign sets them apart already."""
    lead, rest = "", paragraph.text or ""
    for child in paragraph:
        if rest.strip():
            break
        if local_name(child) == "span" and child.get(f"{_TEXT}style-name") not in strong:
            rest = _inline(child, [])
            break
        lead += rest + (_character(child, local_name(child)) or _inline(child, []))
        rest = child.tail or ""
    apart = lead.rstrip(" ").endswith((":", "\t", "\n")) or rest.startswith(":")
    return lead.strip() if rest.strip() and not apart else ""


def _inline(element: Any, boxes: list[Any]) -> str:
    """The text shown of a paragraph, white space as OpenDocument means it; text boxes are handed on in ``boxes``."""
    pieces = [_SPACE.sub(" ", element.text or "")]
    for child in element:
        name = local_name(child)
        if name == "text-box":
            boxes.append(child)
        elif name and name not in _NOT_SHOWN:
            pieces.append(_character(child, name) or _inline(child, boxes))
        pieces.append(_SPACE.sub(" ", child.tail or ""))
    return "".join(pieces)


def _character(element: Any, name: str) -> str:
    """The character an empty element stands for; "" if it stands for none."""
    if name == "s":
        return " " * min(int(element.get(f"{_TEXT}c", "1")), _MOST_REPEATED)
    return {"tab": "\t", "line-break": "\n"}.get(name, "")


def _table(table: Any) -> Table:
    rows = (row for row in table.iter(f"{_TABLE}table-row") if next(row.iterancestors(f"{_TABLE}table")) is table)
    return tuple(
        tuple(lay_out(_blocks(cell)).strip() for cell in row.iterchildren(f"{_TABLE}table-cell")) for row in rows
    )
