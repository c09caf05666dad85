"""Ready-made quotes in a table: coded beside what was there, or refused in one sentence."""

from __future__ import annotations

import csv
import zipfile

import pandas as pd
import pytest
from dummies import tiny_model
from openpyxl import Workbook

import narratives
from narratives.cli import main
from narratives.errors import ReadingError
from narratives.study.quotes import classify_table


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return tiny_model(tmp_path_factory.mktemp("model"))


TABLE = 'Nr;Citat;Løn\n1;"Jeg søgte selv; det gik.";1,5\n2; ;\n3;Æbler;3\n'


@pytest.fixture
def quotes(tmp_path):
    path = tmp_path / "citater.csv"
    path.write_bytes(TABLE.encode("cp1252"))
    return path


def test_quotes_keep_columns_and_order_in_the_dialect_they_came(quotes, model, tmp_path):
    done = classify_table(quotes, tmp_path / "ud.csv", model=model, show_progress=False)
    assert (done.rows, done.text_column, done.blank) == (3, "Citat", (3,))
    frame = pd.read_csv(tmp_path / "ud.csv", sep=";", decimal=",", dtype={"Nr": str, "Løn": str}, encoding="utf-8-sig")
    assert list(frame.columns[:5]) == ["Nr", "Citat", "Løn", "grad", "grad_p"]
    assert list(frame["Nr"]) == ["1", "2", "3"]
    assert frame["Løn"][0] == "1,5"
    assert frame["grad"].isna().tolist() == [False, True, False]
    assert frame["grad_p"].dropna().between(0, 1).all()
    assert list(frame["flags"].fillna("")) == ["", "no text", ""]


def test_quotes_in_get_the_same_codes_as_the_texts_themselves(quotes, model, tmp_path):
    classify_table(quotes, tmp_path / "ud.xlsx", model=model, show_progress=False)
    frame = pd.read_excel(tmp_path / "ud.xlsx")
    alone = narratives.load_classifier(model).predict(["Æbler"]).to_frame()
    assert frame["grad"][2] == alone["grad"][0]
    assert frame["grad_p"][2] == pytest.approx(alone["grad_p"][0], abs=1e-5)


@pytest.mark.parametrize(
    ("content", "column", "words"),
    [
        (TABLE, "Tekst", "Nr, Citat, Løn"),
        ("a;b\n1;2\n", None, "--text-column"),
        ("text;grad\nhej;lav\n", None, "grad"),
        ("text;b\nhej;der;igen\n", None, "2"),
        ("", None, "headings|overskrifter"),
        ("text;b\n;1\n  ;2\n", None, "“text”|»text«"),
        ("text;b\n", None, "“text”|»text«"),
    ],
)
def test_tables_that_cannot_be_coded_are_one_sentence(tmp_path, model, content, column, words):
    path = tmp_path / "t.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ReadingError, match=words) as caught:
        classify_table(path, tmp_path / "ud.csv", text_column=column, model=model, show_progress=False)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "ud.csv").exists()


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_rows_are_named_as_a_spreadsheet_shows_them_whatever_is_empty_above(tmp_path, model, suffix):
    cells = [[], ["Nr", "Citat"], [], ["1", "Jeg søgte\nselv."], ["", ""], ["2", ""], [], ["3", "Æbler"], ["4", " "]]
    path = table_of(tmp_path / f"t{suffix}", cells)
    done = classify_table(path, tmp_path / "ud.csv", model=model, show_progress=False)
    assert (done.rows, done.blank) == (4, (6, 9))
    coded = pd.read_csv(tmp_path / "ud.csv", sep=";" if suffix == ".csv" else ",", dtype=str, encoding="utf-8-sig")
    assert list(coded["Nr"]) == ["1", "2", "3", "4"]


def test_a_row_with_too_many_cells_is_named_as_a_spreadsheet_shows_it(tmp_path, model):
    path = table_of(tmp_path / "t.csv", [["text", "b"], [], ["hej", "1"], [], ["hej", "der", "igen"]])
    with pytest.raises(ReadingError, match=r"(row|række) 5:"):
        classify_table(path, tmp_path / "ud.csv", model=model, show_progress=False)


def test_a_workbook_that_states_a_wrong_size_is_read_to_its_end(tmp_path, model):
    path = table_of(tmp_path / "t.xlsx", [["Nr", "Citat"], ["1", "Æbler"], ["2", "Penge"]])
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert b'ref="A1:B3"' in parts[sheet]
    with zipfile.ZipFile(path, "w") as book:
        for name, part in parts.items():
            book.writestr(name, part.replace(b'ref="A1:B3"', b'ref="A1"'))
    assert classify_table(path, tmp_path / "ud.csv", model=model, show_progress=False).rows == 2


def test_columns_called_alike_do_no_harm(tmp_path, model):
    path = table_of(tmp_path / "t.csv", [["text", "text", ""], ["Æbler", "b", "c"]])
    for output in ("ud.csv", "ud.xlsx"):
        assert classify_table(path, tmp_path / output, model=model, show_progress=False).coded == 1


def table_of(path, rows):
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(rows)
        return path
    book = Workbook()
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row, start=1):
            book.active.cell(number, column, cell or None)
    book.save(path)
    return path


@pytest.mark.parametrize("name", ["p01.docx", "p01.txt", "p01", "p01.jsonl"])
def test_who_gives_a_transcript_for_a_table_is_told_to_annotate_it(tmp_path, model, name, capsys):
    (tmp_path / "folder").mkdir()
    path = tmp_path / "folder" / name
    path.write_text("I: Hvad, om jeg må spørge, skete der?\n\nIP: Jeg, ja, nå, jo, blev fyret.\n", encoding="utf-8")
    for given in (path, path.parent):
        assert main(["classify", str(given), "-o", str(tmp_path / "ud.csv"), "--model", str(model)]) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert f"narratives annotate {given} -o STUDY" in line


def test_a_table_saved_with_tabs_as_txt_is_coded(tmp_path, model, capsys):
    path = tmp_path / "citater.txt"
    path.write_text("citat\tnr\nJeg søgte selv.\t1\n \t2\n", encoding="utf-8")
    assert main(["classify", str(path), "-o", str(tmp_path / "ud.csv"), "--model", str(model), "--quiet"]) == 0
    done, blank = capsys.readouterr().out.splitlines()
    assert done.startswith("1 ")
    assert blank.endswith(" 3")
