"""Turning points, pointes, dominant codes, the plane, groups: what they say of made-up persons."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from test_agency import BOOK, WEATHER, random_table, table

from narratives import agency
from narratives.errors import CodebookError, NarrativesError
from narratives.measuring.turning_points import find_changes


def interviews_of(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[["transcript", "person", "wave"]].drop_duplicates().reset_index(drop=True)


def test_a_clear_turning_point_is_found_where_it_is():
    frame = table([("a", 1, "still")] * 7 + [("a", 2, "still")] * 2 + [("a", 2, "storm")] * 6)
    row = agency.turning_points(frame, WEATHER).iloc[0]
    assert row["found"]
    assert (row["place"], row["wave_before"], row["wave_after"]) == (9, 2, 2)
    assert (row["narrative_before"], row["narrative_after"], row["direction"]) == ("n8", "n9", "gain")
    assert (row["mean_before"], row["mean_after"]) == (0, 1)


def test_two_turning_points():
    frame = table([("a", 1, "still")] * 10 + [("a", 2, "storm")] * 10 + [("a", 3, "still")] * 4)
    rows = agency.turning_points(frame, WEATHER)
    assert sorted(rows["place"]) == [10, 20]
    assert set(rows["direction"]) == {"gain", "loss"}


@pytest.mark.parametrize("codes", [["still"] * 12, ["still", "storm"] * 6, ["still"] * 3, []])
def test_no_turning_point_is_an_answer(codes):
    rows = agency.turning_points(table([("a", 1, code) for code in codes]), WEATHER)
    assert not rows["found"].any()
    assert len(rows) == bool(codes)


def test_turning_points_by_chance_are_as_rare_as_stated():
    rng = np.random.default_rng(0)
    found = [find_changes(rng.integers(0, 3, 16) * 1.0, np.ones(16))[0].p_value <= 0.05 for _ in range(200)]
    assert np.mean(found) <= 0.09


def test_the_pointe_is_certain_typical_and_long_enough():
    frame = table([("a", 1, "storm")] * 4 + [("a", 1, "still")], sure=0.9)
    frame.loc[0, ["wind_p_storm", "wind_p_still"]] = 0.55, 0.40
    frame.loc[1, "n_words"] = 3
    rows = agency.pointes(frame, WEATHER, count=2)
    assert rows[rows["wave"] == 1]["narrative_id"].tolist() == ["n2", "n3"]
    assert rows[rows["wave"].isna()]["narrative_id"].tolist() == ["n2", "n3"]


def test_the_dominant_code_is_as_sure_as_the_narratives_are_many():
    few = agency.dominant(table([("a", 1, "storm")] * 2 + [("a", 1, "still")]), WEATHER).iloc[0]
    many = agency.dominant(table([("a", 1, "storm")] * 20 + [("a", 1, "still")] * 10), WEATHER).iloc[0]
    assert few["code"] == many["code"] == "storm"
    assert 0.5 < few["probability"] < 0.85 < many["probability"] < 1
    assert many["shares"] == "storm 0.67; still 0.33"
    assert many["mixture"] == pytest.approx(0.579, abs=0.001)


def test_the_plane_holds_both_axes_and_the_movement_their_verdicts():
    frame = random_table(3, 3, 6)
    places = agency.plane(frame, BOOK)
    profile = agency.profiles(frame, BOOK)
    identity = profile[profile["variable"] == BOOK.with_role("identity").name]
    assert places["identity"].tolist() == identity["mean"].tolist()
    moved = agency.movements(frame, BOOK)
    assert moved["person"].tolist() == ["p000", "p001", "p002"]
    assert moved["agency_to"].tolist() == places[places["wave"] == 3]["agency"].tolist()
    with pytest.raises(CodebookError, match="identity"):
        agency.plane(table([("a", 1, "storm")]), WEATHER)


def test_groups_count_persons_and_hide_small_cells():
    codes = [("a", 1, "still")] * 9 + [("b", 1, "storm"), ("c", 1, "storm"), ("d", 1, "storm")]
    codes += [(person, 2, "storm") for person in "abcd"]
    frame = table(codes)
    held = interviews_of(frame).assign(town=lambda t: np.where(t["person"] < "c", "Ribe", "Tønder"))
    everybody = agency.by_group(frame, WEATHER, held).iloc[0]
    assert (everybody["persons"], everybody["n"], everybody["mean"]) == (4, 12, 0.75)
    assert everybody["low"] < 0.75 < everybody["high"]
    towns = agency.by_group(frame, WEATHER, held, "town", min_cell=2)
    assert towns["mean"].tolist() == [0.5, 1, 1, 1]
    hidden = agency.by_group(frame, WEATHER, held, "town", min_cell=3)
    assert hidden["suppressed"].all()
    assert hidden[["mean", "persons", "n"]].isna().all(axis=None)
    assert (hidden["narrative_ids"] == "").all()
    moved = agency.group_shifts(frame, WEATHER, held, "town")
    assert moved[moved["span"] == "step"]["difference"].tolist() == [0.5, 0.0]
    assert moved["gains"].tolist() == [1, 1, 0, 0]
    with pytest.raises(NarrativesError, match="sex"):
        agency.by_group(frame, WEATHER, held, "sex")


def test_empty_and_tiny_tables_spill_no_warnings():
    for frame in (random_table(1, 1, 1), random_table(1, 2, 4), random_table(2, 2, 3)[:0]):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for function in (agency.turning_points, agency.pointes, agency.dominant, agency.plane, agency.movements):
                function(frame, BOOK)
            for function in (agency.by_group, agency.group_shifts):
                function(frame, BOOK, interviews_of(frame))


def test_narratives_without_a_ranked_code_make_no_turning_point():
    rows = [("a", 1, "unsaid")] * 6 + [("a", 2, "storm")] * 6
    frame = table(rows, sure=0.9)
    frame["wind_p_still"] = frame["wind_p_still"].where(frame["wave"] == 2, 0.099)
    frame["wind_p_storm"] = frame["wind_p_storm"].where(frame["wave"] == 2, 0.001)
    (row,) = agency.turning_points(frame, WEATHER).to_dict("records")
    assert not row["found"]
    assert np.isnan(row["p_value"]) or row["p_value"] > 0.05
