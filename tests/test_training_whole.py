"""Training from end to end: hub names, an interrupted learning curve, and a table's model in every further command."""

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from dummies import tiny_encoder
from test_training import SMALL, coded

from narratives.classify import find_model, load_classifier
from narratives.cli import main
from narratives.errors import ModelError
from narratives.training.make import make_model

TRANSCRIPTS = Path(__file__).parents[1] / "corpora" / "agency" / "transcripts"
KINDS = ("ros", "ris", "råd")
NAMES = ("p02-1", "p02-2", "p08-3")


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return tiny_encoder(tmp_path_factory.mktemp("encoder"))


def table_of(path):
    """Sixty rows coded by a scheme of three codes without any order."""
    told = "jeg søgte selv praktik og arbejde, og så blev det sådan, nr"
    rows = [f"{n};p{n % 9};{KINDS[n % 3]} {told} {n};{KINDS[n % 3]}" for n in range(60)]
    path.write_text("nr;person;svar;slags\n" + "\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def hub(base, monkeypatch):
    """A hub that has one repository, and the names it was asked for."""
    asked = []

    def snapshot_download(repository, *, allow_patterns):
        asked.append(repository)
        assert "*.safetensors" in allow_patterns
        assert not any(pattern.endswith((".bin", ".pt", ".pkl")) for pattern in allow_patterns)
        if repository != "owner/name":
            raise OSError("no network")
        return str(base)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    return asked


def test_a_hub_name_goes_the_same_way_as_a_folder(hub, base, tmp_path):
    assert find_model("owner/name") == find_model(base) == base
    words = ["train", str(table_of(tmp_path / "coded.csv")), "--codes", "slags", "--quiet"]
    for name, encoder in (("hub", "owner/name"), ("folder", str(base))):
        assert main([*words, "-o", str(tmp_path / name), "--base-model", encoder]) == 0
    assert hub == ["owner/name"] * 2
    made = [load_classifier(tmp_path / name) for name in ("hub", "folder")]
    assert made[0].provenance["base_model"] == "owner/name"
    assert made[0].provenance["base_sha256"] == made[1].provenance["base_sha256"]
    texts = ["jeg søgte råd", "de har sendt ros"]
    one, other = (model.predict(texts).probabilities["slags"] for model in made)
    assert (one == other).all()


def test_a_hub_that_does_not_answer_is_one_sentence(hub, tmp_path, capsys):
    with pytest.raises(ModelError, match="owner/other"):
        find_model("owner/other")
    words = ["--lang", "en", "train", str(table_of(tmp_path / "coded.csv")), "--codes", "slags"]
    assert main([*words, "-o", str(tmp_path / "m"), "--base-model", "owner/other"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "“owner/other” could not be fetched from Hugging Face" in line
    assert not (tmp_path / "m").exists()


class Killed(Exception):
    """Stands for a process that ends in the middle."""


def test_an_interrupted_learning_curve_goes_on_where_it_stopped(base, tmp_path, monkeypatch):
    from narratives.training import train as training

    settings = replace(SMALL, epochs=2)
    options = {"base_model": str(base), "learning_curve": True, "show_progress": False}
    whole = make_model(coded(), tmp_path / "whole", settings, **options)
    ran = []
    plain = training._train_full

    def counted(data, base, settings, folder, advance):
        ran.append(folder.name)
        if len(ran) == 3:
            raise Killed
        return plain(data, base, settings, folder, advance)

    monkeypatch.setattr(training, "_train_full", counted)
    with pytest.raises(Killed):
        make_model(coded(), tmp_path / "m", settings, **options)
    kept = (tmp_path / "m" / ".unfinished" / "curve").rglob("epoch-*.safetensors")
    assert {path.parent.name for path in kept} == {"0.25"}
    written = []
    monkeypatch.setattr(training, "_train_full", plain)
    monkeypatch.setattr("narratives.training.loop.save_weights", lambda _, path: written.append(path.parent.name))
    resumed = make_model(coded(), tmp_path / "m", settings, **options)
    assert set(written) == {"0.50"}
    assert resumed.trained.curve == whole.trained.curve
    assert not (tmp_path / "m" / ".unfinished").exists()


def fill_in(sheet):
    """Code every row as a person would, and leave the column coder empty."""
    rows = list(csv.DictReader(sheet.open(encoding="utf-8-sig"), delimiter=";" if ";" in sheet.read_text() else ","))
    for number, row in enumerate(rows):
        row["slags"] = KINDS[number % 3].upper()
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def test_a_model_of_three_codes_from_a_table_goes_through_every_command(base, tmp_path, capsys):
    interviews, study, model = (str(tmp_path / name) for name in ("interviews", "study", "mine"))
    Path(interviews).mkdir()
    for name in NAMES:
        shutil.copy(TRANSCRIPTS / f"{name}.txt", interviews)
    table = str(table_of(tmp_path / "coded.csv"))
    words = ["--codes", "slags", "--base-model", str(base), "--quiet"]
    assert main(["train", table, "-o", model, *words]) == 0
    assert main(["annotate", interviews, "-o", study, "--model", model, "--quiet"]) == 0
    rows = list(csv.DictReader((tmp_path / "study" / "narratives.csv").open(encoding="utf-8-sig")))
    assert len(rows) >= 10
    assert {row["slags"] for row in rows} <= set(KINDS)
    assert {row["transcript"] for row in rows} == set(NAMES)
    assert main(["track", study, "--quiet"]) == 0
    assert (tmp_path / "study" / "profiles.csv").is_file()
    assert main(["report", study, "--quiet"]) == 0
    assert "slags" in (tmp_path / "study" / "report.html").read_text(encoding="utf-8")
    sheet = tmp_path / "review.csv"
    assert main(["sample", study, "-n", "24", "-o", str(sheet)]) == 0
    count = fill_in(sheet)
    capsys.readouterr()
    again = ["train", study, "--review", str(sheet), "-o", str(tmp_path / "again"), "--base-model", str(base)]
    assert main(["--lang", "en", *again, "--quiet"]) == 0
    assert f"review.csv: {count} rows name no coder" in capsys.readouterr().out
    assert load_classifier(tmp_path / "again").codebook["slags"].labels == tuple(sorted(KINDS))
    assert main(["evaluate", model, study, "--review", str(sheet), "--baselines", "majority", "--quiet"]) == 0
