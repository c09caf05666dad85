"""Displays 4 and 5: interventions along time, and the connections that narratives draw from them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from narratives.displays.base import Cell, Display
from narratives.displays.pictures import BLACK, BLUE, GREEN, GREY, VERMILION, Picture
from narratives.displays.words import MISSING, joined, wave_name
from narratives.messages import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from narratives.displays.material import Material

__all__ = ["connections", "interventions_in_time"]

_MARKS = {
    "had": ("o", BLACK),
    "has": ("s", BLUE),
    "will": (">", GREEN),
    "considered": ("$?$", VERMILION),
    "refused": ("x", VERMILION),
    "other": (".", GREY),
}
"""How each tense is drawn; shapes differ, so that colour is not needed."""

_MOST_DRAWN = 40


def interventions_in_time(material: Material, person: str | None = None) -> Display:
    """Each intervention a person's narratives mention, by wave, with how they speak of it."""
    table = material.interventions
    if table is None:
        return Display(4, say("display.4.title"), (), (), notes=(say("display.4.unavailable"),))
    table = table[table["person"].isin(material.persons if person is None else (person,))].dropna(subset=["wave"])
    table = table.assign(tense=table["tense"].where(table["tense"].isin(list(_MARKS)), "other"))
    waves = _waves(material, person)
    rows = []
    for key, theirs in table.groupby(_keys(person), sort=False):
        cells = (_wave_cell(theirs[theirs["wave"] == wave]) for wave in waves)
        rows.append((*(Cell(str(part)) for part in key), *cells))
    heads = tuple(say("display.person") if key == "person" else say("display.4.intervention") for key in _keys(person))
    columns = (*heads, *(wave_name(wave) for wave in waves))
    picture = _picture(table, waves) if person is not None and len(table) else None
    notes = (say("display.4.note"),)
    return Display(4, say("display.4.title"), columns, tuple(rows), len(heads), notes, picture, material.labels)


def _keys(person: str | None) -> list[str]:
    return ["intervention"] if person is not None else ["person", "intervention"]


def _waves(material: Material, person: str | None) -> tuple[int, ...]:
    if person is None:
        return material.waves
    theirs = material.profiles[material.profiles["person"] == person]
    return tuple(sorted(int(wave) for wave in theirs["wave"].unique()))


def _wave_cell(mentions: pd.DataFrame) -> Cell:
    if mentions.empty:
        return Cell(MISSING)
    told = joined(say(f"display.tense.{tense}") for tense in dict.fromkeys(mentions["tense"]))
    return Cell(told, tuple(dict.fromkeys(mentions["narrative_id"])))


def _picture(table: pd.DataFrame, waves: tuple[int, ...]) -> Picture:
    """Bars where neighbouring waves speak of an intervention had or going on; a mark for each wave."""
    names = list(dict.fromkeys(table["intervention"]))[:_MOST_DRAWN]

    def draw(figure: Figure) -> None:
        plot = figure.subplots()
        for place, name in enumerate(names):
            _bar(plot, place, table[table["intervention"] == name], waves)
        plot.set_yticks(range(len(names)), names)
        plot.set_xticks(range(len(waves)), [wave_name(wave) for wave in waves])
        plot.set(ylim=(len(names) - 0.5, -0.5), xlim=(-0.5, len(waves) - 0.5))
        plot.grid(axis="x", color="#d5dae0", lw=0.8)
        plot.tick_params(length=0)
        _legend(plot, set(table["tense"]))

    told = "; ".join(_told(name, table[table["intervention"] == name]) for name in names)
    return Picture(draw, (7.2, 1.1 + 0.32 * len(names)), say("display.4.alt", told=told), say("display.4.caption"))


def _bar(plot: Axes, place: int, mentions: pd.DataFrame, waves: tuple[int, ...]) -> None:
    taken = {int(wave) for wave in mentions.loc[mentions["tense"].isin(["had", "has"]), "wave"]}
    for first, second in pairwise(range(len(waves))):
        if waves[first] in taken and waves[second] in taken:
            plot.plot([first, second], [place, place], color="#9db8cc", lw=7, solid_capstyle="butt", zorder=1)
    for wave in sorted(mentions["wave"].unique()):
        theirs = mentions[mentions["wave"] == wave]
        tenses = list(dict.fromkeys(theirs["tense"]))
        for step, tense in enumerate(tenses):
            mark, colour = _MARKS[tense]
            shift = 0.14 * (step - (len(tenses) - 1) / 2)
            plot.scatter(waves.index(int(wave)) + shift, place, marker=mark, color=colour, s=46, zorder=2)


def _legend(plot: Axes, tenses: set[str]) -> None:
    drawn = [name for name in _MARKS if name in tenses]
    marks = [plot.scatter([], [], marker=_MARKS[name][0], color=_MARKS[name][1], s=46) for name in drawn]
    names = [say(f"display.tense.{name}") for name in drawn]
    plot.figure.legend(marks, names, loc="outside upper center", ncols=len(names), frameon=False, fontsize=8)


def _told(name: str, mentions: pd.DataFrame) -> str:
    waves = mentions.drop_duplicates(["wave", "tense"])
    told = joined(
        f"{wave} {say(f'display.tense.{tense}')}" for wave, tense in zip(waves["wave"], waves["tense"], strict=True)
    )
    return f"{name}: {told}"


def connections(material: Material, person: str | None = None) -> Display:
    """One chain per line, with its reservation and the narrative that draws it."""
    table = material.chains
    if table is None:
        return Display(5, say("display.5.title"), (), (), notes=(say("display.4.unavailable"),))
    table = table[table["person"].isin(material.persons if person is None else (person,))]
    grouped = table.groupby(["narrative_id", "chain"], sort=False)
    rows = tuple(_chain_row(material, links.sort_values("step"), person) for _, links in grouped)
    heads = (say("display.person"),) if person is None else ()
    keys = ("display.wave_column", "display.5.chain", "display.5.reservation", "display.5.quote")
    columns = (*heads, *(say(key) for key in keys))
    notes = (say("display.5.note"),)
    return Display(5, say("display.5.title"), columns, rows, len(heads) + 1, notes, labels=material.labels)


def _chain_row(material: Material, links: pd.DataFrame, person: str | None) -> tuple[Cell, ...]:
    """Intervention, then each consequence after what couples it to the one before."""
    first = links.iloc[0]
    name = str(first["narrative_id"])
    steps = [f"—({link.connective})→ »{link.consequence}«" for link in links.itertuples(index=False)]
    chain = " ".join([f"{first['intervention']}: »{first['cause']}«", *steps])
    reservations = joined(dict.fromkeys(str(told) for told in links["reservation"].dropna() if told))
    heads = () if person is not None else (Cell(str(first["person"])),)
    quote = Cell(quotes=(material.quote(name),))
    return (*heads, Cell(str(first["wave"])), Cell(chain, (name,)), Cell(reservations), quote)
