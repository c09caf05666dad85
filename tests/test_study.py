"""The main job from end to end: annotate, resume, load, forget, classify."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import pandas as pd
import pytest
from dummies import tiny_codebook, tiny_model

import narratives
from narratives.cli import main
from narratives.errors import StudyError
from narratives.messages import set_language
from narratives.study.folder import StudyFolder
from narratives.study.forgetting import BLANK, blank, forget
from narratives.study.results import Result, ResultStore
from narratives.study.tables import NARRATIVE_COLUMNS, format_spans, parse_spans
from narratives.study.writing import read_csv, write_excel

TRANSCRIPTS = Path(__file__).parents[1] / "corpora" / "agency" / "transcripts"
MAIN_TABLES = ("narratives", "interviews", "omitted", "problems")
CODED = ["grad", "grad_p", "grad_p_lav", "grad_p_høj", "grad_p_intet", "emne", "emne_p", "emne_p_penge", "emne_p_æbler"]
NAMES = ("p02-1", "p02-2", "p08-3", "p10-1")


@pytest.fixture(autouse=True)
def _own_language():
    yield
    set_language(None)


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    return tiny_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def interviews(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study") / "interviews"
    folder.mkdir()
    for name in NAMES:
        shutil.copy(TRANSCRIPTS / f"{name}.txt", folder)
    table = pd.read_csv(TRANSCRIPTS.parent / "interviews.csv")
    table[table["transcript"].isin(NAMES)].to_csv(folder / "interviews.csv", index=False)
    return folder


@pytest.fixture(scope="session")
def made(interviews, model):
    return narratives.annotate(interviews, model=model, excel=True, show_progress=False)


@pytest.fixture
def study(made, tmp_path):
    """A copy that a test may change."""
    return narratives.load(shutil.copytree(made.path, tmp_path / "study"))


def test_the_study_lies_beside_the_folder_and_holds_every_table(made, interviews):
    assert made.path == interviews.with_name("interviews-study")
    names = {path.name for path in made.path.iterdir()}
    tables = {
        f"{name}{end}" for name in ("narratives", "interviews", "omitted", "problems") for end in (".csv", ".xlsx")
    }
    assert tables | {"narratives.parquet", "run.json", "results", "sources"} == names


def test_one_row_per_narrative_with_the_documented_columns(made):
    frame = made.narratives
    assert list(frame.columns) == [*NARRATIVE_COLUMNS, *CODED, "needs_review", "flags"]
    assert frame["narrative_id"].is_unique
    assert set(frame["person"]) == {"p02", "p08", "p10"}
    assert ((frame["grad_p"] > 0) & (frame["grad_p"] <= 1)).all()


def test_csv_and_parquet_hold_the_same(made):
    csv = read_csv(made.folder.table("narratives"))
    for column in ("narrative_id", "text", "start", "grad", "wave"):
        assert list(csv[column]) == list(made.narratives[column])


def test_every_text_is_found_at_its_spans_in_the_source(made):
    for row in pd.concat([made.narratives, made.omitted]).itertuples():
        source = made.source(row.transcript)
        assert " ".join(source[start:end] for start, end in parse_spans(row.spans)) == row.text
        assert source == (TRANSCRIPTS / f"{row.transcript}.txt").read_bytes().decode("utf-8")


def test_all_participant_speech_is_either_narrative_or_omitted(made):
    words = made.narratives.groupby("transcript")["n_words"].sum()
    words = words.add(
        made.omitted["text"].str.split().str.len().groupby(made.omitted["transcript"]).sum(), fill_value=0
    )
    spoken = made.interviews.set_index("transcript")["n_participant_words"]
    assert (words[spoken.index] == spoken).all()


def test_run_json_says_what_made_the_numbers(made):
    run = json.loads((made.path / "run.json").read_text(encoding="utf-8"))
    assert run["codebook"]["sha256"] == tiny_codebook().sha256 == made.codebook.sha256
    assert len(run["model"]["revision"]) == 64
    assert run["counts"] == {
        "transcripts": 4,
        "narratives": len(made.narratives),
        "problems": 0,
        "computed": 4,
        "reused": 0,
    }
    assert set(run["versions"]) >= {"narratives", "spacy", "torch", "transformers", "python"}
    assert set(run["transcripts"]) == set(NAMES)


def test_a_second_run_computes_nothing_and_keeps_ids(made, study, interviews, model):
    again = narratives.annotate(interviews, study.path, model=model, show_progress=False)
    assert again.run["counts"]["computed"] == 0
    assert list(again.narratives["narrative_id"]) == list(made.narratives["narrative_id"])


def test_only_a_changed_file_is_computed_again(made, study, interviews, model, tmp_path):
    changed = shutil.copytree(interviews, tmp_path / "interviews")
    path = changed / "p02-1.txt"
    path.write_text(path.read_text(encoding="utf-8") + "\nI: Tak.\n", encoding="utf-8")
    again = narratives.annotate(changed, study.path, model=model, show_progress=False)
    assert again.run["counts"] | {"problems": 0} == made.run["counts"] | {"computed": 1, "reused": 3}
    assert set(again.narratives["narrative_id"]) == set(made.narratives["narrative_id"])


def test_annotate_names_the_tables_it_makes_old_and_none_where_nothing_changed(
    study, interviews, model, tmp_path, capsys
):
    study.folder.table("shifts").write_text("person\np02\n", encoding="utf-8")
    changed = shutil.copytree(interviews, tmp_path / "interviews")
    command = ["--lang", "en", "annotate", str(changed), "-o", str(study.path), "--model", str(model), "--quiet"]
    assert main(command) == 0
    assert capsys.readouterr().err == ""
    table = pd.read_csv(changed / "interviews.csv")
    table.assign(wave=table["wave"] + 1).to_csv(changed / "interviews.csv", index=False)
    shutil.move(changed / "p02-2.txt", tmp_path)
    assert main(command) == 0
    assert ": shifts. " in capsys.readouterr().err


@pytest.fixture
def told_apart(tmp_path):
    """A folder in which nothing tells who asks, and a roles file that lies elsewhere and does."""
    folder = tmp_path / "interviews"
    folder.mkdir()
    said = "Jeg blev fyret i marts, fordi ryggen ikke kunne mere, og så søgte jeg selv en praktik på et lager."
    (folder / "p01-1.txt").write_text(f"Kirsten: {said}\n\nBodil: {said}\n" * 3, encoding="utf-8")
    roles = tmp_path / "talere.csv"
    roles.write_text("label,role\nKirsten,interviewer\nBodil,participant\n", encoding="utf-8")
    return folder, roles


def test_a_roles_file_may_lie_outside_the_folder(told_apart, model, tmp_path, capsys):
    folder, roles = told_apart
    named = ["--roles-table", str(roles)]
    assert main(["inspect", str(folder), "-o", str(tmp_path / "tables"), *named]) == 0
    speakers = read_csv(tmp_path / "tables" / "speakers.csv")
    assert dict(zip(speakers["label"], speakers["role"], strict=True)) == {
        "Kirsten": "interviewer",
        "Bodil": "participant",
    }
    command = ["annotate", str(folder), "-o", str(tmp_path / "study"), "--model", str(model), "--quiet"]
    assert main(command) == 1
    assert main([*command, *named]) == 0
    assert set(narratives.load(tmp_path / "study").narratives["speaker"]) == {"Bodil"}
    capsys.readouterr()
    assert main([*command, "--roles-table", str(tmp_path / "none.csv")]) == 1
    assert "none.csv" in capsys.readouterr().err


def test_an_interrupted_run_is_taken_up_where_it_stopped(interviews, model, tmp_path, monkeypatch, capsys):
    from narratives.study import annotating

    real, calls = annotating.compute, []

    def stop_at_third(transcript, engine, key):
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(transcript.name)
        return real(transcript, engine, key)

    monkeypatch.setattr(annotating, "compute", stop_at_third)
    command = ["annotate", str(interviews), "-o", str(tmp_path / "study"), "--model", str(model), "--quiet"]
    assert main(command) == 130
    assert "again" in capsys.readouterr().err
    monkeypatch.setattr(annotating, "compute", real)
    assert main(command) == 0
    assert narratives.load(tmp_path / "study").run["counts"] | {"narratives": 0} == {
        "transcripts": 4,
        "narratives": 0,
        "problems": 0,
        "computed": 2,
        "reused": 2,
    }


def test_a_bug_in_one_file_does_not_stop_the_others(interviews, model, tmp_path, monkeypatch):
    from narratives.study import annotating

    real = annotating.compute

    def fail_on_one(transcript, engine, key):
        if transcript.name == "p08-3":
            raise RuntimeError("bang")
        return real(transcript, engine, key)

    monkeypatch.setattr(annotating, "compute", fail_on_one)
    study = narratives.annotate(interviews, tmp_path / "study", model=model, show_progress=False)
    assert set(study.interviews["transcript"]) == set(NAMES) - {"p08-3"}
    (message,) = study.problems["message"]
    assert "p08-3.txt" in message
    assert "bang" in message


def test_a_damaged_result_is_computed_again(study, interviews, model):
    study.folder.results.path("p02-1").write_text("{", encoding="utf-8")
    again = narratives.annotate(interviews, study.path, model=model, show_progress=False)
    assert again.run["counts"]["computed"] == 1


def test_the_whole_run_opens_no_socket(interviews, model, tmp_path, monkeypatch):
    def refuse(*arguments, **keywords):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    study = narratives.annotate(interviews, tmp_path / "study", model=model, show_progress=False)
    assert len(study.interviews) == 4


def test_a_folder_that_is_no_study_is_left_alone(interviews, model, tmp_path):
    (tmp_path / "thesis.docx").write_text("precious")
    with pytest.raises(StudyError, match=r"not empty|ikke tom"):
        narratives.annotate(interviews, tmp_path, model=model, show_progress=False)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_load_refuses_a_folder_without_a_study(tmp_path):
    with pytest.raises(StudyError, match="annotate"):
        narratives.load(tmp_path)


def test_a_missing_folder_is_one_sentence_and_exit_code_one(tmp_path, model, capsys):
    command = ["annotate", str(tmp_path / "nothing"), "-o", str(tmp_path / "study"), "--model", str(model)]
    assert main(command) == 1
    error = capsys.readouterr().err.strip()
    assert "nothing" in error
    assert len(error.splitlines()) == 1


def test_forgetting_leaves_no_trace_of_the_person(study):
    kept = study.narratives[study.narratives["person"] != "p02"]
    words = list(study.narratives[study.narratives["person"] == "p02"]["text"])
    (study.path / "report.html").write_text("all quotes", encoding="utf-8")
    (study.path / "my notes.txt").write_text("mine", encoding="utf-8")
    pd.DataFrame({"person": ["p02", "p10"], "x": [1, 2]}).to_csv(study.path / "profiles.csv", index=False)
    done = forget(study.path, "p02")
    assert done.transcripts == ("p02-1", "p02-2")
    assert done.narratives == len(words)
    assert done.unknown == ("my notes.txt",)
    assert "report.html" in done.deleted
    after = narratives.load(study.path)
    assert list(after.narratives["narrative_id"]) == list(kept["narrative_id"])
    for path in study.path.rglob("*"):
        if path.is_file() and path.suffix not in (".parquet", ".xlsx"):
            content = path.read_text(encoding="utf-8")
            assert "p02" not in content, path
            assert not any(text in content for text in words), path
    for path in study.path.glob("*.xlsx"):
        assert "p02" not in set(pd.read_excel(path).astype(str).to_numpy().ravel())


def test_a_forgotten_person_does_not_come_back(study, interviews, model):
    forget(study.path, "p02")
    again = narratives.annotate(interviews, study.path, model=model, show_progress=False)
    assert set(again.narratives["person"]) == {"p08", "p10"}
    assert list(again.problems["kind"]) == ["withdrawn", "withdrawn"]


HIS = (
    "Jeg blev sygemeldt i marts 2019, fordi ryggen ikke kunne mere. Min chef sagde, at jeg skulle tage den med ro, "
    "men så blev jeg fyret i juni. Bagefter sad jeg derhjemme og vidste ikke, hvad jeg skulle gøre."
)
HERS = (
    "Jeg fik mit job i 2015 på en fabrik, og jeg blev træt, fordi vi havde nattevagter. Så sagde jeg op, og det har "
    "jeg aldrig fortrudt. Nu arbejder jeg på et lager."
)
SPOUSES = f"I: Hvad skete der så?\n\nIP1: {HIS}\n\nI: Og du?\n\nIP2: {HERS}\n"


@pytest.fixture
def spouses(tmp_path, model):
    folder = tmp_path / "couples"
    folder.mkdir()
    (folder / "k01-1.txt").write_text(SPOUSES, encoding="utf-8")
    return narratives.annotate(folder, tmp_path / "study", model=model, show_progress=False)


def test_one_of_a_couple_is_forgotten_and_the_other_stays_also_in_the_next_run(spouses, model, tmp_path):
    kept = spouses.narratives[spouses.narratives["person"] == "k01-IP2"]
    assert len(kept) == 1
    assert forget(spouses.path, "k01-IP1").narratives == 1
    again = narratives.annotate(tmp_path / "couples", spouses.path, model=model, show_progress=False)
    for study in (narratives.load(spouses.path), again):
        assert list(study.narratives["narrative_id"]) == list(kept["narrative_id"])
        assert len(study.source("k01-1")) == len(SPOUSES)
        files = [path.read_bytes() for path in study.path.rglob("*") if path.is_file()]
        assert not any(b"ryggen ikke kunne" in content for content in files)
    assert list(again.problems["kind"]) == ["withdrawn_part"]


def test_the_id_of_a_couple_means_both(spouses):
    assert forget(spouses.path, "k01").narratives == 2
    assert narratives.load(spouses.path).narratives.empty
    assert not (spouses.path / "sources" / "k01-1.txt").exists()


def test_forgetting_somebody_unknown_names_those_there_are(study):
    with pytest.raises(StudyError, match="p02, p08, p10"):
        forget(study.path, "p99")


def test_blanking_keeps_length_and_line_ends():
    assert blank("IP: ja\r\nnej 🙂", ((4, 9),)) == f"IP: {BLANK * 2}\r\n{BLANK}ej 🙂"


def test_spans_come_back_from_the_table():
    spans = ((0, 12), (40, 7_000_000))
    assert parse_spans(format_spans(spans)) == spans
    with pytest.raises(ValueError, match="unpack"):
        parse_spans("12")


def test_results_of_another_key_or_format_are_not_used(tmp_path):
    store = ResultStore(tmp_path)
    result = Result("key", {"transcript": "a/b", "wave": 1})
    store.put(result)
    assert store.get("a/b", "key") == result
    assert store.get("a/b", "other") is None
    assert store.names() == ["a/b"]
    store.path("a/b").write_text(result.to_json().replace('"format": 1', '"format": 0'), encoding="utf-8")
    assert store.get("a/b") is None


def test_text_that_looks_like_a_formula_stays_text_in_excel(tmp_path):
    from openpyxl import load_workbook

    write_excel(pd.DataFrame({"text": ["=1+1", "æ\x0bø"], "p": [0.5, None]}), tmp_path / "t.xlsx")
    sheet = load_workbook(tmp_path / "t.xlsx").active
    assert sheet["A2"].value == "=1+1"
    assert sheet["A2"].data_type == "s"
    assert sheet["B2"].value == 0.5
    assert sheet["B3"].value is None


def test_a_study_folder_knows_the_withdrawn_by_digest_only(tmp_path):
    folder = StudyFolder(tmp_path)
    folder.note_withdrawal("p07")
    assert folder.has_withdrawn("p07")
    assert not folder.has_withdrawn("p08")
    assert "p07" not in (tmp_path / "withdrawn.json").read_text()
