"""What commands say of a study before its numbers are trusted: who is left out, what is old, what nobody reads."""

from __future__ import annotations

import os

import pandas as pd
import pytest
from studies import make_study

import narratives
from narratives.cli import main
from narratives.messages import set_language
from narratives.study.remarks import changed_by_hand, left_out, not_renewed, older_tables
from narratives.study.writing import write_csv, write_excel, write_parquet


@pytest.fixture(autouse=True)
def _english():
    set_language("en")
    yield
    set_language(None)


@pytest.fixture
def study(tmp_path):
    return make_study(tmp_path / "study", persons=2, waves=2, n=3)


def later(path, seconds=10):
    """The file as if it had been written so many seconds later."""
    written = path.stat().st_mtime
    os.utime(path, (written + seconds, written + seconds))


def without_wave(study, transcript):
    """The study, opened anew, with one interview whose wave nobody knows."""
    rows, held = study.narratives.copy(), study.interviews.copy()
    rows.loc[rows["transcript"] == transcript, "wave"] = pd.NA
    held["wave"] = held["wave"].astype("Int64").mask(held["transcript"] == transcript)
    write_csv(rows, study.folder.table("narratives"))
    write_parquet(rows, study.folder.table("narratives", ".parquet"))
    write_csv(held, study.folder.table("interviews"))
    return narratives.load(study.path)


def test_whoever_has_no_wave_is_named_by_track_and_sample(study, capsys):
    assert left_out(study) == []
    opened = without_wave(study, "p02-1")
    (problem,) = left_out(opened)
    file = opened.interviews.set_index("transcript").loc["p02-1", "file"]
    assert f"{file} (p02)." in problem.message
    assert "p01" not in problem.message
    sheet = study.path.with_name("review.csv")
    for command in (["track", str(study.path), "--quiet"], ["sample", str(study.path), "-o", str(sheet)]):
        assert main(["--lang", "en", *command]) == 0
        assert f"Note: {problem.message}" in capsys.readouterr().err.splitlines()


def test_whoever_has_no_name_is_named_by_file(study):
    held = study.interviews.assign(person=study.interviews["person"].where(study.interviews["transcript"] != "p01-2"))
    rows = study.narratives.assign(person=study.narratives["person"].where(study.narratives["transcript"] != "p01-2"))
    study.__dict__ |= {"interviews": held, "narratives": rows}
    (problem,) = left_out(study)
    assert f": {held['file'][1]}. " in problem.message


@pytest.mark.parametrize(("suffix", "write"), [(".csv", write_csv), (".xlsx", write_excel)])
def test_codes_corrected_by_hand_are_said_to_be_ignored(study, suffix, write, capsys):
    path = study.folder.table("narratives", suffix)
    write(study.narratives, path)
    later(path)
    assert changed_by_hand(study) == []
    rows = study.narratives.copy()
    rows.loc[0, "agency"] = next(code for code in study.codebook["agency"].labels if code != rows.loc[0, "agency"])
    write(rows.drop(index=3), path)
    later(path)
    (problem,) = changed_by_hand(study)
    assert f"{path.name} was changed by hand (narratives: 2)" in problem.message
    assert "--review" in problem.message
    assert main(["--lang", "en", "track", str(study.path), "--quiet"]) == 0
    assert problem.message in capsys.readouterr().err


def test_a_table_saved_by_danish_excel_unchanged_is_no_change(study):
    study.narratives["person"] = study.narratives["person"].str.removeprefix("p")
    shown = study.narratives.assign(person=study.narratives["person"].astype(int))
    write_csv(shown, study.folder.table("narratives"), delimiter=";", excel=True)
    later(study.folder.table("narratives"))
    assert set(study.narratives["person"]) == {"01", "02"}
    assert changed_by_hand(study) == []


def test_tables_from_before_a_new_annotate_are_named(study, capsys):
    assert main(["--lang", "en", "track", str(study.path), "--quiet"]) == 0
    assert older_tables(study) == []
    assert capsys.readouterr().err == ""
    write_csv(pd.DataFrame({"person": []}), study.folder.table("groups"))
    later(study.folder.table("narratives", ".parquet"), 1000)
    (problem,) = older_tables(study)
    assert ": profiles, " in problem.message
    assert ", chains, groups. " in problem.message
    assert main(["--lang", "en", "track", str(study.path), "--quiet"]) == 0
    assert ": groups. " in capsys.readouterr().err


def test_corrected_tables_of_an_earlier_run_are_named_by_track_and_report(study, capsys):
    for name in ("corrected_shifts", "corrected_groups"):
        write_csv(pd.DataFrame({"person": []}), study.folder.table(name))
    later(study.folder.table("corrected_shifts"), -1000)
    (problem,) = not_renewed(study, ["shifts"])
    assert "corrected_shifts, corrected_groups." in problem.message
    assert not_renewed(study, ["corrected_shifts", "corrected_groups"]) == []
    assert main(["--lang", "en", "track", str(study.path), "--quiet"]) == 0
    assert problem.message in capsys.readouterr().err
    assert main(["--lang", "en", "report", str(study.path), "--quiet"]) == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert "corrected_shifts, corrected_groups" in line
    assert "--review" in line
