"""The simulations behind the intervals, in small; and the comparison of two codings."""

from __future__ import annotations

import time

import numpy as np
import pytest
from test_agency import BOOK, WEATHER, random_table, table

from narratives import agency
from narratives.measuring.corpus_check import compared
from narratives.measuring.simulated import ACCURATE, CLASSIFIERS, POPULATION, draw_codes
from narratives.measuring.simulation import WORLDS, as_markdown, coverage_table, person_studies, verdict_table


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


def test_two_codings_are_set_side_by_side():
    people = table([("a", 1, "still")] * 6 + [("a", 2, "storm")] * 6)
    model = table([("a", 1, "still")] * 6 + [("a", 2, "storm")] * 6, sure=0.8)
    row = compared(people, model, WEATHER).iloc[0]
    assert row["difference_people"] == 1
    assert 0 < row["difference_model"] < 1
    assert row["verdict_people"] == "gain"


@pytest.mark.slow
def test_five_hundred_persons_take_seconds():
    frame = random_table(500, 4, 8)
    start = time.process_time()
    agency.profiles(frame, BOOK)
    middle = time.process_time()
    agency.shifts(frame, BOOK)
    assert middle - start < 10
    assert time.process_time() - middle < 10
