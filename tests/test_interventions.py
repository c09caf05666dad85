"""Interventions: vocabulary, mentions, tense, chains, places. On a blank pipeline unless said otherwise."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import spacy

from narratives.codebook import load_codebook
from narratives.errors import NarrativesError, StudyError, VocabularyError
from narratives.finding.certainty import certainty_of
from narratives.finding.checking import later_half, precision, texts_of, wilson
from narratives.finding.measuring import judged_chains, with_found
from narratives.finding.notation import parse_words
from narratives.finding.tense_words import names
from narratives.finding.weighing import coded_signs, fitted
from narratives.interventions import (
    CHAIN_COLUMNS,
    MENTION_COLUMNS,
    TENSES,
    chains,
    interventions,
    load_vocabulary,
)

CORPUS = Path(__file__).parents[1] / "corpora" / "agency"
NLP = spacy.blank("da")


def table(*texts: str, **more: list[object]) -> pd.DataFrame:
    return pd.DataFrame({"narrative_id": [f"t:{i}" for i in range(len(texts))], "text": texts} | more)


def named(text: str) -> list[tuple[str, str]]:
    found = interventions(table(text), nlp=NLP)
    return list(zip(found["intervention"], found["quote"], strict=True))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Jeg var i virksomhedspraktik.", [("praktik", "virksomhedspraktik")]),
        ("De fandt en praktikplads og to praktikker.", [("praktik", "praktikplads"), ("praktik", "praktikker")]),
        ("Løntilskudsjobbet sluttede.", [("løntilskud", "Løntilskudsjobbet")]),
        ("Så fik jeg fleksjobbet.", [("fleksjob", "fleksjobbet")]),
        ("Jeg er på ressourceforløbsydelse.", []),
        ("Jeg går til dansk om aftenen.", [("sprogskole", "går til dansk")]),
        ("De satte mig på et hold.", [("hold", "satte mig på et hold")]),
        ("Jeg er mentor for de nye.", []),
        ("Jeg er tandklinikassistent og praktisk anlagt.", []),
        ("Jeg tog jobsøgningskurset.", [("jobsøgningskursus", "jobsøgningskurset")]),
        ("Vi tog et afklaringsforløb.", [("afklaring", "afklaringsforløb")]),
        ("", []),
    ],
)
def test_mentions(text: str, wanted: list[tuple[str, str]]) -> None:
    assert named(text) == wanted


@pytest.mark.parametrize(
    ("text", "tense"),
    [
        ("Jeg var i praktik i en børnehave.", "had"),
        ("Jeg har været på kursus mange gange.", "had"),
        ("Nu er jeg i praktik på biblioteket.", "has"),
        ("Jeg har en mentor.", "has"),
        ("Jeg skal i praktik på mandag.", "will"),
        ("Til august starter jeg på et kursus.", "will"),
        ("De foreslog et kursus.", "considered"),
        ("Hvis jeg fik et fleksjob, ville jeg blive glad.", "considered"),
        ("Jeg vil gerne have en mentor.", "considered"),
        ("De ville have mig på et kursus, og det sagde jeg nej til.", "refused"),
        ("De ville give mig en mentor. Det sagde jeg nej til.", "refused"),
        ("Jeg blev tilkendt førtidspension.", "has"),
        ("Min mentor tog med mig derned.", "has"),
        ("Min gamle mentor tog med mig derned.", "had"),
        ("Jeg har søgt om pension.", "considered"),
        ("De siger fleksjob.", "considered"),
        ("Pension er jo det hele værd.", "considered"),
        ("Får jeg et kursus, så kommer jeg.", "considered"),
        ("De ville have mig i praktik, men jeg sagde, at jeg var syg.", "refused"),
        ("Ikke mere praktik, tak. Jeg er træt.", "refused"),
        ("De spurgte, om jeg ville i løntilskud, og det har jeg sagt ja til.", "will"),
        ("De tilbød et kursus, og det takkede jeg ja til.", "had"),
        ("Jeg har meldt mig til et kursus.", "will"),
        ("Så kom jeg i løntilskud, og der er jeg endnu.", "has"),
        ("Fleksjob var det, jeg ville have. Det har jeg nu.", "has"),
    ],
)
def test_tense(text: str, tense: str) -> None:
    assert interventions(table(text), nlp=NLP)["tense"].tolist() == [tense]


@pytest.mark.parametrize(
    ("text", "direction", "kind", "cause", "consequence", "reservation"),
    [
        ("Jeg kom i praktik, så jeg fik ondt.", "forward", "causal", "Jeg kom i praktik", "jeg fik ondt", None),
        ("Det gik, fordi jeg kom i praktik.", "backward", "causal", "fordi jeg kom i praktik", "Det gik", None),
        ("Kurset gjorde, at jeg turde søge.", "forward", "causal", "Kurset", "jeg turde søge", None),
        ("Jeg kom i praktik, og så fik jeg job.", "forward", "temporal", "Jeg kom i praktik", "fik jeg job", None),
        ("Hvis jeg får fleksjob, så går det.", "forward", "conditional", "Hvis jeg får fleksjob", "går det", "Hvis"),
        ("Takket være min mentor fik jeg job.", "forward", "causal", "Takket være min mentor", "fik jeg job", None),
        ("Hvis jeg får pension, rejser jeg.", "forward", "conditional", "Hvis jeg får pension", "rejser jeg", "Hvis"),
        ("Jeg rejser, hvis jeg får pension.", "backward", "conditional", "hvis jeg får pension", "Jeg rejser", "hvis"),
        ("Det gik, efter at jeg fik mentor.", "backward", "temporal", "efter at jeg fik mentor", "Det gik", None),
        ("Min mentor var med. Uden hende gik jeg.", "forward", "causal", "Min mentor var med", "gik jeg", None),
        ("Jeg fik kursus. Det blev jeg syg af.", "forward", "causal", "Jeg fik kursus", "Det blev jeg syg af", None),
        ("Jeg fik mentor. Hun har hjulpet mig.", "forward", "causal", "Jeg fik mentor", "har hjulpet mig", None),
        ("Jeg kom i praktik, og nu tør jeg.", "forward", "temporal", "Jeg kom i praktik", "tør jeg", None),
        ("Jeg vil gerne i FGU, så jeg kan bo.", "forward", "conditional", "Jeg vil gerne i FGU", "jeg kan bo", None),
        ("Jeg fik FGU, så jeg fik ro, men jeg gik.", "forward", "causal", "Jeg fik FGU", "jeg fik ro", "men jeg gik"),
    ],
)  # fmt: skip
def test_chains(text: str, direction: str, kind: str, cause: str, consequence: str, reservation: str | None) -> None:
    row = chains(table(text), nlp=NLP).iloc[0]
    assert (row["direction"], row["kind"], row["cause"], row["consequence"]) == (direction, kind, cause, consequence)
    assert row["reservation"] == reservation or (reservation is None and pd.isna(row["reservation"]))


@pytest.mark.parametrize(
    "text",
    [
        "Jeg vil gerne i praktik, så jeg ringede.",
        "Min mand har sin førtidspension, så vi har kartofler.",
        "Jeg var i praktik. Det var fint.",
        "Jeg fik ondt i ryggen, så jeg kom i praktik.",
        "Hun går på pension til sommer, så jeg får hendes stol.",
        "Jeg gik på FGU, så flyttede de mig til en by.",
        "Jeg var på et kursus, og så var jeg i praktik.",
        "Psykologen giver mig lektier for.",
        "Nu kan vi betale det, også hvis jeg får fleksjob.",
        "Jeg kom i praktik, og så sagde jeg goddag.",
    ],
)
def test_no_chain(text: str) -> None:
    assert chains(table(text), nlp=NLP).empty


def test_a_second_consequence_is_a_second_step() -> None:
    found = chains(table("Jeg blev sendt i praktik, så jeg fik ondt i ryggen, så jeg blev sygemeldt."), nlp=NLP)
    assert found["step"].tolist() == [1, 2]
    assert found["chain"].tolist() == [1, 1]
    assert found["cause"].tolist()[1] == found["consequence"].tolist()[0]


def test_places_point_into_the_source_across_an_interruption() -> None:
    source = "IP: Jeg var i praktik i et år.\nI: Ja.\nIP: Og så kom jeg i fleksjob, så jeg fik det godt."
    first, second = "Jeg var i praktik i et år.", "Og så kom jeg i fleksjob, så jeg fik det godt."
    spans = [(source.index(piece), source.index(piece) + len(piece)) for piece in (first, second)]
    cell = ";".join(f"{start}-{end}" for start, end in spans)
    frame = table(f"{first} {second}", transcript=["a"], spans=[cell], person=["p1"], wave=[2])
    found = interventions(frame, sources={"a": source}, nlp=NLP)
    coupled = chains(frame, sources=lambda _: source, nlp=NLP)
    assert [source[s:e] for s, e in zip(found["start"], found["end"], strict=True)] == ["praktik", "fleksjob"]
    for start, end, text in (("start", "end", "consequence"), ("cause_start", "cause_end", "cause")):
        assert [source[row[start] : row[end]] for _, row in coupled.iterrows()] == coupled[text].tolist()
    assert len(coupled) == 1


def test_a_narrative_out_of_place_is_refused() -> None:
    frame = table("Jeg var i praktik.", transcript=["a"], spans=["0-18"])
    with pytest.raises(StudyError, match="t:0"):
        interventions(frame, sources={"a": "Noget helt andet her"}, nlp=NLP)


def test_evaluation_comes_by_role_and_polarity() -> None:
    texts = ["Praktikken var god.", "Kurset var både og.", "Mentoren var der."]
    frame = table(*texts, vurdering=["positiv", "blandet", None], vurdering_p=[0.8, 0.6, None])
    found = interventions(frame, load_codebook(), nlp=NLP)
    assert found["evaluation"].tolist()[:2] == ["positiv", "blandet"]
    assert pd.isna(found["evaluation"].iloc[2])
    assert found["polarity"].isna().tolist() == [False, True, True]
    assert found["evaluation_p"].iloc[0] == 0.8
    assert interventions(frame, nlp=NLP)["evaluation"].isna().all()


def test_empty_tables_keep_their_columns() -> None:
    assert tuple(interventions(table(), nlp=NLP).columns) == MENTION_COLUMNS
    assert tuple(chains(table("Det går godt."), nlp=NLP).columns) == CHAIN_COLUMNS


def test_a_missing_column_is_named() -> None:
    with pytest.raises(NarrativesError, match="narrative_id"):
        interventions(pd.DataFrame({"text": ["Praktik."]}), nlp=NLP)


def test_own_vocabulary_extends_and_replaces(tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    content = """
version: "mit"
categories: {have: {da: Have}}
interventions:
  - {name: havehold, category: have, words: ["havehold*", "i haven (hver) mandag"]}
  - {name: praktik, category: virksomhed, words: [praktikforløb]}
