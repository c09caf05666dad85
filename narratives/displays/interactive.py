"""Interactive pictures in Altair that load nothing from outside."""

from __future__ import annotations

import json
from itertools import pairwise
from math import atan2, degrees
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.displays.room import free_offsets
from narratives.displays.words import interval, number
from narratives.errors import NarrativesError
from narratives.files import writing
from narratives.messages import language, say

if TYPE_CHECKING:
    import pandas as pd

    from narratives.codebook import Variable
    from narratives.displays.material import Material

__all__ = ["plane_chart", "save_chart"]

_LOCALES = {
    name: {"number": {"decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", ""]}}
    for name, decimal, thousands in (("da", ",", "."), ("en", ".", ","))
}
"""How each language writes numbers."""


_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00", "#56B4E9")
_DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
"""Persons differ in colour (Okabe & Ito), and in dashes where colours come again."""

_SIZE = (520, 420)
_BEYOND = 0.15
_TEXT = 11
_MOST_IN_LEGEND = 15


def plane_chart(material: Material) -> Any:
    """Everybody's course in the plane: point at a course to single it out and see its wave and numbers.

    A ring is the first wave, a triangle the last, pointing where the course goes. Each point carries the ids of its
    narratives (``narrative_ids``). Names stand where there is room.

    Raises:
        CodebookError: if the codebook has no ranked variable for one of the axes.
        NarrativesError: if Altair is not installed.
    """
    altair = _altair()
    table, axes = _placed(material)
    base = altair.Chart(table).encode(**_frame(altair, axes), tooltip=_tooltips(altair, axes))
    chosen = altair.selection_point(fields=["person"], on="pointerover", empty=True)
    opacity = altair.condition(chosen, altair.value(1.0), altair.value(0.12))
    coloured = base.encode(color=_by_person(altair, table, altair.Color, _COLOURS), opacity=opacity)
    dashes = _by_person(altair, table, altair.StrokeDash, _DASHES)
    lines = coloured.mark_line(strokeWidth=2).encode(order="wave:Q", strokeDash=dashes)
    marks = [coloured.transform_filter(f"datum.place == '{place}'") for place in ("first", "between", "last")]
    rings = marks[0].mark_point(shape="circle", size=70, fill="white", strokeWidth=2)
    dots = marks[1].mark_point(shape="circle", size=25, filled=True)
    tips = marks[2].mark_point(shape="triangle", size=130, filled=True).encode(angle=_angle(altair))
    layers = altair.layer(lines, rings, dots, tips.add_params(chosen), _names(altair, base, axes, opacity))
    title = altair.TitleParams(say("display.6.title"), subtitle=say("display.6.interactive"), anchor="start")
    sized = layers.properties(width=_SIZE[0], height=_SIZE[1], title=title)
    return sized.configure(locale=_LOCALES[language()])


def save_chart(chart: Any, path: str | Path) -> None:
    """Write a chart as an HTML file that holds its scripts itself (about 1 MB)."""
    with writing(Path(path)) as temporary:
        chart.save(str(temporary), format="html", inline=True)


def _placed(material: Material) -> tuple[pd.DataFrame, list[Variable]]:
    """A row per person and wave with a place in the plane: how it is drawn, and what is told of it; and the axes."""
    import pandas as pd

    from narratives.agency import plane

    table = plane(material.narratives, material.codebook, material.interviews, material.seed, line=material.line)
    table = table.dropna(subset=["agency", "identity"])
    table["wave"] = table["wave"].astype(int)
    found = [material.codebook.with_role(role) for role in ("agency", "identity")]
    axes = [variable for variable in found if variable is not None]
    for role in ("agency", "identity"):
        values = zip(*(table[f"{role}{end}"] for end in ("", "_low", "_high")), strict=True)
        table[f"{role}_told"] = [f"{number(mean)} {interval(low, high)}" for mean, low, high in values]
    courses = [_course(theirs, axes) for _, theirs in table.groupby("person", sort=True)]
    table = pd.concat(courses, ignore_index=True) if courses else table.assign(place="", angle=0.0)
    return _with_names(table, axes), axes


