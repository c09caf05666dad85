"""Profiles and shifts: what the tables say, and what they must not invent."""

from __future__ import annotations

import warnings
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from narratives import agency
from narratives.codebook import Codebook, load_codebook, parse_codebook
from narratives.errors import CodebookError
from narratives.measuring.permutation import difference_p_values
from narratives.measuring.posterior import evidence, mean_ranks, share_draws
from narratives.measuring.shifts import verdicts

BOOK = load_codebook()
WEATHER = parse_codebook(
    {
        "name": "weather",
        "version": "1",
        "variables": [
            {
                "name": "wind",
                "scale": "ranked",
                "role": "agency",
                "codes": [{"name": "still", "rank": 0}, {"name": "storm", "rank": 1}, {"name": "unsaid"}],
            }
        ],
    }
)


def table(codes: list[tuple[str, int, str]], book: Codebook = WEATHER, sure: float = 1.0) -> pd.DataFrame:
    """A table of narratives from (person, wave, code of the first variable); the rest of ``sure`` is spread."""
    variable = book.variables[0]
    frame = pd.DataFrame(codes, columns=["person", "wave", variable.name])
    frame.insert(0, "narrative_id", [f"n{place}" for place in range(len(frame))])
    frame["transcript"] = frame["person"] + "-" + frame["wave"].astype(str)
    frame["start"] = range(len(frame))
    for label in variable.labels:
        spread = (1 - sure) / (len(variable.labels) - 1)
        frame[f"{variable.name}_p_{label}"] = np.where(frame[variable.name] == label, sure, spread)
    return frame.assign(role="participant", text="Det blæste.", n_words=40)


def random_table(persons: int, waves: int, n: int, seed: int = 0) -> pd.DataFrame:
    """A study by the shipped codebook with codes by chance."""
    rng = np.random.default_rng(seed)
    size = persons * waves * n
    frame = pd.DataFrame({"narrative_id": [f"n{place}" for place in range(size)], "start": range(size)})
    frame["person"] = np.repeat([f"p{place:03d}" for place in range(persons)], waves * n)
    frame["wave"] = np.tile(np.repeat(np.arange(1, waves + 1), n), persons)
    frame["transcript"] = frame["person"] + "-" + frame["wave"].astype(str)
    for variable in BOOK.variables:
        shares = rng.dirichlet(np.full(len(variable.codes), 0.3), size)
        frame[variable.name] = np.array(variable.labels)[shares.argmax(axis=1)]
        for place, label in enumerate(variable.labels):
            frame[f"{variable.name}_p_{label}"] = shares[:, place]
    return frame.assign(role="participant", text="Noget skete.", n_words=40)


def test_the_mean_is_that_of_the_narratives_and_inside_its_interval():
    frame = table([("a", 1, "still")] * 3 + [("a", 1, "storm")])
    row = agency.profiles(frame, WEATHER).iloc[0]
    assert row["mean"] == pytest.approx(0.25)
    assert 0 <= row["low"] < 0.25 < row["high"] <= 1
    assert row["narrative_ids"] == "n0;n1;n2;n3"


def test_unsure_codes_pull_the_mean_and_widen_the_interval():
    sure, unsure = (
        agency.profiles(table([("a", 1, "still")] * 8 + [("b", 1, "storm")] * 8, sure=p), WEATHER).iloc[0]
        for p in (1.0, 0.7)
    )
    assert sure["mean"] == 0
    assert unsure["mean"] == pytest.approx(0.15 / 0.85)
    assert unsure["high"] - unsure["low"] > sure["high"] - sure["low"]


def test_codes_without_rank_are_a_share_of_their_own():
    row = agency.profiles(table([("a", 1, "storm"), ("a", 1, "unsaid")]), WEATHER).iloc[0]
    assert (row["mean"], row["unranked"], row["n"], row["n_ranked"]) == (1.0, 0.5, 2, 1.0)
    only = agency.profiles(table([("a", 1, "unsaid")]), WEATHER).iloc[0]
    assert np.isnan([only["mean"], only["low"], only["high"]]).all()
    assert only["unranked"] == 1.0


def test_an_interview_without_narratives_is_not_zero():
    interviews = pd.DataFrame({"transcript": ["a-1", "a-2", "a-3"], "person": "a", "wave": [1, 2, 3]})
    frame = table([("a", 1, "still")] * 5 + [("a", 3, "storm")] * 5)
    rows = agency.profiles(frame, WEATHER, interviews).set_index("wave")
    assert rows.loc[2, "n"] == 0
    assert rows.loc[2, ["mean", "low", "high", "unranked", "certainty"]].isna().all()
    found = agency.shifts(frame, WEATHER, interviews)
    assert list(zip(found["wave_from"], found["wave_to"], found["span"], strict=True)) == [
        (1, 3, "step"),
        (1, 3, "overall"),
    ]


@pytest.mark.parametrize("ids", [[7, 7], [7.0, np.nan]])
def test_persons_read_as_numbers_are_still_themselves(ids):
    frame = table([("07", 1, "storm")] * 2)
    interviews = pd.DataFrame({"transcript": ["07-1", "07-2"], "person": ids, "wave": [1, 2]})
    rows = agency.profiles(frame, WEATHER, interviews)
    assert set(rows["person"]) == {"07"}
    assert len(rows) == pd.notna(ids).sum()