"""
    own.write_text(content, encoding="utf-8")
    text = "Jeg er på haveholdet, i haven mandag, og i praktik. Jeg har en mentor."
    found = interventions(table(text), vocabulary=own, nlp=NLP)
    assert found["intervention"].tolist() == ["havehold", "havehold", "mentor"]
    assert found["category"].tolist() == ["have", "have", "støtte"]
    assert load_vocabulary(own).sha256 != load_vocabulary().sha256


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("interventions: 3", "interventions"),
        ("interventions: [{name: x}]", "words"),
        ("interventions: [{name: x, words: [a], category: ukendt}]", "ukendt"),
        ("interventions: [{name: x, words: ['a[']}]", "a["),
        ("interventions: [{name: x, words: [a], farve: rød}]", "farve"),
        ("interventions: [{name: x, words: [a], tense: {snart: [b]}}]", "snart"),
        ("interventions: [{name: x, words: [a]}, {name: x, words: [b]}]", "x"),
        ("interventions: [{name: x, words: [a], otherwise: snart}]", "snart"),
        ("interventions: [*a]", "1"),
    ],
)
def test_bad_vocabularies_are_explained(tmp_path: Path, content: str, named: str) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text(content, encoding="utf-8")
    with pytest.raises(VocabularyError) as error:
        load_vocabulary(own)
    assert named in str(error.value)
    assert "mine.yaml" in str(error.value)


def test_missing_vocabulary_file() -> None:
    with pytest.raises(VocabularyError, match=r"nowhere\.yaml"):
        load_vocabulary("nowhere.yaml")


@pytest.mark.parametrize("entry", ["", "(a)", "_", "a||b", "a b("])
def test_entries_outside_the_notation(entry: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_words(entry)


def test_component_marks_mentions_and_survives_serialising() -> None:
    from spacy.tokens import Doc

    import narratives.finding.component  # noqa: F401 - registers the factory; an installed package's entry point does so

    nlp = spacy.blank("da")
    nlp.add_pipe("narratives.interventions.v1")
    doc = nlp("Jeg var i praktik, og nu har jeg en mentor.")
    group = doc.spans["interventions"]
    assert [span.label_ for span in group] == ["praktik", "mentor"]
    assert group.attrs["tenses"] == ["had", "has"]
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert again.spans["interventions"].attrs["categories"] == ["virksomhed", "støtte"]


def test_tenses_have_labels_in_both_languages() -> None:
    from narratives.messages import say

    assert len({say(f"interventions.tense.{tense}") for tense in TENSES}) == len(TENSES)


def test_wilson_interval() -> None:
    low, high = wilson(81, 263)  # Newcombe (1998), score method: 0.2553-0.3662
    assert (round(low, 3), round(high, 3)) == (0.255, 0.366)
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_judged_sample_is_complete_and_leaves_test_and_development_persons_out() -> None:
    judged = pd.read_csv(CORPUS / "checks" / "interventions_checked.csv")
    figures = precision(judged)
    overall = figures[(figures["part"] == "all") & (figures["round"] == 2)].set_index("question")
    assert overall.loc["is_intervention", "precision"] > 0.9
    assert overall.loc["tense_right", "n"] == 115
    split = pd.read_csv(CORPUS / "split.csv")
    allowed = later_half(split.loc[split["split"] == "rest", "person"])
    persons = pd.concat(
        pd.read_json(CORPUS / name, lines=True)[["id", "person"]]
        for name in ("coded.jsonl", "natural.jsonl", "singles.jsonl")
    ).set_index("id")["person"]
    assert set(judged["narrative_id"].map(persons)) <= allowed


def test_quotes_of_the_judged_sample_stand_in_their_texts() -> None:
    judged = pd.read_csv(CORPUS / "checks" / "interventions_checked.csv")
    for row in judged.to_dict("records"):
        shown = row["quote"] if row["kind"] == "mention" else row["consequence"]
        assert row["text"][int(row["start"]) : int(row["end"])] == shown


def test_a_plain_tense_is_surer_than_a_doubtful_one() -> None:
    found = interventions(table("Nu har jeg en mentor, og hun er god.", "Praktik ville jo, hvis ikke."), nlp=NLP)
    assert found["tense"].iloc[0] == "has"
    assert 0.8 < found["tense_p"].iloc[0] < 1
    assert found["tense_p"].iloc[1] < 0.6
    signs = {"here past", "leads", "no such sign"}
    assert sum(certainty_of(tense, signs) for tense in TENSES) == pytest.approx(1)


def test_every_weighed_sign_of_a_list_names_a_list_there_is() -> None:
    import json
    from importlib.resources import files

    weights = json.loads((files("narratives") / "vocabularies" / "tense_weights.json").read_text(encoding="utf-8"))
    assert set(weights["tenses"]) == set(TENSES)
    signs = [sign.split(" ", 2) for sign in weights["weights"]]
    listed = [(sign[1], sign[2]) for sign in signs if len(sign) == 3 and sign[1] in ("verb", "form", "phrase")]
    assert len(listed) > 50
    assert {name for kind, name in listed if name not in (*names(f"{kind}s"), "verb")} == set()


def test_weights_are_fitted_to_coded_mentions() -> None:
    told = {"a": ("Jeg var i praktik.", 9, 17, "had"), "b": ("Nu har jeg en mentor.", 14, 20, "has")}
    told |= {"c": ("Jeg skal i praktik.", 11, 18, "will")}
    texts = {f"{kind}{i}": text for kind, (text, *_) in told.items() for i in range(8)}
    rows = [(name, *told[name[0]][1:]) for name in texts]
    coded = pd.DataFrame(rows, columns=["narrative_id", "start", "end", "tense"])
    readings = coded_signs(coded, texts, NLP)
    assert [reading[1] for reading in readings if reading] == coded["tense"].tolist()
    weights = fitted([reading for reading in readings if reading])
    assert weights["tenses"] == ["had", "has", "will"]
    assert weights["weights"]["here past"][0] > 0
    missing = coded.assign(start=0, end=2).head(1)
    assert coded_signs(missing, texts, NLP) == [None]


def coded(name: str) -> pd.DataFrame:
    return pd.read_csv(CORPUS / "checks" / f"{name}.tsv", sep="\t", comment="#", keep_default_na=False)


def test_mentions_are_measured_on_test_persons_and_developed_on_others() -> None:
    split = pd.read_csv(CORPUS / "split.csv").set_index("person")["split"]
    tables = (pd.read_json(CORPUS / f"{name}.jsonl", lines=True) for name in ("coded", "natural", "singles"))
    persons = pd.concat(table[["id", "person"]] for table in tables).set_index("id")["person"]
    drawn = coded("interventions_drawn")
    assert set(drawn["narrative_id"].map(persons).map(split)) == {"test"}
    assert set(coded("tense_development")["narrative_id"].map(persons).map(split)) == {"rest"}
    assert set(coded("interventions_coded")["narrative_id"]) <= set(drawn["narrative_id"])


def test_what_was_coded_stands_in_the_texts() -> None:
    texts = texts_of(CORPUS)
    places = [("interventions_coded", "start", "end", "quote"), ("tense_development", "start", "end", "quote")]
    places += [("couplings_coded", "consequence_start", "consequence_end", "consequence")]
    places += [("chains_judged", "start", "end", "consequence")]
    for name, start, end, shown in places:
        for row in coded(name).to_dict("records"):
            assert texts[row["narrative_id"]][row[start] : row[end]] == row[shown]


def test_judged_chains_are_counted_by_version() -> None:
    figures = {(row["asked"], row["part"]): row for row in judged_chains(coded("chains_judged"))}
    before, after = (figures[f"chain, rules {version}: coupled", "all"] for version in ("before", "after"))
    assert (before["right"], before["n"]) == (45, 67)
    assert (after["right"], after["n"]) == (53, 63)
    assert before["high"] - before["low"] > 0.2


def test_coded_mentions_are_met_by_overlap() -> None:
    marked = pd.DataFrame({"narrative_id": ["a", "a"], "start": [0, 20], "end": [5, 25]})
    found = pd.DataFrame({"narrative_id": ["a"], "start": [3], "end": [9], "tense": ["had"], "tense_p": [0.7]})
    assert with_found(marked, found)[["found", "said"]].to_numpy().tolist() == [[1, "had"], [0, ""]]
