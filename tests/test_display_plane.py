"""The plane of display 6, still and interactive: arrows claim no more than the verdicts on them."""

from __future__ import annotations

import math

import pytest
from studies import make_study

from narratives.displays import display
from narratives.displays.material import material_of
from narratives.displays.movement import kind_of
from narratives.displays.pictures import STYLES
from narratives.displays.room import free_offsets
from narratives.messages import speaking


@pytest.fixture(autouse=True)
def danish():
    with speaking("da"):
        yield


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return make_study(tmp_path_factory.mktemp("made") / "study", 3, 3, 4)


def judged(study, verdicts: dict[tuple[str, int, int], str]):
    """The study's material with these verdicts per variable, wave and later wave, for everybody; else undecided."""
    material = material_of(study)
    keys = zip(*(material.shifts[name] for name in ("variable", "wave_from", "wave_to")), strict=True)
    told = [verdicts.get((name, int(first), int(last)), "undecided") for name, first, last in keys]
    material.__dict__["shifts"] = material.shifts.assign(verdict=told)
    return material


def arrows(material, person=None) -> list[str]:
    """Colours of the arrows in the order of drawing."""
    from matplotlib.colors import to_hex

    plot = display(material, 6, person).picture.figure().axes[0]
    drawn = [text.arrow_patch for text in plot.texts if text.arrow_patch is not None]
    return [to_hex(patch.get_edgecolor()).upper() for patch in drawn]


@pytest.mark.parametrize(
    ("verdicts", "kind"),
    [
        (("gain", "undecided"), "gain"),
        (("undecided", "loss"), "loss"),
        (("gain", "gain"), "gain"),
        (("gain", "loss"), "mixed"),
        (("stable", "stable"), "stable"),
        (("stable", "undecided"), "undecided"),
    ],
)
def test_an_arrow_is_decided_by_both_axes(verdicts, kind):
    assert kind_of(verdicts) == kind_of(verdicts[::-1]) == kind


def test_each_step_is_drawn_by_its_own_verdict(study):
    grey, blue, orange = (STYLES[name].colour.upper() for name in ("undecided", "gain", "loss"))
    overall = {("agency", 1, 3): "gain", ("arbejdsidentitet", 1, 3): "gain"}
    assert arrows(judged(study, overall), "p01") == [grey, grey]
    assert arrows(judged(study, overall)) == [blue] * 3
    steps = {("agency", 1, 2): "gain", ("arbejdsidentitet", 2, 3): "loss"}
    assert arrows(judged(study, steps), "p01") == [blue, orange]
    assert arrows(judged(study, steps)) == [grey] * 3


def test_an_arrow_past_a_wave_without_ranks_is_undecided(study):
    steps = ((name, *step) for name in ("agency", "arbejdsidentitet") for step in ((1, 2), (2, 3)))
    material = judged(study, dict.fromkeys(steps, "gain"))
    missing = (material.profiles["wave"] == 2) & (material.profiles["variable"] == "arbejdsidentitet")
    material.__dict__["profiles"] = material.profiles.assign(mean=material.profiles["mean"].mask(missing))
    assert arrows(material, "p01") == [STYLES["undecided"].colour.upper()]


@pytest.mark.parametrize("person", [None, "p01"])
def test_the_whole_of_both_scales_is_drawn_and_the_rule_said(study, person):
    material = material_of(study)
    picture = display(material, 6, person).picture
    plot = picture.figure().axes[0]
    for low, high in (plot.get_xlim(), plot.get_ylim()):
        assert low < 0
        assert high > 2
    assert all(variable.label in picture.caption for variable in material.ranked[:2])
    codes = [code.name for variable in material.ranked[:2] for code in variable.codes if code.rank is not None]
    assert all(f"{code} (" in picture.svg for code in codes)


