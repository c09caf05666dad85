"""Evaluating a model: parts, baselines, the whole command, and what it writes."""

import csv
import json
import random
import re

import numpy as np
import pytest
from dummies import tiny_codebook, tiny_model

from narratives.classify import load_classifier
from narratives.cli import evaluate as command
from narratives.codebook import parse_codebook
from narratives.coded import CodedData, CodedText, Coding, read_coded
from narratives.coded.splitting import hold_out
from narratives.errors import CodedDataError, ModelError
from narratives.evaluation.baselines import BASELINES, cross_guesses, majority, mood_oracle
from narratives.evaluation.coders import agreement_report, ratings_of
from narratives.evaluation.drawing import Line, line_chart
from narratives.evaluation.evaluating import CORPUS_DEVELOPMENT, SPLITS, Options, choose_split, evaluate, step_count
from narratives.evaluation.figures import Figure
from narratives.evaluation.measuring import measure
from narratives.evaluation.parts import part_names, parts_of
from narratives.evaluation.rendering import as_csv, as_html, as_json, lead, shown_figure, write_evaluation
from narratives.evaluation.repeating import repeat_over_seeds, retrainer
from narratives.files import sha256_of
from narratives.messages import speaking
from narratives.training.settings import Settings

WORDS = {"lav": "de har sendt", "høj": "jeg søgte selv", "intet": "det er så"}


def coded(count=60, persons=12, seed=0, codebook=None, groups=("",)):
    """Texts whose words give their codes away; persons from p09 on are test persons; a second coder now and then."""
    chance = random.Random(seed)
    texts = []
    for number in range(count):
        code, theme = chance.choice(list(WORDS)), chance.choice(["penge", "æbler"])
        person = number % persons
        codings = [Coding("a", {"grad": code} if number % 5 == 0 else {"grad": code, "emne": theme})]
        if number % 3 == 0:
            codings.append(Coding("b", {"grad": code if number % 2 else "lav"}, {"grad": 0.5}))
        text = f"{WORDS[code]} {'praktik' if theme == 'penge' else 'arbejde'} nr {number}"
        split = "test" if person >= persons * 3 // 4 else "rest"
        group = groups[person % len(groups)]
        texts.append(CodedText(f"t{number}", text, f"p{person:02}", group, tuple(codings), split))
    return CodedData(tuple(texts), codebook or tiny_codebook())


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return tiny_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def classifier(model):
    return load_classifier(model)


@pytest.fixture(scope="module")
def evaluation(classifier):
    return evaluate(classifier, coded(groups=("n1", "s7")), Options(baselines=("majority", "tfidf"), resamples=100))


def test_corpus_parts_come_natural_first_and_other_groups_by_name():
    corpus = coded(groups=("s2", "coded", "n12", "s9"))
    assert list(parts_of(corpus)) == ["natural", "s1-s6", "s9-s12", "transcripts", "all"]
    assert sum(mask.sum() for part, mask in parts_of(corpus).items() if part != "all") == len(corpus)
    assert list(parts_of(coded(groups=("nord", "syd")))) == ["nord", "syd", "all"]
    assert list(parts_of(coded())) == list(parts_of(coded(groups=("coded",)))) == ["all"]
    assert set(part_names(coded(groups=[f"g{n}" for n in range(12)]))) == {"all"}


@pytest.mark.parametrize("name", ["tfidf", "averages", "textcat"])
def test_a_baseline_learns_what_words_give_away(name):
    data = coded(240, 24)
    fitted, asked = data.where(lambda t: t.split != "test"), data.where(lambda t: t.split == "test")
    guesses = BASELINES[name](fitted, asked, 0)
    assert set(guesses) == {"grad", "emne"}
    hard = asked.hard("grad")
    assert (guesses["grad"] == hard).mean() > (majority(fitted, asked)["grad"] == hard).mean() + 0.2
    again = BASELINES[name](fitted, asked, 0)
    assert all((guesses[v] == again[v]).all() for v in guesses)


def test_a_baseline_without_two_codes_to_learn_falls_back_to_the_one():
    one = coded().where(lambda t: t.code("grad") == "høj")
    for name in ("tfidf", "averages", "textcat"):
        assert set(BASELINES[name](one, one, 0)["grad"]) == {1}


def mood_book():
    plain = tiny_codebook().to_dict()
    plain["variables"][1]["role"] = "evaluation"
    return parse_codebook(plain)


