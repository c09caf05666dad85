"""The simulations behind the intervals, in small; and the comparison of two codings."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_agency import BOOK, WEATHER, random_table, table

from narratives import agency
from narratives.measuring.corpus_check import compared, corrected_by_samples
from narratives.measuring.simulated import ACCURATE, CLASSIFIERS, POPULATION, TYPICAL, draw_codes
from narratives.measuring.simulated_groups import corrected_study
from narratives.measuring.simulated_persons import METHODS, person_studies
from narratives.measuring.simulated_studies import PERSONS, WAVES, whole_study
from narratives.measuring.simulation import coverage_table, main, verdict_table, whole_table
from narratives.measuring.simulation_page import as_markdown, read_tables
from narratives.measuring.target import target_met

OVERCONFIDENT = CLASSIFIERS[2]

PAGE = Path(__file__).parents[1] / "docs" / "simulations.md"


def test_a_calibrated_classifier_is_calibrated():
    rng = np.random.default_rng(0)
    codes = draw_codes(np.tile(POPULATION, (40_000, 1)), rng)
    given = ACCURATE.probabilities(codes, np.zeros(codes.shape, dtype=bool), rng)
    assert (given.argmax(axis=1) == codes).mean() == pytest.approx(0.82, abs=0.01)
    sure = (given[:, 2] > 0.5) & (given[:, 2] < 0.7)
    assert (codes[sure] == 2).mean() == pytest.approx(given[sure, 2].mean(), abs=0.03)
    assert given.mean(axis=0) == pytest.approx(POPULATION, abs=0.01)


def test_intervals_cover_where_others_do_not():
    found = person_studies(ACCURATE, TYPICAL, 8, 24)
    covered = dict(zip(METHODS, found.shift_covered.mean(axis=1), strict=True))
    assert covered["model"] > 0.92
    assert covered["corrected"] > 0.92
    assert found.mean_covered[:2].mean() > 0.92
    assert covered["bootstrap"] < covered["model"]
    for verdicts in found.verdict[:2]:
        assert np.isin(verdicts[found.unchanged], ("gain", "loss")).mean() < 0.08


def test_a_review_mends_the_intervals_of_an_overconfident_model():
    found = person_studies(OVERCONFIDENT, TYPICAL, 20, 24)
    model, corrected = found.mean_covered[:2].mean(axis=(1, 2))
    assert model < 0.92 < corrected


def test_whole_studies_are_measured_as_users_would():
    found = whole_study(OVERCONFIDENT, 5)
    assert list(found) == ["model", "corrected"]
    for study in found.values():
        assert study.means_covered.shape == (PERSONS * WAVES,)
        assert study.shifts_covered.shape == study.truth.shape == study.verdict.shape == (PERSONS * 3,)
        assert study.means_covered.mean() > 0.75
    assert (found["model"].truth == found["corrected"].truth).all()
    rows = whole_table({"x": [found, found]})
    assert rows["codes"].tolist() == ["model", "corrected"]
    assert float(rows["coverage of means"][0]) == pytest.approx(100 * found["model"].means_covered.mean(), abs=0.06)


def test_the_tables_are_written_for_people():
    cases = {(CLASSIFIERS[0], TYPICAL, 3): person_studies(CLASSIFIERS[0], TYPICAL, 3, 2)}
    text = as_markdown(coverage_table(cases))
    assert text.count("\n") == 2
    row = verdict_table(cases).iloc[0]
    assert all(" / " in row[name] for name in ("undecided of all", "width of the interval"))


def test_the_page_says_where_the_target_is_met_and_where_not(tmp_path):
    persons = pd.DataFrame(
        [
            ("good", "typical", "3", "95.0", "97.0", "95.0", "95.0"),
            ("good", "alike", "8", "93.0", "92.9", "95.0", "95.0"),
            ("bad", "typical", "3", "80.0", "97.1", "96.0", "97.1"),
        ],
        columns=["classifier", "persons", "n", "mean, model", "shift, model", "mean, corrected", "shift, corrected"],
    )
    whole = pd.DataFrame([("good", "model", "91.0", "95.0"), ("good", "corrected", "94.0", "95.0")])
    whole.columns = ["classifier", "codes", "coverage of means", "coverage of shifts"]
    groups = pd.DataFrame([("good", "shift", "10.0", "96.0")])
    groups.columns = ["classifier", "quantity", "naive: coverage %", "corrected: coverage %"]
    assert target_met(persons, whole, groups).splitlines() == [
        "- **whole studies, corrected by a review**: met for 2 of 2 (94.0-95.0 %): good [means; shifts].",
        "- **persons' means, corrected by a review**: met for 3 of 3 (95.0-96.0 %): good [3], "
        "good with alike persons [8], bad [3].",
        "- **persons' shifts, corrected by a review**: met for 2 of 3 (95.0-95.0 %): good [3], "
        "good with alike persons [8]; missed, too high, for (97.1 %): bad [3].",
        "- **groups, corrected by a review**: met for 1 of 1 (96.0 %): good [shift].",
        "- **whole studies, by the model's codes alone**: met for 1 of 2 (95.0 %): good [shifts]; "
        "missed, too low, for (91.0 %): good [means].",
        "- **persons' means, by the model's codes alone**: met for 2 of 3 (93.0-95.0 %): good [3], "
        "good with alike persons [8]; missed, too low, for (80.0 %): bad [3].",
        "- **persons' shifts, by the model's codes alone**: met for 1 of 3 (97.0 %): good [3]; "
        "missed, too low, for (92.9 %): good with alike persons [8]; missed, too high, for (97.1 %): bad [3].",
        "- **groups, by the model's codes alone**: missed, too low, for (10.0 %): good [shift].",
    ]


def test_the_page_is_made_from_its_own_tables(tmp_path):
    copy = tmp_path / "page.md"
    copy.write_bytes(PAGE.read_bytes())
    assert main(["--text-only", "-o", str(copy)]) == 0
    assert copy.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")
    assert [len(table) for table in read_tables(PAGE.read_text(encoding="utf-8"))] == [10, 22, 22, 4, 8]


def test_two_codings_are_set_side_by_side():
    people = table([("a", 1, "still")] * 6 + [("a", 2, "storm")] * 6)
    model = table([("a", 1, "still")] * 6 + [("a", 2, "storm")] * 6, sure=0.8)
    row = compared(people, model, WEATHER).iloc[0]
    assert row["difference_people"] == 1
    assert 0 < row["difference_model"] < 1
    assert row["verdict_people"] == "gain"


@pytest.mark.slow
def test_corrected_group_estimates_cover_at_their_rate():
    found = [corrected_study(ACCURATE, seed) for seed in range(200)]
    for name in ("mean, later wave", "shift"):
        naive, half, low, high = np.array([study[name] for study in found]).T
        covered = ((low <= 0) & (high >= 0)).mean()
        assert 0.90 <= covered <= 0.99
        assert (np.abs(naive) <= half).mean() < covered


def test_a_review_brings_the_models_shifts_nearer_to_the_peoples():
    rng = np.random.default_rng(4)
    rows = [
        (f"p{person}", wave, ("still", "storm")[rng.integers(2)])
        for person in range(8)
        for wave in (1, 2)
        for _ in range(8)
    ]
    people = table(rows).drop(columns=["wind_p_storm", "wind_p_still", "wind_p_unsaid"])
    model = table(rows)
    blurred = 0.6 + 0.2 * (people["wind"] == "storm") - 0.4 * (people["wave"] == 2)
    model = model.assign(wind_p_storm=blurred, wind_p_still=1 - blurred, wind_p_unsaid=0.0)
    naive = compared(people, model, WEATHER)
    apart = (naive["difference_people"] - naive["difference_model"]).abs().mean()
    found = corrected_by_samples(people, model, WEATHER, 60, samples=2).iloc[0]
    assert apart > 0.2
    assert found["in the interval"] > 0.9
    assert found["correlation"] > 0.8


@pytest.mark.slow
def test_five_hundred_persons_take_seconds():
    frame = random_table(500, 4, 8)
    start = time.process_time()
    agency.profiles(frame, BOOK)
    middle = time.process_time()
    agency.shifts(frame, BOOK)
    assert middle - start < 10
    assert time.process_time() - middle < 10
