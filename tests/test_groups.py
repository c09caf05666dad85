"""``track --by`` and what the report shows of groups and of corrections."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest
from lxml import html
from studies import make_study
from test_agency import BOOK, WEATHER, random_table, table

from narratives import agency
from narratives.agency import draw_sample, read_review, review_sheet
from narratives.cli import main
from narratives.errors import NarrativesError, StudyError
from narratives.messages import say, set_language, speaking
from narratives.report import write_report
from narratives.report.building import Report
from narratives.report.corrections import NOT_CORRECTED
from narratives.study import Study, load
from narratives.study.grouping import GROUP_TABLES, attributes, changed_groups
from narratives.study.tracking import track


@pytest.fixture(autouse=True)
def as_before():
    """The command line's choice of language ends with the test."""
    yield
    set_language(None)


def filled_in(study: Study, folder: Path) -> Path:
    """A review of 24 narratives in which a coder gave every variable's first code."""
    sheet = review_sheet(draw_sample(study.narratives, 24, by=("wave",)), study.codebook, coder="Åse")
    for variable in study.codebook.variables:
        sheet[variable.name] = variable.labels[0]
    sheet.to_csv(folder / "review.csv", index=False)
    return folder / "review.csv"


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
    path = filled_in(study, tmp_path)
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
        warned = say("report.review.not_corrected", title=say("report.review.persons_shifts"))
        theirs = say("report.review.not_corrected", title=say("report.review.person_shifts"))
        person = next(report.persons())
        for displays, sentence in ((shown.values(), warned), (person.displays, theirs)):
            for item in displays:
                if item.number in NOT_CORRECTED[1:] and item.rows:
                    assert sentence in item.notes
        assert warned not in shifts.notes
        plain = Report(study)
        assert not any(warned in item.notes for item in plain.overview())


def test_a_report_with_a_review_corrects_each_persons_means_and_shifts(study, tmp_path):
    path = filled_in(study, tmp_path)
    with speaking("en"):
        report = Report(study, read_review(path, study))
        shown = {item.title: item for item in report.overview()}
        everybody = shown[say("report.review.persons_shifts")]
        person = next(report.persons())
        theirs = {item.title: item for item in person.displays}
    ranked = [variable for variable in study.codebook.variables if variable.ranked]
    assert len(everybody.rows) == len(ranked) * study.narratives["person"].nunique()
    means = theirs["Mean rank in each wave, corrected by people's codes"]
    assert len(means.rows) == 2 * len(ranked)
    sampled = set(pd.read_csv(path)["narrative_id"])
    for row in means.rows:
        reviewed, numbers = row[-2:]
        assert int(reviewed.text) == len(reviewed.narrative_ids)
        assert set(reviewed.narrative_ids) == set(numbers.narrative_ids) & sampled
        assert numbers.text.count("[") == numbers.text.count("⇒") == 1
    assert [row[-1].text in ("gain", "loss", "stable", "undecided") for row in everybody.rows]


def test_groups_are_corrected_where_there_is_a_review(study, tmp_path):
    path = filled_in(study, tmp_path)
    found = track(study, review=path, by=["sex"], min_cell=0)
    groups = found["corrected_groups"]
    assert set(groups["group"]) == set(found["groups"]["group"])
    whole = found["corrected_means"].set_index(["variable", "wave"])["n"]
    assert (groups.groupby(["variable", "wave"])["n"].sum() == whole.astype("Int64")).all()
    assert set(found["corrected_group_shifts"]["verdict"]) <= {"gain", "loss", "stable", "undecided"}
    hidden = track(study, review=path, by=["sex"], min_cell=99)["corrected_groups"]
    assert hidden["suppressed"].all()
    assert hidden[["naive", "estimate", "low", "high", "persons", "n"]].isna().all(axis=None)
    assert (hidden["narrative_ids"] == "").all()


def test_the_report_shows_corrected_groups_where_they_were_tracked(study, tmp_path):
    path = filled_in(study, tmp_path)
    review = read_review(path, study)
    with speaking("da"):
        track(study, by=["sex"], min_cell=0)
        without = {shown.title: shown for shown in Report(study, review).overview()}
        title = say("report.groups.corrected", attribute="køn")
        assert title not in without
        assert say("report.groups.not_corrected") in without[say("report.groups", attribute="køn")].notes
        track(study, review=path, by=["sex"], min_cell=0)
        shown = {shown.title: shown for shown in Report(study, review).overview()}
        assert say("report.groups.see_corrected") in shown[say("report.groups", attribute="køn")].notes
        plain = {item.title: item for item in Report(study).overview()}
        assert say("report.groups.see_corrected") not in plain[say("report.groups", attribute="køn")].notes
    for name in ("report.groups.corrected", "report.groups.corrected_shifts"):
        with speaking("da"):
            table = shown[say(name, attribute="køn")]
        assert table.rows
        for row in table.rows:
            assert int(row[-2].text) == len(row[-2].narrative_ids)
            assert set(row[-2].narrative_ids) <= set(row[-1].narrative_ids) != set()


