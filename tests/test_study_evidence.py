"""Evidence of a study: places that are exact, work that can be interrupted, tables that hold only what still holds."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest
from dummies import tiny_codebook, tiny_model
from lxml import html
from studies import make_study

from narratives.attribution import explain
from narratives.classify import load_classifier, model_revision
from narratives.cli import main
from narratives.displays.evidence import parts_of
from narratives.errors import ModelError, StudyError
from narratives.report import write_report
from narratives.study import evidence as module
from narratives.study import load
from narratives.study.evidence import CUE_COLUMNS, WORD_COLUMNS, explain_study, model_of, read_cues, read_words
from narratives.study.tables import parse_spans


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return tiny_model(tmp_path_factory.mktemp("model"), seed=3)


@pytest.fixture
def study(tmp_path, model, monkeypatch):
    """Two persons with narratives of two spans each, as the tiny model would have coded them; any word may show."""
    monkeypatch.setattr(module, "LEAST_FALL", 0.0)
    return coded_by(make_study(tmp_path / "study", 2, 1, 2, codebook=tiny_codebook()), model)


def coded_by(study, model, revision=None):
    run = study.folder.read_run() | {"model": {"name": model.name, "revision": revision or model_revision(model)}}
    study.folder.write_run(run)
    return load(study.path)


def in_source(study, row):
    return study.source(row["transcript"])[row["start"] : row["end"]]


def test_every_word_and_cue_stands_where_the_tables_say(study, model):
    done = explain_study(study, variables=["emne", "grad"], model=model)
    assert (done.computed, done.kept) == (4, 0)
    words, cues = read_words(study), read_cues(study)
    assert tuple(words.columns) == WORD_COLUMNS
    assert tuple(cues.columns) == CUE_COLUMNS
    spans = {row["narrative_id"]: parse_spans(row["spans"]) for row in study.narratives.to_dict("records")}
    for row in words.to_dict("records"):
        assert in_source(study, row) == row["word"]
        assert any(start <= row["start"] <= row["end"] <= end for start, end in spans[row["narrative_id"]])
        assert 0 <= row["fall"] <= row["probability"]
    for row in cues.to_dict("records"):
        told = [study.source(row["transcript"])[start:end] for start, end in parse_spans(row["places"])]
        assert ";".join(told) == row["words"]
        assert len(told) == row["count"]
    assert "jeg" in set(cues.loc[cues["kind"] == "subject", "value"])
    assert any(place > spans[row["narrative_id"]][0][1] for row in cues.to_dict("records") for place, _ in
               parse_spans(row["places"])), "no cue in a later span"  # fmt: skip


def test_words_are_those_of_the_attribution_with_the_fall_that_leaving_them_out_gives(study, model):
    explain_study(study, model=model)
    classifier = load_classifier(model)
    row = study.narratives.iloc[0]
    words = read_words(study).query("narrative_id == @row.narrative_id")
    assert set(words["variable"]) == {"grad"}, "the ranked variable is the one explained unless asked"
    found = explain(classifier, row["text"], "grad", row["grad"])
    top = found.top(module.MOST_WORDS)
    assert words["word"].tolist() == [row["text"][word.start : word.end] for word in top]
    assert words["rank"].tolist() == [1, 2, 3, 4, 5]
    assert words["fall"].is_monotonic_decreasing
    left = row["text"][: top[0].start].rstrip() + row["text"][top[0].end :]
    share = classifier.predict([left]).probabilities["grad"][0][classifier.labels["grad"].index(row["grad"])]
    assert words["fall"].iloc[0] == pytest.approx(found.probability - share, abs=1e-3)


def test_a_code_that_no_word_carries_says_so(study, model, monkeypatch):
    monkeypatch.setattr(module, "LEAST_FALL", 1.0)
    explain_study(study, model=model)
    words = read_words(study)
    assert len(words) == len(study.narratives)
    assert (words["rank"] == 0).all()
    assert [in_source(study, row) for row in words.to_dict("records")] == [""] * len(words)
    assert "Intet enkelt ord" in page_of(study).text_content()


def test_an_interrupted_run_goes_on_where_it_stopped(study, model, monkeypatch):
    real, asked = module.carrying_words, []

    def tired(classifier, row, *rest):
        if len(asked) == 2:
            raise KeyboardInterrupt
        asked.append(row["narrative_id"])
        return real(classifier, row, *rest)

    monkeypatch.setattr(module, "carrying_words", tired)
    with pytest.raises(KeyboardInterrupt):
        explain_study(study, model=model)
    assert set(read_words(study)["narrative_id"]) == set(asked)
    monkeypatch.setattr(module, "carrying_words", real)
    done = explain_study(study, model=model)
    assert (done.computed, done.kept) == (2, 2)
    assert read_words(study)["narrative_id"].drop_duplicates().tolist() == study.narratives["narrative_id"].tolist()
    whole = read_words(study)
    study.folder.table("evidence", ".parquet").unlink()
    explain_study(study, model=model)
    pd.testing.assert_frame_equal(read_words(study), whole)


def test_a_new_variable_is_added_to_what_is_there(study, model):
    explain_study(study, model=model)
    before = read_words(study)
    assert explain_study(study, variables=["emne"], model=model).computed == 4
    after = read_words(study)
    pd.testing.assert_frame_equal(after[after["variable"] == "grad"].reset_index(drop=True), before)
    assert set(after["variable"]) == {"grad", "emne"}


def test_some_narratives_only(study, model):
    ids = study.narratives["narrative_id"].tolist()
    explain_study(study, narratives=ids[1:2], model=model)
    assert set(read_words(study)["narrative_id"]) == set(read_cues(study)["narrative_id"]) == {ids[1]}
    explain_study(study, narratives=ids[:1], model=model)
    assert read_cues(study)["narrative_id"].drop_duplicates().tolist() == ids[:2]


def test_another_model_starts_anew_and_never_explains_codes_of_the_old(study, model, tmp_path):
    explain_study(study, model=model)
    other = tiny_model(tmp_path / "other", seed=4)
    with pytest.raises(StudyError, match="--model"):
        explain_study(study, model=other)
    recoded = coded_by(study, other)
    assert len(read_words(recoded)) == 0
    assert explain_study(recoded, model=other).computed == 4
    assert set(read_words(recoded)["model_revision"]) == {model_revision(other)}


def test_what_cannot_be_explained_is_said_in_a_sentence(study, model):
    with pytest.raises(StudyError, match="narrative_id"):
        explain_study(study, narratives=["p99:0"], model=model)
    with pytest.raises(ModelError, match="grad, emne"):
        explain_study(study, variables=["agency"], model=model)
    with pytest.raises(StudyError, match="--model"):
        explain_study(coded_by(study, model.with_name("gone"), "ab"))
    assert not study.folder.table("cues").exists()


def test_forgetting_takes_the_persons_words_away(study, model):
    from narratives.study.forgetting import _filter_other_tables

    explain_study(study, model=model, excel=True)
    _filter_other_tables(study.folder, "p02", set())
    left = load(study.path)
    for name in ("evidence", "cues"):
        for suffix in (".csv", ".parquet", ".xlsx"):
            table = module.read_table(left.folder.table(name, suffix))
            assert set(table["person"]) == {"p01"}
    plain = pd.read_csv(left.folder.table("evidence"), dtype=str)
    assert plain["start"].str.fullmatch(r"\d+").all(), "offsets became decimals"


def test_the_command_writes_says_and_keeps(study, model, capsys):
    argv = ["--lang", "da", "evidence", str(study.path), "--model", str(model), "--variables", "grad"]
    assert main(argv) == 0
    shown = capsys.readouterr().out
    assert "4 narrativer forklaret nu" in shown
    assert "aldrig målet" in shown
    assert main([*argv, "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    assert main([*argv, "--narratives", "p99:0"]) == 1


def page_of(study):
    (path,) = write_report(study, study.path / "r.html")
    return html.document_fromstring(path.read_text(encoding="utf-8"))


def test_the_report_marks_the_words_and_keeps_the_source(study, model):
    plain = page_of(study)
    assert not plain.xpath("//mark/b | //*[contains(@class, 'evidence')]")
    assert not plain.xpath("//*[contains(@class, 'explained')]")
    explain_study(study, model=model)
    page = page_of(study)
    words = read_words(study)
    for article in page.xpath("//article[@data-narrative]"):
        source = study.source(article.get("data-transcript"))
        marks = [mark.text_content() for mark in article.xpath(".//mark")]
        assert marks == [source[start:end] for start, end in parse_spans(article.get("data-spans"))]
        theirs = words[words["narrative_id"] == article.get("data-narrative")].sort_values("start")
        carried = article.xpath(".//mark/b")
        assert [word.text_content() for word in carried] == theirs["word"].tolist()
        assert all(re.fullmatch(r"(lav|høj|intet) \d+", word.get("title")) for word in carried)
        told = " ".join(line.text_content() for line in article.xpath(".//p[contains(@class, 'evidence')]"))
        assert all(f"»{word}«" in told for word in theirs["word"])
        assert "Sproglige træk: grundled jeg" in told
    assert "aldrig målet" in page.xpath("//section[@class='contexts']/p[@class='evidence']")[0].text_content()


def test_word_underlines_the_words(study, model, tmp_path):
    import docx

    explain_study(study, model=model)
    _, path = write_report(study, tmp_path / "r.html", docx=True)
    document = docx.Document(str(path))
    underlined = [run.text for paragraph in document.paragraphs for run in paragraph.runs if run.underline]
    assert sorted(underlined) == sorted(read_words(study)["word"])


def test_a_notebook_shows_one_narrative_without_writing(study, model):
    study.__dict__["model"] = model_of(study, model)
    name = study.narratives["narrative_id"].iloc[0]
    look = study.evidence(name, "grad", "emne")
    assert not study.folder.table("evidence").exists()
    assert "".join(part.text for part in look.parts) == study.narratives["text"].iloc[0]
    assert {part.text for part in look.parts if part.note} == set(look.words["word"])
    assert all(f"_{word}_" in repr(look) for word in look.words["word"])
    assert len(html.fragment_fromstring(look._repr_html_()).xpath(".//strong[@title]")) >= 5
    assert len(look.cues) > 0
    explain_study(study, model=model, variables=["grad", "emne"])
    stored = load(study.path).evidence(name, "grad", "emne")
    assert json.loads(stored.words.to_json()) == json.loads(look.words.to_json())
    with pytest.raises(StudyError):
        study.evidence("p99:0")


@pytest.mark.parametrize(
    ("notes", "parts"),
    [
        ({}, [("en to tre", "")]),
        ({(10, 12): "a", (16, 19): "b"}, [("en", "a"), (" to ", ""), ("tre", "b")]),
        ({(5, 9): "før", (13, 15): "c"}, [("en ", ""), ("to", "c"), (" tre", "")]),
    ],
)
def test_parts_add_up(notes, parts):
    assert list(parts_of("en to tre", 10, notes)) == parts
