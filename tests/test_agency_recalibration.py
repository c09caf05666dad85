"""The model's probabilities set right by people's codes, and persons' means and shifts with them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from test_agency import BOOK, WEATHER, random_table, table

from narratives import agency
from narratives.measuring.posterior import mixed_draws, share_draws
from narratives.measuring.recalibrated import recalibrated
from narratives.measuring.rows import people_shares

AGENCY = BOOK.variables[0]
RANKS = np.arange(3.0)


def overconfident(n: int, *, sure: float = 0.97, right: float = 0.6, seed: int = 0):
    """Probabilities that claim to be ``sure`` and are ``right`` so often, with the true codes as shares."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, n)
    said = np.where(rng.random(n) < right, truth, (truth + rng.integers(1, 3, n)) % 3)
    model = np.full((n, 3), (1 - sure) / 2)
    model[np.arange(n), said] = sure
    return model, np.eye(3)[truth]


def some(people: np.ndarray, count: int) -> np.ndarray:
    """The first ``count`` rows coded, the others not."""
    return np.where(np.arange(len(people))[:, None] < count, people, 0.0)


def test_too_sure_a_model_is_taken_back_to_how_often_it_is_right():
    model, truth = overconfident(600)
    found = recalibrated(model, some(truth, 300), np.ones(600), AGENCY)
    assert found.probabilities[300:].max(axis=1).mean() == pytest.approx(0.6, abs=0.06)
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1)
    np.testing.assert_allclose(found.likelihoods.sum(axis=2), 1)


def test_a_model_that_is_right_about_itself_is_left_alone():
    model, truth = overconfident(800, sure=0.7, right=0.7)
    found = recalibrated(model, some(truth, 400), np.ones(800), AGENCY)
    np.testing.assert_allclose(found.probabilities[400:], model[400:], atol=0.08)


def test_drift_in_one_wave_is_mended_there():
    model, truth = overconfident(800, sure=0.8, right=0.8)
    waves = np.arange(800) % 2
    low = (waves == 1) & (np.random.default_rng(1).random(800) < 0.3)
    model[low] = (0.8, 0.1, 0.1)
    found = recalibrated(model, some(truth, 400), waves, AGENCY).probabilities[400:] @ RANKS
    for wave in (0, 1):
        inside = waves[400:] == wave
        assert found[inside].mean() == pytest.approx((truth @ RANKS)[400:][inside].mean(), abs=0.12)
    naive = (model @ RANKS)[400:][waves[400:] == 1].mean()
    assert naive < (truth @ RANKS)[400:][waves[400:] == 1].mean() - 0.2


def test_fewer_reviewed_leave_more_doubt():
    model, truth = overconfident(400)
    spread = [
        recalibrated(model, some(truth, count), np.ones(400), AGENCY).likelihoods[:, 399].std(axis=0).max()
        for count in (10, 100, 300)
    ]
    assert spread[0] > spread[1] > spread[2] > 0


def test_reviewed_narratives_carry_the_peoples_codes_also_where_coders_differ():
    rows = table([("a", 1, "storm"), ("a", 1, "still"), ("a", 1, "still")])
    ids = rows["narrative_id"].tolist()
    review = pd.DataFrame(
        {"narrative_id": [ids[0], ids[0], ids[1], "elsewhere"], "wind": ["still", "storm", "storm", "still"]}
    )
    people = people_shares(rows, review, WEATHER.variables[0])
    labels = list(WEATHER.variables[0].labels)
    assert people[0, labels.index("still")] == people[0, labels.index("storm")] == 0.5
    assert people[1, labels.index("storm")] == 1
    assert not people[2].any()
    found = recalibrated(np.full((3, 3), 1 / 3), people, np.ones(3), WEATHER.variables[0])
    np.testing.assert_array_equal(found.probabilities[:2], people[:2])
    np.testing.assert_array_equal(found.likelihoods[:, 1], np.repeat(people[1:2], len(found.likelihoods), axis=0))


def test_codes_that_nobody_met_and_certain_models_do_not_break_it():
    model = np.eye(3)[np.zeros(40, dtype=int)]
    people = some(np.eye(3)[np.zeros(40, dtype=int)], 3)
    found = recalibrated(model, people, np.arange(40) % 5, AGENCY)
    assert np.isfinite(found.likelihoods).all()
    assert found.probabilities[10, 0] > 0.75


