"""Person, wave and date: from the table, the head of the file, its name, and what contradicts."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import PurePosixPath

import openpyxl
import pytest

from narratives.cli import main
from narratives.errors import MetadataError
from narratives.messages import set_language
from narratives.reading import read_folder
from narratives.reading.dates import parse_date
from narratives.reading.fields import field_of
from narratives.reading.filenames import facts_of_name
from narratives.reading.interviews_table import read_interviews
from narratives.reading.metadata import gather_facts


@pytest.fixture(autouse=True)
def _own_language():
    yield
    set_language(None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2008-11-03", date(2008, 11, 3)),
        ("2008-11-03T10:00:00", date(2008, 11, 3)),
        ("2008-11-03 00:00:00", date(2008, 11, 3)),
        ("20081103", date(2008, 11, 3)),
        ("03-11-2008", date(2008, 11, 3)),
        ("3.11.08", date(2008, 11, 3)),
        ("03.11.98", date(1998, 11, 3)),
        ("3/11-2008", date(2008, 11, 3)),
        ("3/11/2008", date(2008, 11, 3)),
        ("3. november 2008", date(2008, 11, 3)),
        ("mandag den 3. nov. 2008", date(2008, 11, 3)),
        ("39755", date(2008, 11, 3)),
        ("2008", None),
        ("31-02-2008", None),
        ("i går", None),
        ("", None),
    ],
)
def test_dates(text, expected):
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("path", "person", "wave", "day"),
    [
        ("p07-2.txt", "p07", 2, None),
        ("p07_2.txt", "p07", 2, None),
        ("07-2.txt", "07", 2, None),
        ("P07_bølge2.docx", "P07", 2, None),
        (unicodedata.normalize("NFD", "P07_bølge2.docx"), "P07", 2, None),
        ("AA 2008-11-03.docx", "AA", None, date(2008, 11, 3)),
        ("AA 03.11.08.docx", "AA", None, date(2008, 11, 3)),
        ("AA_20081103.docx", "AA", None, date(2008, 11, 3)),
        ("AA 3. november 2008.docx", "AA", None, date(2008, 11, 3)),
        ("p07-2 på jobcentret.docx", "p07", 2, None),
        ("B12_3_Anna_transskription.docx", "B12", 3, None),
        ("p07-99 på jobcentret.docx", "p07-99 på jobcentret", None, None),
        ("Interview 3 - Bente.docx", "Bente", 3, None),
        ("Interview med Bente.docx", "Bente", None, None),
        ("Bente, 2. interview.docx", "Bente", 2, None),
        ("Bente andet interview.docx", "Bente", 2, None),
        ("B12_w1_2021-05-04.docx", "B12", 1, date(2021, 5, 4)),
        ("2021-05-04_B12_w1_transskription_endelig.docx", "B12", 1, date(2021, 5, 4)),
        ("p07/bølge 1.docx", "p07", 1, None),
        ("p07/1.docx", "p07", 1, None),
        ("bølge 2/p07.docx", "p07", 2, None),
        ("transskriptioner/p07-2.txt", "p07", 2, None),
        ("transskriptioner/Bølge 1/p07_2021-05-04.txt", "p07", 1, date(2021, 5, 4)),
        ("Borger 12.docx", "Borger 12", None, None),
        ("Deltager 4 bølge 2.docx", "Deltager 4", 2, None),
        ("Anna Grethe T2.docx", "Anna Grethe", 2, None),
        ("p07.txt", "p07", None, None),
        ("Interview 3.docx", None, None, None),
        ("interview.txt", None, None, None),
        ("2008-11-03.docx", None, None, date(2008, 11, 3)),
    ],
)
def test_file_names(path, person, wave, day):
    facts = facts_of_name(PurePosixPath(path))
    assert (facts.person, facts.wave, facts.date) == (person, wave, day)
    assert facts.sources.keys() == {
        name for name, value in (("person", person), ("wave", wave), ("date", day)) if value
    }


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Bølge", "wave"),
        ("Interview nr.", "wave"),
        ("runde", "wave"),
        ("Deltager-ID", "person"),
        ("Borger", "person"),
        ("DATO", "date"),
        ("Køn", "sex"),
        ("Alder", "age"),
        ("kommune", "municipality"),
        ("Filnavn", "transcript"),
        ("participant_label", "participant_label"),
        (unicodedata.normalize("NFD", "Bølge"), "wave"),
        ("uddannelse", None),
    ],
)
def test_headings(heading, field):
    assert field_of(heading) == field


def table(tmp_path, content, encoding="utf-8", name="interviews.csv"):
    path = tmp_path / name
    path.write_bytes(content.encode(encoding))
    return read_interviews(path)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("transcript,person,wave,date,sex,participant_label\np07-2,p07,2,2008-11-03,kvinde,IP\n", "utf-8"),
        ("Fil;Borger;Bølge;Dato;Køn;Label\r\np07-2.txt;p07;2;03-11-2008;kvinde;IP\r\n", "utf-8-sig"),
        ("Fil;Borger;Bølge;Dato;Køn;Label\r\nP07-2;p07;2,0;3.11.08;kvinde;IP\r\n;;;;;\r\n", "cp1252"),
        ("sep=;\r\nFil;Borger;Bølge;Dato;Køn;Label\r\np07-2;p07;bølge 2;39755;kvinde;IP\r\n", "utf-16"),
        ("\n\nfil\tid\trunde\tdato\tkøn\tlabel\np07-2\tp07\t2\t3/11-2008\tkvinde\tIP\n", "utf-8"),
    ],
)
def test_tables_in_all_dialects(tmp_path, content, encoding):
    found = table(tmp_path, content, encoding)
    (row,) = found.rows
    assert (row.person, row.wave, row.date, row.labels) == ("p07", 2, date(2008, 11, 3), ("IP",))
    assert row.attributes == {"sex": "kvinde"}
    assert found.row_of(PurePosixPath("bølge 2/p07-2.txt")) is row
    assert found.problems == ()


def test_excel_table_with_real_dates(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Filnavn", "Deltager", "Interview nr.", "Dato", "Alder"])
    book.active.append(["p07-2", "p07", 2.0, date(2008, 11, 3), 45])
    book.save(tmp_path / "interviews.xlsx")
    (row,) = read_interviews(tmp_path / "interviews.xlsx").rows
    assert (row.person, row.wave, row.date, row.attributes) == ("p07", 2, date(2008, 11, 3), {"age": "45"})


def test_rows_without_file_names_are_found_by_person_and_wave_or_date(tmp_path):
    found = table(tmp_path, "person,wave,date\nP07,1,2008-01-01\nP07,2,2008-11-03\nP08,1,2008-01-02\n")
    assert found.row_by("p07", 2, None).number == 3
    assert found.row_by("p07", None, date(2008, 1, 1)).number == 2
    assert found.row_by("p08", None, None).number == 4
    assert found.row_by("p07", None, None) is None
    assert found.row_by(None, 1, None) is None


def test_a_table_of_persons_gives_attributes(tmp_path):
    found = table(tmp_path, "person;køn;alder\np07;kvinde;45,5\n")
    facts = gather_facts(PurePosixPath("p07-2.txt"), {}, (), found)
    assert facts.attributes == {"sex": "kvinde", "age": "45,5"}
    assert (facts.person, facts.wave) == ("p07", 2)


def test_values_that_are_none_and_rows_twice_are_reported(tmp_path):
    found = table(tmp_path, "transcript,person,wave,date\na,p1,første,i går\nb,p2,1,2008-01-01\nb.txt,p2,2,\nb,p2,2,\n")
    assert [(p.kind, p.place) for p in found.problems] == [("bad_value", "2"), ("bad_value", "2"), ("row_twice", "5")]


@pytest.mark.parametrize(
    ("content", "name"), [("a,b\n1,2\n", "interviews.csv"), ("", "interviews.csv"), ("x", "interviews.xlsx")]
)
def test_tables_that_cannot_be_used(tmp_path, content, name):
    with pytest.raises(MetadataError, match="interviews"):
        table(tmp_path, content, name=name)


def test_sources_count_in_order(tmp_path):
    found = table(tmp_path, "transcript,person\np07-2,B12\n")
    facts = gather_facts(
        PurePosixPath("p07-2.txt"), {"Bølge": "3", "deltager": "IP", "sted": "Vejle"}, ["I", "IP"], found
    )
    assert (facts.person, facts.wave, facts.date) == ("B12", 3, None)
    assert facts.sources == {"person": "interviews table", "wave": "front matter"}
    assert facts.attributes == {"place": "Vejle"}
    assert {(p.kind, p.place) for p in facts.problems} == {("contradiction", "person"), ("contradiction", "wave")}


def test_a_name_instead_of_an_id_is_no_contradiction(tmp_path):
    found = table(tmp_path, "transcript,person,wave\nBente 2,p07,2\n")
    facts = gather_facts(PurePosixPath("Bente 2.txt"), {}, (), found)
    assert (facts.person, facts.wave, facts.problems) == ("p07", 2, ())


def test_front_matter_gives_person_wave_and_date():
    head = {"Deltager": "p07", "Interview nr.": "2", "Dato": "3. november 2008", "Køn": "mand"}
    facts = gather_facts(PurePosixPath("scan.txt"), head)
    assert (facts.person, facts.wave, facts.date) == ("p07", 2, date(2008, 11, 3))
    assert set(facts.sources.values()) == {"front matter"}
    assert facts.attributes == {"sex": "mand"}


SPOKEN = "I: Hvad skete der?\n\nIP: Jeg fandt et arbejde på nummer {}, og det har jeg endnu.\n"


def folder(tmp_path, *names, rows=""):
    for number, name in enumerate(names):
        (tmp_path / name).write_text(SPOKEN.format(number), encoding="utf-8")
    if rows:
        (tmp_path / "interviews.csv").write_text(f"transcript,person,wave\n{rows}", encoding="utf-8")
    return read_folder(tmp_path)


def waves(reading):
    return {one.name: one.wave for one in reading.transcripts}


def test_a_persons_only_interview_is_wave_1_and_said_to_be_a_guess(tmp_path):
    found = folder(tmp_path, "p07-1.txt", "p07-2.txt", "p08.txt", "p09.txt")
    assert waves(found) == {"p07-1": 1, "p07-2": 2, "p08": 1, "p09": 1}
    (guess,) = [problem for problem in found.problems if problem.kind == "guessed_wave"]
    assert "p08.txt, p09.txt" in guess.message
    assert "p07" not in guess.message
    assert "interviews.csv" in guess.message


@pytest.mark.parametrize(("lang", "words"), [("da", "eneste interview"), ("en", "only interview")])
def test_inspect_says_where_a_guessed_wave_comes_from(tmp_path, lang, words, capsys):
    folder(tmp_path, "p07-1.txt", "p07-2.txt", "p08.txt")
    assert main(["--lang", lang, "inspect", str(tmp_path)]) == 0
    assert f", {words}" in capsys.readouterr().out


def test_one_of_several_interviews_without_a_wave_is_no_wave_1(tmp_path):
    found = folder(tmp_path, "p07.txt", "p07-2.txt")
    assert waves(found) == {"p07": None, "p07-2": 2}
    assert [problem.file for problem in found.problems if problem.kind == "no_wave"] == ["p07.txt"]


def test_a_table_that_knows_other_interviews_forbids_the_guess(tmp_path):
    found = folder(tmp_path, "p07.txt", "p08.txt", rows="p07-1,p07,1\np07-2,p07,2\np08,p08,\n")
    assert waves(found) == {"p07": None, "p08": 1}
    (problem,) = [problem for problem in found.problems if problem.kind == "no_wave"]
    assert problem.file == "p07.txt"
    assert "2, 3" in problem.message