def interviews_of(frame: pd.DataFrame, **columns: dict[str, str]) -> pd.DataFrame:
    held = frame[["transcript", "person", "wave"]].drop_duplicates()
    return held.assign(**{name: held["transcript"].map(values) for name, values in columns.items()})


def test_whoever_changes_group_stays_in_the_first_so_that_no_shift_is_lost():
    frame = random_table(4, 2, 5)
    held = interviews_of(frame).assign(matchgruppe=["2", "3", "2", "2", "3", "3", "", "2"])
    moved = agency.group_shifts(frame, BOOK, held, "matchgruppe", variables=["agency"])
    counted = moved[moved["span"] == "overall"].set_index("group")["persons"]
    assert counted.to_dict() == {"2": 3, "3": 1}
    stood = agency.by_group(frame, BOOK, held, "matchgruppe", variables=["agency"])
    assert stood.groupby("wave")["persons"].sum().tolist() == [4, 4]


def test_whoever_changes_group_is_named(study):
    interviews = study.interviews.assign(gruppe=["2", "3", *["2"] * (len(study.interviews) - 2)])
    changed = interviews["person"].iloc[0]
    assert changed_groups(interviews, ["gruppe"]) == {"gruppe": (changed,)}
    assert changed_groups(interviews, ["sex"]) == {}


def test_overall_is_from_each_persons_first_to_last_wave():
    frame = random_table(4, 3, 5)
    frame = frame[~((frame["person"] == frame["person"].iloc[0]) & (frame["wave"] == 3))]
    moved = agency.group_shifts(frame, BOOK, interviews_of(frame), variables=["agency"])
    overall = moved[moved["span"] == "overall"]
    assert overall[["wave_from", "wave_to", "persons"]].to_numpy().tolist() == [[1, 3, 4]]
    own = agency.shifts(frame, BOOK, variables=["agency"])
    expected = own.loc[own["span"] == "overall", "difference"].mean()
    assert overall["difference"].item() == pytest.approx(expected)


def test_intervals_of_two_persons_stay_within_the_scale():
    frame = table([("a", 1, "storm")] * 3 + [("b", 1, "still")] * 3 + [("a", 2, "still")] * 3 + [("b", 2, "storm")] * 3)
    stood = agency.by_group(frame, WEATHER, interviews_of(frame))
    assert stood[["low", "high"]].to_numpy().tolist() == [[0, 1], [0, 1]]
    moved = agency.group_shifts(frame, WEATHER, interviews_of(frame))
    assert moved["low"].min() == -1
    assert moved["high"].max() == 1


def test_a_sample_can_be_drawn_by_an_attribute_of_the_interviews():
    frame = random_table(6, 2, 5)
    held = interviews_of(frame)
    held["kommune"] = (held["person"].rank(method="dense") <= 3).map({True: "Vejle", False: "Ribe"})
    drawn = draw_sample(frame, 20, by=("kommune", "wave"), interviews=held)
    places = drawn["transcript"].map(held.set_index("transcript")["kommune"])
    assert places.value_counts().to_dict() == {"Vejle": 10, "Ribe": 10}
    with pytest.raises(StudyError, match="kommune"):
        draw_sample(frame, 20, by=("region",), interviews=held)


def test_every_row_of_a_groups_table_has_a_cell_for_each_column(study, tmp_path):
    path = filled_in(study, tmp_path)
    for least in (0, 99):
        track(study, review=path, by=["sex"], min_cell=least)
        with speaking("da"):
            for shown in Report(study, read_review(path, study)).overview():
                assert {len(row) for row in shown.rows} <= {len(shown.columns)}


def test_a_review_of_other_narratives_corrects_nothing_in_the_report(study, tmp_path):
    review = read_review(filled_in(study, tmp_path), study)
    elsewhere = dataclasses.replace(review, rows=review.rows.assign(narrative_id="elsewhere"))
    with speaking("da"):
        shown = list(Report(study, elsewhere).overview())
        plain = list(Report(study).overview())
    assert [item.title for item in shown] == [item.title for item in plain]
    assert [item.notes for item in shown] == [item.notes for item in plain]


def test_with_two_waves_no_shift_is_told_twice(study, tmp_path):
    review = read_review(filled_in(study, tmp_path), study)
    with speaking("da"):
        report = Report(study, review)
        tables = [*report.overview(), *next(report.persons()).displays]
    corrected = [item for item in tables if "rettet ud fra manuel kodning" in item.title]
    assert len(corrected) > 3
    for item in corrected:
        told = [tuple(cell.text for cell in row) for row in item.rows]
        assert len(set(told)) == len(told)
