"""Narratives in transcripts, and the spaCy components around them."""

import random
import subprocess
import sys
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from narratives.errors import ModelError, SegmentationError
from narratives.files import sha256_of
from narratives.segment import Settings, load_pipeline, narratives_in
from narratives.segmenting.pipelines import BLANK, pipeline_of
from narratives.segmenting.scoring import load_scorer
from narratives.segmenting.speech import speech_of
from narratives.shipped import shipped_folder
from narratives.transcript import Role, Speaker, Transcript, Turn

MODEL = shipped_folder("models") / "segmenter"
CORPUS = shipped_folder("corpora") / "agency" / "transcripts"
needs_model = pytest.mark.skipif(not (MODEL / "segmenter.json").is_file(), reason="models/segmenter is not there")

ROLES = {"IP": Role.PARTICIPANT, "IP2": Role.PARTICIPANT, "I": Role.INTERVIEWER, "SB": Role.PROFESSIONAL}
PRACTICE = (
    "Jeg kom i praktik i Netto i marts, fordi jobcentret sendte mig derned. Der skulle jeg sidde ved kassen, "
    "men så fik jeg ondt i ryggen igen. Til sidst ringede jeg til min sagsbehandler og sagde, at jeg måtte stoppe."
)
COURSE = (
    "Siden har jeg søgt ind på social- og sundhedsskolen, og nu venter jeg på svar. "
    "Hvis jeg kommer ind, begynder jeg til august, og så er jeg færdig med kontanthjælpen."
)

HOME = (
    "Nå, men boligen, det er en anden historie. Huslejen steg i januar, og da dagpengene faldt væk, kunne jeg ikke "
    "betale. Nu bor jeg hos min bror, indtil kommunen finder noget."
)


def interview(*turns, glue="\n\n"):
    """A transcript of (label, speech) pairs."""
    text, made = "", []
    for label, said in turns:
        start = len(text) + len(label) + 2
        made.append(Turn(label, ((start, start + len(said)),)))
        text += f"{label}: {said}{glue}"
    labels = dict.fromkeys(label for label, _ in turns)
    speakers = tuple(
        Speaker(label, ROLES[label], label if ROLES[label] is Role.PARTICIPANT else None) for label in labels
    )
    return Transcript("t1", "t1.txt", text, sha256_of(text), "txt", turns=tuple(made), speakers=speakers)


@cache
def pipeline():
    return load_pipeline(BLANK)


def found_in(transcript, **choices):
    return narratives_in(transcript, pipeline(), Settings(**choices))


# --- what becomes a narrative -------------------------------------------------------------------


@needs_model
def test_each_answer_is_a_narrative_and_small_talk_is_not():
    transcript = interview(
        ("I", "Vil du have kaffe?"), ("IP", "Ja tak. Bare sort."), ("I", "Hvad skete der i foråret?"), ("IP", PRACTICE),
        ("I", "Og hvad laver du nu?"), ("IP", COURSE), ("I", "Tak."), ("IP", "Selv tak. Pas på trappen."),
    )  # fmt: skip
    found = found_in(transcript)
    assert [item.text for item in found.narratives] == [PRACTICE, COURSE]
    assert [item.question for item in found.narratives] == ["Hvad skete der i foråret?", "Og hvad laver du nu?"]
    assert all(0.5 < item.score <= 1 for item in found.narratives)
    assert {item.text for item in found.omitted} == {"Ja tak. Bare sort.", "Selv tak. Pas på trappen."}


@needs_model
@pytest.mark.parametrize("heard", ["Ja.", "Okay.", "Ja?", "Okay?", "Nå?", "Nej.", "Mm"])
def test_a_back_channel_does_not_cut_a_narrative_in_two(heard):
    first, rest = PRACTICE.split(" Til sidst ")
    transcript = interview(("I", "Hvad skete der?"), ("IP", first), ("I", heard), ("IP", f"Og til sidst {rest}"))
    (narrative,) = found_in(transcript).narratives
    assert len(narrative.spans) == 2
    assert narrative.text == f"{first} Og til sidst {rest}"


