"""How the shipped coding model is made, and how its recipe was chosen and measured.

    python -m narratives.building.coding_model try  --encoder models/encoder --set ordinal=0.0 --seeds 0 1
    python -m narratives.building.coding_model fit  --encoder models/encoder --runs RUNS --seeds 0 1
    python -m narratives.building.coding_model ship --encoder models/encoder --runs RUNS -o models/agency-da

``try`` compares recipes on development persons, the same for every recipe and seed. ``fit`` trains the
recipe, seed by seed, in a folder of its own each, and goes on where it was stopped; several may run side by
side. ``ship`` averages the weights of the five runs, measures the runs and their mean on the test persons,
once, and writes the model that is shipped with its card.
The honest figure is that of the natural answers, written before they were coded; s7-s8 pull evaluation
and agency apart, s1-s6 and the transcripts were written to a code (see the corpus's datasheet).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from narratives.building.coding_card import shipped_card
from narratives.coded.corpus import read_corpus
from narratives.coded.records import CodedData, CodedText
from narratives.coded.splitting import draw_persons, some_persons, take_test
from narratives.files import write_atomically
from narratives.messages import set_language
from narratives.training.make import save_trained
from narratives.training.scores import variable_scores
from narratives.training.settings import Settings
from narratives.training.soup import soup
from narratives.training.train import Trained, train

__all__ = ["PARTS", "RECIPE", "mark_development", "measure", "mood_oracle", "part_scores"]

PARTS: dict[str, tuple[str, ...]] = {
    "natural": ("n",),
    "s1-s6": ("s1", "s2", "s3", "s4", "s5", "s6"),
    "s7-s8": ("s7", "s8"),
    "s9-s12": ("s9", "s10", "s11", "s12"),
    "transcripts": ("coded",),
}
"""Parts of the corpus that are measured apart, and their groups ("n" stands for all natural sets)."""

RECIPE = Settings(
    method="full",
    epochs=4,
    body_rate=4e-4,
    probe_first=True,
    group_weights={"n": 3.0},
    variable_weights={
        "agency": 2.0,
        "arbejdsidentitet": 2.0,
        "fokus": 0.5,
        "kontekst": 0.5,
        "vurdering": 0.5,
        "tid": 0.5,
    },
    criterion=("agency", "arbejdsidentitet"),
    criterion_groups=("n",),
)

DEV_SEED = 7
_DEV_SHARE = 0.15
_BINS = 10


def mark_development(data: CodedData) -> CodedData:
    """The data with a fixed draw of its non-test persons marked as development persons."""
    usable, test = take_test(data)
    held = draw_persons(usable, _DEV_SHARE, DEV_SEED)
    marked = (replace(text, split="dev" if text.person in held else "rest") for text in usable.texts)
    return replace(data, texts=(*marked, *test.texts))


def in_part(group: str, part: str) -> bool:
    """Whether a text's group belongs to a part of :data:`PARTS`."""
    return group in PARTS[part] or (part == "natural" and group.startswith("n"))


def calibration_error(shares: np.ndarray, hard: np.ndarray) -> float:
    """Expected calibration error with ten bins of equal mass, 0 to 1, over coded texts."""
    coded = hard >= 0
    sure, right = shares[coded].max(1), shares[coded].argmax(1) == hard[coded]
    bins = np.array_split(np.argsort(sure), min(_BINS, max(1, len(sure))))
    return float(sum(len(b) * abs(sure[b].mean() - right[b].mean()) for b in bins if len(b)) / max(1, len(sure)))


def part_scores(data: CodedData, probabilities: Mapping[str, np.ndarray]) -> dict[str, dict[str, dict[str, float]]]:
    """Per part and variable: figures of :func:`variable_scores`, ece, and the error at full and half coverage.

    Args:
        probabilities: per variable, shape (len(data), codes).
    """
    result: dict[str, dict[str, dict[str, float]]] = {}
    for part in PARTS:
        mask = np.array([in_part(text.group, part) for text in data.texts], dtype=bool)
        if mask.any():
            subset = data.where(lambda text, part=part: in_part(text.group, part))  # type: ignore[misc]
            result[part] = {
                v.name: _figures(v, probabilities[v.name][mask], subset.hard(v.name)) for v in data.codebook.variables
            }
    return result


