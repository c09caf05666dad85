"""A folder of everything that goes wrong: one clear line each, and the rest is done."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import pytest
from dummies import tiny_model

import narratives
from narratives.cli import main
from narratives.messages import set_language

REPORTS = Path(__file__).parents[2] / "shared" / "samples" / "reports"
STORY = (
    "Jeg blev fyret i marts, fordi ryggen ikke kunne mere. Så søgte jeg selv en praktik på et lager, og det gik godt."
)
GOOD = f"I: Hvad skete der så?\n\nIP: {STORY}\n\nI: Og nu?\n\nIP: Nu arbejder jeg der tyve timer om ugen.\n"
BOUND = "p01-1.txt", "P02_bølge1.txt", "gentaget/p01-1.txt", "uden bølge.txt"


def locked_pdf() -> bytes:
    import io

    from pypdf import PdfWriter

    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.encrypt("hemmeligt", algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def bad_files() -> dict[str, bytes]:
    """What cannot be read or yields nothing, by name."""
    return {
        "tom.txt": b"",
        "billede.docx": b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 4,
        "knust.docx": b"PK\x03\x04" + b"\x00" * 400,
        "laast.pdf": locked_pdf(),
        "lang.txt": b"ord " * 5_000_000,
        "gammel.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
        "kun interviewer.txt": b"I: Hvad skete der?\n\nI: Og hvad saa?\n",
        "fremmed.txt": f"Zorg: {STORY}\n\nMork: {STORY}\n\nZorg: Ja.\n\nMork: Nej.\n".encode(),
    }


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return tiny_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Four transcripts that can be used, two of them as the same interview, among those that cannot."""
    folder = tmp_path_factory.mktemp("bad") / "interviews"
    for name in BOUND:
        path = folder / unicodedata.normalize("NFD", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(GOOD.encode("cp1252"))
    for name, data in bad_files().items():
        (folder / name).write_bytes(data)
    (folder / "~$p01-1.docx").write_bytes(b"x")
    return folder


@pytest.fixture(scope="module")
def run(folder, model, tmp_path_factory):
    """The study and what was said, on a terminal of 80 columns."""
    import contextlib
    import io

    out, err = io.StringIO(), io.StringIO()
    study = tmp_path_factory.mktemp("made") / "study"
    set_language("en")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["annotate", str(folder), "-o", str(study), "--model", str(model)])
    set_language(None)
    return code, narratives.load(study), out.getvalue(), err.getvalue()


def test_the_rest_is_done_and_the_exit_code_says_so(run):
    code, study, out, _ = run
    assert code == 0
    assert {unicodedata.normalize("NFC", name) for name in study.interviews["file"]} == set(BOUND)
    assert set(study.narratives["transcript"]) == {name.removesuffix(".txt") for name in BOUND}
    assert "4 transcripts" in out


@pytest.mark.parametrize("name", bad_files())
def test_each_bad_file_has_one_fatal_line_in_the_table_and_on_screen(run, name):
    _, study, _, err = run
    found = study.problems[(study.problems["file"] == name) & study.problems["fatal"]]
    assert len(found) == 1
    message = found["message"].item()
    assert name in message
    assert "\n" not in message
    assert err.splitlines().count(f"Left out: {message}") == 1


def test_nothing_but_sentences_is_said(run):
    _, study, _, err = run
    assert "Traceback" not in err
    assert [line for line in err.splitlines() if not line.startswith(("Left out: ", "Note: ", "  ... and "))] == []
    assert not study.problems["message"].str.contains("Error", regex=False).any()
    assert "~$p01-1.docx" not in set(study.interviews["file"])


def test_two_files_of_one_interview_are_named(run):
    _, study, _, _ = run
    (message,) = study.problems.loc[study.problems["kind"] == "same_interview", "message"]
    assert "p01-1.txt" in message.replace("gentaget/p01-1.txt", "")
    assert "gentaget/p01-1.txt" in message


def test_the_table_of_problems_lies_in_the_study(run):
    _, study, _, _ = run
    with (study.path / "problems.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert set(bad_files()) <= {row["file"] for row in rows}
    assert set(rows[0]) == {"file", "kind", "place", "message", "fatal"}


@pytest.mark.parametrize("names", [(), ("tom.txt", "gammel.doc"), ("kun interviewer.txt",)])
def test_a_folder_of_which_nothing_can_be_used_ends_with_one(names, folder, model, tmp_path, capsys):
    source = tmp_path / "interviews"
    source.mkdir()
    for name in names:
        (source / name).write_bytes((folder / name).read_bytes())
    assert main(["annotate", str(source), "-o", str(tmp_path / "study"), "--model", str(model)]) == 1
    err = capsys.readouterr().err
    assert "interviews" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(("command", "more"), [("inspect", ()), ("annotate", ("-o", "study"))])
def test_a_wrong_command_line_ends_with_two(command, more, tmp_path, capsys):
    with pytest.raises(SystemExit) as stop:
        main([command, str(tmp_path), *more, "--no-such-option"])
    assert stop.value.code == 2
    assert "--no-such-option" in capsys.readouterr().err


def test_a_place_where_nothing_can_be_written_is_one_sentence(folder, model, tmp_path, capsys):
    (tmp_path / "file").write_text("x")
    command = ["annotate", str(folder / "p01-1.txt"), "-o", str(tmp_path / "file" / "study"), "--model", str(model)]
    assert main(command) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert str(tmp_path / "file") in line


@pytest.mark.skipif(not REPORTS.exists(), reason="needs ../shared/samples")
def test_real_reports_go_through_without_a_lost_file(model, tmp_path):
    """ "No participant found" is an honest answer; a file that is mentioned nowhere is not."""
    study = narratives.annotate(REPORTS, tmp_path / "study", model=model, show_progress=False)
    fatal = set(study.problems.loc[study.problems["fatal"], "file"])
    names = {path.name for path in REPORTS.iterdir() if path.is_file()}
    assert set(study.interviews["file"]) | fatal == names
    assert not set(study.interviews["file"]) & fatal
    assert "not_annotated" not in set(study.problems["kind"])
    for row in study.narratives.itertuples():
        pieces = (piece.split("-") for piece in row.spans.split(";"))
        assert " ".join(study.source(row.transcript)[int(a) : int(b)] for a, b in pieces) == row.text
