from __future__ import annotations

import zipfile
from datetime import time, timedelta

import openpyxl
import pytest

from narratives.errors import UnreadableFile
from narratives.reading.columns import by_headings, by_shape, time_of
from narratives.reading.formats import extract

EXPECTED = [("I", "Hvad så?"), ("IP", "Det gik; altså, godt på Ærø.")]


@pytest.fixture
def read(tmp_path):
    def of(content: bytes | str, name: str = "x.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        source = extract(path)
        return [(turn.speaker, source.text[turn.start : turn.end]) for turn in source.turns], source

    return of


@pytest.mark.parametrize(
    "content",
    [
        'Taler;Tekst\r\nI;Hvad så?\r\nIP;"Det gik; altså, godt på Ærø."\r\n'.encode("utf-8-sig"),
        'Taler;Tekst\r\nI;Hvad så?\r\nIP;"Det gik; altså, godt på Ærø."\r\n'.encode("cp1252"),
        'sep=;\r\nPerson;Udsagn\r\nI;Hvad så?\r\nIP;"Det gik; altså, godt på Ærø."\r\n',
        'start,speaker,text\n"0,5",I,Hvad så?\n2,IP,"Det gik; altså, godt på Ærø."\n',
        "Speaker name\tTranscript\nI\tHvad så?\nIP\tDet gik; altså, godt på Ærø.\n",
        'nr;person;rolle;replik\n1;p07;I;Hvad så?\n2;p07;IP;"Det gik; altså, godt på Ærø."\n',
        'Interview p07;;\n;;\nTaler;Tid;Tekst\nI;0:01;Hvad så?\nIP;0:02;"Det gik; altså,\ngodt på Ærø."\n',
        'Taler;Tekst\r\nI:;Hvad så?\r\nIP:;"Det gik; altså,"\r\n;godt på Ærø.\r\n',
        'I;Hvad så?\nIP;"Det gik; altså, godt på Ærø."\n',
    ],
)  # fmt: skip
def test_delimiters_headings_and_encodings(read, content):
    turns, source = read(content)
    assert turns == EXPECTED
    assert [kind for kind, _ in source.notes] == ["columns"]


def test_labels_inside_the_text_column(read):
    turns, _ = read("tid;tekst\n0;I: Hvad?\n1;IP: Godt.\n2;Ja.\n3;I: Nå.\n")
    assert turns == [("I", "Hvad?"), ("IP", "Godt. Ja."), ("I", "Nå.")]


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("62,5", 62.5),
        ("62.5 s", 62.5),
        ("00:01:02", 62.0),
        ("01:02,5", 62.5),
        ("", None),
        ("nu", None),
        ("12 sek.", 12.0),
    ],
)
def test_times(cell, seconds):
    assert time_of(cell) == seconds


def test_no_such_columns_names_the_headings(read):
    with pytest.raises(UnreadableFile, match=r"x\.csv.*alder; kommune"):
        read("alder;kommune\n37;Ærø\n41;Fanø\n")


def test_an_excel_sheet_after_another_one(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(["Om projektet"])
    sheet = workbook.create_sheet("Udskrift")
    for row in (["Tid", "Taler", "Replik"], [time(0, 0, 1), "I", "Hvad så?"], [timedelta(seconds=62.5), "IP", 37]):
        sheet.append(row)
    workbook.save(tmp_path / "x.xlsx")
    source = extract(tmp_path / "x.xlsx")
    assert [(t.speaker, source.text[t.start : t.end], t.time) for t in source.turns] == [
        ("I", "Hvad så?", 1.0),
        ("IP", "37", 62.5),
    ]


def test_a_workbook_that_states_a_wrong_size_is_read_to_its_end(tmp_path):
    workbook = openpyxl.Workbook()
    for row in (["Taler", "Replik"], ["I", "Hvad så?"], ["IP", "Det gik."]):
        workbook.active.append(row)
    workbook.save(tmp_path / "x.xlsx")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as book:
        for name, part in parts.items():
            book.writestr(name, part.replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1"'))
    assert [turn.speaker for turn in extract(tmp_path / "x.xlsx").turns] == ["I", "IP"]


def test_shape_tells_turns_from_facts():
    turns = [
        ("00:01", "Anna", "Hvad laver du?"),
        ("00:02", "Bo", "Jeg går på kursus."),
        ("00:03", "Anna", "Ja."),
        ("00:04", "Bo", "Ja."),
    ]
    columns = by_shape(turns)
    assert (columns.time, columns.speaker, columns.text) == (0, 1, 2)
    assert by_shape([("Kommune", "Ærø"), ("Alder", "37"), ("Optaget", "hjemme")]) is None
    assert by_shape([("a",), ("b",)]) is None
    assert by_headings([("alder", "køn")]) is None
