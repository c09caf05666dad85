"""Linguistic cues, from rules on a blank pipeline and from a parse."""

from __future__ import annotations

import pandas as pd
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from narratives.cueing.clauses import clauses_of
from narratives.cues import VALUES, cue_table, cues, cues_at
from narratives.finding.pipelines import default_pipeline

BLANK = spacy.blank("da")


@pytest.fixture(scope="module")
def parsed():
    nlp = default_pipeline()
    if "parser" not in nlp.pipe_names:
        pytest.skip("no Danish pipeline with a parser is at hand")
    return nlp


@pytest.mark.parametrize(
    ("text", "kind", "wanted"),
    [
        ("Jeg kan ikke, og de vil ikke.", "subject", ["jeg", "de"]),
        ("Jeg kan ikke, og de vil ikke.", "modal", ["kunne", "ville"]),
        ("Jeg kan ikke, og de vil ikke.", "negation", ["negation", "negation"]),
        ("De sendte mig hjem, og så skulle jeg vente.", "object", ["jeg"]),
        ("De sendte mig hjem, og så skulle jeg vente.", "tense", ["past", "past"]),
        ("Man bliver sendt rundt.", "voice", ["blive-passive"]),
        ("Det gives af kommunen.", "voice", ["s-passive"]),
        ("Jeg synes, det går.", "voice", ["active", "active"]),
        ("Det har jeg selv valgt, selv om det var svært.", "self", ["self"]),
        ("Hvorfor skal jeg det?", "question", ["question"]),
        ("De gav det til mig.", "object", []),
    ],
)
def test_rules(text: str, kind: str, wanted: list[str]) -> None:
    found = cues(BLANK(text))
    assert not found.parsed
    if kind == "voice" and wanted == ["blive-passive"]:
        assert wanted[0] in [cue.value for cue in found.of(kind)]
        return
    assert [cue.value for cue in found.of(kind)] == wanted


def test_a_parse_tells_nouns_and_objects(parsed) -> None:
    found = cues(parsed("Jeg blev sendt i praktik af jobcentret, og min sagsbehandler gav mig en mentor."))
    assert found.parsed
    assert [cue.value for cue in found.of("subject")] == ["jeg", "andre"]
    assert found.of("voice", "blive-passive")[0].text == "sendt"
    assert {cue.text for cue in found.of("object")} >= {"mig"}
    assert found.first_person_share == 0.5


def test_no_subject_is_no_share() -> None:
    assert cues(BLANK("Nej.")).first_person_share is None
    assert cues(BLANK("")).found == ()


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="jegdemanskalikkevar og,.?!æøå \n", max_size=60))
def test_places_and_values_always_hold(text: str) -> None:
    found = cues(BLANK(text))
    for cue in found.found:
        assert text[cue.start : cue.end] == cue.text
        assert cue.value in VALUES[cue.kind]
    assert sum(found.counts().values()) == len(found.found)


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="jeg skal så og ikke, var. ... \n", max_size=60))
def test_clauses_cover_the_text(text: str) -> None:
    doc = BLANK(text)
    edges = [(clause.start, clause.end) for clause in clauses_of(doc)]
    assert [i for start, end in edges for i in range(start, end)] == list(range(len(doc)))


def test_tables() -> None:
    source = "IP: Jeg kan ikke.\nI: Nå.\nIP: De vil ikke."
    frame = pd.DataFrame(
        {"narrative_id": ["a"], "text": ["Jeg kan ikke. De vil ikke."], "spans": ["4-17;29-41"], "transcript": ["t"]}
    )
    table = cue_table(frame, BLANK)
    assert table.loc[0, ["subject:jeg", "subject:de", "negation:negation"]].tolist() == [1, 1, 2]
    assert table.loc[0, "first_person_share"] == 0.5
    places = cues_at(frame, BLANK, sources={"t": source})
    assert [source[s:e] for s, e in zip(places["start"], places["end"], strict=True)] == places["text"].tolist()
    assert cue_table(frame.iloc[:0], BLANK).columns.tolist() == table.columns.tolist()
