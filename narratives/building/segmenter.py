"""Train the segmenter on the coded corpus, and measure it on persons it has not seen.

    python -m narratives.building.segmenter train corpora/agency models/segmenter
    python -m narratives.building.segmenter measure corpora/agency models/segmenter

``train`` uses persons outside the test split only. It fits a scorer in five folds by person, to see
which price gives which density on persons left out, prints the figures of those persons, then fits
on all of them and saves. ``measure`` compares the saved segmenter, and five trained anew with other
seeds, with the coders and with baselines on the test persons, and writes ``figures.json`` beside it.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean, pstdev
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narratives.building.segmenter_material import (
    BASELINES,
    Example,
    baseline,
    coded_corpus,
    examples_of,
    monologues_of,
    whole_monologues,
)
from narratives.files import write_atomically
from narratives.segment import Settings, choose
from narratives.segmenting.features import BUCKETS
from narratives.segmenting.metrics import Agreement, Labels, agreement
from narratives.segmenting.monologues import Coded
from narratives.segmenting.scoring import Scorer, UnitScores, load_scorer
from narratives.segmenting.selecting import Weights, select

FOLDS = 5
SEEDS = (0, 1, 2, 3, 4)
MIXES = 3
PRICES = tuple(float(price) for price in np.arange(-8, 12.5, 0.5))
REGULARISATION = 0.3
CUE_SCALE = 0.5
WEIGHTS = Weights(narrativity=1.0, start=0.7, end=0.7, length=1.0)
_START = "start"
MEASURED_SEED = 1000
TRAINED_RUNS = (2, 6)
MEASURED_RUNS = (3, 10)


@dataclass(frozen=True)
class Material:
    """Examples to learn from: interviews as they are, and monologues made of them."""

    interviews: Sequence[Example]
    monologues: Sequence[Example]

    def without(self, persons: set[str]) -> Material:
        """The examples of everybody else."""
        return Material(
            [example for example in self.interviews if example.person not in persons],
            [example for example in self.monologues if example.person not in persons],
        )

    def only(self, persons: set[str]) -> Material:
        """The examples of these persons."""
        return self.without({example.person for example in self.interviews} - persons)


def gather(coded: Sequence[Coded], seed: int) -> Material:
    """Interviews, and several draws of monologues."""
    mixes = [one for draw in range(MIXES) for one in monologues_of(coded, seed * MIXES + draw, TRAINED_RUNS)]
    return Material(examples_of(coded), examples_of(mixes))


# --- fitting ------------------------------------------------------------------------------------


def fit(material: Material) -> Scorer:
    """A scorer without prices."""
    # Each interview stands in every draw of monologues once, so it counts as often as it does there.
    examples = [*material.interviews] * MIXES + [*material.monologues]
    cues = np.vstack([example.cues for example in examples])
    mean_cues, scale = cues.mean(0), (cues.std(0) + 1e-6) / CUE_SCALE
    rows = _rows(examples, (cues - mean_cues) / scale)
    in_narrative, boundary, has_boundary = _targets(examples)
    fitted = [_logistic(rows, in_narrative), _logistic(rows[has_boundary], boundary[has_boundary])]
    coefficients = np.vstack([weights for weights, _ in fitted])
    return Scorer(
        words=coefficients[:, :BUCKETS],
        cues=coefficients[:, BUCKETS:],
        bias=np.array([bias for _, bias in fitted]),
        mean=mean_cues,
        scale=scale,
        weights=_weights(material.interviews),
        prices=(),
        density=_density(material.interviews),
    )


def _rows(examples: Sequence[Example], cues: NDArray[np.float32]) -> Any:
    """Sparse features, shape (n_units, BUCKETS + n_cues)."""
    from scipy.sparse import csr_matrix, hstack

    hashed = [row for example in examples for row in example.hashed]
    ends = np.cumsum([0, *(len(buckets) for buckets, _ in hashed)])
    values = np.concatenate([weights for _, weights in hashed])
    buckets = np.concatenate([buckets for buckets, _ in hashed])
    words = csr_matrix((values, buckets, ends), shape=(len(hashed), BUCKETS))
    return hstack([words, csr_matrix(cues)]).tocsr()


def _targets(examples: Sequence[Example]) -> tuple[NDArray[np.int_], NDArray[np.int_], NDArray[np.bool_]]:
    """For each unit: in a narrative, boundary before it, and whether there could be one (not within chat)."""
    pairs = [pair for example in examples for pair in zip([_START, *example.labels], example.labels, strict=False)]
    in_narrative = np.array([label is not None for _, label in pairs], int)
    boundary = np.array([before != label for before, label in pairs], int)
    possible = np.array([before != _START and (before, label) != (None, None) for before, label in pairs])
    return in_narrative, boundary, possible


def _logistic(rows: Any, truth: NDArray[np.int_]) -> tuple[NDArray[np.float64], float]:
    """Coefficients and bias of a logistic regression."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=REGULARISATION, max_iter=300).fit(rows, truth)
    return model.coef_[0], float(model.intercept_[0])


