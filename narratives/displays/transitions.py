"""Display 8: what changes from wave to wave: for a person by measure and by what is new, for everybody by code."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from narratives.codebook import Variable
from narratives.displays.base import Cell, Display
from narratives.displays.words import MISSING, counted, interval, joined, number, per_cent, split_ids, waves_from_to
from narratives.measuring.shifts import VERDICTS
from narratives.messages import say

if TYPE_CHECKING:
    from narratives.displays.material import Material

__all__ = ["transitions", "verdict_counts"]


_LEAST_P = 0.001


def transitions(material: Material, person: str | None = None) -> Display:
    """A person's shifts with verdicts, and what is new, gone and kept; or how codes follow each other in all."""
    return _of_person(material, person) if person is not None else _of_all(material)


def _of_person(material: Material, person: str) -> Display:
    table = material.shifts[material.shifts["person"] == person]
    labels = {variable.name: variable.label for variable in material.ranked}
    rows = [_shift_row(row, labels[row["variable"]]) for row in table.to_dict("records")]
    names = ("variable", "waves", "before", "after", "difference", "p_increase", "delta", "verdict")
    headings = tuple(say(f"display.8.{name}") for name in names)
    return Display(
        8,
        say("display.8.title"),
        headings,
        (*rows, *_kept_rows(material, person)),
        2,
        (say("agency.verdict.rules"), say("display.8.measures"), say("display.8.note")),
        labels=material.labels,
    )


def _shift_row(row: dict[Any, Any], label: str) -> tuple[Cell, ...]:
    span = waves_from_to(row["wave_from"], row["wave_to"])
    told = span if row["span"] == "step" else f"{span} ({say('display.8.overall')})"
    difference = f"{number(row['difference'], signed=True)} {interval(row['low'], row['high'], signed=True)}"
    ids = split_ids(row["narrative_ids"])
    missing = pd.isna(row["difference"])
    return (
        Cell(label),
        Cell(told),
        Cell(f"{number(row['mean_from'])}, {counted(row['n_from'])}", split_ids(row["narrative_ids_from"])),
        Cell(f"{number(row['mean_to'])}, {counted(row['n_to'])}", split_ids(row["narrative_ids_to"])),
        Cell(MISSING) if missing else Cell(difference, ids),
        Cell(MISSING) if missing else Cell(per_cent(row["p_increase"]), ids),
        Cell(MISSING) if missing else Cell(_size(row["cliffs_delta"], row["p_value"]), ids),
        Cell(say(f"agency.verdict.{row['verdict']}")),
    )


def _size(delta: float, p: float) -> str:
    """As "+0,30 (p = 0,115)"; p is never written as 0."""
    told = f"< {number(_LEAST_P, 3)}" if p < _LEAST_P else f"= {number(p, 3)}"
    return f"{number(delta, signed=True)} (p {told})".replace("p ", "p\N{NO-BREAK SPACE}")


def _kept_rows(material: Material, person: str) -> list[tuple[Cell, ...]]:
    """What is told of in one wave and not in the other, for the variable with the role "context"."""
    context = material.codebook.with_role("context")
    rows = material.of_person(person)
    waves = sorted(rows["wave"].unique())
    if context is None:
        return []
    return [_kept_row(rows, context, first, second) for first, second in pairwise(waves)]


def _kept_row(rows: pd.DataFrame, context: Variable, first: int, second: int) -> tuple[Cell, ...]:
    sides = [rows[rows["wave"] == wave] for wave in (first, second)]
    counts = [Counter(side[context.name]) for side in sides]
    groups = {
        "new": [name for name in context.labels if counts[1][name] and not counts[0][name]],
        "gone": [name for name in context.labels if counts[0][name] and not counts[1][name]],
        "kept": [name for name in context.labels if counts[0][name] and counts[1][name]],
    }
    cells = [
        Cell(joined(f"{name} {count[name]}" for name in context.labels if count[name]), tuple(side["narrative_id"]))
        for count, side in zip(counts, sides, strict=True)
    ]
    told = "; ".join(f"{say(f'display.8.{key}')}: {joined(names)}" for key, names in groups.items())
    rest = (Cell(MISSING) for _ in range(3))
    return (Cell(context.label), Cell(waves_from_to(first, second)), *cells, Cell(told), *rest)


def _of_all(material: Material) -> Display:
    """How many persons go from one most frequent code to another, between neighbouring waves of each."""
    rows = []
    for variable in material.ranked:
        found = _moves(material, variable)
        order = {name: place for place, name in enumerate(variable.labels)}
        for (step, before, after), moves in sorted(
            found.items(), key=lambda item: (item[0][0], order[item[0][1]], order[item[0][2]])
        ):
            ids = tuple(name for _, theirs in moves for name in theirs)
            people = joined(person for person, _ in moves)
            rows.append(
                (
                    Cell(variable.label),
                    Cell(waves_from_to(*step)),
                    Cell(before),
                    Cell(after),
                    Cell(str(len(moves)), ids),
                    Cell(people),
                )
            )
    names = ("variable", "waves", "from_code", "to_code", "count", "persons")
    headings = tuple(say(f"display.8.{name}") for name in names)
    notes = (say("display.8.group_note"),)
    return Display(8, say("display.8.title"), headings, tuple(rows), 2, notes, labels=material.labels)


Moves = dict[tuple[tuple[int, int], str, str], list[tuple[str, tuple[str, ...]]]]


def _moves(material: Material, variable: Variable) -> Moves:
    """Per step and pair of most frequent codes the persons, with the narratives of those codes."""
    table = material.distributions
    table = table[(table["variable"] == variable.name) & (table["n"] > 0)]
    best = table.loc[table.groupby(["person", "wave"], sort=True)["share"].idxmax()]
    found: Moves = {}
    for person, theirs in best.groupby("person", sort=True):
        for first, second in pairwise(theirs.to_dict("records")):
            key = ((int(first["wave"]), int(second["wave"])), first["code"], second["code"])
            ids = (*split_ids(first["narrative_ids"]), *split_ids(second["narrative_ids"]))
            found.setdefault(key, []).append((str(person), ids))
    return found


def verdict_counts(material: Material) -> Display:
    """How many persons gain, lose, stand still or are undecided from first to last wave, by ranked variable."""
    table = material.shifts[material.shifts["span"] == "overall"]
    rows = []
    for variable in material.ranked:
        theirs = table[table["variable"] == variable.name]
        cells = [_verdict_cell(theirs[theirs["verdict"] == verdict]) for verdict in VERDICTS]
        rows.append((Cell(variable.label), *cells))
    headings = (say("display.variable"), *(say(f"agency.verdict.{name}") for name in VERDICTS))
    notes = (say("display.verdicts.note"), say("agency.verdict.rules"))
    return Display(0, say("display.verdicts.title"), headings, tuple(rows), 1, notes, labels=material.labels)


def _verdict_cell(rows: pd.DataFrame) -> Cell:
    if rows.empty:
        return Cell("0")
    ids = tuple(name for cell in rows["narrative_ids"] for name in split_ids(cell))
    return Cell(f"{len(rows)}: {joined(rows['person'])}", ids)
