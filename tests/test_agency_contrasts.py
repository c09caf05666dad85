"""Groups against each other: the difference itself, with its interval, and nothing where nothing is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from test_agency import WEATHER, table

from narratives import agency
from narratives.errors import NarrativesError
from narratives.measuring.contrasts import CONTRAST_COLUMNS, _contrast

TOWNS = ("Ribe", "Tønder")


def made(persons: int = 12, rise: tuple[int, int] = (0, 6), n: int = 8) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two towns, two waves: 2 or 3 of ``n`` narratives storm in wave 1, and ``rise`` more of each town's in wave 2."""
    codes = []
    for place in range(persons):
        for wave in (1, 2):
            storms = 2 + place // 2 % 2 + (rise[place % 2] if wave == 2 else 0)
            codes += [(f"p{place:02d}", wave, "storm" if item < storms else "still") for item in range(n)]
    frame = table(codes)
    held = frame[["transcript", "person", "wave"]].drop_duplicates().reset_index(drop=True)
    return frame, held.assign(town=[TOWNS[int(person[1:]) % 2] for person in held["person"]])


def test_a_known_difference_is_found_and_none_where_there_is_none():
    frame, held = made(rise=(0, 5))
    rows = agency.group_contrasts(frame, WEATHER, held, "town")
    assert tuple(rows.columns) == CONTRAST_COLUMNS
    assert set(zip(rows["group"], rows["other"], strict=True)) == {TOWNS}
    first, second = (rows[(rows["measure"] == "mean") & (rows["wave_to"] == wave)].iloc[0] for wave in (1, 2))
    moved = rows[(rows["measure"] == "shift") & (rows["span"] == "overall")].iloc[0]
    assert first["difference"] == pytest.approx(0)
    assert first["low"] < 0 < first["high"]
    assert first["p_higher"] == pytest.approx(0.5)
    assert second["difference"] == pytest.approx(-5 / 8)
    assert second["low"] < -5 / 8 < second["high"] < 0
    assert second["p_higher"] < 0.001
    assert moved["difference"] == pytest.approx(moved["value"] - moved["value_other"]) == pytest.approx(-5 / 8)
    assert (moved["persons"], moved["persons_other"], len(moved["narrative_ids"].split(";"))) == (6, 6, len(frame))


def test_small_groups_are_hidden_and_single_persons_have_no_interval():
    frame, held = made(persons=4)
    hidden = agency.group_contrasts(frame, WEATHER, held, "town", min_cell=3)
    assert hidden["suppressed"].all()
    assert hidden[["persons", "value", "value_other", "difference", "low", "p_higher"]].isna().all(axis=None)
    assert (hidden["narrative_ids"] == "").all()
    frame, held = made(persons=2)
    alone = agency.group_contrasts(frame, WEATHER, held, "town")
    assert alone["difference"].notna().all()
    assert alone[["low", "high", "p_higher"]].isna().all(axis=None)


def test_unknown_values_are_no_group_and_unknown_attributes_an_error():
    frame, held = made()
    some = held.assign(town=held["town"].where(held["town"] != "Ribe"))
    assert agency.group_contrasts(frame, WEATHER, some, "town").empty
    with pytest.raises(NarrativesError, match="town"):
        agency.group_contrasts(frame, WEATHER, held, "height")
    assert agency.group_contrasts(frame[:0], WEATHER, held, "town").empty


def test_whole_numbers_name_groups_whole():
    frame, held = made()
    numbered = held.assign(match=[None if person == "p00" else 1.0 + int(person[1:]) % 2 for person in held["person"]])
    assert set(agency.by_group(frame, WEATHER, numbered, "match")["group"]) == {"", "1", "2"}


@pytest.mark.parametrize("shared", [False, True])
def test_intervals_cover_no_difference_as_often_as_stated(shared):
    rng = np.random.default_rng(3)
    hits = []
    for seed in range(200):
        people = rng.normal(0, 1, 14)
        first = pd.Series(people[:8] + rng.normal(0, 0.5, 8), index=range(8))
        ids = range(2, 8) if shared else range(8, 14)
        second = pd.Series(people[list(ids)] + rng.normal(0, 0.5, 6), index=list(ids))
        found = _contrast(first, second, 0.95, seed)
        hits.append(found["low"] <= 0 <= found["high"])
    assert 0.9 <= np.mean(hits) <= 0.995


def test_intervals_of_few_persons_stay_within_what_the_scale_allows():
    rows = [
        (person, wave, code)
        for person, code in (("a", "storm"), ("b", "still"), ("c", "storm"), ("d", "still"))
        for wave in (1, 2)
    ]
    frame = table(rows * 3)
    held = frame[["transcript", "person", "wave"]].drop_duplicates()
    held["sex"] = held["person"].map({"a": "k", "b": "k", "c": "m", "d": "m"})
    found = agency.group_contrasts(frame, WEATHER, held, "sex")
    stood = found[found["measure"] == "mean"]
    assert stood[["low", "high"]].to_numpy().tolist() == [[-1, 1], [-1, 1]]
    assert found.loc[found["measure"] == "shift", ["low", "high"]].abs().max(axis=None) <= 2
