"""Turning points of a person, as a table with their narratives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from narratives.displays.base import Cell, Display
from narratives.displays.words import number, split_ids
from narratives.messages import say

if TYPE_CHECKING:
    from narratives.displays.material import Material

__all__ = ["turning_display"]


def turning_display(material: Material, person: str) -> Display:
    """Where a person's narratives change level, with the narratives on either side; or that no place was found."""
    table = material.turning_points[material.turning_points["person"] == person]
    labels = {variable.name: variable.label for variable in material.ranked}
    rows = tuple((Cell(labels[row["variable"]]), _cell(material, row)) for row in table.to_dict("records"))
    return Display(
        0,
        say("display.turning.title"),
        (say("display.variable"), say("display.turning.column")),
        rows,
        notes=(say("display.turning.note"),),
        labels=material.labels,
    )


def _cell(material: Material, row: dict[Any, Any]) -> Cell:
    ids = split_ids(row["narrative_ids"])
    if not row["found"]:
        return Cell(say("display.turning.none"), ids)
    sides = (row["narrative_before"], row["narrative_after"])
    text = say(
        "display.turning.found",
        direction=say(f"agency.verdict.{row['direction']}"),
        before=number(row["mean_before"]),
        after=number(row["mean_after"]),
        first=material.labels[sides[0]],
        second=material.labels[sides[1]],
        p=number(row["p_value"], 3),
    )
    inside = int(row["wave_before"]) == int(row["wave_after"])
    text += f" – {say('display.turning.inside', wave=int(row['wave_after']))}" if inside else ""
    return Cell(text, ids, tuple(material.quote(name) for name in sides))
