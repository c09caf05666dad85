"""The classifier: rows in, rows out; save equals load; what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
from dummies import tiny_codebook, tiny_encoder, tiny_model

from narratives.classify import find_model, load_classifier, model_revision, read_model_codebook
from narratives.encoder import load_encoder
from narratives.errors import ModelError
from narratives.network import encode_windows

TEXTS = ["Jeg søgte selv praktik.", "", "æbler og penge " * 40, "Det var ikke så godt."]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def classifier(folder):
    return load_classifier(folder)


def test_as_many_rows_out_as_in_and_rows_sum_to_one(classifier):
    predictions = classifier.predict(TEXTS, batch_size=2)
    assert len(predictions) == len(TEXTS)
    for variable in classifier.codebook.variables:
        shares = predictions.probabilities[variable.name]
        assert shares.shape == (len(TEXTS), len(variable.codes))
        assert np.allclose(shares.sum(axis=1), 1)


def test_order_and_batch_size_do_not_change_a_text_s_codes(classifier):
    together = classifier.predict(TEXTS, batch_size=3)
    for row, text in enumerate(TEXTS):
        alone = classifier.predict([text])
        for name in classifier.labels:
            assert np.allclose(alone.probabilities[name][0], together.probabilities[name][row], atol=1e-5)


def test_no_text_gives_no_rows(classifier):
    assert len(classifier.predict([])) == 0
    assert list(classifier.predict([]).to_frame().columns)[:2] == ["grad", "grad_p"]


def test_long_texts_are_read_to_the_end_in_windows(classifier):
    predictions = classifier.predict(TEXTS)
    assert list(predictions.windows > 1) == [False, False, True, False]
    windows = encode_windows(classifier.tokenizer, [TEXTS[2]], 24, 6)
    assert sum(len(ids) for _, ids in windows) > 80
    assert {tuple(ids[-2:-1]) for _, ids in windows[-1:]} == {tuple(classifier.tokenizer("penge")["input_ids"][-2:-1])}


def test_frame_has_the_documented_columns(classifier):
    frame = classifier.predict(TEXTS).to_frame()
    assert list(frame.columns) == [
        *("grad", "grad_p", "grad_p_lav", "grad_p_høj", "grad_p_intet"),
        *("emne", "emne_p", "emne_p_penge", "emne_p_æbler"),
    ]
    best = frame[["grad_p_lav", "grad_p_høj", "grad_p_intet"]].max(axis=1)
    assert np.allclose(frame["grad_p"], best)


def test_review_asks_for_a_person_below_the_threshold(classifier):
    predictions = classifier.predict(TEXTS)
    assert list(predictions.needs_review()) == list(predictions.certainty("grad") < 0.5)


def test_temperature_flattens_without_changing_the_code(classifier):
    logits = classifier.logits([TEXTS[0]])["grad"][0]
    shares = classifier.predict([TEXTS[0]]).probabilities["grad"][0]
    expected = np.exp(logits / 2.0) / np.exp(logits / 2.0).sum()
    assert np.allclose(shares, expected, atol=1e-4)


def test_saved_again_it_gives_the_same_codes_and_revision(classifier, folder, tmp_path):
    again = load_classifier(classifier.save(tmp_path / "again"))
    before, after = classifier.predict(TEXTS), again.predict(TEXTS)
    for name in classifier.labels:
        assert np.allclose(before.probabilities[name], after.probabilities[name], atol=1e-3)
    assert again.codebook == tiny_codebook() == read_model_codebook(folder)
    assert model_revision(folder) == classifier.revision != ""


def test_a_saved_model_is_one_folder_with_weights_labels_and_card(folder):
    names = {path.name for path in folder.iterdir()}
    assert {"model.safetensors", "heads.safetensors", "narratives.json", "tokenizer.json", "README.md"} <= names
    assert not any(name.endswith((".bin", ".pt", ".pkl")) for name in names)


def test_danish_letters_and_case_survive_the_tokenizer(classifier):
    ids = {word: tuple(classifier.tokenizer(word)["input_ids"]) for word in ("sål", "sal", "Sål", "æ", "ø", "å")}
    assert len(set(ids.values())) == len(ids)
    assert all(classifier.tokenizer.unk_token_id not in value for value in ids.values())


def test_an_encoder_in_the_hub_layout_loads_like_a_hub_download(tmp_path):
    body, tokenizer = load_encoder(tiny_encoder(tmp_path / "hub"))
    assert body.config.hidden_size == 16
    assert tokenizer.tokenize("Æbler")[0] == "Æ"


@pytest.mark.parametrize("name", ["nothing-of-the-sort", "./no/such/folder"])
def test_unknown_names_are_one_sentence(name):
    with pytest.raises(ModelError, match=r"(?i)there is no model|findes ikke"):
        find_model(name)


def test_a_folder_without_settings_is_no_coding_model(tmp_path):
    with pytest.raises(ModelError, match=r"narratives\.json"):
        load_classifier(tiny_encoder(tmp_path / "bare"))


def test_weights_outside_safetensors_are_refused(folder, tmp_path):
    copy = _copy(folder, tmp_path)
    (copy / "model.safetensors").rename(copy / "pytorch_model.bin")
    with pytest.raises(ModelError, match="safetensors"):
        load_classifier(copy)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda data: data["labels"].update(grad=["lav", "høj"]), "label lists|kodelisterne"),
        (lambda data: data.update(format=99), "99"),
        (lambda data: data.pop("codebook"), "damaged|beskadiget"),
    ],
)
def test_settings_that_do_not_fit_are_refused(folder, tmp_path, change, sentence):
    copy = _copy(folder, tmp_path)
    data = json.loads((copy / "narratives.json").read_text(encoding="utf-8"))
    change(data)
    (copy / "narratives.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ModelError, match=sentence):
        load_classifier(copy)


def test_missing_weights_are_refused_not_made_up(folder, tmp_path):
    from safetensors.torch import load_file, save_file

    copy = _copy(folder, tmp_path)
    weights = load_file(copy / "model.safetensors")
    weights.pop("encoder.layer.0.attention.self.query.weight")
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="query"):
        load_classifier(copy)


def _copy(folder, tmp_path):
    import shutil

    return shutil.copytree(folder, tmp_path / "copy")