def _figures(variable: Any, shares: np.ndarray, hard: np.ndarray) -> dict[str, float]:
    right = (shares.argmax(1) == hard)[np.argsort(-shares.max(1), kind="stable")]
    half, most = right[: len(right) // 2], right[: round(0.8 * len(right))]
    return {
        **variable_scores(variable, shares, hard),
        "ece": calibration_error(shares, hard),
        "surest_half": float(half.mean()) if len(half) else 0.0,
        "error_at_80": float(1 - most.mean()) if len(most) else 0.0,
    }


def mood_oracle(fitted: CodedData, measured: CodedData) -> dict[str, float]:
    """Macro-F1 of agency per part for an oracle that knows only each text's true evaluation.

    It guesses the agency code that goes most often with that evaluation among the fitted texts of the same part.
    """
    from sklearn.metrics import f1_score

    agency, mood = fitted.codebook.with_role("agency"), fitted.codebook.with_role("evaluation")
    if agency is None or mood is None:
        return {}
    result = {}
    for part in PARTS:
        known = fitted.where(lambda text, part=part: in_part(text.group, part))  # type: ignore[misc]
        asked = measured.where(lambda text, part=part: in_part(text.group, part))  # type: ignore[misc]
        if len(known) and len(asked):
            counts = np.zeros((len(mood.codes), len(agency.codes)))
            np.add.at(counts, (known.hard(mood.name), known.hard(agency.name)), 1)
            guesses = counts.argmax(1)[asked.hard(mood.name)]
            result[part] = float(f1_score(asked.hard(agency.name), guesses, average="macro"))
    return result


def measure(trained: Trained, data: CodedData) -> dict[str, Any]:
    """Figures of a trained model on ``data``, part by part."""
    shares = trained.classifier.predict([text.text for text in data.texts]).probabilities
    return part_scores(data, shares)


def show(figures: Mapping[str, Mapping[str, Mapping[str, float]]], label: str) -> None:
    """Print a line per part: the two main variables, kappa, calibration error, and the others' macro-F1."""
    for part, by_variable in figures.items():
        cells = []
        for name, values in by_variable.items():
            kappa = (
                f" k{values['kappa']:.2f} e{values['ece']:.2f} h{values['surest_half']:.2f}"
                if "kappa" in values
                else ""
            )
            cells.append(f"{name[:6]} {values['macro_f1']:.3f}{kappa}")
        count = int(next(iter(by_variable.values()))["n"])
        print(f"{label:<24} {part:<12} n{count:<5} " + "  ".join(cells), flush=True)


def with_overrides(settings: Settings, pairs: Sequence[str]) -> Settings:
    """The settings with ``name=value`` pairs put in, values as JSON.

    Raises:
        SystemExit: for a name that is no setting.
    """
    known = {field.name for field in fields(Settings)}
    changed: dict[str, Any] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        if name not in known:
            raise SystemExit(f"no such setting: {name} (known: {', '.join(sorted(known))})")
        parsed = json.loads(value)
        changed[name] = tuple(parsed) if isinstance(parsed, list) else parsed
    return replace(settings, **changed)


def _chosen(data: CodedData, groups: Sequence[str]) -> CodedData:
    """The data, of the training texts only those of some groups (beginnings); all where none are named."""
    if not groups:
        return data
    return data.where(lambda text: text.split in ("dev", "test") or text.group.startswith(tuple(groups)))


def thinned(data: CodedData, share: float) -> CodedData:
    """The data with a share of the persons (0 to 1) who give natural answers for training; larger shares hold smaller.

    Development and test persons, and all other texts, stay.
    """
    kept = some_persons((text.person for text in data.texts if _thins(text)), share, DEV_SEED)
    return data.where(lambda text: not _thins(text) or text.person in kept)


def _thins(text: CodedText) -> bool:
    return text.split not in ("dev", "test") and in_part(text.group, "natural")


def _try(arguments: argparse.Namespace) -> None:
    """Train the recipe with other settings, seed by seed, and their mean where heads start alike."""
    data = thinned(_chosen(mark_development(read_corpus()), arguments.groups), arguments.natural_share)
    held = data.where(lambda text: text.split == "dev")
    fitted = data.where(lambda text: text.split not in ("dev", "test"))
    print("mood oracle", {part: round(score, 3) for part, score in mood_oracle(fitted, held).items()}, flush=True)
    runs = []
    for seed in arguments.seeds:
        settings = replace(with_overrides(RECIPE, arguments.set), seed=seed)
        runs.append(train(data, arguments.encoder, settings, name="trial"))
        epochs = [(epoch.number, round(epoch.score, 3), epoch.averaged) for epoch in runs[-1].history]
        print(arguments.label, seed, "epochs", epochs, f"{runs[-1].seconds:.0f} s", flush=True)
        _note(runs[-1], f"{arguments.label}/{seed}", arguments)
    if len(runs) > 1 and runs[0].settings.probe_first:
        made = soup(runs)
        _note(made, f"{arguments.label}/mean{made.averaged_runs}", arguments)


def _note(trained: Trained, label: str, arguments: argparse.Namespace) -> None:
    """Show the development figures of a trial, and append them to the output."""
    figures = part_scores(trained.held, trained.probabilities)
    show(figures, label)
    if arguments.output:
        with arguments.output.open("a", encoding="utf-8") as handle:
            line = {"label": label, "set": arguments.set, "groups": arguments.groups, "figures": figures}
            line |= {"natural_share": arguments.natural_share, "texts": len(trained.fitted)}
            handle.write(json.dumps(line, ensure_ascii=False) + "\n")


def _fit(arguments: argparse.Namespace) -> list[Trained]:
    """The recipe's runs, one per seed; those that are finished in the runs folder are taken from there."""
    data = mark_development(read_corpus())
    runs = []
    for seed in arguments.seeds:
        settings = replace(with_overrides(RECIPE, arguments.set), seed=seed)
        run = train(data, arguments.encoder, settings, name="agency-da", folder=arguments.runs / str(seed))
        show(part_scores(run.held, run.probabilities), f"development/{seed}")
        runs.append(run)
    return runs


def _ship(arguments: argparse.Namespace) -> None:
    """Measure every run and the mean of their weights on the test persons, and save the mean."""
    set_language("en")
    usable, test = take_test(read_corpus())
    runs = _fit(arguments)
    seeds = [{"seed": run.settings.seed, "figures": measure(run, test)} for run in runs]
    made = soup(runs)
    made.classifier.name = arguments.output.name
    show(part_scores(made.held, made.probabilities), f"development/mean of {made.averaged_runs}")
    shipped = measure(made, test)
    show(shipped, "test/shipped")
    command = "python -m narratives.building.coding_model " + " ".join(sys.argv[1:])
    save_trained(made, arguments.output, base_name=arguments.encoder.name, base=arguments.encoder, command=command)
    oracle = mood_oracle(usable, test)
    figures = {"mood_oracle": oracle, "settings": made.settings.to_dict(), "seeds": seeds, "shipped": shipped}
    write_atomically(arguments.output / "figures.json", json.dumps(figures, ensure_ascii=False, indent=1))
    card = arguments.output / "README.md"
    write_atomically(card, shipped_card(card.read_text(encoding="utf-8"), figures))


def main() -> None:
    """Run one of the three commands."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("try", "fit", "ship"))
    parser.add_argument("--encoder", type=Path, default=Path("models/encoder"))
    parser.add_argument("--set", nargs="*", default=[], metavar="NAME=JSON", help="settings other than the recipe's")
    parser.add_argument("--groups", nargs="*", default=[], help="train only on groups with these beginnings (try)")
    parser.add_argument("--natural-share", type=float, default=1.0, help="share of natural training persons (try)")
    parser.add_argument("--seeds", nargs="+", type=int, default=None)
    parser.add_argument("--label", default="trial")
    parser.add_argument("--runs", type=Path, help="folder of the runs (fit, ship)")
    parser.add_argument("-o", "--output", type=Path)
    arguments = parser.parse_args()
    arguments.seeds = arguments.seeds or ([0] if arguments.command == "try" else [0, 1, 2, 3, 4])
    if arguments.command != "try" and arguments.runs is None:
        parser.error("--runs is needed")
    if arguments.command == "ship" and arguments.output is None:
        parser.error("-o is needed")
    {"try": _try, "fit": _fit, "ship": _ship}[arguments.command](arguments)


if __name__ == "__main__":
    main()
