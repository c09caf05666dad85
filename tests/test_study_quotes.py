"""Ready-made quotes in a table: coded beside what was there, or refused in one sentence."""

from __future__ import annotations

import pandas as pd
import pytest
from dummies import tiny_model

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
