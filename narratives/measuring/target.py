"""Where simulated coverage meets its target, said from the tables themselves."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

__all__ = ["TARGET", "read_tables", "target_met"]

TARGET = (93.0, 97.0)
"""Coverage in per cent that counts as met, ends included: 95 +- 2."""

Row = tuple[str, str, float]
"""What a figure is of, which case of it, its coverage in per cent."""


def target_met(coverage: pd.DataFrame, corrections: pd.DataFrame) -> str:
    """For which rows the coverage lies within :data:`TARGET` and for which not, as a list in Markdown.

    Args:
        coverage: columns classifier, persons, n, "mean, ours" and "shift, ours" (per cent).
        corrections: columns classifier, quantity, "naive: coverage %" and "corrected: coverage %".
    """
    told = {f"persons' {name}s": _of_persons(coverage, f"{name}, ours") for name in ("mean", "shift")}
    told |= {f"groups, {kind}": _of_groups(corrections, f"{kind}: coverage %") for kind in ("corrected", "naive")}
    return "\n".join(f"- **{name}**: {_sentence(rows)}." for name, rows in told.items())


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


def read_tables(page: str) -> list[pd.DataFrame]:
    """The tables of a page in Markdown, every cell as text."""
    return [_table(lines) for lines in _blocks(page.splitlines())]


def _blocks(lines: Iterable[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for line in lines:
        if line.startswith("|"):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [block for block in found if block]


def _table(lines: list[str]) -> pd.DataFrame:
    heading, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return pd.DataFrame(rows, columns=heading)