def test_the_mood_oracle_knows_the_evaluation_and_nothing_else():
    texts = []
    for number in range(60):
        theme = "penge" if number % 2 else "æbler"
        code = ("høj" if number % 10 < 8 else "lav") if theme == "penge" else "lav"
        texts.append(CodedText(f"t{number}", "x", f"p{number}", codings=(Coding("a", {"grad": code, "emne": theme}),)))
    texts.append(CodedText("t60", "x", "p60", codings=(Coding("a", {"grad": "lav"}),)))
    data = CodedData(tuple(texts), mood_book())
    guesses = mood_oracle(data, data)
    assert set(guesses) == {"grad"}
    moods = data.hard("emne")
    assert set(guesses["grad"][moods == 0]) == {1}
    assert set(guesses["grad"][moods == 1]) == {0}
    assert guesses["grad"][-1] == 0
    assert mood_oracle(coded(), coded()) == {}


def test_cross_validated_guesses_never_come_from_a_persons_own_texts():
    data = coded()
    folds = np.array([int(text.person[1:]) % 3 for text in data.texts])
    seen = []

    def spy(fitted, measured, seed):
        seen.append(set(fitted.persons) & set(measured.persons))
        return {"grad": measured.hard("grad")}

    assert (cross_guesses(spy, data, folds)["grad"] == data.hard("grad")).all()
    assert seen == [set()] * 3


def perfect(data):
    return {v.name: np.eye(len(v.codes))[np.maximum(data.hard(v.name), 0)] for v in data.codebook.variables}


def test_a_perfect_model_is_ahead_of_the_majority_and_everything_is_defined():
    data = coded(120)
    slices = measure(data, perfect(data), guesses={"majority": majority(data, data)}, resamples=200)
    found = {(f.variable, f.measure, f.method): f for s in slices for f in s.figures if not f.code}
    for name in ("macro_f1", "kappa", "alpha_nominal", "alpha_ordinal", "ac1"):
        figure = found["grad", name, "model"]
        assert (figure.value, figure.low, figure.high) == pytest.approx((1, 1, 1))
    ahead = found["grad", "macro_f1_ahead", "majority"]
    assert 0 < ahead.low <= ahead.value <= ahead.high
    assert ahead.value == pytest.approx(1 - found["grad", "macro_f1", "majority"].value)
    assert found["grad", "ece", "model"].value == 0
    assert np.isnan(found["grad", "error_fall_at_80", "model"].value)
    assert ("emne", "kappa", "model") not in found
    assert found["emne", "macro_f1", "model"].n == 96


def test_a_baseline_as_good_as_the_model_is_not_beaten():
    data = coded(120)
    same = {v.name: data.hard(v.name) for v in data.codebook.variables}
    slices = measure(data, perfect(data), guesses={"same": same}, resamples=100)
    name, figure = lead(slices[0])
    assert name == "same"
    assert (figure.value, figure.low, figure.high) == (0, 0, 0)


def test_one_person_gives_values_without_intervals():
    data = coded(20, 1)
    figure = measure(data, perfect(data), resamples=50)[0].figures[0]
    assert figure.value == 1
    assert np.isnan([figure.low, figure.high]).all()


def test_coders_against_each_other():
    data = coded(90)
    ratings = ratings_of(data, "grad")
    assert ratings.shape == (2, 90)
    assert ((ratings >= 0).sum(0) == [2, 1, 1] * 30).all()
    found = {(f.measure, f.code): f for f in agreement_report(data, resamples=100) if f.variable == "grad"}
    double = ratings[:, (ratings >= 0).all(0)]
    assert found["accuracy", ""].value == pytest.approx((double[0] == double[1]).mean())
    assert found["accuracy", ""].n == 30
    assert found["alpha_ordinal", ""].low <= found["alpha_ordinal", ""].value <= found["alpha_ordinal", ""].high
    assert {code for measured, code in found if measured == "f1"} == {"lav", "høj", "intet"}
    assert not [f for f in agreement_report(data, resamples=10) if f.variable == "emne"]


def test_splits(classifier):
    data = coded()
    chosen = choose_split(data, "auto", classifier)
    assert (chosen.name, set(chosen.measured.persons)) == ("test", {"p09", "p10", "p11"})
    assert len(chosen.fitted.persons) == 9
    assert choose_split(data.where(lambda t: t.split != "test"), "auto", classifier).name == "all"
    with pytest.raises(CodedDataError, match="test"):
        choose_split(data.where(lambda t: t.split != "test"), "test", classifier)


def test_development_persons_are_those_that_training_held_out(model):
    from narratives.training.train import train

    data, again = coded(120, 24), load_classifier(model)
    settings = Settings(method="full", epochs=1, max_length=24, stride=6, dev_share=0.3, seed=5)
    trained = train(data, model.parent / "encoder", settings)
    digest = sha256_of(*(f"{text.id}\t{text.text}" for text in trained.fitted.texts))
    again.provenance = {"settings": settings.to_dict(), "data": {"sha256": digest}}
    chosen = choose_split(data, "dev", again)
    assert chosen.verified
    assert chosen.measured == trained.held
    again.provenance = {}
    chosen = choose_split(data, "dev", again)
    assert not chosen.verified
    persons = [set(part.persons) for part in (chosen.measured, chosen.fitted)]
    assert not persons[0] & persons[1]
    assert not {text.person for text in data.texts if text.split == "test"} & (persons[0] | persons[1])
    result = evaluate(again, data, Options("dev", baselines=(), resamples=10))
    assert any("flatter" in note or "pæne" in note for note in result.notes)


