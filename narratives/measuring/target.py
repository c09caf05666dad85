"""Where simulated coverage meets its target, said from the tables themselves."""

from __future__ import annotations

import pandas as pd

__all__ = ["TARGET", "target_met"]

TARGET = (93.0, 97.0)
"""Coverage in per cent that counts as met, ends included: 95 +- 2."""

Row = tuple[str, str, float]
"""What a figure is of, which case of it, its coverage in per cent."""


def target_met(coverage: pd.DataFrame, whole: pd.DataFrame, corrections: pd.DataFrame) -> str:
    """For which rows the coverage lies within :data:`TARGET` and for which not, as a list in Markdown.

    Args:
        coverage: columns classifier, persons, n, and "mean, model", "shift, corrected" ... (per cent).
        whole: columns classifier, codes ("model", "corrected"), "coverage of means" and "coverage of shifts".
        corrections: columns classifier, quantity, "naive: coverage %" and "corrected: coverage %".
    """
    told: dict[str, list[Row]] = {}
    for kind, words in (("corrected", "corrected by a review"), ("model", "by the model's codes alone")):
        told[f"whole studies, {words}"] = _of_studies(whole[whole["codes"] == kind])
        told |= {f"persons' {name}s, {words}": _of_persons(coverage, f"{name}, {kind}") for name in ("mean", "shift")}
        column = "corrected: coverage %" if kind == "corrected" else "naive: coverage %"
        told[f"groups, {words}"] = _of_groups(corrections, column)
    return "\n".join(f"- **{name}**: {_sentence(rows)}." for name, rows in told.items())


def _of_studies(table: pd.DataFrame) -> list[Row]:
    return [
        (str(row["classifier"]), name, float(row[f"coverage of {name}"]))
        for _, row in table.iterrows()
        for name in ("means", "shifts")
    ]


def _of_persons(table: pd.DataFrame, column: str) -> list[Row]:
    kinds = ["" if kind == "typical" else f" with {kind} persons" for kind in table["persons"]]
    names = [name + kind for name, kind in zip(table["classifier"], kinds, strict=True)]
    return list(zip(names, table["n"].astype(str), table[column].astype(float), strict=True))


def _of_groups(table: pd.DataFrame, column: str) -> list[Row]:
    return list(zip(table["classifier"], table["quantity"], table[column].astype(float), strict=True))


def _sentence(rows: list[Row]) -> str:
    """Met for how many and which, missed for which, too low or too high."""
    low, high = TARGET
    met = [row for row in rows if low <= row[2] <= high]
    sides = {
        f"met for {len(met)} of {len(rows)}": met,
        "missed, too low, for": [row for row in rows if row[2] < low],
        "missed, too high, for": [row for row in rows if row[2] > high],
    }
    parts = [f"{side} {_range(theirs)}: {_cases(theirs)}" for side, theirs in sides.items() if theirs]
    return "; ".join(parts)


def _range(rows: list[Row]) -> str:
    found = [row[2] for row in rows]
    return f"({min(found):.1f}-{max(found):.1f} %)" if len(found) > 1 else f"({found[0]:.1f} %)"


def _cases(rows: list[Row]) -> str:
    """The cases of each classifier behind its name: "accurate (82 %) [3; 5; 8]"."""
    cases: dict[str, list[str]] = {}
    for name, case, _ in rows:
        cases.setdefault(name, []).append(case)
    return ", ".join(f"{name} [{'; '.join(theirs)}]" for name, theirs in cases.items())
