"""The simulations behind the intervals, in small; and the comparison of two codings."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_agency import BOOK, WEATHER, random_table, table

from narratives import agency
from narratives.measuring.corpus_check import compared
from narratives.measuring.simulated import ACCURATE, CLASSIFIERS, POPULATION, draw_codes
from narratives.measuring.simulation import (
    WORLDS,
    as_markdown,
    corrected_study,
    coverage_table,
    main,
    person_studies,
    verdict_table,
)
from narratives.measuring.target import read_tables, target_met

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
    found = person_studies(ACCURATE, WORLDS[0], 8, 120)
    ours, _, bootstrap = found.shift_covered.mean(axis=1)
    assert ours > 0.92
    assert found.mean_covered[0].mean() > 0.92
    assert bootstrap < ours
    moving = np.isin(found.verdict[found.unchanged], ("gain", "loss"))
    assert moving.mean() < 0.08


def test_the_tables_are_written_for_people():
    cases = {(CLASSIFIERS[0], WORLDS[0], 3): person_studies(CLASSIFIERS[0], WORLDS[0], 3, 3)}
    text = as_markdown(coverage_table(cases))
    assert text.count("\n") == 2
    assert "undecided of all" in verdict_table(cases)


def test_the_page_says_where_the_target_is_met_and_where_not(tmp_path):
    persons = pd.DataFrame(
        [
            ("good", "typical", "3", "95.0", "97.0"),
            ("good", "alike", "8", "93.0", "92.9"),
            ("bad", "typical", "3", "80.0", "97.1"),
        ],
        columns=["classifier", "persons", "n", "mean, ours", "shift, ours"],
    )
    groups = pd.DataFrame([("good", "shift", "10.0", "96.0")])
    groups.columns = ["classifier", "quantity", "naive: coverage %", "corrected: coverage %"]
    assert target_met(persons, groups).splitlines() == [
        "- **persons' means**: met for 2 of 3 (93.0-95.0 %): good [3], good with alike persons [8]; "
        "missed, too low, for (80.0 %): bad [3].",
        "- **persons' shifts**: met for 1 of 3 (97.0 %): good [3]; "
        "missed, too low, for (92.9 %): good with alike persons [8]; missed, too high, for (97.1 %): bad [3].",
        "- **groups, corrected**: met for 1 of 1 (96.0 %): good [shift].",
        "- **groups, naive**: missed, too low, for (10.0 %): good [shift].",
    ]
    copy = tmp_path / "page.md"
    copy.write_bytes(PAGE.read_bytes())
    assert main(["--text-only", "-o", str(copy)]) == 0
    assert copy.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")
    assert [len(table) for table in read_tables(PAGE.read_text(encoding="utf-8"))] == [22, 22, 4, 8]


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


@pytest.mark.slow
def test_five_hundred_persons_take_seconds():
    frame = random_table(500, 4, 8)
    start = time.process_time()
    agency.profiles(frame, BOOK)
    middle = time.process_time()
    agency.shifts(frame, BOOK)
    assert middle - start < 10
    assert time.process_time() - middle < 10