@needs_model
@pytest.mark.parametrize(
    "asked", ["Hvad sagde jobcentret?", "Hvad gjorde du så?", "Og hvad sagde jobcentret", "Fik du hjælp?", "Og kurset?"]
)
def test_a_short_question_with_content_parts_two_answers(asked):
    transcript = interview(("I", "Hvad skete der?"), ("IP", PRACTICE), ("I", asked), ("IP", COURSE))
    assert [item.text for item in found_in(transcript).narratives] == [PRACTICE, COURSE]


@needs_model
def test_a_turn_is_divided_where_the_topic_changes_when_more_narratives_are_wanted():
    transcript = interview(("I", "Fortæl."), ("IP", f"{PRACTICE} {HOME}"))
    assert [item.text for item in found_in(transcript, density=30.0).narratives] == [PRACTICE, HOME]


@needs_model
def test_only_the_roles_asked_for_speak():
    transcript = interview(("SB", PRACTICE), ("IP", COURSE), ("I", PRACTICE))
    assert {item.role for item in found_in(transcript).narratives} == {Role.PARTICIPANT}
    both = found_in(transcript, roles=(Role.PARTICIPANT, Role.PROFESSIONAL))
    assert {item.speaker for item in both.narratives} == {"SB", "IP"}
    assert {item.person for item in both.narratives} == {None, "IP"}
    assert found_in(interview(("I", PRACTICE))).narratives == ()


@needs_model
def test_two_participants_are_kept_apart():
    found = found_in(
        interview(("I", "Hvad skete der?"), ("IP", PRACTICE), ("IP2", COURSE), ("I", "Ja."), ("IP", "Mm."))
    )
    assert [(item.speaker, item.text) for item in found.narratives] == [("IP", PRACTICE), ("IP2", COURSE)]


@needs_model
@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("Ja, okay.", "back-channel"),
        ("Den er rød.", "short"),
        ("[griner]", "no words"),
        ("Vil du have mælk eller sukker i?", "no work-life content"),
        ("Du er sød, kursus kursus kursus.", "no link in time"),
    ],
)
def test_what_is_left_out_says_why(said, reason):
    found = found_in(
        interview(("I", "Hej."), ("IP", said), ("I", "Fortæl om praktikken."), ("IP", PRACTICE)), threshold=0.6
    )
    assert [(item.text, item.reason) for item in found.omitted] == [(said, reason)]


@needs_model
def test_nothing_said_gives_nothing():
    assert found_in(interview()) == found_in(interview(("I", "Hallo?")))
    assert found_in(interview(("IP", "[griner]"))).narratives == ()


@needs_model
def test_threshold_and_min_words_leave_narratives_out_and_say_so():
    transcript = interview(("I", "Hvad skete der?"), ("IP", PRACTICE))
    assert [item.reason for item in found_in(transcript, threshold=1.0).omitted] == ["below threshold"]
    assert [item.reason for item in found_in(transcript, min_words=400).omitted] == ["short"]


@pytest.mark.parametrize("choice", [{"density": 0}, {"density": -3.0}, {"threshold": 1.5}, {"min_words": 0}])
def test_settings_out_of_range_are_refused_in_one_sentence(choice):
    with pytest.raises(SegmentationError, match=next(iter(choice))):
        Settings(**choice)


def test_settings_are_plain_values():
    assert Settings().as_dict() == {"density": None, "threshold": 0.3, "min_words": 5, "roles": ["participant"]}


# --- real transcripts ---------------------------------------------------------------------------


@cache
def transcripts():
    from narratives.reading import read_folder

    return read_folder(CORPUS).transcripts


@needs_model
def test_every_word_of_the_participant_is_accounted_for_once_and_quoted_exactly():
    for transcript in transcripts()[:25]:
        found = found_in(transcript)
        items = [*found.narratives, *found.omitted]
        spans = sorted(span for item in items for span in item.spans)
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
        assert _holds_all_speech(transcript, spans)
        assert all(item.text == " ".join(transcript.text[s:e] for s, e in item.spans) for item in items)


def _holds_all_speech(transcript, spans):
    """Whether ``spans`` hold all of the participant's speech but white space."""
    speech = {i for turn in transcript.turns_of(Role.PARTICIPANT) for s, e in turn.spans for i in range(s, e)}
    held = {i for s, e in spans for i in range(s, e)}
    return held <= speech and not "".join(transcript.text[i] for i in speech - held).strip()


