"""Training: losses, optimiser, batches, calibration, frozen heads, and whole runs on a tiny encoder."""

import random
import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from dummies import tiny_codebook, tiny_encoder

from narratives.classify import load_classifier
from narratives.coded import CodedData, CodedText, Coding
from narratives.errors import CodedDataError, ModelError
from narratives.messages import speaking
from narratives.network import MultiHead
from narratives.training.augment import vary
from narratives.training.calibration import fit_temperature, review_threshold
from narratives.training.curve import Point, gain_per_doubling
from narratives.training.figures import curve_figure, history_figure
from narratives.training.losses import (
    agreement_loss,
    ordinal_log_loss,
    rank_distances,
    smooth,
    soft_cross_entropy,
    weighted_mean,
)
from narratives.training.make import make_model
from narratives.training.optimiser import layer_depths, rate_factor
from narratives.training.report import help_sentence, render_report
from narratives.training.scores import criterion, softmax, variable_scores
from narratives.training.settings import Settings
from narratives.training.train import train, within_limits

SMALL = Settings(method="full", epochs=3, batch_size=8, max_length=24, stride=6, dev_share=0.25, average=2)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return tiny_encoder(tmp_path_factory.mktemp("encoder"))


def coded(count=48, persons=12, seed=0):
    """Texts whose words give their codes away; every fifth lacks the second variable, every seventh is disputed."""
    chance = random.Random(seed)
    words = {"lav": "de har sendt", "høj": "jeg søgte selv", "intet": "det er så"}
    texts = []
    for number in range(count):
        code = chance.choice(list(words))
        theme = chance.choice(["penge", "æbler"])
        codes = {"grad": code} if number % 5 == 0 else {"grad": code, "emne": theme}
        codings = [Coding("a", codes)] + ([Coding("b", {"grad": "lav"})] if number % 7 == 0 else [])
        text = f"{words[code]} {'praktik' if theme == 'penge' else 'arbejde'} nr {number}"
        texts.append(CodedText(f"t{number}", text, f"p{number % persons:02}", codings=tuple(codings)))
    return CodedData(tuple(texts), tiny_codebook())


def test_missing_codes_cost_nothing_and_soft_ones_count_by_share():
    logits = torch.tensor([[2.0, 0.0], [2.0, 0.0], [2.0, 0.0]])
    targets = torch.tensor([[1.0, 0.0], [0.5, 0.5], [0.0, 0.0]])
    losses = soft_cross_entropy(logits, targets)
    assert losses[2] == 0
    assert losses[1] == pytest.approx(float(losses[0]) + 1.0)
    assert smooth(targets, 0.2).sum(-1).tolist() == pytest.approx([1, 1, 0])
    assert weighted_mean(losses, torch.zeros(3)) == 0


def test_ordinal_loss_punishes_distance_and_leaves_codes_without_rank_alone():
    distances = rank_distances((0, 1, 2, None))
    assert distances[0].tolist() == [0, 0.5, 1, 0]
    truth = torch.eye(4)[[0]]
    near, far, outside = (3 * torch.eye(4)[[code]] for code in (1, 2, 3))
    loss = [float(ordinal_log_loss(logits, truth, distances)) for logits in (near, far, outside)]
    assert loss[1] > loss[0] > loss[2]
    expected = -sum(np.log(1 - p) * d**1.5 for p, d in zip(softmax(far.numpy())[0], [0, 0.5, 1, 0], strict=True))
    assert loss[1] == pytest.approx(expected, rel=1e-4)


def test_ordinal_loss_stays_finite_when_sure():
    logits = torch.tensor([[200.0, -200.0, 0.0]], requires_grad=True)
    loss = ordinal_log_loss(logits, torch.tensor([[0.0, 0.0, 1.0]]), rank_distances((0, 1, 2))).sum()
    loss.backward()
    assert torch.isfinite(loss)
    assert torch.isfinite(logits.grad).all()


def test_agreement_is_zero_only_for_equal_passes():
    one, two = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 1.0]])
    assert agreement_loss(one, one) == 0
    assert agreement_loss(one, two) == pytest.approx(float(agreement_loss(two, one)))
    assert agreement_loss(one, two) > 0


def test_rates_rise_then_fall_to_zero():
    course = [rate_factor(step, 100, 0.1) for step in range(101)]
    assert course.index(max(course)) in (9, 10)
    assert max(course) == pytest.approx(1)
    assert course[100] == 0
    assert course[10:] == sorted(course[10:], reverse=True)


