"""Display 6: the plane of agency and work identity, with arrows from wave to wave, or from first to last.

An arrow is drawn by the verdicts on its own two waves, on both axes (:func:`kind_of`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from narratives.codebook import Variable
from narratives.displays.base import Cell, Display
from narratives.displays.pictures import GREY, STYLES, Picture, Style, legend_above
from narratives.displays.room import free_offsets
from narratives.displays.words import MISSING, interval, number, split_ids, wave_name
from narratives.messages import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from narratives.displays.material import Material

__all__ = ["kind_of", "plane_display"]

_BEYOND = 0.15
"""How far the plane is drawn beyond the lowest and highest rank."""

_MOST_NAMED = 15
"""With more persons than this, only decided arrows bear names, and only where there is room."""

_MIXED = "mixed"
_KINDS = STYLES | {_MIXED: Style("#CC79A7", "dashdot", 2.0)}

_TEXT = 7.0
"""Points; size of names in the plane."""

_LABEL_BOX: dict[str, Any] = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.75}

Kinds = dict[tuple[str, int, int], str]
"""Per person, wave and later wave, how the arrow is drawn."""


def plane_display(material: Material, person: str | None = None) -> Display:
    """Where a person, or everybody, stands in the plane at each wave, and how they move."""
    axes = _axes(material)
    if axes is None:
        return Display(6, say("display.6.title"), (), (), notes=(say("display.6.no_axes"),))
    persons = material.persons if person is None else (person,)
    places = _places(material, axes, persons)
    headings = (say("display.person"), say("display.wave_column"), axes[0].label, axes[1].label, say("display.n"))
    drawable = places.dropna(subset=["x", "y"])
    picture = _picture(drawable, _kinds(material, axes), axes, person is None) if len(drawable) else None
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


def kind_of(verdicts: Sequence[str]) -> str:
    """How the arrow between two waves is drawn, by the verdicts on it, one for each axis.

    "gain" (or "loss") where at least one axis gains (loses) and none does the opposite; "mixed" where one gains and
    one loses; "stable" where all are stable; else "undecided".
    """
    moved = set(verdicts) & {"gain", "loss"}
    if moved:
        return moved.pop() if len(moved) == 1 else _MIXED
    return "stable" if set(verdicts) == {"stable"} else "undecided"


def _kinds(material: Material, axes: tuple[Variable, Variable]) -> Kinds:
    """The kind of every arrow for which there are verdicts on both axes."""
    table = material.shifts
    found: dict[tuple[str, int, int], dict[str, str]] = {}
    columns = ("person", "wave_from", "wave_to", "variable", "verdict")
    for person, first, last, variable, verdict in zip(*(table[name] for name in columns), strict=True):
        found.setdefault((str(person), int(first), int(last)), {})[variable] = verdict
    names = {variable.name for variable in axes}
    return {key: kind_of([told[name] for name in names]) for key, told in found.items() if names <= set(told)}


def _picture(places: pd.DataFrame, kinds: Kinds, axes: tuple[Variable, Variable], many: bool) -> Picture:
    """A person's steps with intervals; or everybody's way from first to last wave."""
    shown = [(str(name), _shown(theirs, many)) for name, theirs in places.groupby("person", sort=True)]
    size, margins = (6.4, 4.8), _margins(axes[1])

    def draw(figure: Figure) -> None:
        plot = figure.subplots()
        _frame(plot, axes)
        for name, theirs in sorted(shown, key=lambda item: _decided(item[0], item[1], kinds)):
            if not many:
                _intervals(plot, theirs)
            _course(plot, theirs, _along(name, theirs, kinds))
        names = _names(shown, kinds) if many else _waves(shown)
        _write(plot, names, _inches(size, margins), every=len(shown) <= _MOST_NAMED)
        _legend(plot, {kind for name, theirs in shown for kind in _along(name, theirs, kinds)})

    words = {"horizontal": axes[0].label, "vertical": axes[1].label}
    rest = say("display.6.caption.many" if many else "display.6.caption.one", most=_MOST_NAMED)
    return Picture(draw, size, _alt(places, axes), f"{say('display.6.caption', **words)} {rest}", margins)


def _shown(theirs: pd.DataFrame, many: bool) -> pd.DataFrame:
    return theirs.iloc[[0, -1]] if many and len(theirs) > 1 else theirs


def _along(name: str, theirs: pd.DataFrame, kinds: Kinds) -> list[str]:
    """The kind of each arrow through the waves of ``theirs``; without verdicts it is undecided."""
    return [kinds.get((name, int(first), int(last)), "undecided") for first, last in pairwise(theirs["wave"])]


def _decided(name: str, theirs: pd.DataFrame, kinds: Kinds) -> bool:
    """Whether any arrow through the waves is; never with one wave."""
    return any(kind != "undecided" for kind in _along(name, theirs, kinds))


def _inches(size: tuple[float, float], margins: tuple[float, float, float, float]) -> tuple[float, float]:
    """Width and height of the axes."""
    left, below, right, above = margins
    return size[0] - left - right, size[1] - below - above


def _margins(vertical: Variable) -> tuple[float, float, float, float]:
    """Room for the longest code name on the left, with its rank."""
    longest = max(len(code.name) for code in vertical.codes if code.rank is not None)
    return 0.65 + 0.06 * longest, 0.55, 0.3, 0.35


def _frame(plot: Axes, axes: tuple[Variable, Variable]) -> None:
    """The whole of both scales; the regions of the categories pass into each other without a border."""
    import numpy as np

    ends = []
    for variable, axis in zip(axes, (plot.xaxis, plot.yaxis), strict=True):
        ranked = {code.rank: code.name for code in variable.codes if code.rank is not None}
        axis.set_ticks(sorted(ranked), [f"{ranked[rank]} ({rank})" for rank in sorted(ranked)])
        axis.set_label_text(f"{variable.label} →")
        ends.append((min(ranked) - _BEYOND, max(ranked) + _BEYOND))
    across, upward = (_regions(np.linspace(*end, 96)) for end in ends)
    greys: dict[str, Any] = {"cmap": "Greys", "vmin": -0.3, "vmax": 24, "interpolation": "none"}
    plot.imshow(across[None, :] + upward[:, None], extent=(*ends[0], *ends[1]), origin="lower", aspect="auto", **greys)
    plot.set(xlim=ends[0], ylim=ends[1])
    plot.tick_params(axis="x", labelsize=7.5)
    plot.tick_params(axis="y", labelsize=8)


def _regions(ranks: Any) -> Any:
    """(n,) ranks drawn towards the nearest whole one, steeply but smoothly in between."""
    import numpy as np

    below = np.floor(ranks)
    return below + 1 / (1 + np.exp(-(ranks - below - 0.5) / 0.04))


def _intervals(plot: Axes, theirs: pd.DataFrame) -> None:
    bars: dict[str, Any] = {"ecolor": GREY, "elinewidth": 0.7, "alpha": 0.55, "fmt": "none"}
    x_error = [theirs["x"] - theirs["x_low"], theirs["x_high"] - theirs["x"]]
    y_error = [theirs["y"] - theirs["y_low"], theirs["y_high"] - theirs["y"]]
    plot.errorbar(theirs["x"], theirs["y"], xerr=x_error, yerr=y_error, **bars)


def _course(plot: Axes, theirs: pd.DataFrame, kinds: list[str]) -> None:
    """A person's first and last point, and an arrow of its own kind for each step."""
    points = [(float(x), float(y)) for x, y in zip(theirs["x"], theirs["y"], strict=True)]
    for (before, after), kind in zip(pairwise(points), kinds, strict=True):
        style = _KINDS[kind]
        arrow = {"arrowstyle": "-|>", "color": style.colour, "linestyle": style.line, "lw": style.width, "shrinkB": 3}
        plot.annotate("", after, before, arrowprops=arrow)
    first, last = (_KINDS[kinds[place]].colour if kinds else _KINDS["undecided"].colour for place in (0, -1))
    plot.scatter(points[0][0], points[0][1], s=26, facecolors="white", edgecolors=first, zorder=3)
    plot.scatter(points[-1][0], points[-1][1], s=26, color=last, zorder=3)


