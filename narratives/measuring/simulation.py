"""Do the intervals hold what they promise? ``python -m narratives.measuring.simulation``.

Draws at least 1,000 studies of each kind (:mod:`narratives.measuring.simulated`), measures them as the
package would, and writes coverage, verdict errors and power to ``docs/simulations.md``.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narratives.files import write_atomically
from narratives.measuring.simulated import (
    ACCURATE,
    CLASSIFIERS,
    RANKS,
    TYPICAL,
    UNEVEN,
    WORLDS,
    Classifier,
    World,
    draw_codes,
)
from narratives.measuring.simulated_groups import corrected_study
from narratives.measuring.simulated_persons import METHODS, Persons, person_studies
from narratives.measuring.simulated_studies import Found, whole_study
from narratives.measuring.simulation_page import page_of, read_tables
from narratives.measuring.turning_points import find_changes

__all__ = ["correction_table", "coverage_table", "main", "turning_table", "verdict_table", "whole_table"]

_SIZES = (3, 5, 8, 10, 20)
_BOTH = ("model", "corrected")

Case = tuple[Classifier, World, int]
"""What errs, what persons are like, narratives per wave."""

CASES: tuple[Case, ...] = (
    *((classifier, TYPICAL, n) for classifier in CLASSIFIERS for n in _SIZES),
    *((ACCURATE, world, 8) for world in WORLDS[1:]),
)
"""The rows of the tables of persons."""


def coverage_table(cases: Mapping[Case, Persons]) -> pd.DataFrame:
    """Coverage of means and shifts by classifier, kind of persons and narratives per wave, per cent."""
    rows = []
    for (classifier, world, n), found in cases.items():
        row = {"classifier": classifier.name, "persons": world.name, "n": n}
        means, moved = 100 * found.mean_covered.mean(axis=(1, 2)), 100 * found.shift_covered.mean(axis=1)
        for name, values in (("mean", means), ("shift", moved)):
            row |= {f"{name}, {method}": f"{value:.1f}" for method, value in zip(METHODS, values, strict=True)}
        rows.append(row)
    return pd.DataFrame(rows)


def verdict_table(cases: Mapping[Case, Persons]) -> pd.DataFrame:
    """Errors and power of the verdicts, per cent, and width of shifts: the model's / corrected."""
    rows = []
    for (classifier, world, n), found in cases.items():
        rates = [_verdict_rates(found.verdict[place], found.truth) for place in range(2)]
        pairs = {name: f"{rates[0][name]} / {rates[1][name]}" for name in rates[0]}
        width = {"width of the interval": f"{found.shift_width[0]:.2f} / {found.shift_width[1]:.2f}"}
        rows.append({"classifier": classifier.name, "persons": world.name, "n": n} | pairs | width)
    return pd.DataFrame(rows)


def _verdict_rates(verdict: NDArray[np.str_], truth: NDArray[np.float64]) -> dict[str, str]:
    moving = np.isin(verdict, ("gain", "loss"))
    right = np.where(truth > 0, verdict == "gain", verdict == "loss")
    size, unchanged = np.abs(truth), truth == 0
    rates = {
        "gain or loss though unchanged": moving[unchanged],
        "wrong direction": (moving & ~right)[~unchanged],
        "stable though more than the margin": (verdict == "stable")[size > 0.5],
        "found, change 0.5-1": right[(size >= 0.5) & (size < 1)],
        "found, change 1 or more": right[size >= 1],
        "undecided of all": verdict == "undecided",
    }
    return {name: f"{100 * np.mean(values):.1f}" if len(values) else "-" for name, values in rates.items()}


def whole_table(studies: Mapping[str, Sequence[Mapping[str, Found]]]) -> pd.DataFrame:
    """Coverage and verdicts in whole studies, per cent, by classifier: as the model has it, and corrected."""
    rows = []
    for classifier, found in studies.items():
        for kind in _BOTH:
            mine = [study[kind] for study in found]
            means, moved = ([getattr(study, f"{name}_covered") for study in mine] for name in ("means", "shifts"))
            truth, verdict = (np.concatenate([getattr(study, name) for study in mine]) for name in ("truth", "verdict"))
            covered = {"means": np.concatenate(means), "shifts": np.concatenate(moved)}
            row = {"classifier": classifier, "codes": kind}
            row |= {f"coverage of {name}": f"{100 * values.mean():.1f}" for name, values in covered.items()}
            rows.append(row | _verdict_rates(verdict, truth))
    return pd.DataFrame(rows)


