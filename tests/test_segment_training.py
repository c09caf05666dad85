"""Training material keeps its places, training learns, and the shipped figures reach what was promised."""

import json
import random

import numpy as np
import pytest

from narratives.building import segmenter
from narratives.building.segmenter_material import BASELINES, baseline, examples_of, labels_of
from narratives.files import sha256_of
from narratives.segmenting.monologues import Coded, monologue, runs_of_turns
from narratives.segmenting.speech import speech_of
from narratives.shipped import shipped_folder
from narratives.transcript import Role, Speaker, Transcript, Turn

FIGURES = shipped_folder("models") / "segmenter" / "figures.json"

STORY = "Jeg arbejdede på et lager i seks år, og så blev jeg fyret. Siden har jeg søgt job hver uge."
OTHER = "Ja, kommunen sendte mig på kursus. Der lærte jeg regneark, så nu kan jeg søge kontorjob."
CHAT = "Skal du have mælk? Den står derovre."


def coded(*turns, person="p"):
    """An interview of (speech, coded) turns, a question before each."""
    text, made, narratives = "", [], []
    for said, is_narrative in turns:
        text += "I: Hvad så?\n\n"
        made.append(Turn("I", ((len(text) - 10, len(text) - 2),)))
        text += "P: "
        made.append(Turn("P", ((len(text), len(text) + len(said)),)))
        if is_narrative:
            narratives.append(made[-1].spans)
        text += f"{said}\n\n"
    speakers = (Speaker("I", Role.INTERVIEWER), Speaker("P", Role.PARTICIPANT, person))
    transcript = Transcript("t", "t.txt", text, sha256_of(text), "txt", "", tuple(made), speakers, person)
    return Coded(transcript, tuple(narratives))


def quoted(one):
    return [" ".join(one.transcript.text[s:e] for s, e in spans) for spans in one.narratives]


def participant_turns(one):
    return list(one.transcript.turns_of(Role.PARTICIPANT))


def test_a_monologue_holds_the_same_narratives_without_the_questions():
    one = coded((STORY, True), (CHAT, False), (OTHER, True), ("Nej.", False))
    joined = monologue(one, participant_turns(one))
    assert joined.transcript.text == f"{STORY} {CHAT} {OTHER} Nej."
    assert quoted(joined) == [STORY, OTHER]
    assert len(joined.transcript.turns) == 1


def test_answering_words_can_be_cut_off_a_monologue():
    one = coded((STORY, True), ("Nej. Nå.", False), (OTHER, True))
    joined = monologue(one, participant_turns(one), answers=False)
    assert joined.transcript.text == f"{STORY} {OTHER.removeprefix('Ja, ')}"
    assert quoted(joined) == [STORY, OTHER.removeprefix("Ja, ")]


def test_an_interrupted_narrative_is_in_one_piece_again():
    one = coded(("Jeg kom hjem.", True), ("Så ringede de.", True))
    both = Coded(one.transcript, ((*one.narratives[0], *one.narratives[1]),))
    joined = monologue(both, participant_turns(both))
    assert joined.narratives == (((0, len("Jeg kom hjem. Så ringede de.")),),)


def test_runs_hold_every_turn_once():
    one = coded(*[(CHAT, False)] * 23)
    runs = runs_of_turns(one, random.Random(3), 2, 10)
    assert [turn for run in runs for turn in run] == participant_turns(one)
    assert all(len(run) <= 10 for run in runs)


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        (BASELINES[0], [1, 1, 3, 3]),
        (BASELINES[1], [0, 1, 2, 3]),
        (BASELINES[2], [1, 1, None, None]),
        (BASELINES[3], [0, 0, 0, 1]),
    ],
)
def test_baselines(name, labels):
    one = coded((STORY, True), (CHAT, False))
    (speech,) = speech_of(one.transcript, (Role.PARTICIPANT,), lambda words: ())
    assert list(baseline(name, speech, 1000 / 23)) == labels
    assert labels_of(one, speech) == [0, 0, None, None]


def test_training_learns_to_tell_stories_from_chat_and_is_deterministic(tmp_path):
    turns = [(STORY, True), (CHAT, False), (OTHER, True), (CHAT, False)]
    corpus = [coded(*random.Random(seed).sample(turns, 4), person=f"p{seed}") for seed in range(5)]
    material = segmenter.gather(corpus, 0)
    scorer, figures = segmenter.train(material, 0)
    assert np.array_equal(scorer.words, segmenter.fit(material).words)
    assert figures["interviews"].token_f1 > 0.95
    densities = [density for _, density in scorer.prices]
    assert densities == sorted(densities, reverse=True)
    (example, *_) = examples_of(corpus)
    scores = scorer.score(example.speech)
    inside = np.array([label is not None for label in example.labels])
    assert scores.narrativity[inside].min() > scores.narrativity[~inside].max()


@pytest.mark.skipif(not FIGURES.is_file(), reason="models/segmenter/figures.json is not there")
def test_shipped_figures_on_persons_not_seen_reach_what_was_promised():
    tables = json.loads(FIGURES.read_text(encoding="utf-8"))
    interviews = tables["interviews as they are"]
    assert interviews["segmenter, as shipped"]["token_f1"] >= interviews["every turn of 20 words or more"]["token_f1"]
    for kind in ("monologues of 3-10 turns", "whole interviews as one monologue"):
        table = tables[kind]
        shipped = table["segmenter, as shipped"]
        assert shipped["token_f1"] >= 0.85
        assert shipped["boundary_f1_near"] >= 0.60
        assert shipped["boundary_f1_near"] > max(table[name]["boundary_f1_near"] for name in BASELINES) + 0.1
        assert abs(shipped["density_ratio"] - 1) <= 0.15
