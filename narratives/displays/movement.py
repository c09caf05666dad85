"""Display 6: the plane of agency and work identity, with an arrow from each person's first to last wave."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from narratives.codebook import Variable
from narratives.displays.base import Cell, Display
from narratives.displays.pictures import GREY, STYLES, Picture, legend_above
from narratives.displays.words import MISSING, interval, number, split_ids
from narratives.messages import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from narratives.displays.material import Material

__all__ = ["plane_display"]

_LEAST_WIDTH = 0.8
_AROUND = 0.12
"""The part of the plane that is drawn: at least so wide, and so much beyond the outermost points, in ranks."""


_LABEL_BOX: dict[str, Any] = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.75}


def plane_display(material: Material, person: str | None = None) -> Display:
    """Where a person, or everybody, stands in the plane at each wave, and how they move."""
    axes = _axes(material)
    if axes is None:
        return Display(6, say("display.6.title"), (), (), notes=(say("display.6.no_axes"),))
    persons = material.persons if person is None else (person,)
    places = _places(material, axes, persons)
    headings = (say("display.person"), say("display.wave_column"), axes[0].label, axes[1].label, say("display.n"))
    drawable = places.dropna(subset=["x", "y"])
    picture = _picture(drawable, _verdicts(material, axes[0], persons), axes) if len(drawable) else None
    return Display(
        6,
        say("display.6.title"),
        headings,
        tuple(_row(row) for row in places.to_dict("records")),
        headings=2,
        notes=(say("display.6.note"),),
        picture=picture,
        labels=material.labels,
    )


def _axes(material: Material) -> tuple[Variable, Variable] | None:
    found = [material.codebook.with_role(role) for role in ("agency", "identity")]
    ranked = [variable for variable in found if variable is not None and variable.ranked]
    return (ranked[0], ranked[1]) if len(ranked) == 2 else None


def _places(material: Material, axes: tuple[Variable, Variable], persons: tuple[str, ...]) -> pd.DataFrame:
    """One row per person and wave: x, y with intervals, n and ids."""
    table = material.profiles[material.profiles["person"].isin(persons)]
    keys = ["person", "wave"]
    sides = []
    for axis, variable in zip("xy", axes, strict=True):
        theirs = table[table["variable"] == variable.name].set_index(keys)
        sides.append(theirs[["mean", "low", "high"]].set_axis([axis, f"{axis}_low", f"{axis}_high"], axis=1))
    facts = table[table["variable"] == axes[0].name].set_index(keys)[["n", "narrative_ids"]]
    return pd.concat([facts, *sides], axis=1).reset_index()


def _row(place: dict[Any, Any]) -> tuple[Cell, ...]:
    ids = split_ids(place["narrative_ids"])
    if not place["n"]:
        empty = Cell(say("display.no_narratives"))
        return (Cell(place["person"]), Cell(str(place["wave"])), empty, empty, Cell("0"))
    cells = [
        Cell(f"{number(place[axis])} {interval(place[f'{axis}_low'], place[f'{axis}_high'])}", ids)
        if pd.notna(place[axis])
        else Cell(MISSING)
        for axis in "xy"
    ]
    return (Cell(place["person"]), Cell(str(place["wave"])), *cells, Cell(str(place["n"]), ids))


def _verdicts(material: Material, axis: Variable, persons: tuple[str, ...]) -> dict[str, str]:
    table = material.shifts
    table = table[(table["span"] == "overall") & (table["variable"] == axis.name) & table["person"].isin(persons)]
    return dict(zip(table["person"], table["verdict"], strict=True))


def _picture(places: pd.DataFrame, verdicts: dict[str, str], axes: tuple[Variable, Variable]) -> Picture:
    def draw(figure: Figure) -> None:
        plot = figure.subplots()
        _frame(plot, places, axes)
        shown = list(places.groupby("person", sort=True))
        many = len(shown) > 1
        for name, theirs in shown:
            _course(plot, str(name), theirs, verdicts.get(str(name), "undecided"), many)
        _legend(plot, set(verdicts.values()))

    caption = say("display.6.caption", horizontal=axes[0].label)
    return Picture(draw, (6.4, 4.8), _alt(places, axes), caption, _margins(axes[1]))


def _margins(vertical: Variable) -> tuple[float, float, float, float]:
    """Room for the longest code name on the left, with its rank."""
    longest = max(len(code.name) for code in vertical.codes if code.rank is not None)
    return 0.65 + 0.06 * longest, 0.55, 0.3, 0.35


def _frame(plot: Axes, places: pd.DataFrame, axes: tuple[Variable, Variable]) -> None:
    """The part of the plane where the points lie; its regions shade into each other without a border."""
    import numpy as np

    for variable, name, axis in zip(axes, "xy", (plot.xaxis, plot.yaxis), strict=True):
        ranked = {code.rank: code.name for code in variable.codes if code.rank is not None}
        low, high = _reach(places[name], max(ranked))
        steps = np.arange(0, max(ranked) + 0.01, 0.25)
        axis.set_ticks(
            steps, [f"{ranked[int(step)]} ({number(step, 0)})" if step in ranked else number(step) for step in steps]
        )
        axis.set_view_interval(low, high, ignore=True)
        axis.set_label_text(f"{variable.label} →")
    ends = [max(code.rank for code in variable.codes if code.rank is not None) + 0.15 for variable in axes]
    shade = np.linspace(0, 1, 64)[None, :] + np.linspace(0, 1, 64)[:, None]
    limits = plot.get_xlim(), plot.get_ylim()
    extent = (-0.15, ends[0], -0.15, ends[1])
    greys: dict[str, Any] = {"cmap": "Greys", "vmin": -0.4, "vmax": 9, "interpolation": "none"}
    plot.imshow(shade, extent=extent, origin="lower", aspect="auto", **greys)
    plot.set(xlim=limits[0], ylim=limits[1])
    plot.tick_params(axis="x", labelsize=7.5)
    plot.tick_params(axis="y", labelsize=8)


def _reach(values: pd.Series, highest: int) -> tuple[float, float]:
    """From below the lowest to above the highest point, never beyond the scale by more than a little."""
    middle = (values.min() + values.max()) / 2
    half = max((values.max() - values.min()) / 2 + _AROUND, _LEAST_WIDTH / 2)
    return max(-0.15, middle - half), min(highest + 0.15, middle + half)


def _course(plot: Axes, name: str, theirs: pd.DataFrame, verdict: str, many: bool) -> None:
    """A person's points, and the arrow through them (through first and last where there are many persons)."""
    style = STYLES[verdict]
    points = theirs[["x", "y"]].to_numpy()
    shown = points[[0, -1]] if many and len(points) > 1 else points
    if not many:
        bars: dict[str, Any] = {"ecolor": GREY, "elinewidth": 0.5, "alpha": 0.55, "fmt": "none"}
        x_error = [theirs["x"] - theirs["x_low"], theirs["x_high"] - theirs["x"]]
        y_error = [theirs["y"] - theirs["y_low"], theirs["y_high"] - theirs["y"]]
        plot.errorbar(theirs["x"], theirs["y"], xerr=x_error, yerr=y_error, **bars)
    for before, after in pairwise(shown):
        arrow = {"arrowstyle": "-|>", "color": style.colour, "linestyle": style.line, "lw": style.width, "shrinkB": 3}
        plot.annotate("", after, before, arrowprops=arrow)
    plot.scatter(shown[0][0], shown[0][1], s=26, facecolors="white", edgecolors=style.colour, zorder=3)
    plot.scatter(shown[-1][0], shown[-1][1], s=26, color=style.colour, zorder=3)
    _names(plot, name, theirs, shown, many)