@needs_model
def test_a_higher_density_gives_more_narratives_and_the_same_input_the_same_output():
    counts = [sum(len(found_in(t, density=d).narratives) for t in transcripts()[:10]) for d in (6.0, 12.0, 20.0, 40.0)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]
    assert found_in(transcripts()[0]) == found_in(transcripts()[0])


# --- scores do not see white space, nor how pauses are written ----------------------------------

PAUSES = [
    *(" ... ", " … ", "... ", "… ", " - ", " – ", " .. ", ", ... ", " ..., ", ", ", "\n"),
    *(" [pause] ", " (pause) ", " [lang pause] "),
]
BLANKS = [" ", "  ", "\n", " \n ", "\t", "\u00a0", "\r\n"]


def written(seed):
    """The same interview, its pauses and white space written in some way."""
    rng = random.Random(seed)

    def rewrite(said):
        words = said.split(" ")
        gaps = [rng.choice(PAUSES) if i % 5 == 4 and words[i + 1][0].islower() and words[i][-1].isalpha()
                else rng.choice(BLANKS) for i in range(len(words) - 1)]  # fmt: skip
        return "".join(word + gap for word, gap in zip(words, [*gaps, ""], strict=True))

    turns = [("I", "Hvad skete der?"), ("IP", f"{PRACTICE} {COURSE}"), ("I", "Okay."), ("IP", f"Og så {COURSE}")]
    return interview(*((label, rewrite(said)) for label, said in turns))


def scores_of(transcript):
    (speech,) = speech_of(transcript, (Role.PARTICIPANT,), pipeline().split_long)
    return speech, pipeline().scorer.score(speech)