def test_a_persons_own_plane_has_intervals(study):
    one, everybody = (display(material_of(study), 6, person).picture.figure().axes[0] for person in ("p01", None))
    assert len(one.containers) == 1
    assert not everybody.containers


def test_of_many_persons_only_decided_arrows_bear_names(tmp_path):
    study = make_study(tmp_path / "study", 16, 2, 2)
    names = {f"p{number:02d}" for number in range(1, 17)}
    undecided = judged(study, {})
    assert not names & written(undecided)
    material = judged(study, {("agency", 1, 2): "gain"})
    one = material.shifts["person"] == "p07"
    material.__dict__["shifts"] = material.shifts.assign(verdict=material.shifts["verdict"].where(one, "undecided"))
    assert names & written(material) == {"p07"}
    assert "15" in display(material, 6).picture.caption


def written(material) -> set[str]:
    """What stands in the plane of everybody."""
    return {text.get_text() for text in display(material, 6).picture.figure().axes[0].texts}


def test_names_stay_inside_and_cover_neither_points_nor_each_other():
    points = [(50.0, 50.0), (52.0, 51.0), (98.0, 98.0), (50.0, 52.0)]
    offsets = free_offsets(points, ["p01", "p02", "p03", "p04"], 7, (100, 100))
    boxes = [
        (x + right, y + up, x + right + 13.02, y + up + 7)
        for (x, y), (right, up) in zip(points, (offset for offset in offsets if offset), strict=False)
    ]
    assert len(boxes) == 4
    assert all(low >= 0 and high <= 100 for box in boxes for low, high in (box[::2], box[1::2]))
    for place, box in enumerate(boxes):
        for other in boxes[:place]:
            assert box[2] <= other[0] or other[2] <= box[0] or box[3] <= other[1] or other[3] <= box[1]
        assert not any(box[0] < x < box[2] and box[1] < y < box[3] for x, y in points)
    assert free_offsets([(5.0, 5.0)], ["a long name"], 7, (30, 30)) == [None]


def test_the_interactive_plane_names_persons_and_shows_direction_and_codes(study):
    material = material_of(study)
    chart = study.chart().to_dict()
    layers = {layer["mark"]["type"] + layer["mark"].get("shape", ""): layer["encoding"] for layer in chart["layer"]}
    assert {"line", "pointcircle", "pointtriangle", "text"} <= set(layers)
    rows = next(iter(chart["datasets"].values()))
    assert {row["name"] for row in rows} - {""} == set(material.persons)
    colour = layers["line"]["color"]
    assert len(set(colour["scale"]["range"])) == len(material.persons) == 3
    assert colour["legend"]["title"] == "Person"
    for axis, variable in zip("xy", material.ranked[:2], strict=True):
        told = layers["line"][axis]["axis"]["labelExpr"]
        assert all(f'"{code.name}"' in told for code in variable.codes if code.rank is not None)
    assert any("–" not in row["agency_told"] and "[" in row["agency_told"] for row in rows)


def test_the_triangle_points_where_the_course_goes(study):
    rows = next(iter(study.chart().to_dict()["datasets"].values()))
    for person in {row["person"] for row in rows}:
        before, last = sorted((row for row in rows if row["person"] == person), key=lambda row: row["wave"])[-2:]
        right = math.sin(math.radians(last["angle"])) * (last["agency"] - before["agency"])
        upward = math.cos(math.radians(last["angle"])) * (last["identity"] - before["identity"])
        assert last["place"] == "last"
        assert right >= 0
        assert upward >= 0


def test_more_persons_than_colours_differ_in_dashes(tmp_path):
    chart = make_study(tmp_path / "study", 9, 1, 6).chart().to_dict()
    line = chart["layer"][0]["encoding"]
    looks = zip(line["color"]["scale"]["range"], map(tuple, line["strokeDash"]["scale"]["range"]), strict=True)
    assert len(set(looks)) == 9
    assert {row["place"] for row in next(iter(chart["datasets"].values()))} == {"first"}
