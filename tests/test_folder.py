"""Folders as researchers have them: what is read, what is reported, and that nothing stops the rest."""

from __future__ import annotations

import csv
import json
import os
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from narratives.errors import ReadingError
from narratives.messages import set_language
from narratives.reading import one_file, read_folder, read_transcript
from narratives.reading.folder import find_files
from narratives.transcript import Role

ROOT = Path(__file__).parents[1]
AGENCY = ROOT / "corpora" / "agency"
REPORTS = ROOT.parent / "shared" / "samples" / "reports"

ASKS = ["Hvordan har du det?", "Hvad gjorde du så?", "Var du glad for dit job?"]
TELLS = [
    "Jeg har det fint nok, jeg er kommet i gang igen.",
    "Jeg ringede til min sagsbehandler, og så fik jeg en praktik.",
    "Ja, jeg var glad for mit job, det var mit eget sted.",
]
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.fixture(autouse=True)
def _danish():
    set_language("da")
    yield
    set_language(None)


def interview(asks: str = "I", tells: str = "IP", extra: str = "") -> str:
    pairs = zip(ASKS, TELLS, strict=True)
    return "\n\n".join(f"{asks}: {question}\n\n{tells}: {answer}" for question, answer in pairs) + "\n" + extra


def folder_of(root: Path, files: dict[str, str | bytes]) -> Path:
    for number, (name, content) in enumerate(files.items()):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else as_bytes(path, content, number))
    return root


def as_bytes(path: Path, content: str, number: int) -> bytes:
    """Tables as they are; transcripts with one more turn, so that no two are alike."""
    return content.encode() if path.suffix == ".csv" else f"{content}\nIP: Nummer {number}.\n".encode()


def kinds(reading) -> Counter[str]:
    return Counter(problem.kind for problem in reading.problems)


def test_natural_order_and_what_is_left_out(tmp_path):
    text = interview()
    names = [
        "p10-1.txt",
        "p2-1.txt",
        "B/p3-1.txt",
        "~$p2-1.txt",
        ".skjult.txt",
        ".git/x.txt",
        "Thumbs.db",
        "roller.csv",
    ]
    found = find_files(folder_of(tmp_path, dict.fromkeys([*names, "interviews.csv"], text)))
    assert [str(path.relative_to(tmp_path)) for path in found.files] == ["B/p3-1.txt", "p2-1.txt", "p10-1.txt"]
    assert [path.name for path in (*found.tables, *found.roles)] == ["interviews.csv", "roller.csv"]


def test_study_folders_are_not_read(tmp_path):
    folder_of(
        tmp_path, {"p1-1.txt": interview(), "studie/run.json": "{}", "studie/narratives.csv": "", "studie/a.txt": "x"}
    )
    assert [path.name for path in find_files(tmp_path).files] == ["p1-1.txt"]


@pytest.mark.parametrize("begun", [(), ("sources/p1-1.txt", "results/p1-1.json")])
def test_a_study_that_was_interrupted_is_not_read_either(begun, tmp_path):
    files = {"p1-1.txt": interview(), "studie/run.json": "{}", **{f"studie/{name}": interview() for name in begun}}
    folder_of(tmp_path, files)
    assert [path.relative_to(tmp_path).as_posix() for path in find_files(tmp_path).files] == ["p1-1.txt"]


def test_a_plain_folder(tmp_path):
    files = {"p07-1.txt": interview(), "p07-2.txt": interview(), "p08-1.txt": interview("Lone", "Bente").encode()}
    reading = read_folder(folder_of(tmp_path, files))
    assert [(one.name, one.person, one.wave) for one in reading.transcripts] == [
        ("p07-1", "p07", 1),
        ("p07-2", "p07", 2),
        ("p08-1", "p08", 1),
    ]
    assert [s.person for s in reading.transcripts[0].speakers] == [None, "p07"]
    assert {(s.role, s.source) for s in reading.transcripts[2].speakers} == {
        (Role.INTERVIEWER, "guess"),
        (Role.PARTICIPANT, "guess"),
    }


