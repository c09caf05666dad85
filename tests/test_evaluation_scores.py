"""Scores, agreement, intervals, calibration and coverage against published figures and other implementations."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, f1_score

from narratives.evaluation.agreement import ac1_of, alpha_of, coincidences, gwet_terms, krippendorff_alpha
from narratives.evaluation.calibrated import brier_scores, calibration_error, reliability
from narratives.evaluation.coverage import area, error_at, kept_above, risk_curve
from narratives.evaluation.intervals import bounds, draw_persons_again
from narratives.evaluation.scores import accuracy, code_f1, confusion, gwet_ac1, macro_f1, quadratic_kappa

GAP = 0
FOUR_CODERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, GAP, GAP, GAP],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, GAP, 3],
        [GAP, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, GAP],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, GAP],
    ]
)
"""Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section D; also Gwet's irrCAC example."""

TWO_CODERS = np.array(
    [
        ["a", "a", "b", "b", "d", "c", "c", "c", "e", "d", "d", "a"],
        ["b", "a", "b", "b", "b", "c", "c", "c", "e", "d", "d", "d"],
    ]
)
"""The same, section B: nominal data, two observers, no gaps."""


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_of_four_coders_with_gaps_as_published(level, published):
    assert krippendorff_alpha(FOUR_CODERS - 1, 5, level) == pytest.approx(published, abs=5e-4)


def test_alpha_of_two_coders_as_published():
    ratings = np.vectorize("abcde".index)(TWO_CODERS)
    assert krippendorff_alpha(ratings, 5) == pytest.approx(0.692, abs=5e-4)


def test_binary_alpha_as_published():
    one = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]])  # section A
    assert krippendorff_alpha(one, 2) == pytest.approx(0.095, abs=5e-4)


def test_ac1_of_four_coders_as_published():
    terms = gwet_terms(FOUR_CODERS - 1, 5).sum(0)
    assert ac1_of(terms) == pytest.approx(0.77544, abs=1e-5)
    assert terms[1] / terms[0] == pytest.approx(0.81818, abs=1e-5)


def test_alpha_of_two_numbers_is_that_of_their_coincidences_and_unknown_levels_are_refused():
    ratings = np.array([[0, 1, 2, 2, 0, -1], [0, 1, 1, 2, 0, 2]])
    assert krippendorff_alpha(ratings, 3, "ordinal") == alpha_of(coincidences(ratings, 3).sum(0), "ordinal")
    with pytest.raises(ValueError, match="ordinal"):
        krippendorff_alpha(ratings, 3, "ratio")


def counts_of(truth, chosen, codes=3):
    return confusion(np.array(truth), np.array(chosen), codes).sum(0)


def test_perfect_agreement_is_one_where_codes_vary_and_undefined_not_nan_warning_where_they_do_not():
    varied, constant = counts_of([0, 1, 2, 1], [0, 1, 2, 1]), counts_of([1, 1], [1, 1])
    for function in (
        accuracy,
        macro_f1,
        gwet_ac1,
        lambda c: quadratic_kappa(c, (0, 1, 2)),
        lambda c: alpha_of(c + c.T),
    ):
        assert function(varied) == pytest.approx(1)
    with np.errstate(all="raise"):
        assert accuracy(constant) == gwet_ac1(constant) == macro_f1(constant) == 1
        assert np.isnan(quadratic_kappa(constant, (0, 1, 2)))
        assert np.isnan(alpha_of(constant + constant.T))
        assert np.isnan(alpha_of(np.zeros((3, 3)), "ordinal"))
        assert np.isnan(ac1_of(np.zeros(6)))


def test_scores_agree_with_scikit_learn():
    chance = np.random.default_rng(0)
    truth, chosen = chance.integers(0, 3, 200), chance.integers(0, 4, 200)
    counts = counts_of(truth, chosen, 4)
    assert macro_f1(counts) == pytest.approx(f1_score(truth, chosen, labels=[0, 1, 2], average="macro"))
    assert np.isnan(code_f1(counts)[3])
    ranked = (chosen < 3) & (truth < 3)
    expected = cohen_kappa_score(truth[ranked], chosen[ranked], weights="quadratic")
    assert quadratic_kappa(counts, (0, 1, 2, None)) == pytest.approx(expected)


