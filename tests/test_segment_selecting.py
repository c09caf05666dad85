"""Selection finds the best division; the measures count what their papers say."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narratives.segmenting import metrics
from narratives.segmenting.selecting import Weights, price_for, select

WEIGHTS = Weights(narrativity=1.0, start=0.7, end=0.5, length=0.8, length_mean=2.5, length_sd=0.5)


def total(labels, narrativity, boundary, sizes, price):
    """The total of a division, straight from the definition."""
    score = 0.0
    for i, (state, starts) in enumerate(labels):
        edge = boundary[i] if i else 0.0
        if state:
            score += WEIGHTS.narrativity * narrativity[i] + (WEIGHTS.start * edge - price if starts else 0)
        elif i and labels[i - 1][0]:
            score += WEIGHTS.end * edge
    for start, end in segments(labels):
        deviation = (np.log(sum(sizes[start:end])) - WEIGHTS.length_mean) / WEIGHTS.length_sd
        score -= 0.5 * WEIGHTS.length * deviation**2
    return score


def segments(labels):
    starts = [i for i, (state, first) in enumerate(labels) if state and first]
    ends = [next((j for j in range(i + 1, len(labels)) if labels[j] != (True, False)), len(labels)) for i in starts]
    return list(zip(starts, ends, strict=True))


def divisions(n):
    states = [(False, False), (True, True), (True, False)]
    for labels in product(states, repeat=n):
        if all(now != (True, False) or (i and labels[i - 1][0]) for i, now in enumerate(labels)):
            yield labels


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_division_is_better_than_the_one_selected(data):
    n = data.draw(st.integers(1, 6))
    odds = st.lists(st.floats(-4, 4), min_size=n, max_size=n)
    narrativity, boundary = data.draw(odds), data.draw(odds)
    sizes = data.draw(st.lists(st.integers(1, 30), min_size=n, max_size=n))
    price, bars = data.draw(st.floats(-3, 3)), data.draw(st.sets(st.integers(0, n - 1)))
    found = select(np.array(narrativity), np.array(boundary), sizes, WEIGHTS, price, bars)
    labels = [(False, False)] * n
    for start, end in found:
        labels[start:end] = [(True, True)] + [(True, False)] * (end - start - 1)
    allowed = [one for one in divisions(n) if all(one[bar] != (True, False) for bar in bars)]
    assert tuple(labels) in allowed
    best = max(total(one, narrativity, boundary, sizes, price) for one in allowed)
    assert total(labels, narrativity, boundary, sizes, price) == pytest.approx(best)


def test_nothing_comes_of_nothing():
    assert select(np.zeros(0), np.zeros(0), [], WEIGHTS, 0.0) == []


def test_a_higher_price_never_gives_more_narratives():
    rng = np.random.default_rng(4)
    narrativity, boundary, sizes = rng.normal(0, 2, 200), rng.normal(0, 2, 200), rng.integers(1, 25, 200)
    counts = [len(select(narrativity, boundary, list(sizes), WEIGHTS, price)) for price in range(-8, 9, 2)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_price_for_density():
    table = [(-1.0, 30.0), (0.0, 20.0), (2.0, 10.0)]
    assert price_for(20.0, table) == 0.0
    assert price_for(15.0, table) == pytest.approx(1.0)
    assert price_for(99.0, table) == -1.0
    assert price_for(1.0, table) == 2.0


def test_boundaries_stand_where_labels_change():
    assert metrics.boundaries([None, None, 0, 0, 1, None]) == [2, 4, 5]
    assert metrics.boundaries([]) == []


@pytest.mark.parametrize(
    ("true", "found", "tolerance", "pairs"),
    [
        ([2, 5], [2, 5], 0, 2),
        ([2, 5], [3, 6], 0, 0),
        ([2, 5], [3, 6], 1, 2),
        ([2], [1, 2, 3], 1, 1),
        ([2, 3], [3, 4], 1, 2),
        ([], [3], 1, 0),
    ],
)
def test_boundaries_pair_up_one_to_one(true, found, tolerance, pairs):
    assert metrics.matched(true, found, tolerance) == pairs


def test_window_errors():
    true, found = [0, 0, 1, 1], [0, 0, 0, 1]
    # Two steps from unit 0 hold the true boundary only, from unit 1 both.
    assert metrics.window_diff(true, found, 2) == (1, 2)
    # Windows of one step: the true boundary is missed, and one is invented.
    assert metrics.pk(true, found, 1) == (2, 3)
    assert metrics.pk(true, [0, 1, 2, 3], 2) == (0, 2)
    assert metrics.window_diff(true, [0, 1, 2, 3], 2) == (2, 2)


def test_agreement_of_a_perfect_and_of_an_empty_segmentation():
    true, sizes = [[0, 0, None, 1]], [[10, 10, 5, 25]]
    perfect = metrics.agreement(true, true, sizes)
    assert (perfect.token_f1, perfect.boundary_f1, perfect.boundary_f1_near, perfect.pk) == (1, 1, 1, 0)
    assert perfect.density == perfect.true_density == pytest.approx(40)
    empty = metrics.agreement(true, [[None] * 4], sizes)
    assert (empty.token_f1, empty.boundary_f1, empty.density_ratio) == (0, 0, 0)