def test_table_roles_and_their_problems(tmp_path):
    files = {
        "a.txt": interview("I", "M"),
        "b.txt": interview("I", "IP"),
        "interviews.csv": "fil;borger;bølge;dato;label;køn\na;p1;1;01-02-2008;M;kvinde\nc;p2;1;;;\n",
        "roles.csv": "label,role\nI,professional\n",
    }
    reading = read_folder(folder_of(tmp_path, files))
    first = reading.transcripts[0]
    assert (first.person, first.wave, str(first.date), first.attributes) == ("p1", 1, "2008-02-01", {"sex": "kvinde"})
    assert first.role_of("M") is Role.PARTICIPANT
    assert first.role_of("I") is Role.PROFESSIONAL
    assert {"row_without_file", "file_without_row"} <= kinds(reading).keys()
    assert any("række 3" in p.message and "c" in p.message for p in reading.problems)
    assert (reading.table.name, reading.roles.name) == ("interviews.csv", "roles.csv")


def test_a_label_of_the_table_that_nobody_has(tmp_path):
    table = "transcript,person,participant_label\na,p1,D\n"
    reading = read_folder(folder_of(tmp_path, {"a.txt": interview(), "interviews.csv": table}))
    assert "label_missing" in kinds(reading)


def test_a_table_elsewhere_and_a_table_that_is_missing(tmp_path):
    folder = folder_of(tmp_path / "in", {"a.txt": interview()})
    (tmp_path / "mine.csv").write_text("transcript,person,wave\na,p1,3\n")
    assert read_folder(folder, table=tmp_path / "mine.csv").transcripts[0].wave == 3
    with pytest.raises(ReadingError, match="andet"):
        read_folder(folder, table=tmp_path / "andet.csv")


def test_a_broken_table_stops_nothing(tmp_path):
    reading = read_folder(folder_of(tmp_path, {"p1-1.txt": interview(), "interviews.csv": "x,y\n1,2\n"}))
    assert len(reading.transcripts) == 1
    assert "bad_table" in kinds(reading)


def test_waves_follow_dates_where_only_dates_are_known(tmp_path):
    names = ["AA 2008-11-03.txt", "AA 2008-02-01.txt", "AA 2009-01-05.txt", "BB 2008-01-01.txt"]
    reading = read_folder(folder_of(tmp_path, dict.fromkeys(names, interview())))
    waves = {(one.person, str(one.date)): one.wave for one in reading.transcripts}
    assert waves == {("AA", "2008-02-01"): 1, ("AA", "2008-11-03"): 2, ("AA", "2009-01-05"): 3, ("BB", "2008-01-01"): 1}
    assert reading.transcripts[0].sources["wave"] == "order of dates"


def test_interview_numbers_of_the_study_are_no_waves(tmp_path):
    names = ["Interview 1 - Anna.txt", "Interview 2 - Bente.txt", "Interview 3 - Carl.txt"]
    reading = read_folder(folder_of(tmp_path, dict.fromkeys(names, interview())))
    assert [(one.person, one.wave) for one in reading.transcripts] == [("Anna", 1), ("Bente", 1), ("Carl", 1)]
    assert kinds(reading)["guessed_wave"] == 1


def test_interview_numbers_of_one_person_are_waves(tmp_path):
    names = ["Interview 1 - Anna.txt", "Interview 2 - Anna.txt", "Interview 1 - Bo.txt"]
    reading = read_folder(folder_of(tmp_path, dict.fromkeys(names, interview())))
    assert [(one.person, one.wave) for one in reading.transcripts] == [("Anna", 1), ("Bo", 1), ("Anna", 2)]


def test_spellings_of_a_person_are_one(tmp_path):
    reading = read_folder(folder_of(tmp_path, dict.fromkeys(["P07-1.txt", "p07_bølge2.txt", "p07-3.txt"], interview())))
    assert {one.person for one in reading.transcripts} == {"p07"}