def test_mixed_draws_of_one_version_are_plain_draws_and_of_several_lie_between():
    sure, other = np.eye(3)[np.zeros(6, dtype=int)], np.eye(3)[np.full(6, 2)]
    cells = np.zeros(6, dtype=np.int64)
    options = {"draws": 200, "seed": 3, "alpha": 0.3}
    np.testing.assert_array_equal(mixed_draws(sure[None], cells, 1, **options), share_draws(sure, cells, 1, **options))
    both = mixed_draws(np.stack([sure, other]), cells, 1, **options)[:, 0]
    assert both.shape == (200, 3)
    assert ((both[:, 0] > 0.6).mean(), (both[:, 2] > 0.6).mean()) == pytest.approx((0.5, 0.5), abs=0.06)


def wrong_about_everything(truth: pd.DataFrame) -> pd.DataFrame:
    return truth.assign(wind_p_storm=0.2, wind_p_still=0.8, wind_p_unsaid=0.0)


def test_with_everything_reviewed_persons_means_and_shifts_are_the_peoples():
    truth = table([("a", 1, "storm"), ("b", 1, "still"), ("a", 2, "still"), ("b", 2, "storm")] * 5)
    review = truth[["narrative_id", "wind"]].assign(probability=1.0)
    means = agency.corrected_profiles(wrong_about_everything(truth), review, WEATHER)
    assert means["estimate"].tolist() == [1.0, 0.0, 0.0, 1.0]
    assert means["naive"].tolist() == pytest.approx([0.2] * 4)
    assert means["n_reviewed"].tolist() == [5] * 4
    shifts = agency.corrected_person_shifts(wrong_about_everything(truth), review, WEATHER).set_index(
        ["person", "span"]
    )
    assert shifts["estimate"].tolist() == [-1.0, -1.0, 1.0, 1.0]
    assert shifts["verdict"].tolist() == ["loss", "loss", "gain", "gain"]
    assert set(shifts["naive_verdict"]) == {"undecided"}


def test_every_corrected_mean_can_be_recomputed_from_the_corrected_codes():
    frame = random_table(5, 3, 8)
    sample = agency.draw_sample(frame, 40, by=("wave",))
    review = sample[["narrative_id", "probability", *BOOK.names]]
    means = agency.corrected_profiles(frame, review, BOOK)
    codes = agency.corrected_codes(frame, review, BOOK)
    ranked = codes.dropna(subset=["rank"])
    parts = ranked.assign(above=ranked["estimate"] * ranked["rank"].astype(float)).groupby(
        ["person", "variable", "wave"]
    )
    expected = parts["above"].sum() / parts["estimate"].sum()
    keys = pd.MultiIndex.from_frame(means[["person", "variable", "wave"]])
    np.testing.assert_allclose(means["estimate"], expected.loc[keys])
    assert (means["low"] <= means["estimate"]).all()
    assert (means["estimate"] <= means["high"]).all()
    told = codes[codes["reviewed"]].groupby(["narrative_id", "variable"])["estimate"].max()
    assert (told == 1).all()
    assert set(codes.loc[codes["reviewed"], "narrative_id"]) == set(sample["narrative_id"])


def test_too_few_reviewed_give_no_estimate():
    frame = random_table(2, 2, 6)
    review = frame[["narrative_id", *BOOK.names]].assign(probability=0.1)[:7]
    assert agency.corrected_profiles(frame, review, BOOK)[["estimate", "low", "high"]].isna().all(axis=None)
    shifts = agency.corrected_person_shifts(frame, review, BOOK)
    assert set(shifts["verdict"]) == {"undecided"}
    assert shifts["naive"].notna().all()
    assert agency.corrected_codes(frame, review, BOOK).empty


def test_without_a_review_nothing_changes():
    frame = random_table(3, 2, 5)
    nobody = frame[["narrative_id", *BOOK.names]].assign(probability=0.1)[:0]
    pd.testing.assert_frame_equal(agency.profiles(frame, BOOK, review=nobody), agency.profiles(frame, BOOK))
