"""What people's codes change: the model's mean ranks beside the corrected ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from narratives.agency import Review, corrected_means
from narratives.displays.base import Cell, Display
from narratives.displays.words import interval, number, split_ids, wave_name
from narratives.messages import say

if TYPE_CHECKING:
    from narratives.displays.material import Material

__all__ = ["corrected_display"]


def corrected_display(material: Material, review: Review) -> Display:
    """Mean rank of each ranked variable and wave over everybody, as the model has it and corrected."""
    table = corrected_means(material.rows, review.rows, material.codebook, line=material.line)
    labels = {variable.name: variable.label for variable in material.ranked}
    keys = ("report.review.reviewed", "report.review.naive", "report.review.estimate")
    return Display(
        0,
        say("report.review"),
        (say("display.variable"), say("display.wave_column"), *(say(key) for key in keys)),
        tuple(_row(row, labels[row["variable"]]) for row in table.to_dict("records")),
        2,
        (say("report.review.note", count=review.coded["narrative_id"].nunique()),),
        labels=material.labels,
    )


def _row(row: dict[Any, Any], label: str) -> tuple[Cell, ...]:
    return (
        Cell(label),
        Cell(wave_name(row["wave"])),
        Cell(str(row["n_reviewed"]), split_ids(row["reviewed_ids"])),
        Cell(number(row["naive"]), split_ids(row["narrative_ids"])),
        Cell(f"{number(row['estimate'])} {interval(row['low'], row['high'])}", split_ids(row["narrative_ids"])),
    )