def test_same_stem_same_text_same_interview(tmp_path):
    files = {"p1-1.txt": interview().encode(), "p1-1.md": interview().encode(), "kopi/P1_1.txt": interview()}
    reading = read_folder(folder_of(tmp_path, files))
    assert {one.name for one in reading.transcripts} == {"p1-1.txt", "p1-1.md", "kopi/P1_1"}
    assert kinds(reading)["same_text"] == 1
    assert kinds(reading)["same_interview"] == 2


def test_names_are_composed_and_files_keep_the_disks_spelling(tmp_path):
    name = unicodedata.normalize("NFD", "Åse_bølge2.txt")
    (one,) = read_folder(folder_of(tmp_path, {name: interview()})).transcripts
    assert (one.name, one.person, one.wave) == ("Åse_bølge2", "Åse", 2)
    assert one.file == name
    assert (tmp_path / one.file).exists()


def test_bad_files_are_one_line_each_and_the_rest_is_read(tmp_path, monkeypatch):
    files = {
        "god-1.txt": interview(),
        "tom.txt": b"",
        "billede.xyz": b"\x89PNG",
        "gammel.doc": OLD_WORD,
        "slem.txt": interview(),
    }
    extract = one_file.extract

    def sometimes(path):
        if path.name == "slem.txt":
            raise RuntimeError("bum")
        return extract(path)

    monkeypatch.setattr(one_file, "extract", sometimes)
    reading = read_folder(folder_of(tmp_path, files))
    assert [one.name for one in reading.transcripts] == ["god-1"]
    fatal = {problem.file: problem.message for problem in reading.problems if problem.fatal}
    assert fatal.keys() == {"tom.txt", "billede.xyz", "gammel.doc", "slem.txt"}
    assert all(file in message and "\n" not in message for file, message in fatal.items())
    assert "docx" in fatal["gammel.doc"]
    assert "RuntimeError" in fatal["slem.txt"]


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="the disk refuses such names")
def test_a_name_that_is_no_text_is_reported(tmp_path):
    folder_of(tmp_path, {"p1-1.txt": interview(), os.fsdecode(b"b\xf8lge 1.txt"): interview()})
    reading = read_folder(tmp_path)
    assert [one.name for one in reading.transcripts] == ["p1-1"]
    assert kinds(reading) == {"bad_name": 1}
    assert reading.problems[0].message.encode("utf-8")


def test_folders_without_transcripts_or_without_being(tmp_path):
    assert kinds(read_folder(tmp_path)) == {"no_transcripts": 1}
    with pytest.raises(ReadingError, match="findes ikke"):
        read_folder(tmp_path / "nej")


def test_text_without_speakers_or_participant(tmp_path):
    files = {"p1-1.txt": b"Jeg blev fyret.\n\nDet var det.\n", "p2-1.txt": b"I: Hej?\n\nSB: Hej.\n\nI: Ja.\n"}
    reading = read_folder(folder_of(tmp_path, files))
    assert [(p.file, p.kind) for p in reading.problems if p.fatal] == [
        ("p1-1.txt", "no_labels"),
        ("p2-1.txt", "no_participant"),
    ]


def test_a_monologue_is_the_participants_by_a_row_with_an_empty_label(tmp_path):
    files = {
        "p1-1.txt": b"Jeg blev fyret.\n\nDet var det.\n",
        "roles.csv": "label,role,transcript\n,participant,p1-1\n",
    }
    reading = read_folder(folder_of(tmp_path, files))
    assert reading.problems == ()
    assert [reading.transcripts[0].person_of(turn.speaker) for turn in reading.transcripts[0].turns] == ["p1", "p1"]


def test_unknown_speakers_are_reported_with_what_to_write(tmp_path):
    reading = read_folder(folder_of(tmp_path, {"p1-1.txt": interview(extra="\nMikkel: Hej.\n\nI: Hej?\n")}))
    (problem,) = reading.problems
    assert (problem.kind, problem.place, problem.fatal) == ("unknown_speaker", "Mikkel", False)
    assert "roles.csv" in problem.message


def test_a_file_in_which_nobody_is_known_is_one_sentence_that_names_all(tmp_path):
    text = "\n\n".join(f"I: {q}\n\nM: {a}\n\nK: {a}" for q, a in zip(ASKS, TELLS, strict=True))
    (problem,) = read_folder(folder_of(tmp_path, {"p1-2.txt": text.encode()})).problems
    assert problem.kind == "no_participant"
    assert "M (ukendt), K (ukendt)" in problem.message