def _course(theirs: pd.DataFrame, axes: list[Variable]) -> pd.DataFrame:
    """A person's waves with ``place`` (first, between, last) and ``angle``, degrees clockwise from straight up."""
    places = ["first", *["between"] * (len(theirs) - 2), "last"][: len(theirs)]
    steps = [side / (high - low) for side, (low, high) in zip(_SIZE, map(_reach, axes), strict=True)]
    points = [(x * steps[0], y * steps[1]) for x, y in zip(theirs["agency"], theirs["identity"], strict=True)]
    moves = [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(points)]
    return theirs.assign(place=places, angle=[0.0, *(degrees(atan2(*move)) % 360 for move in moves)])


def _with_names(table: pd.DataFrame, axes: list[Variable]) -> pd.DataFrame:
    """With ``name`` at each person's last wave where there is room, and where it stands, in ranks."""
    last = table.groupby("person", sort=True).tail(1)
    ends = [_reach(variable) for variable in axes]
    steps = [side / (high - low) for side, (low, high) in zip(_SIZE, ends, strict=True)]
    points = [
        ((x - ends[0][0]) * steps[0], (y - ends[1][0]) * steps[1])
        for x, y in zip(last["agency"], last["identity"], strict=True)
    ]
    offsets = free_offsets(points, [str(name) for name in last["person"]], _TEXT, _SIZE)
    table = table.assign(name="", name_x=table["agency"], name_y=table["identity"])
    for row, person, offset in zip(last.index, last["person"], offsets, strict=True):
        if offset is not None:
            table.loc[row, "name"] = str(person)
            table.loc[row, "name_x"] += offset[0] / steps[0]
            table.loc[row, "name_y"] += offset[1] / steps[1]
    return table


def _reach(variable: Variable) -> tuple[float, float]:
    """The whole scale, and a little beyond."""
    ranks = [code.rank for code in variable.codes if code.rank is not None]
    return min(ranks) - _BEYOND, max(ranks) + _BEYOND


def _frame(altair: Any, axes: list[Variable]) -> dict[str, Any]:
    """Both axes, with codes for numbers, and one course per person."""
    across, upward = axes
    return {
        "x": altair.X("agency:Q", **_axis(altair, across)),
        "y": altair.Y("identity:Q", **_axis(altair, upward)),
        "detail": "person:N",
    }


def _axis(altair: Any, variable: Variable) -> dict[str, Any]:
    names = {str(code.rank): code.name for code in variable.codes if code.rank is not None}
    labels = f"{json.dumps(names, ensure_ascii=False)}[datum.value]"
    axis = altair.Axis(values=sorted(map(int, names)), labelExpr=labels, labelFlush=False)
    return {"title": variable.label, "scale": altair.Scale(domain=_reach(variable), nice=False), "axis": axis}


def _by_person(altair: Any, table: pd.DataFrame, channel: Any, values: tuple[Any, ...]) -> Any:
    """Persons told apart by ``values`` (dashes change where the colours come again), with a legend for a few."""
    persons = sorted(table["person"].unique())
    turn = 1 if values is _COLOURS else len(_COLOURS)
    given = [values[place // turn % len(values)] for place in range(len(persons))]
    legend = altair.Legend(title=say("display.person")) if len(persons) <= _MOST_IN_LEGEND else None
    return channel("person:N", scale=altair.Scale(domain=persons, range=given), legend=legend)


def _angle(altair: Any) -> Any:
    scale = altair.Scale(domain=[0, 360], range=[0, 360])
    return altair.Angle("angle:Q", scale=scale, legend=None)


def _names(altair: Any, base: Any, axes: list[Variable], opacity: Any) -> Any:
    """The layer of names."""
    text = base.transform_filter("datum.name != ''").mark_text(align="left", baseline="bottom", fontSize=_TEXT)
    across, upward = (_axis(altair, variable) for variable in axes)
    shown = {"x": altair.X("name_x:Q", **across), "y": altair.Y("name_y:Q", **upward)}
    return text.encode(text="name:N", opacity=opacity, **shown)


def _tooltips(altair: Any, axes: list[Variable]) -> list[Any]:
    """What pointing at a course tells, in people's words; means with their intervals."""
    told = {"person:N": say("display.person"), "wave:O": say("display.wave_column"), "n:Q": say("display.n")}
    told |= {f"{role}_told:N": axis.label for role, axis in zip(("agency", "identity"), axes, strict=True)}
    return [altair.Tooltip(name, title=title) for name, title in told.items()]


def _altair() -> Any:
    try:
        import altair
    except ImportError as error:
        raise NarrativesError(say("display.no_altair")) from error
    return altair