def test_shares_add_up_and_name_their_narratives():
    frame = table([("a", 1, "still"), ("a", 1, "storm"), ("a", 1, "storm"), ("a", 1, "unsaid")], sure=0.9)
    rows = agency.distributions(frame, WEATHER).set_index("code")
    assert rows["share"].sum() == pytest.approx(1)
    assert rows.loc["storm", "narrative_ids"] == "n1;n2"
    assert (rows["low"] <= rows["share"]).all()
    assert (rows["share"] <= rows["high"]).all()


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (["still"] * 8, ["storm"] * 8, "gain"),
        (["storm"] * 8, ["still"] * 8, "loss"),
        (["still"] * 30, ["still"] * 30, "stable"),
        (["still", "storm"] * 3, ["storm", "still"] * 3, "undecided"),
        (["still"], ["storm"], "undecided"),
        (["unsaid"] * 5, ["storm"] * 5, "undecided"),
    ],
)
def test_verdicts_on_clear_cases(before, after, verdict):
    frame = table([("a", 1, code) for code in before] + [("a", 2, code) for code in after])
    rows = agency.shifts(frame, WEATHER)
    assert set(rows["verdict"]) == {verdict}


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.01, 0.3, "gain"),
        (-0.3, -0.01, "loss"),
        (-0.5, 0.5, "stable"),
        (-0.51, 0.2, "undecided"),
        (np.nan, np.nan, "undecided"),
    ],
)
def test_verdict_rules(low, high, verdict):
    assert verdicts(np.array([low]), np.array([high]), 0.5)[0] == verdict


def test_effect_sizes_and_narratives_of_a_shift():
    frame = table([("a", 1, "still")] * 4 + [("a", 2, "storm")] * 3 + [("a", 2, "still")])
    row = agency.shifts(frame, WEATHER).iloc[0]
    assert row["difference"] == pytest.approx(0.75)
    assert row["cliffs_delta"] == pytest.approx(0.75)
    assert row["p_value"] == pytest.approx(10 / 70)
    assert row["p_increase"] > 0.9
    assert row["narrative_ids_to"] == "n4;n5;n6;n7"


def test_permutation_is_exact_on_small_series():
    values = np.array([0.1, 0.9, 0.4, 1.7, 2.0, 1.1, 0.2])
    weights = np.array([1, 0.5, 1, 1, 0.2, 1, 1])
    places = set(range(7))

    def size(later):
        first = sorted(places - set(later))
        both = [np.average(values[list(side)], weights=weights[list(side)]) for side in (later, first)]
        return abs(both[0] - both[1])

    every = [size(later) for later in combinations(range(7), 4)]
    wanted = np.mean([value >= size((3, 4, 5, 6)) - 1e-9 for value in every])
    assert difference_p_values([(values, weights, 3)])[0] == pytest.approx(wanted)


def test_draws_match_the_dirichlet_where_codes_are_certain():
    sure = np.repeat(np.eye(3), [5, 2, 1], axis=0)
    draws = share_draws(evidence(sure, np.full(3, 1 / 3)), np.zeros(8, dtype=np.int64), 1, draws=4000, alpha=0.5)
    wanted = np.array([5.5, 2.5, 1.5]) / 9.5
    assert draws.mean(axis=0)[0] == pytest.approx(wanted, abs=0.01)
    spread = np.sqrt(wanted * (1 - wanted) / 10.5)
    assert draws.std(axis=0)[0] == pytest.approx(spread, abs=0.01)
    assert mean_ranks(draws[:1], np.array([0, 1, np.nan])).max() <= 1


def test_a_verdict_of_a_code_no_better_than_the_prevalence_says_nothing():
    prevalence = np.array([0.7, 0.3])
    like = evidence(np.tile(prevalence, (20, 1)), prevalence)
    draws = share_draws(like, np.zeros(20, dtype=np.int64), 1, draws=2000, alpha=1.0)
    assert np.quantile(draws[:, 0, 0], [0.05, 0.95]) == pytest.approx([0.05, 0.95], abs=0.08)


def test_the_two_lines_are_never_mixed():
    frame = table([("a", 1, "still")] * 3 + [("a", 2, "storm")] * 3)
    frame.loc[3:, "role"] = "professional"
    frame.loc[3:, "person"] = None
    interviews = pd.DataFrame({"transcript": ["a-1", "a-2"], "person": "a", "wave": [1, 2]})
    mine = agency.profiles(frame, WEATHER, interviews)
    theirs = agency.profiles(frame, WEATHER, interviews, line="professional")
    assert mine["n"].tolist() == [3, 0]
    assert theirs[["person", "wave", "n", "mean", "line"]].values.tolist() == [["a", 2, 3, 1.0, "professional"]]
    assert agency.shifts(frame, WEATHER, interviews).empty


def test_human_codes_without_probabilities_count_as_certain():
    frame = table([("a", 1, "storm")] * 2)[["narrative_id", "person", "wave", "wind"]]
    assert agency.profiles(frame, WEATHER)["mean"].tolist() == [1.0]


def test_unknown_variables_are_refused():
    with pytest.raises(CodebookError, match="rain"):
        agency.profiles(table([("a", 1, "storm")]), WEATHER, variables=["rain"])


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 1, 6), (1, 2, 1), (3, 4, 2)])
def test_small_studies_spill_no_warnings(shape):
    frame = random_table(*shape)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = agency.profiles(frame, BOOK)
        moved = agency.shifts(frame, BOOK)
        agency.distributions(frame, BOOK)
        empty = agency.profiles(frame[:0], BOOK)
        agency.shifts(frame[:0], BOOK)
    assert len(found) == shape[0] * shape[1] * 2
    assert moved.empty == (shape[1] == 1)
    assert empty.empty


def test_the_same_seed_gives_the_same_numbers():
    frame = random_table(2, 2, 5)
    pd.testing.assert_frame_equal(agency.shifts(frame, BOOK, seed=3), agency.shifts(frame, BOOK, seed=3))