def test_questions_inside_the_only_labelled_speech_are_pointed_out(tmp_path):
    unlabelled = "\n\n".join(f"{q}\n\nIP: {a}" for q, a in zip(ASKS, TELLS, strict=True))
    told = "IP: " + "\n\n".join([*TELLS, "Og hvad sker der så?", *TELLS])
    reading = read_folder(folder_of(tmp_path, {"p1-1.txt": unlabelled.encode(), "p2-1.txt": told.encode()}))
    assert [(p.file, p.kind, p.fatal) for p in reading.problems] == [("p1-1.txt", "one_speaker", False)]


def test_turns_without_a_speaker_are_said_to_be_left_out(tmp_path):
    segments = [{"text": words, "speaker": name} for name, words in (("I", "Hvad?"), ("IP", "Ja."), ("I", "Og?"))]
    content = json.dumps({"segments": [*segments, {"text": "Hvem sagde det?"}]})
    (problem,) = read_folder(folder_of(tmp_path, {"p1-1.json": content.encode()})).problems
    assert (problem.kind, problem.fatal) == ("no_speaker", False)
    assert "»«" not in problem.message


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes there")
def test_what_is_no_file_is_passed_over(tmp_path):
    os.mkfifo(tmp_path / "p2-1.txt")
    reading = read_folder(folder_of(tmp_path, {"p1-1.txt": interview()}))
    assert [one.name for one in reading.transcripts] == ["p1-1"]


def test_guesses_are_alike_over_a_persons_waves(tmp_path):
    short = "Lone: Hvordan går det?\n\nBente: Fint.\n\nLone: Godt.\n"
    files = {"p1-1.txt": interview("Lone", "Bente").encode(), "p1-2.txt": short.encode()}
    reading = read_folder(folder_of(tmp_path, files))
    assert [[(s.label, s.role, s.source) for s in one.speakers] for one in reading.transcripts] == [
        [("Lone", Role.INTERVIEWER, "guess"), ("Bente", Role.PARTICIPANT, "guess")]
    ] * 2
    assert kinds(reading) == {"guessed_role": 1}


def test_the_only_one_beside_the_interviewer_is_guessed_and_said_so(tmp_path):
    short = "Forsker: Hvordan går det?\n\nBente: Jeg har det fint nok.\n\nForsker: Tak.\n"
    files = {"p1-1.txt": short.encode(), "p2-1.txt": interview("Lone", "Carl").encode()}
    reading = read_folder(folder_of(tmp_path, files))
    alone, asking = (problem.message for problem in reading.problems)
    assert reading.transcripts[0].person_of("Bente") == "p1"
    assert "Carl = deltager" in alone
    assert "Bente" not in alone
    assert "ud over intervieweren" in asking
    assert "Bente = deltager (1)" in asking


def test_later_waves_with_earlier_dates(tmp_path):
    table = "transcript,person,wave,date\na,p1,1,2009-01-01\nb,p1,2,2008-01-01\n"
    reading = read_folder(folder_of(tmp_path, {"a.txt": interview(), "b.txt": interview(), "interviews.csv": table}))
    assert kinds(reading) == {"wave_order": 1}


def test_problems_stand_with_their_transcripts_too(tmp_path):
    reading = read_folder(folder_of(tmp_path, {"interview.txt": interview()}))
    assert reading.problems == reading.transcripts[0].problems
    assert [problem.kind for problem in reading.problems] == ["no_person"]


def test_one_file(tmp_path):
    folder_of(tmp_path, {"p1-1.txt": interview()})
    assert read_transcript(tmp_path / "p1-1.txt").person == "p1"
    assert [one.name for one in read_folder(tmp_path / "p1-1.txt").transcripts] == ["p1-1"]


