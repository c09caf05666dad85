"""What inspect shows, as rows, on a console and as files."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from narratives.inspecting import inspect_folder, render
from narratives.messages import set_language
from narratives.reading import Reading
from narratives.transcript import Problem, Role, Speaker, Transcript, Turn

TEXT = "I: Hvad så?\n\nIP: Ikke så meget.\n"


def transcript(name: str, person: str | None, wave: int | None, **more: object) -> Transcript:
    return Transcript(
        name=name,
        file=f"{name}.txt",
        text=TEXT,
        sha256=name,
        format="txt",
        encoding="cp1252",
        turns=(Turn("I", ((3, 11),)), Turn("IP", ((17, 32),))),
        speakers=(Speaker("I", Role.INTERVIEWER, None, "label"), Speaker("IP", Role.PARTICIPANT, person, "guess")),
        person=person,
        wave=wave,
        sources={"person": "file name"} if person else {},
        **more,
    )


@pytest.fixture
def inspection():
    transcripts = (
        transcript("p1-1", "p1", 1, date=date(2020, 1, 2)),
        transcript("p1-2", "p1", 2),
        transcript("[odd]", None, None),
    )
    problems = (
        Problem("p1-2.txt", "unknown_speaker", "Taleren [x] kendes ikke.", place="[x]"),
        Problem("tom.txt", "unreadable", "tom.txt er tom.", fatal=True),
    )
    return inspect_folder(Reading(Path("mappe"), transcripts, problems, Path("interviews.csv")))


def shown(inspection, width: int = 120) -> str:
    console = Console(file=io.StringIO(), width=width)
    render(inspection, console)
    return console.file.getvalue()


def test_rows(inspection):
    assert inspection.files[0] == {
        "file": "p1-1.txt", "format": "txt", "encoding": "cp1252", "person": "p1", "wave": 1, "date": "2020-01-02",
        "from": "file name", "turns": 2, "words": 5, "participant_words": 3, "problems": 0,
    }  # fmt: skip
    assert inspection.persons == (
        {"person": "p1", "1": "2020-01-02", "2": "p1-2", "?": ""},
        {"person": "?", "1": "", "2": "", "?": "[odd]"},
    )
    assert [(row["label"], row["found_by"]) for row in inspection.speakers[:2]] == [("I", "label"), ("IP", "guess")]
    assert inspection.usable == 3
    assert (inspection.table, inspection.roles) == ("interviews.csv", "")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("da", ["Talere og roller", "gæt", "filnavnet", "3 udskrifter"]),
        ("en", ["Speakers and roles", "guess", "3 transcripts"]),
    ],
)
def test_shown_in_both_languages(inspection, language, words):
    set_language(language)
    try:
        text = shown(inspection)
    finally:
        set_language(None)
    assert all(word in text for word in [*words, "cp1252", "[odd].txt", "[x]"])
    assert text.index("tom.txt er tom.") < text.index("Taleren [x] kendes ikke.")


def test_plain_text_on_a_narrow_pipe(inspection):
    text = shown(inspection, 60)
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 60


def test_an_empty_folder_is_shown_too():
    assert shown(inspect_folder(Reading(Path("tom"), ()))).strip()


def test_tables_on_disk(inspection, tmp_path):
    paths = inspection.to_csv(tmp_path)
    assert [path.name for path in paths] == ["files.csv", "persons.csv", "speakers.csv", "problems.csv"]
    rows = list(csv.DictReader((tmp_path / "problems.csv").open(encoding="utf-8")))
    assert [row["kind"] for row in rows] == ["unknown_speaker", "unreadable"]


def test_frames(inspection):
    frames = inspection.frames()
    assert {name: len(frame) for name, frame in frames.items()} == {
        "files": 3,
        "persons": 2,
        "speakers": 6,
        "problems": 2,
    }


def test_the_command_writes_the_tables_it_shows(tmp_path, capsys):
    from narratives.cli import main

    folder = tmp_path / "interviews"
    folder.mkdir()
    (folder / "p01-1.txt").write_text(
        "I: Hvad skete der?\n\nIP: Jeg blev syg.\n\nI: Og så?\n\nIP: Så kom jeg i praktik.\n"
    )
    assert main(["inspect", str(folder), "-o", str(tmp_path / "tables")]) == 0
    assert "p01-1.txt" in (tmp_path / "tables" / "files.csv").read_text(encoding="utf-8-sig")
    assert str(tmp_path / "tables") in capsys.readouterr().out.replace("\n", "")
