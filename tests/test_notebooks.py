"""The three notebooks run from first to last cell, each in a folder of its own, and say what they should."""

import ast
import json
import re
import shutil
import sys
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
pytest.importorskip("matplotlib")

from narratives.shipped import shipped_folder, shipped_models  # noqa: E402 - after the checks for what may be missing

REPOSITORY = Path(__file__).parents[1]
NOTEBOOKS = REPOSITORY / "notebooks"
NAMES = ("1_annotate", "2_train", "3_shifts")
CELL_SECONDS = 600

needs_model = pytest.mark.skipif("agency-da" not in shipped_models(), reason="the shipped coding model is not here")


def read(name):
    return nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def written(notebook):
    """Everything the notebook printed or showed, as text."""
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    return "\n".join(str(output.get("text") or output.get("data", {}).get("text/plain", "")) for output in outputs)


@pytest.fixture
def execute(tmp_path, monkeypatch):
    """Runs a notebook beside a copy of its data, in this interpreter, with nothing of the user's configuration."""
    kernel = tmp_path / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": command, "display_name": "Python 3", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    for variable, folder in (
        ("JUPYTER_PATH", "jupyter"),
        ("JUPYTER_CONFIG_DIR", "config"),
        ("IPYTHONDIR", "ipython"),
        ("TMPDIR", "tmp"),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        monkeypatch.setenv(variable, str(tmp_path / folder))
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.delenv("MPLBACKEND", raising=False)

    def run(name):
        beside = tmp_path / "notebooks"
        shutil.copytree(NOTEBOOKS / "data", beside / "data")
        notebook = read(name)
        resources = {"metadata": {"path": str(beside)}}
        nbclient.NotebookClient(notebook, timeout=CELL_SECONDS, kernel_name="python3", resources=resources).execute()
        assert sorted(path.name for path in beside.iterdir()) == ["data"], "a notebook wrote beside itself"
        assert not list((tmp_path / "tmp").glob("narratives-*")), "a notebook left its temporary study behind"
        return written(notebook)

    return run


def numbers(pattern, text):
    found = re.search(pattern, text)
    assert found, f"nothing like {pattern!r} in the notebook's output"
    return tuple(float(number.replace(",", ".")) for number in found.groups())


@pytest.mark.parametrize("name", NAMES)
def test_is_kept_without_outputs_and_is_valid_python(name):
    notebook = read(name)
    nbformat.validate(notebook)
    for cell in code_cells(notebook):
        assert cell.outputs == []
        assert cell.execution_count is None
        ast.parse(cell.source)


def test_data_are_as_danish_excel_saves_them():
    content = (NOTEBOOKS / "data" / "paaroerende.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfid;person;tekst;st\xc3\xb8tte\r\n")
    assert content.count(b"\r\n") == 61


@needs_model
@pytest.mark.slow
def test_annotate(execute):
    text = execute("1_annotate")
    verbatim, narratives = numbers(r"(\d+) af (\d+) narrativer står ordret", text)
    assert verbatim == narratives > 50
    assert numbers(r"Narrativer fra p41 nu: (\d+)", text) == (0,)


@needs_model
@pytest.mark.slow
@pytest.mark.training
def test_train(execute):
    text = execute("2_train")
    assert numbers(r"(\d+) citater fra (\d+) personer", text) == (60, 12)
    (ahead,) = numbers(r"sprogmodel minus hyppigste kode: ([+-]\d\.\d+)", text)
    assert ahead > 0.1
    pattern = r"(\d+)% af koderne beholdes\.\s+Fejl i alt (\d+)%, blandt de beholdte (\d+)%"
    kept, all_errors, kept_errors = numbers(pattern, text)
    assert kept > 0
    assert kept_errors < all_errors
    assert "5 rækker kodet" in text


@needs_model
@pytest.mark.slow
def test_shifts(execute):
    text = execute("3_shifts")
    coded, drawn = numbers(r"(\d+) af (\d+) narrativer er kodet", text)
    assert 0.8 * drawn < coded <= drawn
    (covered,) = numbers(r"(\d+)% af de 30 intervaller rummer", text)
    assert covered >= 80
    test_persons = {
        line.split(",")[0]
        for line in (shipped_folder("corpora") / "agency" / "split.csv").read_text(encoding="utf-8").splitlines()
        if re.match(r"p\d+,test", line)
    }
    assert len(test_persons) == 10
    assert all(person in text for person in test_persons)