def test_the_shipped_models_development_draw_is_known():
    from narratives.building import coding_model

    data = coded(240, 40, groups=("n1", "s1"))
    marked = coding_model.mark_development(data)
    _, held = hold_out(data.where(lambda t: t.split != "test"), *CORPUS_DEVELOPMENT)
    assert set(held.persons) == {text.person for text in marked.texts if text.split == "dev"}


def test_an_evaluation_measures_test_persons_only_and_says_what_it_left_out(evaluation):
    assert evaluation.provenance["data"]["persons"] == 3
    assert evaluation.provenance["data"]["split"] == "test"
    assert {s.part for s in evaluation.slices} == {"natural", "s7-s8", "all"}
    assert any("intet" in note for note in evaluation.notes)
    assert (
        evaluation.figure("all", "grad", "macro_f1", "tfidf").value > evaluation.figure("all", "grad", "macro_f1").value
    )
    assert evaluation.figure("all", "grad", "alpha_nominal", "coders").n == 5
    assert evaluation.figure("all", "grad", "review_threshold").value == 0.5


def test_without_a_split_baselines_are_cross_validated(classifier):
    data = coded().where(lambda t: t.split != "test")
    result = evaluate(classifier, data, Options(baselines=("majority",), resamples=20))
    assert result.provenance["data"]["baselines_trained_on"] == 0
    assert result.figure("all", "grad", "macro_f1", "majority") is not None
    with pytest.raises(CodedDataError, match="magic"):
        evaluate(classifier, data, Options(baselines=("magic",)))


def test_files_hold_every_figure_and_no_text(evaluation, tmp_path):
    paths = write_evaluation(evaluation, tmp_path)
    assert [path.name for path in paths] == ["evaluation.csv", "evaluation.json", "evaluation.html"]
    rows = list(csv.DictReader(paths[0].open(encoding="utf-8")))
    content = json.loads(paths[1].read_text(encoding="utf-8"))
    assert len(rows) == len(content["figures"]) == len(evaluation.figures)
    assert sum(map(sum, content["confusions"][0]["counts"])) == evaluation.slices[0].figures[0].n
    page = paths[2].read_text(encoding="utf-8")
    assert not re.search(r"(?:src|href)=|https?://(?!www\.w3\.org/2000/svg)", page)
    assert page.count("<svg") == 2 * len(evaluation.slices)
    assert "søgte selv" not in page + as_json(evaluation) + as_csv(evaluation)


@pytest.mark.parametrize("tongue", ["da", "en"])
def test_the_page_speaks_the_language_asked_for(evaluation, tongue, monkeypatch):
    monkeypatch.setenv("NARRATIVES_LANG", tongue)
    assert f'<html lang="{tongue}">' in as_html(evaluation)


@pytest.mark.parametrize(("tongue", "mark", "other"), [("da", ",", "."), ("en", ".", ",")])
def test_numbers_on_the_page_follow_the_language_and_files_do_not(evaluation, tongue, mark, other):
    files = as_csv(evaluation), as_json(evaluation)
    with speaking(tongue):
        page = as_html(evaluation)
        assert (as_csv(evaluation), as_json(evaluation)) == files
    body = page[page.index("<h1>") : page.index("<pre>")]
    told = " ".join(re.findall(r">([^<>]+)<", body))
    assert re.search(rf"\d\{mark}\d\d \[−?\d\{mark}\d\d; ?−?\d", told.replace("\N{NO-BREAK SPACE}", " "))
    assert f">0{mark}2<" in body  # a tick of a chart
    assert not re.search(rf"\d\{other}\d", told)


def test_a_figure_below_zero_or_not_defined_is_written_for_people():
    nan = float("nan")
    with speaking("da"):
        assert (
            shown_figure(Figure("all", "grad", "kappa", -0.125, -0.25, 0.5)) == "−0,12 [−0,25;\N{NO-BREAK SPACE}0,50]"
        )
        assert shown_figure(Figure("all", "grad", "kappa", 0.5)) == "0,50"
        assert shown_figure(Figure("all", "grad", "kappa", nan)) == shown_figure(None) == "–"