Named = list[tuple[str, tuple[float, float]]]
"""What is written, and the point it belongs to, in ranks."""


def _waves(shown: list[tuple[str, pd.DataFrame]]) -> Named:
    """Each point's wave."""
    return [
        (wave_name(wave), (x, y))
        for _, theirs in shown
        for wave, x, y in zip(theirs["wave"], theirs["x"], theirs["y"], strict=True)
    ]


def _names(shown: list[tuple[str, pd.DataFrame]], kinds: Kinds) -> Named:
    """Each person at the last point; where there are many persons, only of decided arrows."""
    few = len(shown) <= _MOST_NAMED
    return [
        (name, (theirs["x"].iloc[-1], theirs["y"].iloc[-1]))
        for name, theirs in shown
        if few or _decided(name, theirs, kinds)
    ]


def _write(plot: Axes, names: Named, inches: tuple[float, float], *, every: bool) -> None:
    """Names beside their points where they cover no other; the rest only if ``every`` one must be there."""
    ends = plot.get_xlim(), plot.get_ylim()
    points = [
        tuple(72 * size * (at - low) / (high - low) for at, (low, high), size in zip(point, ends, inches, strict=True))
        for _, point in names
    ]
    offsets = free_offsets(points, [name for name, _ in names], _TEXT, (72 * inches[0], 72 * inches[1]))
    for (name, point), offset in zip(names, offsets, strict=True):
        if offset is not None or every:
            form: dict[str, Any] = {"textcoords": "offset points", "fontsize": _TEXT, "zorder": 4, "bbox": _LABEL_BOX}
            plot.annotate(name, point, xytext=offset or (5, 4), **form)


def _legend(plot: Axes, kinds: set[str]) -> None:
    """One line per kind of arrow that was drawn."""
    drawn = [kind for kind in _KINDS if kind in kinds]
    lines = [
        plot.plot([], [], color=_KINDS[name].colour, linestyle=_KINDS[name].line, lw=_KINDS[name].width)[0]
        for name in drawn
    ]
    if lines:
        names = [say("display.6.mixed" if name == _MIXED else f"agency.verdict.{name}") for name in drawn]
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