def _weights(interviews: Sequence[Example]) -> Weights:
    """Selection weights, with the coders' lengths of narratives."""
    words: list[int] = []
    for example in interviews:
        by_label: dict[int, int] = {}
        for label, size in zip(example.labels, example.sizes, strict=True):
            if label is not None:
                by_label[label] = by_label.get(label, 0) + size
        words += by_label.values()
    logs = np.log(words)
    return replace(WEIGHTS, length_mean=float(logs.mean()), length_sd=float(logs.std()))


def _density(interviews: Sequence[Example]) -> float:
    """The coders' narratives per 1,000 words."""
    narratives = sum(len({label for label in example.labels if label is not None}) for example in interviews)
    return 1000 * narratives / sum(sum(example.sizes) for example in interviews)


def folds_of(material: Material, seed: int) -> list[set[str]]:
    """The persons in :data:`FOLDS` random groups."""
    persons = sorted({example.person for example in material.interviews})
    random.Random(seed).shuffle(persons)
    return [set(persons[k::FOLDS]) for k in range(FOLDS)]


def train(material: Material, seed: int) -> tuple[Scorer, Mapping[str, Agreement]]:
    """A scorer fitted on everybody, its prices measured on persons left out, and the figures there.

    Half of the speech that prices are measured on is interviews, half is monologues.
    """
    scored: dict[str, list[tuple[Example, UnitScores]]] = {"interviews": [], "monologues": []}
    for persons in folds_of(material, seed):
        scorer = fit(material.without(persons))
        left_out = material.only(persons)
        for kind, examples in (("interviews", left_out.interviews), ("monologues", left_out.monologues)):
            scored[kind] += [(example, scorer.score_features(example.hashed, example.cues)) for example in examples]
    final = fit(material)
    prices = tuple((price, _density_at(scored, final.weights, price)) for price in PRICES)
    final = replace(final, prices=prices)
    return final, {kind: compare(pairs, final) for kind, pairs in scored.items()}


def _density_at(scored: Mapping[str, Sequence[tuple[Example, UnitScores]]], weights: Weights, price: float) -> float:
    """Narratives per 1,000 words at a price, the mean over the kinds of speech."""
    densities = []
    for pairs in scored.values():
        found = sum(len(select(s.narrativity, s.boundary, e.sizes, weights, price, e.bars)) for e, s in pairs)
        densities.append(1000 * found / sum(sum(example.sizes) for example, _ in pairs))
    return mean(densities)


# --- measuring ----------------------------------------------------------------------------------


def compare(pairs: Sequence[tuple[Example, UnitScores]], scorer: Scorer) -> Agreement:
    """The figures of what a user gets with the default settings."""
    examples = [example for example, _ in pairs]
    found = [_labels(choose(scores, e.sizes, scorer, Settings(), e.bars), len(e.sizes)) for e, scores in pairs]
    return _against(examples, found)