def test_kappa_follows_ranks_not_label_order():
    counts = counts_of([0, 1, 2, 0], [0, 1, 2, 2])
    flipped = counts_of([2, 1, 0, 2], [2, 1, 0, 0])
    assert quadratic_kappa(counts, (0, 1, 2)) == pytest.approx(quadratic_kappa(flipped, (2, 1, 0)))
    assert quadratic_kappa(counts, (0, 1, 2)) != pytest.approx(quadratic_kappa(counts, (0, 2, 1)))


def test_persons_are_drawn_whole_and_intervals_widen_with_them():
    chance = np.random.default_rng(1)
    right = np.repeat(chance.random(30) < 0.6, 20).astype(float)
    persons = [str(number // 20) for number in range(600)]
    by_person = draw_persons_again(persons)
    by_text = draw_persons_again([str(number) for number in range(600)])
    drawn = by_person.of_texts()
    assert (drawn.reshape(1000, 30, 20).std(axis=2) == 0).all()
    assert by_person.sums(right) == pytest.approx(drawn @ right)
    assert (by_person.counts.sum(1) == 30).all()
    width = [np.subtract(*bounds(r.sums(right) / r.of_texts().sum(1))[::-1]) for r in (by_person, by_text)]
    assert width[0] > 3 * width[1]


def test_intervals_are_withheld_where_resamples_are_undefined():
    assert np.isnan(bounds(np.array([0.5, np.nan, 0.5, 0.4]))).all()
    assert bounds(np.linspace(0, 1, 101)) == pytest.approx((0.025, 0.975))
    assert bounds(np.linspace(0, 1, 101), around=0.4) == pytest.approx((0, 0.775))


def test_calibration_error_of_calibrated_and_overconfident_guesses():
    sure = np.repeat([0.6, 0.9], 50)
    right = np.concatenate([np.arange(50) < 30, np.arange(50) < 45]).astype(float)
    chance = np.random.default_rng(0).permutation(100)
    sure, right = sure[chance], right[chance]
    assert calibration_error(np.full(100, 0.9), right) == pytest.approx(0.15, abs=0.12)
    bins = reliability(sure, right)
    assert sum(each.n for each in bins) == 100
    assert [each.n for each in bins] == [10] * 10
    weights = np.tile([0.0, 2.0], 50)[None]
    halved = calibration_error(sure[1::2], right[1::2])
    assert calibration_error(sure, right, np.concatenate([weights, np.ones((1, 100))])).shape == (2,)
    assert calibration_error(sure, right, weights)[0] == pytest.approx(float(halved), abs=0.1)
    assert np.isnan(calibration_error(sure, right, np.zeros((1, 100)))[0])


def test_calibration_error_is_the_gap_where_certainty_is_constant():
    right = np.tile([1.0, 0.0], 50)
    assert calibration_error(np.full(100, 0.8), right) == pytest.approx(0.3)


def test_brier_by_hand():
    shares = np.array([[0.7, 0.2, 0.1], [0.0, 1.0, 0.0]])
    assert brier_scores(shares, np.array([0, 2])) == pytest.approx([0.09 + 0.04 + 0.01, 2.0])


def test_risk_falls_with_coverage_when_certainty_means_something():
    sure = np.array([0.9, 0.5, 0.8, 0.7, 0.6])
    right = np.array([1.0, 0.0, 1.0, 1.0, 0.0])
    curve = risk_curve(sure, right)
    assert curve.risk.tolist() == pytest.approx([0, 0, 0, 0.25, 0.4])
    assert error_at(curve, 0.8) == pytest.approx(0.25)
    assert error_at(curve, 1.0) == pytest.approx(0.4)
    assert area(curve) == pytest.approx(0.13)
    kept = kept_above(sure, right, 0.65)
    assert (kept.coverage, kept.error) == (0.6, 0)
    assert np.isnan(kept_above(sure, right, 0.95).error)


def test_weighted_risk_is_that_of_repeated_texts():
    sure, right = np.array([0.9, 0.6, 0.7]), np.array([1.0, 0.0, 0.0])
    weights = np.array([[2.0, 1.0, 1.0], [0.0, 3.0, 0.0]])
    curve = risk_curve(sure, right, weights)
    repeated = risk_curve(np.array([0.9, 0.9, 0.6, 0.7]), np.array([1.0, 1, 0, 0]))
    assert error_at(curve, 0.75)[0] == error_at(repeated, 0.75)
    assert error_at(curve, 0.5).tolist() == [0, 1]
