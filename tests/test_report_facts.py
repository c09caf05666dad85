"""The methods paragraph says how right the model was where it was measured, and how numbers were made."""

from __future__ import annotations

import json

import pytest
from studies import make_study

from narratives.messages import speaking
from narratives.report.facts import methods
from narratives.shipped import shipped_folder, shipped_models
from narratives.study.measured import FIGURES, measured

FIGURE = {"n": 1520, "macro_f1": 0.697, "kappa": 0.608, "ece": 0.0136, "accuracy": 0.7}


def test_figures_are_read_from_the_models_folder(tmp_path):
    assert measured(tmp_path) == {}
    path = tmp_path / "figures.json"
    path.write_text(json.dumps({"shipped": {"natural": {"agency": FIGURE, "fokus": {"n": 3, "kappa": None}}}}))
    assert measured(tmp_path) == {"agency": {name: FIGURE[name] for name in FIGURES}, "fokus": {"n": 3.0}}
    for broken in ("[]", "{", '{"shipped": {"natural": 7}}', '{"shipped": {"natural": {"agency": "?"}}}'):
        path.write_text(broken)
        assert measured(tmp_path) == {}


@pytest.mark.skipif("agency-da" not in shipped_models(), reason="the shipped coding model is not here")
def test_the_shipped_model_tells_its_figures():
    found = measured(shipped_folder("models") / "agency-da")
    assert set(found["agency"]) == set(FIGURES)
    assert 0 < found["agency"]["ece"] < found["agency"]["kappa"] < found["agency"]["macro_f1"] < 1


def test_methods_say_how_right_the_model_was_and_how_intervals_were_made(tmp_path):
    study = make_study(tmp_path / "study", 2, 2, 4)
    with speaking("da"):
        plain = " ".join(methods(study, seed=7))
    assert "startværdi 7" in plain
    assert "permutationstest" in plain
    assert "makro-F1" not in plain
    study.run["model"]["measured"] = {"agency": FIGURE, "fokus": FIGURE}
    with speaking("da"):
        told = " ".join(methods(study))
    assert "makro-F1 0,70, vægtet kappa 0,61, kalibreringsfejl 0,01" in told
    assert "opdigtede" in told
    with speaking("en"):
        assert "macro-F1 0.70" in " ".join(methods(study))