def _names(plot: Axes, name: str, theirs: pd.DataFrame, shown: Any, many: bool) -> None:
    offset: dict[str, Any] = {
        "textcoords": "offset points",
        "xytext": (6, 6),
        "fontsize": 8,
        "zorder": 4,
        "bbox": _LABEL_BOX,
    }
    if many:
        plot.annotate(name, shown[-1], **(offset | {"fontsize": 6.5}))
        return
    waves = [str(wave) for wave in theirs["wave"]]
    for point, wave in zip(shown, waves, strict=True):
        plot.annotate(f"{name}·{wave}", point, **offset)


def _legend(plot: Axes, verdicts: set[str]) -> None:
    """One line per verdict that was drawn."""
    drawn = [verdict for verdict in STYLES if verdict in verdicts]
    lines = [
        plot.plot([], [], color=STYLES[name].colour, linestyle=STYLES[name].line, lw=STYLES[name].width)[0]
        for name in drawn
    ]
    if lines:
        names = [say(f"agency.verdict.{name}") for name in drawn]
        legend_above(cast("Figure", plot.figure), lines, names)


def _alt(places: pd.DataFrame, axes: tuple[Variable, Variable]) -> str:
    parts = []
    for name, theirs in places.groupby("person", sort=True):
        first, last = theirs.iloc[0], theirs.iloc[-1]
        parts.append(
            f"{name}: ({number(first['x'])}; {number(first['y'])}) → ({number(last['x'])}; {number(last['y'])})"
        )
    shown = ", ".join(parts[:10]) + (" …" if len(parts) > 10 else "")
    return say("display.6.alt", horizontal=axes[0].label, vertical=axes[1].label, courses=shown)