def test_repeated_training_gives_mean_and_spread_and_never_trains_on_whom_it_measures():
    data = coded()
    overlaps = []

    def train(fitted, seed):
        persons = set(fitted.persons)

        def predict(texts):
            rows = [text for text in data.texts if text.text in set(texts)]
            overlaps.append(persons & {text.person for text in rows})
            right = np.array([text.code("grad") == "lav" for text in rows], dtype=float)
            sure = 0.5 + 0.1 * seed
            grad = np.column_stack([sure * right, sure * (1 - right), np.full(len(rows), 1 - sure)])
            return {"grad": grad, "emne": np.full((len(rows), 2), 0.5)}

        return predict

    fixed = {(f.variable, f.measure): f for f in repeat_over_seeds(train, data, range(5)) if f.part == "all"}
    assert fixed["grad", "macro_f1_spread"].value == pytest.approx(0)
    assert fixed["grad", "ece_spread"].value > 0
    assert fixed["grad", "macro_f1"].n == 15
    free = repeat_over_seeds(train, data.where(lambda t: t.split != "test"), [0], folds=3)
    assert next(f for f in free if f.measure == "macro_f1").n == 45
    assert np.isnan(next(f for f in free if f.measure == "macro_f1_spread").value)
    assert overlaps == [set()] * (5 + 3)


def test_a_model_without_provenance_cannot_be_trained_again(classifier):
    with pytest.raises(ModelError, match="--seeds"):
        retrainer(classifier)


def test_seeds_train_the_recipe_again(model, classifier, tmp_path):
    again = load_classifier(model)
    settings = {"method": "frozen", "max_length": 24, "stride": 6}
    again.provenance = {"base_model": str(model.parent / "encoder"), "settings": settings}
    result = evaluate(again, coded(), Options(baselines=(), seeds=2, resamples=20))
    mean = result.figure("all", "grad", "macro_f1", "retrained")
    assert 0 <= mean.value <= 1
    assert mean.n == 15
    assert result.figure("all", "grad", "macro_f1_spread", "retrained").value >= 0
    assert "2" in as_html(result)


def test_seeds_are_refused_where_the_encoder_is_another_now(model):
    again = load_classifier(model)
    base = model.parent / "encoder"
    again.provenance = {"base_model": str(base), "settings": {"method": "frozen"}, "base_sha256": "0" * 64}
    with pytest.raises(ModelError, match="--seeds"):
        evaluate(again, coded(), Options(baselines=(), seeds=1))
    again.provenance["base_sha256"] = sha256_of((base / "model.safetensors").read_bytes())
    assert retrainer(again)


@pytest.mark.parametrize("split", ["test", "all"])
def test_every_step_is_counted_and_told(classifier, split, monkeypatch):
    data, told = coded(), []
    options = Options(split, baselines=("majority",), folds=3, seeds=2, resamples=10)

    def train(fitted, seed):
        return lambda texts: {"grad": np.full((len(texts), 3), 1 / 3), "emne": np.full((len(texts), 2), 0.5)}

    monkeypatch.setattr("narratives.evaluation.evaluating.retrainer", lambda _: train)
    evaluate(classifier, data, options, advance=lambda _, steps: told.append(steps))
    assert sum(told) == step_count(classifier, data, options) == 2 + 2 * (1 if split == "test" else 3)


@pytest.mark.parametrize(
    ("given", "names", "read"),
    [
        ("", ("grad",), []),
        ("kode", ("grad",), ["kode=grad"]),
        ("grad", ("grad",), ["grad"]),
        ("kode", ("grad", "emne"), ["kode"]),
        ("a=grad, emne", ("grad", "emne"), ["a=grad", "emne"]),
    ],
)
def test_columns_are_put_under_the_models_variables(given, names, read):
    assert command.codes_under(given, names) == read


def test_charts_stay_inside_their_frame_and_escape_their_title():
    chart = line_chart([Line([(0, 0), (1, 5)], marked=True)], "<b>", "x", "y", 0.5)
    assert "&lt;b&gt;" in chart
    assert all(0 <= float(y) <= 260 for y in re.findall(r'cy="([\d.]+)"', chart))


def test_the_command_knows_the_same_splits_and_baselines():
    assert command._SPLITS == SPLITS
    assert command._BASELINES.split(",") == list(BASELINES)


def test_the_command_prints_a_table_and_writes_the_rest(model, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "140")
    import argparse

    table = tmp_path / "coded.csv"
    lines = ["id,person,split,text,grad,emne"]
    for text in coded().texts:
        lines.append(f"{text.id},{text.person},{text.split},{text.text},{text.code('grad')},{text.code('emne') or ''}")
    table.write_text("\n".join(lines), encoding="utf-8")
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers(dest="command"))
    words = ["evaluate", str(model), str(table), "-o", str(tmp_path / "out"), "--baselines", "majority", "--quiet"]
    assert command.run(parser.parse_args([*words, "--resamples", "50"])) == 0
    printed = capsys.readouterr().out
    assert "grad" in printed
    assert "macro-F1" in printed
    assert (tmp_path / "out" / "evaluation.html").is_file()
    assert len(read_coded(table, codebook=tiny_codebook())) == 60
