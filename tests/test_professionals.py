"""The professionals' line, from a transcript to the tables and the report, never mixed with the participant's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from dummies import tiny_model
from lxml import html
from studies import make_study

import narratives
from narratives.cli import main
from narratives.cli.showing import by_line, person_wave_table, show_results
from narratives.errors import NarrativesError
from narratives.measuring.rows import PARTICIPANT
from narratives.messages import set_language, speaking
from narratives.study.annotating import Outcome
from narratives.study.tracking import track

SAMPLE = Path(__file__).parents[1] / "corpora" / "sample"
OBSERVED = "p14-2 observation.vtt"


@pytest.fixture(autouse=True)
def _own_language():
    yield
    set_language(None)


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


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    return make_study(tmp_path_factory.mktemp("both") / "study", persons=2, waves=2, n=3, professionals=True)


def test_a_notebook_shows_either_line_by_itself(both):
    rows = both.narratives
    assert both.lines == ("participant", "professional")
    for line, shown in (("participant", both.quotes()), ("professional", both.quotes(line="professional"))):
        assert set(shown["narrative_id"]) == set(rows.loc[rows["role"] == line, "narrative_id"])
    theirs = both.person("p02", line="professional")
    assert list(theirs.quotes()["transcript"]) == ["p02-1", "p02-2"]
    assert list(both.quotes("p02", wave=2, line="professional")["transcript"]) == ["p02-2"]
    assert set(theirs.narratives["role"]) == {"professional"}
    assert repr(theirs) == "Person('p02', professional: 2 narratives)"
    assert repr(both.person("p02")) == "Person('p02': 6 narratives)"
    ours, told = both.display(7), both.display(7, line="professional")
    assert not set(ours.narrative_ids) & set(told.narrative_ids)
    assert set(told.narrative_ids) <= set(rows.loc[rows["role"] == "professional", "narrative_id"])
    assert told.narrative_ids
    assert len(both.plot_shift("p02", line="professional").axes) == 2


def test_a_line_that_is_not_there_is_refused_with_those_there_are(both, tmp_path):
    with pytest.raises(NarrativesError, match=r"mentor.* participant, professional\."):
        both.quotes(line="mentor")
    alone = make_study(tmp_path / "alone", persons=1, waves=1)
    for look in (lambda: alone.person("p01", line="professional"), lambda: alone.display(7, line="professional")):
        with pytest.raises(NarrativesError, match="--roles participant,professional"):
            look()


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ({"person": "7"}, "7.*p01, p02"),
        ({"person": "nobody"}, "p01, p02"),
        ({"wave": 9}, "9.*1, 2"),
        ({"wave": "x"}, "1, 2"),
    ],
)
def test_quotes_of_nobody_or_no_wave_are_refused_with_those_there_are(both, asked, there):
    with pytest.raises(NarrativesError, match=there):
        both.quotes(**asked)
    if "wave" in asked:
        with pytest.raises(NarrativesError, match=there):
            both.person("p01").quotes(**asked)


def test_a_wave_may_stand_in_quotation_marks(both):
    expected = both.quotes(wave=2)
    assert len(expected) == 6
    for wave in ("2", " 2 ", 2.0):
        assert both.quotes(wave=wave).equals(expected)
    assert both.person("p01").quotes(wave="2").equals(both.quotes("p01", 2))


@pytest.mark.parametrize(("tongue", "label"), [("da", "Grad af agency"), ("en", "Degree of agency")])
def test_annotates_summary_heads_its_tables_in_the_language_in_force(both, tongue, label, capsys):
    with speaking(tongue):
        show_results(Outcome((), (), 0, 0), both.path)
    shown = capsys.readouterr().out
    assert label in shown
    assert ("Grad af agency" in shown) == (tongue == "da")


def test_annotates_summary_names_whom_professionals_speak_of(both, capsys):
    lines = by_line(both.narratives, both.interviews)
    assert list(lines) == ["participant", "professional"]
    table = person_wave_table(lines["professional"], "agency", both.codebook["agency"].labels)
    assert list(table.iloc[:, 0]) == ["p01", "p01", "p02", "p02"]
    assert list(table.iloc[:, 2]) == [1, 1, 1, 1]
    with speaking("en"):
        show_results(Outcome((), (), 0, 0), both.path)
    shown = capsys.readouterr().out
    assert "(professional)" in shown
    assert "?" not in shown
