"""Write one interview into every format that the readers know, as the usual tools would."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


class Said(NamedTuple):
    """A turn: who, what, when (seconds)."""

    speaker: str
    text: str
    time: float


def clock(seconds: float, mark: str = ".") -> str:
    whole = int(seconds)
    thousandths = round((seconds - whole) * 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{mark}{thousandths:03d}"


def labelled(turns: Sequence[Said]) -> list[str]:
    return [f"{turn.speaker}: {turn.text}" for turn in turns]


def write_txt(path: Path, turns: Sequence[Said]) -> None:
    path.write_text("\n\n".join(labelled(turns)), encoding="utf-8", newline="")


def write_docx(path: Path, turns: Sequence[Said]) -> None:
    import docx

    document = docx.Document()
    for line in labelled(turns):
        document.add_paragraph(line)
    document.save(str(path))


def write_docx_table(path: Path, turns: Sequence[Said]) -> None:
    import docx

    document = docx.Document()
    table = document.add_table(rows=0, cols=3)
    for turn in turns:
        for cell, text in zip(table.add_row().cells, (clock(turn.time)[:8], turn.speaker, turn.text), strict=True):
            cell.text = text
    document.save(str(path))


def write_odt(path: Path, turns: Sequence[Said]) -> None:
    from odfdo import Document, Paragraph

    document = Document("text")
    document.body.clear()
    for line in labelled(turns):
        document.body.append(Paragraph(line))
    document.save(str(path))


def rtf_of(text: str) -> str:
    """RTF escapes: cp1252 where it can hold a character, else one or two unicode escapes."""
    pieces = []
    for character in text:
        if character in "\\{}":
            pieces.append("\\" + character)
        elif character == "\n":
            pieces.append("\\line ")
        elif character.isascii():
            pieces.append(character)
        elif character in "æøåÆØÅéüö":
            pieces.append(f"\\'{character.encode('cp1252').hex()}")
        else:
            data = character.encode("utf-16-le")
            halves = [int.from_bytes(data[i : i + 2], "little", signed=True) for i in range(0, len(data), 2)]
            pieces.append("".join(f"\\u{half}?" for half in halves))
    return "".join(pieces)


def write_rtf(path: Path, turns: Sequence[Said]) -> None:
    head = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Calibri;}}\f0\fs22 "
    body = "\\par\r\n".join(rtf_of(line) for line in labelled(turns))
    path.write_text(f"{head}{body}\\par\r\n}}", encoding="ascii", newline="")


def write_pdf(path: Path, turns: Sequence[Said]) -> None:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    font = "Helvetica"
    if FONT.exists():
        font = "DejaVu"
        pdfmetrics.registerFont(TTFont(font, str(FONT)))
    style = ParagraphStyle("turn", fontName=font, fontSize=10, leading=13, spaceAfter=8)

    def furniture(canvas, document):
        canvas.drawString(72, 810, "Interview om arbejde")
        canvas.drawString(280, 30, f"Side {document.page} af 9")

    story = [Paragraph(escape(line), style) for line in labelled(turns)]
    SimpleDocTemplate(str(path), invariant=1).build(story, onFirstPage=furniture, onLaterPages=furniture)


def _cues(turns: Sequence[Said]) -> list[tuple[float, float, str, str]]:
    ends = [*(turn.time for turn in turns[1:]), turns[-1].time + 5 if turns else 0.0]
    return [(turn.time, end, turn.speaker, turn.text) for turn, end in zip(turns, ends, strict=True)]


def write_vtt(path: Path, turns: Sequence[Said]) -> None:
    """As Teams does: a voice and a GUID for each cue."""
    cues = [
        f"2b6e0c5e-0000-4000-8000-{i:012d}/{i}-0\n{clock(a)} --> {clock(b)}\n"
        f"<v {html.escape(who)}>{html.escape(what)}</v>"
        for i, (a, b, who, what) in enumerate(_cues(turns))
    ]
    path.write_text("WEBVTT\n\n" + "\n\n".join(cues) + "\n", encoding="utf-8", newline="")


def write_srt(path: Path, turns: Sequence[Said]) -> None:
    cues = [
        f"{i}\n{clock(a, ',')} --> {clock(b, ',')}\n{who}: {what}"
        for i, (a, b, who, what) in enumerate(_cues(turns), 1)
    ]
    path.write_text("\r\n\r\n".join(c.replace("\n", "\r\n") for c in cues) + "\r\n", encoding="utf-8", newline="")


def write_json(path: Path, turns: Sequence[Said]) -> None:
    segments = [{"start": a, "end": b, "text": f" {what}", "speaker": who} for a, b, who, what in _cues(turns)]
    path.write_text(json.dumps({"segments": segments, "language": "da"}), encoding="utf-8")


def write_noscribe(path: Path, turns: Sequence[Said]) -> None:
    paragraphs = [
        f'<p ><a name="ts_{int(a * 1000)}_{int(b * 1000)}_S{i % 2:02d}" >{html.escape(who)}: '
        f'<span style="color: #78909C" >[{clock(a)[:8]}]</span> {html.escape(what)}</a></p>'
        for i, (a, b, who, what) in enumerate(_cues(turns))
    ]
    head = '<html ><head ><meta charset="UTF-8" /></head><body ><p >Interview</p><p >Transcribed with noScribe</p>'
    path.write_text(f"{head}{''.join(paragraphs)}</body></html>", encoding="utf-8", newline="")


def write_csv(path: Path, turns: Sequence[Said]) -> None:
    """As Danish Excel does: semicolons, a byte order mark, decimal commas, CRLF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["Tid (sek.)", "Taler", "Udsagn"])
    writer.writerows((str(turn.time).replace(".", ","), turn.speaker, turn.text) for turn in turns)
    path.write_bytes(out.getvalue().encode("utf-8-sig"))


def write_xlsx(path: Path, turns: Sequence[Said]) -> None:
    import openpyxl

    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["Start", "Speaker", "Text"])
    for turn in turns:
        sheet.append([turn.time, turn.speaker, turn.text])
    for row in sheet.iter_rows():
        for cell in row:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    workbook.save(str(path))


def write_eaf(path: Path, turns: Sequence[Said]) -> None:
    from pympi import Elan

    eaf = Elan.Eaf(author="test")
    eaf.remove_tier("default")
    for speaker in dict.fromkeys(turn.speaker for turn in turns):
        eaf.add_tier(speaker)
    for start, end, who, what in _cues(turns):
        eaf.add_annotation(who, int(start * 1000), int(end * 1000), what)
    eaf.to_file(str(path), pretty=False)


WRITERS: dict[str, tuple[str, Callable[[Path, Sequence[Said]], None]]] = {
    "txt": (".txt", write_txt),
    "docx": (".docx", write_docx),
    "docx table": (".docx", write_docx_table),
    "odt": (".odt", write_odt),
    "rtf": (".rtf", write_rtf),
    "pdf": (".pdf", write_pdf),
    "vtt": (".vtt", write_vtt),
    "srt": (".srt", write_srt),
    "json": (".json", write_json),
    "noscribe": (".html", write_noscribe),
    "csv": (".csv", write_csv),
    "xlsx": (".xlsx", write_xlsx),
    "eaf": (".eaf", write_eaf),
}
"""Writers by format, each with its file ending."""