def correction_table(studies: Mapping[str, Sequence[Mapping[str, Any]]]) -> pd.DataFrame:
    """Naive and corrected estimates of a group side by side, by classifier."""
    rows = []
    for classifier, found in studies.items():
        for name in found[0]:
            error, half, low, high = np.array([study[name] for study in found]).T
            middle = (low + high) / 2
            rows.append(
                {
                    "classifier": classifier,
                    "quantity": name,
                    "naive: bias": f"{error.mean():+.3f}",
                    "naive: coverage %": f"{100 * np.mean(np.abs(error) <= half):.1f}",
                    "corrected: bias": f"{middle.mean():+.3f}",
                    "corrected: coverage %": f"{100 * np.mean((low <= 0) & (high >= 0)):.1f}",
                    "naive: width": f"{2 * half.mean():.2f}",
                    "corrected: width": f"{np.mean(high - low):.2f}",
                }
            )
    return pd.DataFrame(rows)


def turning_table(studies: int) -> pd.DataFrame:
    """Turning points found in series with none, and with one change in the middle, per cent."""
    rng = np.random.default_rng(3)
    rows = []
    for n in (12, 16, 24, 32):
        row = {"narratives": str(n)}
        for change in (0.0, 0.5, 1.0, 1.3):
            low, high = _pair_with(change)
            shares = np.repeat(np.stack([low, high])[None], n // 2, axis=1).reshape(1, n, 3)
            series_drawn = studies if change else 4 * studies
            codes = draw_codes(np.repeat(shares, series_drawn, axis=0), rng)
            values = ACCURATE.probabilities(codes, np.zeros(codes.shape, dtype=bool), rng) @ RANKS
            found = [find_changes(series, np.ones(n), seed=place)[0] for place, series in enumerate(values)]
            hits = [best is not None and best.p_value <= 0.05 for best in found]
            row[f"change {change:g}" if change else "no change"] = f"{100 * np.mean(hits):.1f}"
        rows.append(row)
    return pd.DataFrame(rows)


def _pair_with(change: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two distributions around the middle code whose means differ by ``change`` ranks."""
    middle = np.array([0.35, 0.30, 0.35])
    tilt = np.array([-1.0, 0.0, 1.0]) * change / 4
    return middle - tilt, middle + tilt


def simulate(studies: int, processes: int = 1) -> list[pd.DataFrame]:
    """All tables in the order of the page, from so many studies for each row."""
    with ProcessPoolExecutor(processes) as pool:
        persons = {case: pool.submit(person_studies, *case, studies) for case in CASES}
        turning = pool.submit(turning_table, studies)
        whole = _of_each(pool, whole_study, (*CLASSIFIERS, UNEVEN), studies)
        groups = _of_each(pool, corrected_study, CLASSIFIERS, studies)
        found = {case: work.result() for case, work in persons.items()}
        return [
            whole_table({name: list(drawn) for name, drawn in whole.items()}),
            coverage_table(found),
            verdict_table(found),
            turning.result(),
            correction_table({name: list(drawn) for name, drawn in groups.items()}),
        ]


def _of_each(
    pool: ProcessPoolExecutor, one: Callable[[Classifier, int], Any], classifiers: Sequence[Classifier], studies: int
) -> dict[str, Any]:
    return {
        classifier.name: pool.map(one, [classifier] * studies, range(studies), chunksize=20)
        for classifier in classifiers
    }


def main(argv: list[str] | None = None) -> int:
    """Run everything and write the page."""
    parser = argparse.ArgumentParser(prog="python -m narratives.measuring.simulation", description=__doc__)
    parser.add_argument("--studies", type=int, default=1000, metavar="N", help="studies per row")
    parser.add_argument("--processes", type=int, default=2, metavar="N", help="how many to run at once")
    parser.add_argument("-o", "--output", type=Path, default=Path("docs/simulations.md"), metavar="FILE")
    parser.add_argument("--text-only", action="store_true", help="keep the page's tables, write its text anew")
    arguments = parser.parse_args(argv)
    if arguments.text_only:
        old = arguments.output.read_text(encoding="utf-8")
        (studies,) = re.findall(r"\(([\d,]+) simulated studies", old)
        tables, count = read_tables(old), int(studies.replace(",", ""))
    else:
        count = arguments.studies
        tables = simulate(count, arguments.processes)
    write_atomically(arguments.output, page_of(tables, count))
    print(arguments.output)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