@needs_model
@runs(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_scores_do_not_depend_on_white_space_or_on_how_pauses_are_written(seed):
    plain, varied = written(0), written(seed)
    (speech, scores), (other, others) = scores_of(plain), scores_of(varied)
    assert [[w.text for w in u.words] for u in speech.units] == [[w.text for w in u.words] for u in other.units]
    assert np.array_equal(scores.narrativity, others.narrativity)
    assert np.array_equal(scores.boundary, others.boundary)
    assert [n.score for n in found_in(plain).narratives] == [n.score for n in found_in(varied).narratives]


# --- pipelines and the saved model --------------------------------------------------------------


@needs_model
def test_every_pipeline_says_which_it_is():
    import spacy

    assert pipeline().name == BLANK
    assert pipeline().description
    named = spacy.blank("da")
    named.add_pipe("senter")
    helped = pipeline_of(named)
    assert helped.name.startswith("da_")
    assert helped.name in helped.description
    assert helped.revision != pipeline().revision


@needs_model
def test_the_pipeline_decides_only_where_full_stops_are_missing():
    asked = []
    listening = replace(pipeline(), split_long=lambda words: asked.append(len(words)) or [])
    narratives_in(interview(("I", "Hej."), ("IP", PRACTICE)), listening)
    assert asked == []
    narratives_in(interview(("I", "Hej."), ("IP", "og så gik jeg hjem igen " * 20)), listening)
    assert asked == [120]


def test_a_pipeline_that_is_not_there_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(SegmentationError, match="da_core_news_zz"):
        load_pipeline("da_core_news_zz")
    with pytest.raises(SegmentationError):
        load_pipeline(tmp_path)


@needs_model
def test_a_damaged_or_foreign_scorer_is_refused(tmp_path):
    with pytest.raises(ModelError, match=tmp_path.name):
        load_scorer(tmp_path / "nothing")
    for name in ("segmenter.json", "segmenter.safetensors"):
        (tmp_path / name).write_bytes((MODEL / name).read_bytes())
    config = (tmp_path / "segmenter.json").read_text(encoding="utf-8")
    (tmp_path / "segmenter.json").write_text(config.replace('"overlap"', '"overlop"'), encoding="utf-8")
    with pytest.raises(ModelError, match=tmp_path.name):
        load_scorer(tmp_path)
    (tmp_path / "segmenter.json").write_text(config, encoding="utf-8")
    (tmp_path / "segmenter.safetensors").write_bytes(b"nonsense")
    with pytest.raises(ModelError):
        load_scorer(tmp_path)


@needs_model
def test_a_scorer_is_the_same_after_saving_and_loading(tmp_path):
    scorer = pipeline().scorer
    scorer.save(tmp_path)
    again = load_scorer(tmp_path)
    assert again.digest == scorer.digest
    assert np.array_equal(again.words, scorer.words)
    assert again.prices == scorer.prices


# --- spaCy --------------------------------------------------------------------------------------

TEXT = f"I: Hvad skete der?\n\nIP: {PRACTICE}\n\nI: Ja.\n\nIP: Mm.\n\nI: Og nu?\n\nIP: {COURSE}\n"


def annotated(nlp, **config):
    nlp.add_pipe("narratives.turns.v1")
    nlp.add_pipe("narratives.segment.v1", config=config)
    return nlp


@pytest.fixture
def nlp():
    import spacy

    from narratives.segmenting import components  # noqa: F401  registers, also where the package is not installed

    return annotated(spacy.blank("da"))


@needs_model
def test_components_store_spans_with_scores_and_exact_places(nlp):
    doc = nlp(TEXT)
    group = doc.spans["narratives"]
    assert [span.text for span in group] == [PRACTICE, COURSE]
    assert len(group.attrs["scores"]) == len(group.attrs["narrative"]) == 2
    stored = doc.user_data["narratives"]["narratives"]
    assert [TEXT[s:e] for item in stored for s, e in item["spans"]] == [PRACTICE, COURSE]
    assert {span.label_ for span in doc.spans["turns"]} == {"participant", "interviewer"}


@needs_model
def test_documents_survive_bytes_and_several_processes(nlp):
    from spacy.tokens import Doc

    doc = nlp(TEXT)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert [span.text for span in again.spans["narratives"]] == [PRACTICE, COURSE]
    assert again.spans["narratives"].attrs == doc.spans["narratives"].attrs
    assert again.user_data["narratives"] == doc.user_data["narratives"]
    several = list(nlp.pipe([TEXT, TEXT], n_process=2))
    assert all(one.spans["narratives"].attrs == doc.spans["narratives"].attrs for one in several)


@needs_model
def test_unlabelled_text_is_one_participants_speech_and_roles_can_be_given(nlp):
    import spacy

    doc = nlp(PRACTICE)
    assert [span.text for span in doc.spans["narratives"]] == [PRACTICE]
    alone = spacy.blank("da")
    alone.add_pipe("narratives.segment.v1", config={"roles": ["professional"]})
    told = spacy.blank("da")
    told.add_pipe("narratives.turns.v1", config={"roles": {"IP": "professional"}})
    told.add_pipe("narratives.segment.v1", config={"roles": ["professional"]})
    assert alone(TEXT).user_data["narratives"]["narratives"] == []
    assert len(told(TEXT).user_data["narratives"]["narratives"]) == 2


@needs_model
def test_a_pipeline_can_be_saved_when_its_components_are_named(tmp_path, nlp):
    import spacy

    saved = spacy.blank("da")
    saved.add_pipe("narratives.turns.v1", name="turns")
    saved.add_pipe("narratives.segment.v1", name="segment", config={"density": 12.0})
    saved.to_disk(tmp_path)
    again = spacy.load(tmp_path)
    assert again.get_pipe("segment").settings == Settings(density=12.0)
    assert again(TEXT).user_data["narratives"] == saved(TEXT).user_data["narratives"]


def test_entry_points_name_the_factories():
    import tomllib
    from importlib import import_module

    project = Path(__file__).parent.parent / "pyproject.toml"
    named = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["entry-points"]["spacy_factories"]
    assert set(named) >= {"narratives.turns.v1", "narratives.segment.v1"}
    for place in named.values():
        module, function = place.split(":")
        assert callable(getattr(import_module(module), function))


def test_importing_segmentation_is_light():
    check = "import sys, narratives.segment; sys.exit(bool({'spacy', 'torch', 'sklearn', 'pandas'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
