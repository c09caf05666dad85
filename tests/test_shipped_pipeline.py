"""The shipped spaCy pipeline loads with ``spacy.load`` and does what cues and interventions ask of it."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "models" / "da_narratives_sm"


@pytest.fixture(scope="module")
def nlp():
    spacy = pytest.importorskip("spacy")
    return spacy.load(FOLDER)


def test_subject_and_object_are_told_apart(nlp):
    doc = nlp("Min sagsbehandler ringede til mig. Så søgte jeg en uddannelse.")
    relations = {(token.text, token.dep_) for token in doc}
    assert {("sagsbehandler", "nsubj"), ("jeg", "nsubj"), ("uddannelse", "obj")} <= relations
    assert [sentence.text for sentence in doc.sents] == [
        "Min sagsbehandler ringede til mig.",
        "Så søgte jeg en uddannelse.",
    ]


def test_the_passive_and_the_past_are_seen(nlp):
    doc = nlp("Bagefter sendes jeg hjem, og det blev afgjort af kommunen.")
    assert doc[1].morph.get("Voice") == ["Pass"]
    assert any(token.lower_ == "blev" and token.dep_.startswith("aux") for token in doc)
    assert "Tense=Past" in str(nlp("De sendte mig i praktik.")[1].morph)


def test_lemmas_and_names(nlp):
    doc = nlp("Jeg arbejdede for Karen Jensen i Aalborg.")
    assert doc[1].lemma_ == "arbejde"
    assert {("Karen Jensen", "PER"), ("Aalborg", "LOC")} <= {(name.text, name.label_) for name in doc.ents}
