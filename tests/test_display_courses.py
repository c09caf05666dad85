"""Interventions as the displays tell and draw them: nothing that nobody told of."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from studies import make_study

from narratives.displays import display
from narratives.displays.material import Material, material_of
from narratives.messages import speaking


@pytest.fixture(autouse=True)
def danish():
    with speaking("da"):
        yield


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Person p02 has no interview in wave 2, p03 has one without narratives."""
    folder = tmp_path_factory.mktemp("made") / "study"
    return make_study(folder, 3, 3, 4, absent=(("p02", 2),), silent=(("p03", 2),))


def told(study, person: str, mentions: list[tuple[int, str, str]]) -> Material:
    """The study's material, with these mentions (wave, intervention, tense) of a person instead of those found."""
    material = material_of(study)
    first = material.of_person(person).groupby("wave")["narrative_id"].first()
    rows = [
        {"narrative_id": first[wave], "person": person, "wave": wave, "intervention": name, "tense": tense}
        for wave, name, tense in mentions
    ]
    return dataclasses.replace(material, given={"interventions": lambda: pd.DataFrame(rows)})


def test_a_case_shows_no_intervention_that_was_refused_or_only_considered(study):
    mentions = [
        (1, "fleksjob", "refused"),
        (1, "mentor", "will"),
        (1, "kursus", "considered"),
        (2, "mentor", "has"),
        (3, "fleksjob", "has"),
        (3, "mentor", "has"),
    ]
    material = told(study, "p01", mentions)
    cell = display(material, 1, "p01").rows[-1][1]
    assert cell.text == "mentor (skal have → har), fleksjob (har)"
    assert len(cell.narrative_ids) == 3
    assert display(told(study, "p01", mentions[:1]), 1, "p01").rows[-1][1].text == "–"


def test_a_wave_is_missing_only_where_the_person_spoke_later(tmp_path):
    study = make_study(tmp_path / "study", 2, 3, 4, absent=(("p01", 2), ("p02", 3)))
    with speaking("da"):
        gap, ended = (display(material_of(study), 1, person).html() for person in ("p01", "p02"))
    assert "mangler bølge 2" in gap
    assert "mangler" not in ended
    assert "til og med bølge 2" in ended


def drawn(material: Material, person: str) -> dict[int, list[tuple[float, float]]]:
    """Per row of display 4's picture from where to where its bars run; row -1 is the band."""
    plot = display(material, 4, person).picture.figure().axes[0]
    found = (collection for collection in plot.collections if hasattr(collection, "get_segments"))
    lines = [line for collection in found for line in lines_of(collection)]
    return {row: sorted((start, end) for at, start, end in lines if at == row) for row in {at for at, _, _ in lines}}


def lines_of(collection) -> list[tuple[int, float, float]]:
    """Row, start and end of each."""
    return [(int(line[0][1]), float(line[0][0]), float(line[1][0])) for line in collection.get_segments()]


def test_no_bar_runs_through_a_wave_without_an_interview(study):
    goes_on = [(wave, "mentor", "has") for wave in (1, 3)]
    for person, why in (("p02", "intet interview"), ("p03", "ingen narrativer")):
        material = told(study, person, goes_on)
        shown = display(material, 4, person)
        assert shown.columns[1:] == ("Bølge 1", "Bølge 2", "Bølge 3")
        assert [row[2].text for row in shown.rows] == [why, why]
        assert f"({why})" in shown.picture.svg
        assert 0 not in drawn(material, person)


def test_the_band_of_the_caseworker_is_broken_where_nothing_was_told(study):
    material = told(study, "p02", [(1, "mentor", "has")])
    rows = material.rows.assign(kontekst="sagsbehandler")
    material.__dict__["rows"] = rows
    assert drawn(material, "p02")[-1] == [(-0.3, 0.3), (1.7, 2.3)]
    material = told(study, "p01", [(1, "mentor", "has")])
    material.__dict__["rows"] = rows
    assert drawn(material, "p01")[-1] == [(-0.3, 0.7), (0.7, 1.7), (1.7, 2.3)]


@pytest.mark.parametrize(
    ("tenses", "bars"),
    [
        (("had", "had", "had"), []),
        (("had", "has", "has"), [(1, 2)]),
        (("has", "had", "had"), [(0, 0.5)]),
        (("has", "will", "has"), []),
    ],
)
def test_a_bar_starts_only_where_an_intervention_goes_on(study, tenses, bars):
    material = told(study, "p01", [(wave, "mentor", tense) for wave, tense in enumerate(tenses, 1)])
    assert drawn(material, "p01").get(0, []) == bars


def test_waves_that_the_whole_study_lacks_are_a_gap_too(tmp_path):
    absent = tuple((person, 2) for person in ("p01", "p02"))
    study = make_study(tmp_path / "study", 2, 4, 2, absent=absent)
    material = told(study, "p01", [(wave, "mentor", "has") for wave in (1, 3, 4)])
    assert drawn(material, "p01")[0] == [(1, 2)]


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("number", [4, 5])
def test_notes_give_no_figure_that_was_not_measured_on_interviews(study, language, number):
    with speaking(language):
        notes = " ".join(display(material_of(study), number).notes)
    assert "docs/interventions.md" in notes
    assert not any(character.isdigit() for character in notes)
