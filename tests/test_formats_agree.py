"""One interview in every format: the same turns, and offsets that show exactly what was said."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import FONT, WRITERS, Said

from narratives.reading.formats import extract
from narratives.reading.source import Source
from narratives.reading.speakers import find_turns
from narratives.transcript import Turn, quote

CORPUS = Path(__file__).parent.parent / "corpora" / "agency" / "transcripts"
INTERVIEWS = ("p02-1", "p10-1", "p37-1")


def turns_of(source: Source) -> tuple[Turn, ...]:
    return source.turns if source.turns is not None else find_turns(source.text).turns


def spoken(source: Source) -> list[tuple[str, str]]:
    """Speakers and their speech, white space made single."""
    return [(turn.speaker, " ".join(quote(source.text, turn.spans).split())) for turn in turns_of(source)]


def interview(name: str) -> list[Said]:
    source = extract(CORPUS / f"{name}.txt")
    return [Said(who, what, 4.0 * index + 1.5) for index, (who, what) in enumerate(spoken(source))]


@pytest.mark.parametrize("format_", WRITERS)
@pytest.mark.parametrize("name", INTERVIEWS)
def test_an_interview_has_the_same_turns_in_every_format(name, format_, tmp_path):
    said = interview(name)
    assert len(said) > 20
    suffix, write = WRITERS[format_]
    path = tmp_path / f"interview{suffix}"
    write(path, said)
    assert spoken(extract(path)) == [(turn.speaker, turn.text) for turn in said]


@pytest.mark.parametrize("format_", ["docx table", "vtt", "srt", "json", "noscribe", "csv", "xlsx", "eaf"])
def test_time_codes_survive(format_, tmp_path):
    said = [Said("I", "Hvordan gik det?", 1.5), Said("IP", "Det gik godt.", 63.25), Said("I", "Ja.", 3700.0)]
    suffix, write = WRITERS[format_]
    path = tmp_path / f"interview{suffix}"
    write(path, said)
    found = [turn.time for turn in turns_of(extract(path))]
    tolerance = 1.0 if format_ == "docx table" else 0.001  # its cells hold whole seconds
    assert found == pytest.approx([1.5, 63.25, 3700.0], abs=tolerance)


LETTERS = "abcdefgæøåÆØÅéü ,.?!–“”'\"<>&;|{}\\/#*_-()"
ODD = "😀👩‍🌾a\u030ao\u0308ł中\u00a0\u2028\u200bﬁ½°"
BREAKS = "\n\r\t"
words = st.text(st.sampled_from(LETTERS + ODD + BREAKS), min_size=0, max_size=60)
speech = words.map(lambda middle: f"Jeg {middle} sagde").filter(lambda text: "\n\n" not in text)
dialogues = st.lists(speech, min_size=2, max_size=5)

LIBERAL = ("json", "csv", "xlsx", "eaf", "vtt", "noscribe")
LABELLED = ("docx", "odt", "rtf", "txt")


def single(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("format_", LIBERAL)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=dialogues)
def test_spans_of_structured_formats_show_the_speech(format_, texts, tmp_path):
    texts = [text.replace("//", "/") for text in texts] if format_ == "noscribe" else texts
    if format_ in ("xlsx", "vtt"):  # cells hold no bare CR, and cues no blank line
        texts = [text.replace("\r", " ") for text in texts]
    if format_ == "vtt":
        texts = [single(text) for text in texts]
    said = [Said(f"Taler {'AB'[i % 2]}", text, float(i)) for i, text in enumerate(texts)]
    suffix, write = WRITERS[format_]
    path = tmp_path / f"x{suffix}"
    write(path, said)
    source = extract(path)
    shown = [source.text[start:end] for turn in source.turns for start, end in turn.spans]
    assert shown == [single(text) for text in texts]
    assert [turn.speaker for turn in source.turns] == [turn.speaker for turn in said]


@pytest.mark.parametrize("format_", LABELLED)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=dialogues)
def test_running_text_holds_every_speech_whole(format_, texts, tmp_path):
    texts = [single(text) for text in texts]
    if format_ == "odt":  # odfdo writes its own markup from line breaks and runs of blanks only
        texts = [text.replace("\u2028", " ") for text in texts]
    said = [Said("IP" if i % 2 else "I", text, float(i)) for i, text in enumerate(texts)]
    suffix, write = WRITERS[format_]
    path = tmp_path / f"x{suffix}"
    write(path, said)
    text = extract(path).text
    place = 0
    for turn in said:
        place = text.index(f"{turn.speaker}: {turn.text}", place) + 1


@pytest.mark.skipif(not FONT.exists(), reason="needs the DejaVu font to write more than Latin letters")
def test_a_pdf_composes_letters_and_keeps_danish(tmp_path):
    path = tmp_path / "x.pdf"
    WRITERS["pdf"][1](
        path, [Said("I", "Hvad laver du på Ærø?", 0.0), Said("IP", "Jeg går på øen, é og a\u030al.", 1.0)]
    )
    assert "Ærø" in extract(path).text
    assert unicodedata.is_normalized("NFC", extract(path).text)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_plain_text_is_never_changed(ends, encoding, tmp_path):
    text = ends.join(["I: Blåbærgrød – på øen?", "", "IP: Ja, “måske”.", "", ""])
    path = tmp_path / "x.txt"
    path.write_bytes(text.encode(encoding))
    source = extract(path)
    assert source.text == text
    assert [turn.speaker for turn in turns_of(source)] == ["I", "IP"]


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` characters, long words cut with a hyphen as a typesetter would."""
    lines, line = [], ""
    for word in text.split():
        room = width - len(line) - 2
        if len(line) + 1 + len(word) <= width:
            line = f"{line} {word}".strip()
        elif word.isalpha() and len(word) >= 6 and 3 <= room <= len(word) - 3:
            lines.append(f"{line} {word[:room]}-")
            line = word[room:]
        else:
            lines.append(line)
            line = word
    return [*lines, line]


def write_narrow_pdf(path: Path, lines: list[str]) -> None:
    """Pages of 50 lines with a header and a bare page number, no space between paragraphs."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("DejaVu", str(FONT)))
    canvas = Canvas(str(path), invariant=1)
    for start in range(0, len(lines), 50):
        canvas.setFont("DejaVu", 9)
        canvas.drawString(72, 810, "Interview om arbejde")
        canvas.drawString(300, 30, f"- {start // 50 + 1} -")
        for index, line in enumerate(lines[start : start + 50]):
            canvas.drawString(72, 780 - 13 * index, line)
        canvas.showPage()
    canvas.save()


@pytest.mark.skipif(not FONT.exists(), reason="needs the DejaVu font to write Danish at any width")
def test_hyphenated_pdfs_without_space_between_turns_have_the_same_turns(tmp_path):
    hyphens = 0
    for name in INTERVIEWS:
        said = interview(name)
        lines = [line for turn in said for line in wrapped(f"{turn.speaker}: {turn.text}", 36)]
        write_narrow_pdf(tmp_path / "x.pdf", lines)
        assert spoken(extract(tmp_path / "x.pdf")) == [(turn.speaker, turn.text) for turn in said]
        hyphens += sum(line.endswith("-") for line in lines)
    assert hyphens > 2