def test_layers_are_told_apart(base):
    from narratives.encoder import load_encoder

    depths = layer_depths(load_encoder(base)[0])
    assert {depths[name] for name in depths if "embeddings" in name} == {0}
    assert max(depths.values()) == 2


def test_variations_keep_the_point():
    text = "Altså, det var øh svært. Så ringede jeg [pause] selv. Nu går det godt."
    varied = [vary(text, random.Random(n), drop_sentences=1, drop_fillers=1) for n in range(20)]
    assert all(each.endswith("Nu går det godt.") for each in varied)
    assert not any("[pause]" in each or "øh " in each for each in varied)
    assert len({len(each) for each in varied}) > 1
    assert vary("[pause]", random.Random(0), drop_sentences=1, drop_fillers=1) == "[pause]"


def test_temperature_recovers_the_truth():
    chance = np.random.default_rng(0)
    logits = chance.normal(size=(4000, 3)) * 2
    truth = np.array([chance.choice(3, p=softmax(row / 2.5)) for row in logits])
    assert fit_temperature(logits, np.eye(3)[truth]) == pytest.approx(2.5, rel=0.1)
    assert fit_temperature(logits[:5], np.eye(3)[truth[:5]]) == 1.0


def test_review_threshold_keeps_the_promised_error():
    chance = np.random.default_rng(1)
    sure = chance.uniform(0.5, 1, 2000)
    hard = (chance.uniform(size=2000) > sure).astype(int)
    shares = np.stack([sure, 1 - sure], axis=1)
    threshold = review_threshold(shares, hard)
    kept = sure >= threshold
    assert hard[kept].mean() <= 2 / 3 * hard.mean() + 1e-9
    assert 0.2 < kept.mean() < 0.95
    assert review_threshold(shares, np.zeros(2000, dtype=int)) == 0


def test_scores_of_ranked_and_nominal_variables():
    grad, emne = tiny_codebook().variables
    shares = np.eye(3)[[0, 1, 2, 1]]
    figures = variable_scores(grad, shares, np.array([0, 1, 2, -1]))
    assert (figures["n"], figures["macro_f1"], figures["kappa"]) == (3, 1.0, 1.0)
    other = variable_scores(emne, np.eye(2)[[0, 0]], np.array([0, 1]))
    assert "kappa" not in other
    assert criterion({"grad": figures, "emne": other}, ("grad",)) == 1.0


def test_gain_per_doubling_is_the_slope():
    assert gain_per_doubling([Point(0.25, 100, 0.4), Point(0.5, 200, 0.45), Point(1, 400, 0.5)]) == pytest.approx(0.05)
    assert gain_per_doubling([Point(1, 100, 0.4)]) == 0


def test_group_weights_go_by_the_longest_beginning():
    settings = Settings(group_weights={"n": 3.0, "n7": 4.0})
    assert [settings.group_weight(group) for group in ("n1", "n7", "s1")] == [3.0, 4.0, 1.0]


def weights_of(trained):
    return trained.classifier.network.state_dict()


def test_a_run_repeats_itself_and_changes_with_its_seed(base):
    first, second = train(coded(), base, SMALL), train(coded(), base, SMALL)
    other = train(coded(), base, replace(SMALL, seed=1))
    assert [epoch.loss for epoch in first.history] == [epoch.loss for epoch in second.history]
    assert all(torch.equal(a, b) for a, b in zip(weights_of(first).values(), weights_of(second).values(), strict=True))
    assert first.history[0].loss != other.history[0].loss


class Killed(Exception):
    """Stands for a process that ends in the middle."""


@pytest.mark.parametrize("stop_at", [3, 5, 9])
def test_a_killed_run_resumes_to_the_same_result(base, tmp_path, monkeypatch, stop_at):
    monkeypatch.setattr("narratives.training.loop._SECONDS_BETWEEN_SAVES", -1.0)
    whole = train(coded(), base, SMALL)
    steps = 0

    def kill(item, done):
        nonlocal steps
        steps += done
        if steps == stop_at:
            raise Killed

    folder = tmp_path / "unfinished"
    with pytest.raises(Killed):
        train(coded(), base, SMALL, folder=folder, advance=kill)
    torch.rand(7)  # whatever happens in between must not matter
    resumed = train(coded(), base, SMALL, folder=folder)
    assert [epoch.loss for epoch in resumed.history] == [epoch.loss for epoch in whole.history]
    for name, tensor in weights_of(whole).items():
        assert torch.equal(tensor, weights_of(resumed)[name]), name
    assert whole.classifier.calibration == resumed.classifier.calibration
    assert not [path for path in folder.rglob("*") if path.suffix not in (".json", ".safetensors")]


