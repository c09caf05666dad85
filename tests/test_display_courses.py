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
