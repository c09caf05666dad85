"""``track --by`` and what the report shows of groups and of corrections."""

from __future__ import annotations

import pandas as pd
import pytest
from lxml import html
from studies import make_study

from narratives.agency import draw_sample, read_review, review_sheet
from narratives.cli import main
from narratives.errors import NarrativesError
from narratives.messages import say, set_language, speaking
from narratives.report import write_report
from narratives.report.building import Report
from narratives.report.corrections import NOT_CORRECTED
from narratives.study import Study, load
from narratives.study.grouping import GROUP_TABLES, attributes
from narratives.study.tracking import track


@pytest.fixture(autouse=True)
def as_before():
    """The command line's choice of language ends with the test."""
    yield
    set_language(None)


@pytest.fixture
def study(tmp_path) -> Study:
    """Six persons, five of them women."""
    made = make_study(tmp_path / "study", 6, 2, 3)
    interviews = made.interviews
    interviews["sex"] = interviews["sex"].where(interviews["person"] != "p06", "mand")
    interviews.to_csv(made.path / "interviews.csv", index=False)
    return load(made.path)


def test_attributes_go_by_the_names_people_use(study):
    assert attributes(study.interviews, ["køn", "SEX", "age"]) == ("sex", "age")
    with pytest.raises(NarrativesError) as caught:
        attributes(study.interviews, ["skostørrelse"])
    assert "skostørrelse" in str(caught.value)
    assert "sex, age" in str(caught.value)
    assert "sha256" not in str(caught.value)


def test_track_by_writes_the_tables_and_says_what_it_hid(study, capsys):
    assert main(["--lang", "da", "track", str(study.path), "--by", "køn"]) == 0
    told = capsys.readouterr().out
    assert "kvinde (5 personer), mand (skjult)" in told
    assert "færre end 5 personer" in told
    for name in GROUP_TABLES:
        table = pd.read_parquet(study.folder.table(name, ".parquet"))
        assert len(table) == len(pd.read_csv(study.folder.table(name))) > 0
        assert set(table["attribute"]) == {"sex"}
    groups = pd.read_parquet(study.folder.table("groups", ".parquet"))
    assert groups.groupby("group")["suppressed"].all().to_dict() == {"kvinde": False, "mand": True}
    assert groups.loc[groups["suppressed"], ["mean", "persons"]].isna().all(axis=None)
    assert main(["--lang", "da", "track", str(study.path), "--by", "skostørrelse"]) == 1
    assert "sex, age" in capsys.readouterr().err


def test_without_groups_none_are_written(study):
    assert not set(GROUP_TABLES) & set(track(study).tables)
    assert not study.folder.table("groups").exists()


def test_the_report_shows_groups_where_they_were_tracked(study):
    track(study, by=["sex"], min_cell=0)
    (path,) = write_report(study)
    tree = html.document_fromstring(path.read_text(encoding="utf-8"))
    captions = [caption.text_content() for caption in tree.xpath("//section[@id='overview']//caption")]
    with speaking("da"):
        for key in ("report.groups", "report.groups.shifts", "report.groups.contrasts"):
            assert captions.count(say(key, attribute="køn")) == 1
    assert "kvinde minus mand" in tree.text_content()


def test_with_a_review_shares_and_shifts_are_corrected_and_the_rest_says_it_is_not(study, tmp_path):
    sheet = review_sheet(draw_sample(study.narratives, 24, by=("wave",)), study.codebook, coder="Åse")
    for variable in study.codebook.variables:
        sheet[variable.name] = variable.labels[0]
    path = tmp_path / "review.csv"
    sheet.to_csv(path, index=False)
    with speaking("da"):
        report = Report(study, read_review(path, study))
        shown = {item.title: item for item in report.overview()}
        shifts, shares = (shown[say(f"report.review.{name}")] for name in ("shifts", "shares"))
        assert say("agency.verdict.rules") in shifts.notes
        assert all("[" in row[-2].text and row[-2].narrative_ids for row in shifts.rows)
        assert {row[-1].text for row in shifts.rows} <= {
            say(f"agency.verdict.{name}") for name in ("gain", "loss", "stable", "undecided")
        }
        ranked = [variable for variable in study.codebook.variables if variable.ranked]
        assert len(shares.rows) == 2 * sum(len(variable.codes) for variable in ranked)
        warned = say("report.review.not_corrected", title=say("report.review.shifts"))
        person = next(report.persons())
        for item in (*shown.values(), *person.displays):
            if item.number in NOT_CORRECTED[1:] and item.rows:
                assert warned in item.notes
        assert warned not in shifts.notes
        plain = Report(study)
        assert not any(warned in item.notes for item in plain.overview())
