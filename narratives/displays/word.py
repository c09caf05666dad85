"""A display in Word: its picture, its table with the narratives behind each number, its notes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from narratives.displays.word_xml import LINK, SPOKEN, Trace, append, clean, paragraph, run, table
from narratives.messages import language, say

if TYPE_CHECKING:
    from narratives.displays.base import Display

__all__ = ["NOTE", "add_display", "add_paragraph", "clean", "new_document"]

NOTE = "Note"
"""The paragraph style of notes and captions: small and plain."""

_WIDEST_CM = 16.0
_LOCALES = {"da": "da-DK", "en": "en-GB"}


def new_document(title: str) -> Any:
    """An empty python-docx document on A4 with room for tables, in the language in force; quotes are Danish."""
    import docx
    from docx.shared import Cm

    document = docx.Document()
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
    document.core_properties.title = clean(title)
    document.core_properties.language = _LOCALES[language()]
    _set_language(document, _LOCALES[language()])
    _add_styles(document)
    return document


def _set_language(document: Any, locale: str) -> None:
    """What Word checks the spelling by, unless a style says otherwise."""
    from docx.oxml.ns import qn

    for lang in document.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), locale)
    for lang in document.settings.element.iter(qn("w:themeFontLang")):
        lang.set(qn("w:val"), locale)


def _add_styles(document: Any) -> None:
    """Small plain notes, tight cells, quiet links, and speech, which is Danish in any report."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    made = {name: document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH) for name in (NOTE, "Cell")}
    for name, (points, after) in {NOTE: (8.5, 6), "Cell": (9, 2)}.items():
        made[name].base_style = document.styles["Normal"]
        made[name].font.size, made[name].paragraph_format.space_after = Pt(points), Pt(after)
        made[name].paragraph_format.line_spacing = 1.0
    made[NOTE].paragraph_format.space_before = Pt(3)
    links = document.styles.add_style(LINK, WD_STYLE_TYPE.CHARACTER)
    links.font.size, links.font.color.rgb = Pt(7.5), RGBColor(0x1F, 0x4E, 0x79)
    spoken = document.styles.add_style(SPOKEN, WD_STYLE_TYPE.CHARACTER).element.get_or_add_rPr()
    spoken.append(spoken.makeelement(qn("w:lang"), {qn("w:val"): _LOCALES["da"]}))


def add_display(document: Any, shown: Display, level: int = 2, trace: Trace | None = None) -> None:
    """Append a display to a python-docx document: heading, picture, table, notes.

    Args:
        document: from :func:`new_document`.
        shown: what to append.
        level: of its heading, 1-9.
        trace: where numbers lead; None leaves the table as it is.
    """
    from docx.shared import Cm

    document.add_heading(clean(shown.title), level)
    if shown.picture is not None:
        width = Cm(min(_WIDEST_CM, shown.picture.size[0] * 2.54))
        added = document.add_picture(io.BytesIO(shown.picture.png()), width=width)
        added._inline.docPr.set("descr", clean(shown.picture.alt))
        add_paragraph(document, shown.picture.caption, NOTE)
    if shown.rows:
        append(document, table(shown, trace or Trace()))
    else:
        add_paragraph(document, say("display.nothing"), NOTE)
    append(document, "".join(paragraph(run(note), NOTE) for note in shown.notes))


def add_paragraph(document: Any, text: str, style: str | None = None) -> None:
    """Append a paragraph, unless there is nothing to say."""
    if text:
        document.add_paragraph(clean(text), style=style)
