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
