"""Drawing a sample, reading it back, correcting with it, and the commands around it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_agency import BOOK, WEATHER, random_table, table

from narratives import agency
from narratives.cli import sample as sample_command
from narratives.cli import track as track_command
from narratives.errors import StudyError
from narratives.measuring.reviewing import check_review
from narratives.measuring.sampling import review_sheet, write_review
from narratives.study import load
from narratives.study.tracking import CORRECTED_TABLES, TABLES, track


def with_sources(frame: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """The table with true places in source texts, which are written to the study."""
    frame = frame.assign(start=frame.groupby("transcript").cumcount() * 20)
    (folder / "sources").mkdir()
    for name, rows in frame.groupby("transcript"):
        text = "".join(f"{row.text:<20}" for row in rows.itertuples())
        (folder / "sources" / f"{name}.txt").write_text(text, encoding="utf-8")
    return frame


@pytest.fixture
def study(tmp_path):
    """A study folder with the tables that measuring needs."""
    folder = tmp_path / "study"
    folder.mkdir()
    frame = with_sources(random_table(4, 3, 6).assign(question="Hvad så?"), folder)
    frame.to_parquet(folder / "narratives.parquet")
    frame[["transcript", "person", "wave"]].drop_duplicates().to_csv(folder / "interviews.csv", index=False)
    run = {"codebook": {"content": BOOK.to_dict()}, "model": {"name": "robot"}, "counts": {}}
    (folder / "run.json").write_text(json.dumps(run))
    return load(folder)


def filled(frame: pd.DataFrame, size: int = 30, **options) -> pd.DataFrame:
    """A sample in which the coder agrees with the model."""
    drawn = agency.draw_sample(frame, size, by=("wave",), **options)
    sheet = review_sheet(drawn, BOOK, coder="AB")
    for name in BOOK.names:
        sheet[name] = drawn[name]
    return sheet


def test_every_stratum_gives_its_share_and_the_probability_is_stored():
    frame = table([("a", 1, "still")] * 30 + [("a", 2, "still")] * 10 + [("b", 3, "still")])
    drawn = agency.draw_sample(frame, 20, by=("wave",), seed=1)
    counts = drawn["wave"].value_counts()
    assert (counts[1], counts[2], counts[3]) == (15, 5, 1)
    assert drawn.groupby("wave")["probability"].first().tolist() == pytest.approx([0.5, 0.5, 1])
    assert drawn["narrative_id"].is_unique
    again = agency.draw_sample(frame, 20, by=("wave",), seed=1)
    pd.testing.assert_frame_equal(drawn, again)


def test_every_narrative_is_drawn_as_often_as_its_probability_says():
    frame = table([("a", 1, "still")] * 7 + [("a", 2, "still")] * 3)
    drawn = pd.concat([agency.draw_sample(frame, 5, by=("wave",), seed=seed) for seed in range(80)])
    rate = drawn.groupby("narrative_id").size() / 80
    wanted = drawn.groupby("narrative_id")["probability"].first()
    assert np.abs(rate - wanted).max() < 0.2


def test_the_sheet_is_blind_unless_asked():
    drawn = agency.draw_sample(random_table(1, 2, 5), 4)
    blind = review_sheet(drawn, BOOK)
    assert (blind[list(BOOK.names)] == "").all(axis=None)
    assert not [column for column in blind if "_p_" in column or column.startswith("model_")]
    assert "model_agency" in review_sheet(drawn, BOOK, show_codes=True)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_wrong_rows_are_rejected_one_by_one(tmp_path, suffix):
    frame = random_table(3, 3, 6)
    sheet = filled(frame).astype(object)
    sheet.loc[0, "agency"] = "sludder"
    sheet.loc[1, "coder"] = "robot"
    sheet.loc[2, "text"] = "Noget andet."
    sheet.loc[3, "narrative_id"] = "n999"
    sheet.loc[4, "probability"] = 2
    sheet.loc[5, list(BOOK.names)] = ""
    sheet.loc[6, "agency"] = str(sheet.loc[6, "agency"]).upper()
    path = tmp_path / f"review{suffix}"
    write_review(sheet, path, BOOK)
    review = check_review(path, frame, BOOK, model="robot")
    assert [problem.place.split()[-1] for problem in review.problems] == ["2", "3", "4", "5", "6"]
    for problem, sign in zip(review.problems, ["sludder", "coder", "tekst|text", "n999", "2"], strict=True):
        assert any(part in problem.message for part in sign.split("|"))
    assert (len(review.rows), len(review.coded)) == (28, 24)
    with pytest.raises(StudyError):
        write_review(sheet, path, BOOK)


def test_a_sheet_without_codes_is_refused(tmp_path):
    frame = random_table(1, 1, 6)
    path = tmp_path / "review.csv"
    write_review(review_sheet(agency.draw_sample(frame, 5), BOOK), path, BOOK)
    with pytest.raises(StudyError, match=r"review\.csv"):
        check_review(path, frame, BOOK)


def test_the_workbook_offers_the_codes_as_lists(tmp_path):
    from openpyxl import load_workbook

    path = tmp_path / "review.xlsx"
    write_review(review_sheet(agency.draw_sample(random_table(1, 1, 6), 5), BOOK), path, BOOK)
    book = load_workbook(path)
    lists = book.worksheets[0].data_validations.dataValidation
    assert len(lists) == len(BOOK.variables)
    first, last = (int(part.split("$")[-1]) for part in lists[0].formula1.split("!")[1].split(":"))
    names = [book.worksheets[1].cell(row, 2).value for row in range(first, last + 1)]
    assert names == list(BOOK.variables[0].labels)


def test_correction_removes_the_bias_of_a_model_that_errs_one_way():
    truth = [("p" + str(i % 20), 1 + (i // 20) % 2, "storm" if i % 3 else "still") for i in range(400)]
    right = table(truth)
    wrong = right.copy()
    wrong.loc[::2, ["wind_p_storm", "wind_p_still"]] = 0.0, 1.0
    drawn = agency.draw_sample(wrong, 120, by=("wave",))
    review = drawn[["narrative_id", "probability"]].merge(right[["narrative_id", "wind"]])
    rows = agency.corrected_shares(wrong, review, WEATHER, by=()).set_index("code")
    share = (right["wind"] == "storm").mean()
    assert rows.loc["storm", "naive"] < share - 0.25
    assert rows.loc["storm", "low"] < share < rows.loc["storm", "high"]
    assert rows.loc["storm", "n_reviewed"] == 120


def test_correction_with_everything_reviewed_is_the_truth():
    right = table([("a", 1, "storm"), ("b", 1, "still"), ("a", 2, "storm"), ("b", 2, "unsaid")] * 5)
    wrong = right.assign(wind_p_storm=0.2, wind_p_still=0.8, wind_p_unsaid=0.0)
    review = right[["narrative_id", "wind"]].assign(probability=1.0)
    means = agency.corrected_means(wrong, review, WEATHER)
    assert means["estimate"].tolist() == pytest.approx([0.5, 1.0])
    assert means["naive"].tolist() == pytest.approx([0.2, 0.2])
    shift = agency.corrected_shifts(wrong, review, WEATHER).iloc[0]
    assert (shift["naive"], shift["estimate"]) == pytest.approx((0.0, 0.5))


def test_without_enough_reviewed_there_is_no_interval():
    frame = table([("a", 1, "storm"), ("b", 1, "still")] * 10)
    review = frame[["narrative_id", "wind"]].assign(probability=0.1)[:3]
    row = agency.corrected_means(frame, review, WEATHER).iloc[0]
    assert np.isnan(row["low"])
    assert row["n_reviewed"] == 3
    untouched = agency.corrected_means(frame, review[:0], WEATHER).iloc[0]
    assert np.isnan(untouched["estimate"])
    assert untouched["naive"] == pytest.approx(0.5)


def test_a_shift_of_everybody_is_that_of_persons_who_speak_in_both_waves():
    frame = table([("a", 1, "storm"), ("b", 1, "still"), ("a", 2, "storm"), ("c", 2, "still")] * 10)
    review = frame[["narrative_id", "wind"]].assign(probability=1.0)
    row = agency.corrected_shifts(frame, review, WEATHER).iloc[0]
    assert (row["persons"], row["n"], row["estimate"]) == (1, 20, 0.0)
    parted = frame[frame["person"] != "a"]
    assert agency.corrected_shifts(parted, review, WEATHER).empty


def test_uncoded_rows_of_the_sample_do_not_bend_the_estimate():
    frame = table([(f"p{i}", 1, "still") for i in range(40)])
    review = frame[["narrative_id"]].assign(wind="storm", probability=1.0).astype(object)
    review.loc[::2, "wind"] = None
    assert agency.corrected_means(frame, review, WEATHER)["estimate"].tolist() == [1.0]


def run(command, *words):
    import argparse

    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    return command.run(parser.parse_args([command.__name__.rsplit(".", 1)[-1], *map(str, words)]))


def test_track_writes_every_table_and_the_commands_go_together(study, capsys):
    sheet = study.path / "review.csv"
    assert run(sample_command, study.path, "-n", 30, "-o", sheet, "--coder", "AB") == 0
    table = pd.read_csv(sheet, dtype=object, keep_default_na=False)
    codes = study.narratives.set_index("narrative_id").loc[table["narrative_id"]]
    for name in BOOK.names:
        table[name] = codes[name].to_numpy()
    table.to_csv(sheet, index=False)
    assert run(track_command, study.path, "--review", sheet) == 0
    for name in (*TABLES, *CORRECTED_TABLES):
        written = pd.read_parquet(study.folder.table(name, ".parquet"))
        assert len(written) == len(pd.read_csv(study.folder.table(name)))
        if name in ("interventions", "chains"):  # these texts name no intervention
            assert written.empty
            continue
        assert set(written["line"]) == {"participant"}
        assert written["narrative_ids"].str.len().min() > 0 or name == "distributions"
    assert "p003" in capsys.readouterr().out


def test_the_professionals_line_is_tracked_apart(study):
    frame = study.narratives
    frame.loc[frame["person"] == "p001", ["role", "person"]] = "professional", None
    found = track(study)
    profile = found["profiles"]
    assert found.lines == ("participant", "professional")
    assert set(profile.loc[profile["line"] == "professional", "person"]) == {"p001"}
    assert (profile.loc[(profile["line"] == "participant") & (profile["person"] == "p001"), "n"] == 0).all()
    assert set(found["pointes"]["line"]) == set(found.lines)


def test_codes_without_a_coder_are_used_and_said_to_be_nameless(tmp_path):
    frame = random_table(3, 3, 6)
    sheet = filled(frame).astype(object)
    sheet.loc[:3, "coder"] = ""
    path = tmp_path / "review.csv"
    write_review(sheet, path, BOOK)
    review = check_review(path, frame, BOOK, model="robot")
    assert len(review.coded) == 30
    (problem,) = review.problems
    assert "4" in problem.message
    unnamed = review.rows["coder"].unique()
    assert len(unnamed) == 2
    assert "" not in unnamed


def test_a_probability_that_was_changed_is_refused_and_the_others_used(tmp_path):
    frame = random_table(3, 3, 6)
    sheet = filled(frame).astype(object)
    sheet.loc[3, "probability"] = 0.01
    path = tmp_path / "review.csv"
    write_review(sheet, path, BOOK)
    review = check_review(path, frame, BOOK)
    (problem,) = review.problems
    assert "0.01" in problem.message
    assert sheet.loc[3, "narrative_id"] in problem.message
    assert len(review.rows) == 29


def test_deleted_rows_are_told_of_and_count_as_rows_left_blank(tmp_path):
    frame = random_table(4, 2, 12)
    sheet = filled(frame, 40).astype(object)
    sheet.loc[:19, "agency"] = [label for _ in range(10) for label in ("målbevidsthed", "vekselvirkning")]
    blank = sheet.copy()
    blank.loc[20:, [*BOOK.names, "coder"]] = ""
    found = []
    for name, table_of in (("blank", blank), ("deleted", sheet[:20])):
        path = tmp_path / f"{name}.csv"
        write_review(table_of, path, BOOK)
        review = check_review(path, frame, BOOK)
        found.append(agency.corrected_means(frame, review.rows, BOOK)[["estimate", "low", "high"]])
        assert len(review.problems) == (name == "deleted")
    pd.testing.assert_frame_equal(*found)


def test_a_rejected_row_does_not_stand_in_the_way_of_a_right_one(tmp_path):
    frame = random_table(3, 3, 6)
    sheet = filled(frame).astype(object)
    wrong = sheet[:1].assign(agency="magtesløs")
    path = tmp_path / "review.csv"
    write_review(pd.concat([wrong, sheet]), path, BOOK)
    review = check_review(path, frame, BOOK)
    assert [problem.place.split()[-1] for problem in review.problems] == ["2"]
    assert sheet.loc[0, "narrative_id"] in set(review.coded["narrative_id"])


def test_how_much_somebody_tells_is_no_shift():
    told = [("a", 1, "storm", 9), ("a", 2, "storm", 3), ("b", 1, "still", 3), ("b", 2, "still", 9)]
    frame = table([(person, wave, code) for person, wave, code, count in told for _ in range(count)])
    review = frame[["narrative_id", "wind"]].assign(probability=1.0)
    row = agency.corrected_shifts(frame, review, WEATHER).iloc[0]
    assert row["naive"] == pytest.approx(0)
    assert row["estimate"] == pytest.approx(0)


def test_a_wave_that_nobody_coded_leaves_the_others_as_they_are():
    frame = table([(f"p{i % 5}", wave, "storm" if i % 2 else "still") for wave in (1, 2) for i in range(40)])
    right = frame["wind"].copy()
    frame = frame.assign(wind_p_storm=0.9, wind_p_still=0.1, wind_p_unsaid=0.0)
    review = frame[["narrative_id"]].assign(probability=1.0, wind=right.where(frame["wave"] == 1))
    means = agency.corrected_means(frame, review, WEATHER).set_index("wave")
    assert means.loc[1, "estimate"] == pytest.approx(0.5)
    assert np.isnan(means.loc[2, "estimate"])


def test_codes_without_a_rank_are_no_basis_for_a_mean():
    frame = table([(f"p{i % 5}", 1, "storm" if i % 2 else "unsaid") for i in range(40)], sure=0.8)
    review = frame[["narrative_id"]].assign(probability=1.0, wind="unsaid")
    row = agency.corrected_means(frame, review, WEATHER).iloc[0]
    assert row["n_reviewed"] == 40
    assert np.isnan(row["estimate"])
    shares = agency.corrected_shares(frame, review, WEATHER).set_index("code")
    assert shares.loc["unsaid", "estimate"] == pytest.approx(1)


def test_few_persons_who_are_alike_by_chance_do_not_make_a_short_interval():
    rng = np.random.default_rng(2)
    frame = table([(person, 1, ("still", "storm")[rng.integers(2)]) for person in ("a", "b") for _ in range(30)])
    review = frame[["narrative_id", "wind"]].assign(probability=1.0)
    row = agency.corrected_means(frame, review, WEATHER).iloc[0]
    assert row["high"] - row["low"] > 0.4


def test_ids_that_a_workbook_made_numbers_of_are_found():
    frame = table([("a", 1, "storm"), ("b", 1, "still")] * 10).assign(narrative_id=[str(i) for i in range(20)])
    review = pd.DataFrame({"narrative_id": range(20), "wind": frame["wind"], "probability": 1.0})
    assert agency.corrected_means(frame, review, WEATHER)["n_reviewed"].tolist() == [20]