def test_couples_are_kept_apart(tmp_path):
    text = interview("I", "IP1", "\nIP2: Jeg var også med.\n\nI: Ja?\n")
    (one,) = read_folder(folder_of(tmp_path, {"p1-1.txt": text.encode()})).transcripts
    assert {s.label: s.person for s in one.speakers} == {"I": None, "IP1": "p1-IP1", "IP2": "p1-IP2"}


@pytest.mark.skipif(not AGENCY.exists(), reason="the coded corpus is not beside the tests")
@pytest.mark.parametrize("with_table", [True, False])
def test_the_coded_corpus(with_table):
    table = AGENCY / "interviews.csv"
    rows = {row["transcript"]: row for row in csv.DictReader(table.open(encoding="utf-8"))}
    reading = read_folder(AGENCY / "transcripts", table=table if with_table else None)
    assert len(reading.transcripts) == len(rows) == 140
    for one in reading.transcripts:
        row = rows[one.name]
        assert (one.person, one.wave) == (row["person"], int(row["wave"]))
        assert [s.label for s in one.speakers if s.role is Role.PARTICIPANT] == [row["participant_label"]]
    assert kinds(reading) == {"unknown_speaker": 2} | ({} if with_table else {"guessed_role": 2})


@pytest.mark.skipif(not AGENCY.exists(), reason="the coded corpus is not beside the tests")
def test_roles_are_guessed_right_where_labels_say_nothing(tmp_path):
    split = {row["person"]: row["split"] for row in csv.DictReader((AGENCY / "split.csv").open(encoding="utf-8"))}
    rows = list(csv.DictReader((AGENCY / "interviews.csv").open(encoding="utf-8")))
    for row in (row for row in rows if split[row["person"]] != "test"):
        text = (AGENCY / "transcripts" / f"{row['transcript']}.txt").read_text(encoding="utf-8")
        text = re.sub(r"(?m)^(\[[\d:]+\] )?(I|INT|Interviewer|SB):", "Lone:", text)
        text = re.sub(rf"(?m)^(\[[\d:]+\] )?{row['participant_label']}:", "Bente:", text)
        (tmp_path / f"{row['transcript']}.txt").write_text(text[text.index("Lone:") :], encoding="utf-8")
    for one in read_folder(tmp_path).transcripts:
        roles = {s.label: (s.role, s.source) for s in one.speakers}
        assert roles["Bente"] == (Role.PARTICIPANT, "guess"), one.name
        assert roles["Lone"] == (Role.INTERVIEWER, "guess"), one.name


@pytest.mark.skipif(not REPORTS.exists(), reason="the sample reports (../shared) are not beside the repository")
def test_reports_go_through():
    reading = read_folder(REPORTS)
    assert len(reading.transcripts) == len(list(REPORTS.glob("*.txt")))
    kinds_found = {problem.kind for problem in reading.problems}
    assert kinds_found <= {"no_labels", "no_participant", "same_interview", "guessed_wave"}


def test_a_text_too_long_for_an_interview_is_refused_in_one_sentence_and_the_rest_goes_on(tmp_path):
    (tmp_path / "lang.txt").write_text("IP: " + "jeg blev syg og " * 200_000, encoding="utf-8")
    (tmp_path / "p01-1.txt").write_text("I: Hvad skete der?\n\nIP: Jeg blev syg.\n", encoding="utf-8")
    reading = read_folder(tmp_path)
    assert [one.name for one in reading.transcripts] == ["p01-1"]
    (problem,) = [one for one in reading.problems if one.file == "lang.txt"]
    assert problem.fatal
    assert "lang.txt" in problem.message
    assert "3,2 mio." in problem.message
    assert "2,0 mio." in problem.message


def test_an_interpreter_is_kept_apart_and_said_so(tmp_path):
    turns = ["I: Hvad skete der?", "Tolk: Han blev syg.", "IP: Ja, syg.", "I: Og så?", "Tolk: Så kom han i praktik."]
    (tmp_path / "p01-1.txt").write_text("\n\n".join(turns), encoding="utf-8")
    reading = read_folder(tmp_path)
    (remark,) = [one for one in reading.problems if one.kind == "interpreter"]
    assert "Tolk" in remark.message
    assert not remark.fatal