def test_an_unfinished_run_with_other_settings_is_not_mixed_in(base, tmp_path):
    train(coded(), base, SMALL, folder=tmp_path)
    with pytest.raises(ModelError, match=r"other data or settings|andre data"):
        train(coded(), base, replace(SMALL, seed=5), folder=tmp_path)


def test_full_training_learns_what_words_give_away(base):
    settings = replace(SMALL, epochs=12, patience=12, body_rate=3e-3, head_rate=1e-2, layer_decay=1.0)
    trained = train(coded(160, 20), base, settings)
    assert trained.scores["grad"]["macro_f1"] > 0.8
    assert not set(trained.fitted.persons) & set(trained.held.persons)


def test_options_that_save_memory_or_weigh_codes_run(base):
    settings = replace(SMALL, epochs=1, gradient_checkpointing=True, class_weights=1.0, certainty_power=1.0)
    trained = train(coded(), base, replace(settings, drop_sentences=0.5, drop_fillers=0.5, average=0))
    assert len(trained.history) == 1


def test_few_texts_get_linear_heads_that_save_and_load(base, tmp_path):
    data = coded(60)
    made = make_model(data, tmp_path / "mine", Settings(max_length=24), base_model=str(base), show_progress=False)
    assert made.trained.settings.method == "frozen"
    assert len(made.trained.curve) == 4
    loaded = load_classifier(tmp_path / "mine")
    texts = [text.text for text in data.texts]
    again = loaded.predict(texts).probabilities["grad"]
    assert np.allclose(again, made.trained.classifier.predict(texts).probabilities["grad"], atol=0.05)
    report = made.report.read_text(encoding="utf-8")
    assert "<svg" in report
    assert "http" not in report.replace("http-equiv", "").replace("http://www.w3.org", "")
    assert "# mine" in (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")
    with pytest.raises(ModelError):
        make_model(data, tmp_path / "mine", Settings(), base_model=str(base), show_progress=False)


def test_full_training_saves_card_report_and_clears_up(base, tmp_path):
    settings = replace(SMALL, epochs=2)
    made = make_model(coded(), tmp_path / "m", settings, base_model=str(base), learning_curve=True, show_progress=False)
    assert {path.name for path in made.folder.iterdir()} >= {"narratives.json", "README.md", "training.html"}
    assert not (made.folder / ".unfinished").exists()
    assert [point.share for point in made.trained.curve] == [0.25, 0.5, 1.0]
    assert load_classifier(made.folder).provenance["settings"]["epochs"] == 2


def test_too_few_texts_and_one_person_are_said(base):
    with pytest.raises(CodedDataError):
        train(coded(6), base, SMALL)
    with pytest.raises(CodedDataError):
        train(coded(20, persons=1), base, SMALL)


def test_texts_marked_test_are_never_fitted(base):
    data = coded()
    marked = tuple(replace(text, split="test") if text.person == "p03" else text for text in data.texts)
    trained = train(replace(data, texts=marked), base, replace(SMALL, epochs=1))
    assert "p03" not in {*trained.fitted.persons, *trained.held.persons}
    assert trained.notes


def test_the_command_trains_from_a_table_and_the_model_codes(base, tmp_path, capsys):
    from narratives.cli import train as command

    parser = __import__("argparse").ArgumentParser()
    command.add_parser(parser.add_subparsers())
    table = tmp_path / "coded.csv"
    kinds = ["ros", "ris", "råd"]
    sentence = "jeg søgte selv praktik og arbejde, og så blev det sådan, nr"
    rows = [f"{n};p{n % 9};{kinds[n % 3]} {sentence} {n};{kinds[n % 3]}" for n in range(60)]
    table.write_bytes(("nr;person;svar;slags\r\n" + "\r\n".join(rows)).encode("cp1252"))
    words = ["train", str(table), "-o", str(tmp_path / "m"), "--base-model", str(base), "--codes", "slags", "--quiet"]
    assert command.run(parser.parse_args(words)) == 0
    assert "macro-F1" in capsys.readouterr().out
    predicted = load_classifier(tmp_path / "m").predict(["jeg søgte råd"])
    assert predicted.labels == {"slags": ("ris", "ros", "råd")}


@pytest.mark.parametrize(("tongue", "mark"), [("da", ","), ("en", ".")])
def test_what_people_read_of_a_training_has_the_decimal_mark_of_their_language(tongue, mark, capsys):
    from narratives.cli.train import _show_scores

    points = [Point(0.25, 100, 0.4), Point(0.5, 200, 0.45), Point(1, 400, 0.5)]
    with speaking(tongue):
        assert f"+0{mark}050" in help_sentence(points)
        assert f"0{mark}55" in help_sentence(points)
        assert re.search(rf">0\{mark}4\d*<", curve_figure(points))
        _show_scores({"grad": {"n": 9, "accuracy": 0.5, "majority": 0.25, "macro_f1": 0.75, "kappa": -0.125}})
        shown = capsys.readouterr().out
    assert [f"{text}{mark}{end}" in shown for text, end in (("0", "50"), ("0", "25"), ("0", "75"), ("−0", "12"))] == [
        True
    ] * 4


@pytest.mark.parametrize(("tongue", "mark", "other"), [("da", ",", "."), ("en", ".", ",")])
def test_the_report_of_a_training_has_it_too(base, tongue, mark, other):
    trained = train(coded(), base, replace(SMALL, epochs=2))
    with speaking(tongue):
        page = render_report(trained)
        assert f"0{mark}" in history_figure(trained.history)
    told = " ".join(re.findall(r">([^<>]+)<", page[page.index("<h1>") : page.index("<pre>")]))
    assert re.search(rf"0\{mark}\d\d", told)
    assert not re.search(rf"\d\{other}\d", told)


def test_missing_codes_do_not_move_their_head(base):
    data = coded(20)
    only = tuple(replace(text, codings=(Coding("a", {"grad": text.code("grad") or "lav"}),)) for text in data.texts)
    from narratives.training.examples import make_examples

    weights = make_examples(replace(data, texts=only), SMALL).weights
    assert weights[0].sum() > 0
    assert weights[1].sum() == 0
    assert isinstance(train(replace(data, texts=only), base, replace(SMALL, epochs=1)).classifier.network, MultiHead)


@pytest.mark.parametrize(("width", "rate"), [(16, 3e-4), (384, 3e-4), (768, 5e-5), (1024, 2e-5)])
def test_wider_encoders_learn_slower_unless_told_otherwise(tmp_path, width, rate):
    from transformers import BertConfig

    BertConfig(hidden_size=width, num_attention_heads=2).save_pretrained(tmp_path)
    assert within_limits(Settings(), tmp_path).body_rate == rate
    assert within_limits(Settings(body_rate=1e-3), tmp_path).body_rate == 1e-3


def test_runs_from_like_heads_average_into_one_model(base):
    from narratives.training.soup import soup

    marked = tuple(
        replace(text, split="dev" if text.person in ("p00", "p05", "p07") else "rest") for text in coded(80).texts
    )
    data = replace(coded(80), texts=marked)
    settings = replace(SMALL, probe_first=True, epochs=2)
    runs = [train(data, base, replace(settings, seed=seed)) for seed in (0, 1, 2)]
    heads = [run.classifier.network.heads[0].weight.detach().clone() for run in runs]
    made = soup(runs)
    assert made.averaged_runs == 3
    assert made.held.persons == ["p00", "p05", "p07"]
    assert torch.allclose(made.classifier.network.heads[0].weight, torch.stack(heads).mean(0), atol=1e-6)
    assert not torch.allclose(heads[0], heads[1])


def test_a_feature_that_hardly_varies_gets_no_huge_weight():
    from narratives.training.frozen import fit_head

    chance = np.random.default_rng(0)
    features = chance.normal(size=(60, 5))
    features[:, 4] = 3 + 1e-7 * features[:, 0]
    targets = np.eye(2)[(features[:, 0] > 0).astype(int)]
    head = fit_head(features, targets, 0.1)
    assert np.abs(head.weights).max() < 10
    assert (head.logits(features).argmax(1) == targets.argmax(1)).mean() > 0.9
