"""Attribution: words with exact offsets, a planted word is found, deletion tells words from chance."""

from pathlib import Path

import numpy as np
import pytest
from dummies import tiny_codebook, tiny_model

from narratives.attribution import HOW_TO, DeletionCheck, deletion_check, explain, explain_many, main, without, words_of
from narratives.classify import Predictions, load_classifier
from narratives.errors import CodebookError, ModelError

TEXT = "Så sagde jeg nej – og gik. Det var E-boks' skyld, ikk'?"


class Planted:
    """A model that reads one word: "nej" makes grad høj, anything else leaves it lav."""

    codebook = tiny_codebook()
    labels = {variable.name: variable.labels for variable in codebook.variables}  # noqa: RUF012
    calls = 0

    def predict(self, texts, batch_size=32):
        self.calls += 1
        high = np.array([0.9 if "nej" in words_in(text) else 0.2 for text in texts])
        grad = np.column_stack([0.9 * (1 - high), high, 0.1 * (1 - high)])
        topic = np.tile([0.6, 0.4], (len(texts), 1))
        return Predictions(self.labels, {"grad": grad, "emne": topic}, np.ones(len(texts)))


def words_in(text):
    return [text[start:end] for start, end in words_of(text)]


def test_words_are_cut_by_exact_offsets():
    assert words_in(TEXT) == ["Så", "sagde", "jeg", "nej", "og", "gik", "Det", "var", "E-boks", "skyld", "ikk"]
    assert words_in("  Åh, æøå\n3.5 kr…") == ["Åh", "æøå", "3.5", "kr"]
    assert words_of("– …") == []


def test_a_removed_word_leaves_the_rest_as_it_was():
    spans = words_of(TEXT)
    assert without(TEXT, [spans[3]]) == "Så sagde jeg – og gik. Det var E-boks' skyld, ikk'?"
    assert without("ja nej ja", [(0, 2), (7, 9)]) == "nej"
    assert without("nej", [(0, 3)]) == " "
    assert without("et\nto", [(0, 2)]) == "to"


def test_the_planted_word_carries_the_code():
    found = explain(Planted(), TEXT, "grad")
    assert (found.code, found.probability) == ("høj", pytest.approx(0.9))
    assert [TEXT[word.start : word.end] for word in found.top(3)] == ["nej"]
    assert found.top(1)[0].weight == pytest.approx(np.log(9) - np.log(0.25))
    against = explain(Planted(), TEXT, "grad", "lav")
    assert min(against.words, key=lambda word: word.weight).start == TEXT.index("nej")
    assert against.top(3) == ()


def test_all_texts_and_variables_come_from_one_prediction():
    model = Planted()
    found = explain_many(model, [TEXT, "…", "nej tak"])
    assert model.calls == 1
    assert [set(each) for each in found] == [{"grad", "emne"}] * 3
    assert found[1]["grad"].words == ()
    assert [len(each["emne"].words) for each in found] == [11, 0, 2]
    assert explain_many(model, []) == []


def test_what_the_model_does_not_code_is_refused():
    with pytest.raises(ModelError, match="grad, emne"):
        explain(Planted(), TEXT, "agency")
    with pytest.raises(CodebookError):
        explain(Planted(), TEXT, "grad", "midt")


def texts(count, seed=0):
    chance = np.random.default_rng(seed)
    words = ["jeg", "du", "vi", "de", "har", "så", "ikke", "det", "var", "men"]
    return [" ".join([*chance.choice(words, 12), "nej"]) for _ in range(count)]


def test_deletion_tells_the_words_from_chance():
    check = deletion_check(Planted(), texts(40), "grad", words=2)
    assert check.n == 40
    assert check.top == pytest.approx(0.7)
    assert 0 < check.random < 0.3
    assert check.low > 0.4
    assert check.passed


def test_deletion_finds_nothing_where_words_do_nothing():
    check = deletion_check(Planted(), texts(40), "emne", words=2)
    assert (check.ahead, check.low, check.high) == (0, 0, 0)
    assert not check.passed
    empty = deletion_check(Planted(), ["kort", ""], "grad", words=2)
    assert empty.n == 0
    assert not empty.passed


def test_deletion_draws_persons_again_where_they_are_known():
    mixed = texts(20) + ["jeg du vi de har så"] * 20
    check = deletion_check(Planted(), mixed, "grad", persons=["a"] * 20 + ["b"] * 20)
    alone = deletion_check(Planted(), mixed, "grad")
    assert check.high - check.low > alone.high - alone.low


def test_a_real_network_explains_with_the_offsets_of_the_text(tmp_path):
    classifier = load_classifier(tiny_model(tmp_path))
    long = " ".join(["jeg søgte selv praktik, og de sendte ikke noget."] * 4)
    found = explain(classifier, long, "grad")
    assert found.probability == pytest.approx(classifier.predict([long]).certainty("grad")[0], abs=1e-5)
    assert [(word.start, word.end) for word in found.words] == words_of(long)
    odds = [classifier.predict([without(long, [span])]).probabilities["grad"][0] for span in words_of(long)[:1]]
    place = classifier.labels["grad"].index(found.code)
    p, q = found.probability, float(odds[0][place])
    assert found.words[0].weight == pytest.approx(np.log(p / (1 - p)) - np.log(q / (1 - q)), abs=1e-3)


def test_the_page_in_docs_is_as_the_command_writes_it():
    page = Path(__file__).parents[1].joinpath("docs", "evidence.md").read_text(encoding="utf-8")
    assert page.endswith(HOW_TO)


def test_a_words_fall_is_what_the_probability_loses():
    found = explain(Planted(), TEXT, "grad")
    assert found.fall(found.top(1)[0]) == pytest.approx(0.7)
    assert found.fall(found.words[0]) == pytest.approx(0)


def test_the_check_command_writes_its_figures(tmp_path, monkeypatch, capsys):
    import narratives.attribution as module
    from narratives.coded import CodedData, CodedText

    rows = tuple(CodedText(f"t{n}", text, f"p{n}") for n, text in enumerate(texts(12)))
    monkeypatch.setattr(module, "_development", lambda *_: CodedData(rows, tiny_codebook()))
    model = tiny_model(tmp_path)
    status = main([str(model), "-o", str(tmp_path / "evidence.md"), "--words", "1"])
    assert status in (0, 1)
    page = (tmp_path / "evidence.md").read_text(encoding="utf-8")
    assert "| grad | 1 | 12 |" in page
    assert page.endswith(module.HOW_TO)
    assert "DeletionCheck" in capsys.readouterr().out
    assert DeletionCheck("grad", 1, 0.2, 0.1, 0.1, 0.05, 0.15, 3).passed
