"""What people's codes change: the model's mean ranks, shares and shifts beside the corrected ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from narratives.agency import Review, corrected_means, corrected_shares, corrected_shifts
from narratives.displays.base import Cell, Display
from narratives.displays.words import interval, number, split_ids, wave_name, waves_from_to
from narratives.measuring.shifts import told_once
from narratives.messages import say

if TYPE_CHECKING:
    from narratives.displays.material import Material

__all__ = ["NOT_CORRECTED", "corrected_displays", "corrected_numbers", "corrected_where"]

NOT_CORRECTED = (0, 6, 7, 8)
"""Displays whose numbers and verdicts a review leaves as the model has them."""


def corrected_displays(material: Material, review: Review) -> Iterator[Display]:
    """Mean ranks, shares and shifts of everybody, as the model has them and corrected."""
    options: dict[str, Any] = {"line": material.line}
    given = (material.rows, review.rows, material.codebook)
    note = say("report.review.note", count=review.coded["narrative_id"].nunique())
    wave, numbers = say("display.wave_column"), say("report.review.both")
    reviewed, persons = say("report.review.reviewed"), say("report.review.persons")
    variable, code = say("display.variable"), say("report.review.code")
    means = corrected_means(*given, **options).to_dict("records")
    columns: tuple[str, ...] = (variable, wave, reviewed, numbers)
    rows = tuple((*_head(row, material), *corrected_numbers(row)) for row in means)
    yield Display(0, say("report.review"), columns, rows, 2, (note,), labels=material.labels)
    shifts = told_once(corrected_shifts(*given, **options)).to_dict("records")
    columns = (variable, say("display.8.waves"), persons, reviewed, numbers, say("display.8.verdict"))
    rows = tuple(_shift_row(row, material) for row in shifts)
    notes = (say("agency.verdict.rules"), say("report.review.shifts_note"))
    yield Display(0, say("report.review.shifts"), columns, rows, 2, notes, labels=material.labels)
    shares = corrected_shares(*given, **options).to_dict("records")
    columns = (variable, wave, code, reviewed, numbers)
    rows = tuple((*_head(row, material), Cell(row["code"]), *corrected_numbers(row)) for row in shares)
    yield Display(0, say("report.review.shares"), columns, rows, 3, (note,), labels=material.labels)


def corrected_where(shown: Display, review: Review | None, title: str = "report.review.persons_shifts") -> Display:
    """The display; where a review is at hand and leaves it as the model has it, with a sentence that says so.

    Args:
        shown: any display.
        review: people's codes.
        title: key of the title under which the corrected numbers stand.
    """
    if review is None or shown.number not in NOT_CORRECTED or not shown.rows:
        return shown
    return replace(shown, notes=(*shown.notes, say("report.review.not_corrected", title=say(title))))


def _label(row: dict[Any, Any], material: Material) -> str:
    return material.codebook[row["variable"]].label


def _head(row: dict[Any, Any], material: Material) -> tuple[Cell, ...]:
    return (Cell(_label(row, material)), Cell(wave_name(row["wave"])))


def corrected_numbers(row: dict[Any, Any], *, signed: bool = False) -> tuple[Cell, ...]:
    """How many narratives were reviewed, and the model's number with the corrected one.

    Args:
        row: with ``naive``, ``estimate``, ``low``, ``high``, ``n_reviewed`` and the ids, as every corrected table has.
        signed: whether to show the sign of numbers above 0, too.
    """
    naive, estimate = (number(row[name], signed=signed) for name in ("naive", "estimate"))
    told = f"{naive} ⇒ {estimate} {interval(row['low'], row['high'], signed=signed)}"
    return Cell(str(row["n_reviewed"]), split_ids(row["reviewed_ids"])), Cell(told, split_ids(row["narrative_ids"]))


def _shift_row(row: dict[Any, Any], material: Material) -> tuple[Cell, ...]:
    span = waves_from_to(row["wave_from"], row["wave_to"])
    told = span if row["span"] == "step" else f"{span} ({say('display.8.overall')})"
    return (
        Cell(_label(row, material)),
        Cell(told),
        Cell(str(row["persons"])),
        *corrected_numbers(row, signed=True),
        Cell(say(f"agency.verdict.{row['verdict']}")),
    )
