from __future__ import annotations

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from narratives.errors import UnreadableFile
from narratives.reading.formats import extract


def write(path, *pages: list[str], font: str = "Times-Roman"):
    canvas = Canvas(str(path), invariant=1)
    for lines in pages:
        canvas.setFont(font, 11)
        for index, line in enumerate(lines):
            canvas.drawString(72, 780 - 14 * index, line)
        canvas.showPage()
    canvas.save()


def test_lines_become_paragraphs_without_furniture(tmp_path):
    first = [
        "Interview p07",
        "",
        "I: Hvad skete der, da du blev arbejds-",
        "løs i foråret?",
        "",
        "IP: Min A-",
        "kasse ringede.",
    ]
    second = ["Interview p07", "", "I: Og så?", "", "IP: Så gik jeg på et 37-", "timers kursus."]
    write(tmp_path / "x.pdf", [*first, "", "1"], [*second, "", "2"])
    source = extract(tmp_path / "x.pdf")
    assert source.text.split("\n\n") == [
        "I: Hvad skete der, da du blev arbejdsløs i foråret?",
        "IP: Min A-kasse ringede.",
        "I: Og så?",
        "IP: Så gik jeg på et 37-timers kursus.",
    ]
    assert [kind for kind, _ in source.notes] == ["furniture"]


def test_pages_without_text_are_one_sentence_or_a_note(tmp_path):
    write(tmp_path / "none.pdf", [], [])
    with pytest.raises(UnreadableFile, match=r"none\.pdf .*OCR"):
        extract(tmp_path / "none.pdf")
    write(tmp_path / "some.pdf", ["I: Hvad så?"], [])
    assert "pages_without_text" in [kind for kind, _ in extract(tmp_path / "some.pdf").notes]


@pytest.mark.parametrize(("password", "readable"), [("hemmelig", False), ("", True)])
@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_password_is_one_sentence_and_a_ban_on_printing_is_nothing(tmp_path, password, readable, algorithm):
    if algorithm.startswith("AES"):
        pytest.importorskip("cryptography")
    write(tmp_path / "plain.pdf", ["I: Hvad så?", "", "IP: Godt."])
    writer = PdfWriter(clone_from=PdfReader(tmp_path / "plain.pdf"))
    writer.encrypt(user_password=password, owner_password="ejer", algorithm=algorithm)  # noqa: S106
    writer.write(tmp_path / "x.pdf")
    if readable:
        assert "IP: Godt." in extract(tmp_path / "x.pdf").text
    else:
        with pytest.raises(UnreadableFile, match=r"password|adgangskode"):
            extract(tmp_path / "x.pdf")


def test_damage_that_pypdf_repairs_is_noted(tmp_path):
    write(tmp_path / "x.pdf", ["I: Hvad så?", "", "IP: Godt."])
    data = (tmp_path / "x.pdf").read_bytes()
    (tmp_path / "x.pdf").write_bytes(data.replace(b"startxref", b"startxxxx"))
    try:
        kinds = [kind for kind, _ in extract(tmp_path / "x.pdf").notes]
    except UnreadableFile:
        return
    assert "faults" in kinds
