"""Display 7: persons by waves, and the picture of one person's course."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from narratives.codebook import Variable
from narratives.displays.base import Cell, Display
from narratives.displays.pictures import BLUE, VERMILION, Picture
from narratives.displays.words import MISSING, counted, interval, number, per_cent, split_ids, wave_name
from narratives.messages import say

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from narratives.displays.material import Material

__all__ = ["course_picture", "person_by_wave"]

_MARKS = ("o", "s", "^", "D")
_LINES = ("solid", "dashed", "dotted", "dashdot")


def person_by_wave(material: Material, person: str | None = None, *, quotes: int = 2) -> Display:
    """Mean rank, interval, n and quotes in each cell; "no narratives" where nothing was told, never a zero.

    Args:
        material: the study's.
        person: whose row; None shows everybody.
        quotes: how many to show in a cell, at most 2.
    """
    persons = material.persons if person is None else (person,)
    table = material.profiles[material.profiles["person"].isin(persons)]
    waves = material.waves if person is None else tuple(sorted(int(wave) for wave in table["wave"].unique()))
    found = {(row["person"], row["variable"], int(row["wave"])): row for row in table.to_dict("records")}
    telling = _telling(material, persons) if quotes else {}
    rows = []
    for name in persons:
        for variable in material.ranked:
            head = (Cell(variable.label),) if person is not None else (Cell(name), Cell(variable.label))
            cells = (_cell(material, found, telling, (name, variable, wave), quotes) for wave in waves)
            rows.append((*head, *cells))
    heads = (say("display.variable"),) if person is not None else (say("display.person"), say("display.variable"))
    return Display(
        7,
        say("display.7.title"),
        (*heads, *(wave_name(wave) for wave in waves)),
        tuple(rows),
        headings=len(heads),
        notes=(say("display.7.note", scales=_scales(material.ranked)),),
        labels=material.labels,
    )


def _scales(variables: tuple[Variable, ...]) -> str:
    """The ranks of each variable in words."""
    shown = []
    for variable in variables:
        ranked = sorted((code.rank, code.name) for code in variable.codes if code.rank is not None)
        shown.append(f"{variable.label}: " + ", ".join(f"{rank} = {name}" for rank, name in ranked))
    return "; ".join(shown)


def _telling(material: Material, persons: tuple[str, ...]) -> dict[tuple[str, str, int], list[str]]:
    found: dict[tuple[str, str, int], list[str]] = {}
    for variable, table in material.telling.items():
        theirs = table[table["person"].isin(persons) & table["wave"].notna()]
        for person, wave, name in zip(theirs["person"], theirs["wave"], theirs["narrative_id"], strict=True):
            found.setdefault((str(person), variable, int(wave)), []).append(str(name))
    return found


def _cell(
    material: Material,
    found: dict[tuple[Any, Any, int], dict[Any, Any]],
    telling: dict[tuple[str, str, int], list[str]],
    key: tuple[str, Variable, int],
    quotes: int,
) -> Cell:
    person, variable, wave = key
    row = found.get((person, variable.name, wave))
    if row is None:
        return Cell(say("display.no_interview"))
    if not row["n"]:
        return Cell(say("display.no_narratives"))
    shown = telling.get((person, variable.name, wave), [])[:quotes]
    return Cell(
        _figures(row, variable),
        split_ids(row["narrative_ids"]),
        tuple(material.quote(name, (variable,)) for name in shown),
    )


def _figures(row: dict[Any, Any], variable: Variable) -> str:
    """As "0,83 [0,41; 1,30], n = 9", and the share of codes outside the ranking."""
    mean = f"{number(row['mean'])} {interval(row['low'], row['high'])}" if pd.notna(row["mean"]) else MISSING
    outside = [code.name for code in variable.codes if code.rank is None]
    rest = f"; {outside[0]}: {per_cent(row['unranked'])}" if outside else ""
    return f"{mean}, {counted(row['n'])}{rest}"


def course_picture(material: Material, person: str) -> Picture | None:
    """Mean ranks of a person over the waves, with intervals; None where there is nothing to draw."""
    table = material.profiles[(material.profiles["person"] == person) & material.profiles["mean"].notna()]
    if table.empty:
        return None

    def draw(figure: Figure) -> None:
        plots = figure.subplots(1, len(material.ranked), squeeze=False)[0]
        for plot, variable, colour, mark, line in zip(
            plots, material.ranked, (BLUE, VERMILION) * 2, _MARKS, _LINES, strict=False
        ):
            theirs = table[table["variable"] == variable.name]
            errors = [theirs["mean"] - theirs["low"], theirs["high"] - theirs["mean"]]
            plot.errorbar(
                theirs["wave"].astype(int),
                theirs["mean"],
                yerr=errors,
                color=colour,
                marker=mark,
                linestyle=line,
                capsize=3,
            )
            ranked = sorted((code.rank, code.name) for code in variable.codes if code.rank is not None)
            plot.set_yticks([rank for rank, _ in ranked], [name for _, name in ranked])
            plot.set_ylim(-0.15, len(ranked) - 0.85)
            plot.set_xticks([int(wave) for wave in material.waves])
            plot.set(title=variable.label, xlabel=say("display.wave_column"))

    alt = "; ".join(
        f"{variable.label}: " + ", ".join(_told(row) for row in table[table["variable"] == variable.name].itertuples())
        for variable in material.ranked
    )
    return Picture(draw, (3.6 * len(material.ranked), 2.9), say("display.course.alt", person=person, course=alt))


def _told(row: Any) -> str:
    return f"{say('display.wave', wave=row.wave)} {number(row.mean)} {interval(row.low, row.high)}"
