from __future__ import annotations

import pytest

from narratives.reading.rtf import read_rtf


@pytest.fixture
def read(tmp_path):
    def of(body: str, end: str = "}"):
        path = tmp_path / "x.rtf"
        path.write_bytes((r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Calibri;}}" + body + end).encode("cp1252"))
        return read_rtf(path)

    return of


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (r"\f0 bl\'e5b\'e6rgr\'f8d\par I: hej\par", "blåbærgrød\n\nI: hej"),
        (r"\u229?\u-10179?\u-8704?", "å😀"),
        (r"I:\tab Hvad\line s\'e5\par", "I:\tHvad\nså"),
        (r"\'93m\'e5ske\'94 \endash  \{ja\} a\\par b", "“måske” – {ja} a\\par b"),
        (r"f\'f8r {\deleted\revauth1 slettet }efter", "før efter"),
        (r"kas\-se", "kasse"),
        (r"f\'f8r{\footnote fod}{\header hoved} efter", "før efter"),
        (r"a{\pict\pngblip " + "89504e47\r\n" * 200 + "}b", "ab"),
    ],
)
def test_what_the_document_shows(read, body, shown):
    assert read(body).text == shown


def test_a_table_of_turns_becomes_labelled_paragraphs(read):
    rows = [("I", "Hvad | laver du?"), ("IP", r"Jeg g\'e5r.\par Ofte."), ("I", "Ja.")]
    body = "".join(rf"\trowd\cellx1\pard\intbl {who}\cell {what}\cell\row " for who, what in rows)
    source = read(r"Interview\par " + body + r"\pard Slut\par")
    assert source.text == "Interview\n\nI: Hvad | laver du?\n\nIP: Jeg går.\n\nOfte.\n\nI: Ja.\n\nSlut"


def test_a_file_cut_short_is_noted(read):
    assert read("I: hej").notes == ()
    assert [kind for kind, _ in read("I: hej", end="").notes] == ["cut_short"]
