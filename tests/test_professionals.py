"""The professionals' line, from a transcript to the tables and the report, never mixed with the participant's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from dummies import tiny_model
from lxml import html

import narratives
from narratives.cli import main
from narratives.measuring.rows import PARTICIPANT
from narratives.study.tracking import track

SAMPLE = Path(__file__).parents[1] / "corpora" / "sample"
OBSERVED = "p14-2 observation.vtt"


@pytest.mark.slow
def test_lines_are_never_mixed(tmp_path):
    folder = tmp_path / "interviews"
    folder.mkdir()
    for name in ("p14-1.txt", OBSERVED, "p14-3.srt", "interviews.csv"):
        shutil.copy(SAMPLE / name, folder)
    model, place = tiny_model(tmp_path / "model"), tmp_path / "study"
    command = ["annotate", str(folder), "-o", str(place), "--model", str(model), "--quiet", "--density", "40"]
    assert main([*command, "--roles", "participant,professional"]) == 0
    study = narratives.load(place)
    rows = study.narratives
    ours, theirs = (rows[rows["role"] == role] for role in ("participant", "professional"))
    assert len(ours)
    assert len(theirs)
    assert not set(ours["speaker"]) & set(theirs["speaker"])
    tracking = track(study)
    assert set(tracking.lines) == {PARTICIPANT, "professional"}
    for line, told in ((PARTICIPANT, ours), ("professional", theirs)):
        table = tracking["profiles"]
        behind = {name for ids in table.loc[table["line"] == line, "narrative_ids"].dropna() for name in ids.split(";")}
        assert behind - {""} == set(told["narrative_id"])
    assert main(["report", str(place)]) == 0
    tree = html.document_fromstring((place / "report.html").read_text(encoding="utf-8"))
    told = {f"#{article.get('id')}": article.get("data-narrative") for article in tree.xpath("//article")}
    linked = {name: {told[to] for to in tree.xpath(f"{where}//a/@href")} for name, where in WHERE.items()}
    assert linked["theirs"] == set(theirs["narrative_id"])
    assert linked["ours"] <= set(ours["narrative_id"])


WHERE = {
    "theirs": "//section[@class='professionals']",
    "ours": "//section[contains(@class,'display')][not(ancestor::section[@class='professionals'])]",
}
"""Sections of the report that belong to one line alone."""


ASKED = (
    "I: Hvad skete der så?\n\nIP: Jeg blev fyret i marts, fordi ryggen ikke kunne mere, og så søgte jeg selv arbejde.\n"
)
MENTOR = "\nMentor: Hun ringede selv til lageret i maj, og så fik hun en praktik, som hun har holdt siden.\n"


@pytest.fixture
def pair(tmp_path):
    """A folder in which a professional speaks in one of two interviews."""
    folder = tmp_path / "interviews"
    folder.mkdir()
    (folder / "p01-1.txt").write_text(ASKED * 2, encoding="utf-8")
    (folder / "p02-1.txt").write_text(ASKED * 2 + MENTOR * 2, encoding="utf-8")
    return folder


def test_who_asks_for_professionals_alone_is_told_whom_each_file_lacks_and_how_to_get_both(pair, tmp_path, capsys):
    model, place = tiny_model(tmp_path / "model"), tmp_path / "study"
    command = ["--lang", "en", "annotate", str(pair), "-o", str(place), "--model", str(model), "--density", "40"]
    assert main([*command, "--quiet", "--roles", "professional"]) == 0
    lines = capsys.readouterr().err.splitlines()
    (left,) = [line for line in lines if "p01-1.txt" in line]
    assert "--roles: professional" in left
    assert "participant" not in left
    assert [line for line in lines if "--roles participant,professional" in line]
    assert set(narratives.load(place).narratives["role"]) == {"professional"}
    assert main([*command, "--quiet", "--roles", "participant,professional"]) == 0
    assert "--roles" not in capsys.readouterr().err