def _labels(segments: Sequence[tuple[int, int]], count: int) -> Labels:
    """Segments as a label for each unit."""
    labels: list[int | None] = [None] * count
    for number, (start, end) in enumerate(segments):
        labels[start:end] = [number] * (end - start)
    return labels


def _against(examples: Sequence[Example], found: Sequence[Labels]) -> Agreement:
    return agreement([e.labels for e in examples], found, [e.sizes for e in examples])


def measure(corpus: Path, model: Path, seeds: Sequence[int] = SEEDS) -> dict[str, dict[str, dict[str, float]]]:
    """Figures on the test persons: kind of speech, then rule or segmenter, then figure and its spread over seeds."""
    coded, held_out = coded_corpus(corpus, "rest"), coded_corpus(corpus, "test")
    kinds = {
        "interviews as they are": examples_of(held_out),
        "monologues of 3-10 turns": examples_of(monologues_of(held_out, MEASURED_SEED, MEASURED_RUNS, answers=True)),
        "monologues of 3-10 turns, answering words cut off": examples_of(
            monologues_of(held_out, MEASURED_SEED, MEASURED_RUNS, answers=False)
        ),
        "whole interviews as one monologue": examples_of(whole_monologues(held_out)),
    }
    saved = load_scorer(model)
    trained = [train(gather(coded, seed), seed)[0] for seed in seeds]
    return {kind: _table(examples, saved, trained) for kind, examples in kinds.items()}


def _table(examples: Sequence[Example], saved: Scorer, trained: Sequence[Scorer]) -> dict[str, dict[str, float]]:
    """The figures of the baselines, of the saved segmenter and of those trained anew, on one kind of speech."""
    table = {}
    for name in BASELINES:
        found = [baseline(name, example.speech, saved.density) for example in examples]
        table[name] = _figures([_against(examples, found)])
    table["segmenter, as shipped"] = _figures([_figures_of(examples, saved)])
    return table | {f"segmenter, {len(trained)} seeds": _figures([_figures_of(examples, s) for s in trained])}


def _figures_of(examples: Sequence[Example], scorer: Scorer) -> Agreement:
    return compare([(e, scorer.score_features(e.hashed, e.cues)) for e in examples], scorer)


def _figures(runs: Sequence[Agreement]) -> dict[str, float]:
    """Mean and standard deviation of each figure."""
    rows = [asdict(run) | {"density_ratio": run.density_ratio} for run in runs]
    means = {name: round(mean(row[name] for row in rows), 4) for name in rows[0]}
    return means | {f"{name}_sd": round(pstdev([row[name] for row in rows]), 4) for name in rows[0]}


# --- the command --------------------------------------------------------------------------------


def show(table: Mapping[str, Mapping[str, float]]) -> str:
    """A Markdown table of figures."""
    columns = ("token_f1", "boundary_f1", "boundary_f1_near", "pk", "window_diff", "density_ratio")
    lines = ["| | " + " | ".join(columns) + " |", "|---|" + "---:|" * len(columns)]
    for name, row in table.items():
        cells = [f"{row[c]:.3f}" + (f" ± {row[c + '_sd']:.3f}" if row.get(c + "_sd") else "") for c in columns]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("train", "measure"))
    parser.add_argument("corpus", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(arguments)
    if chosen.action == "train":
        scorer, figures = train(gather(coded_corpus(chosen.corpus, "rest"), chosen.seed), chosen.seed)
        scorer.save(chosen.model)
        print(show({kind: _figures([run]) for kind, run in figures.items()}))
        return
    tables = measure(chosen.corpus, chosen.model)
    write_atomically(chosen.model / "figures.json", json.dumps(tables, ensure_ascii=False, indent=1) + "\n")
    for kind, table in tables.items():
        print(f"\n{kind}\n\n{show(table)}")


if __name__ == "__main__":
    main()
