"""Displays 4 and 5: interventions along time, and the connections that narratives draw from them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from math import gcd
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from narratives.displays.base import Cell, Display
from narratives.displays.pictures import BLACK, BLUE, GREEN, GREY, VERMILION, Picture, legend_above
from narratives.displays.words import MISSING, counted, joined, wave_name
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
_ARROW = "—({connective})→ »{consequence}«"
_LINKS = {"temporal": "··({connective})·· »{consequence}«"}


def interventions_in_time(material: Material, person: str | None = None) -> Display:
    """Each intervention a person's narratives mention, by wave, with how they speak of it."""
    table = material.interventions
    if table is None:
        return Display(4, say("display.4.title"), (), (), notes=(say("display.4.unavailable"),))
    table = table[table["person"].isin(material.persons if person is None else (person,))].dropna(subset=["wave"])
    table = table.assign(tense=table["tense"].where(table["tense"].isin(list(_MARKS)), "other"))
    waves, empty = material.waves, _empty(material, person)
    heads = tuple(say("display.person") if key == "person" else say("display.4.intervention") for key in _keys(person))
    rows = []
    for key, theirs in table.groupby(_keys(person), sort=False):
        told = list(zip(theirs["wave"], theirs["tense"], theirs["narrative_id"], strict=True))
        nothing = empty if person is not None else _empty(material, str(key[0]))
        cells = (
            _wave_cell([(tense, name) for at, tense, name in told if at == wave], nothing.get(wave, MISSING))
            for wave in waves
        )
        rows.append((*(Cell(str(part)) for part in key), *cells))
    columns = (*heads, *(wave_name(wave) for wave in waves))
    contact = _contact(material, person)
    if contact is not None:
        cells = (_contact_cell(contact.get(wave, ()), empty.get(wave, MISSING)) for wave in waves)
        rows.insert(0, (*(Cell("") for _ in heads[1:]), Cell(say("display.4.contact")), *cells))
    picture = _picture(table, waves, contact or {}, empty) if person is not None and len(table) else None
    notes = (say("display.4.note"), *_own_words(material))
    return Display(4, say("display.4.title"), columns, tuple(rows), len(heads), notes, picture, material.labels)


def _own_words(material: Material) -> tuple[str, ...]:
    """That the user's words were looked for, too."""
    return (say("display.4.vocabulary", file=material.vocabulary),) if material.vocabulary else ()


def _contact(material: Material, person: str | None) -> dict[int, tuple[str, ...]] | None:
    """Per wave the narratives that are about the caseworker; None where the codebook names no such code."""
    context = material.codebook.with_role("context")
    code = context.with_role("caseworker") if context is not None else None
    if context is None or code is None:
        return None
    rows = material.rows if person is None else material.of_person(person)
    found: dict[int, tuple[str, ...]] = {}
    about = rows[rows[context.name] == code.name]
    for wave, name in zip(about["wave"], about["narrative_id"], strict=True):
        found[int(wave)] = (*found.get(int(wave), ()), str(name))
    return found


def _keys(person: str | None) -> list[str]:
    return ["intervention"] if person is not None else ["person", "intervention"]


def _empty(material: Material, person: str | None) -> dict[int, str]:
    """The study's waves in which a person told nothing, and why; none for everybody."""
    if person is None:
        return {}
    theirs = material.profiles[material.profiles["person"] == person]
    told = {int(wave): n for wave, n in zip(theirs["wave"], theirs["n"], strict=True)}
    words = {wave: say("display.no_narratives" if wave in told else "display.no_interview") for wave in material.waves}
    return {wave: word for wave, word in words.items() if not told.get(wave)}


def _wave_cell(mentions: list[tuple[str, str]], nothing: str) -> Cell:
    """How the mentions of a wave (tense, narrative id) speak of an intervention; else ``nothing``."""
    if not mentions:
        return Cell(nothing)
    tenses, names = (tuple(dict.fromkeys(side)) for side in zip(*mentions, strict=True))
    return Cell(joined(say(f"display.tense.{tense}") for tense in tenses), names)


def _contact_cell(names: tuple[str, ...], nothing: str) -> Cell:
    return Cell(counted(len(names)) if names else nothing, names)


def _picture(
    table: pd.DataFrame, waves: tuple[int, ...], contact: Mapping[int, tuple[str, ...]], empty: Mapping[int, str]
) -> Picture:
    """A mark for each wave that speaks of an intervention, a bar from a wave in which it goes on to the next.

    Contact with the caseworker runs as a band above them, where narratives are about it. Nothing runs through a
    wave in which nothing was told (``empty``: why).
    """
    names = list(dict.fromkeys(table["intervention"]))[:_MOST_DRAWN]

    def draw(figure: Figure) -> None:
        plot = figure.subplots()
        _bars(plot, names, table, waves)
        _marks(plot, _points(names, table, waves))
        _band(plot, waves, contact)
        places, labels = range(-1 if contact else 0, len(names)), [say("display.4.contact"), *names]
        plot.set_yticks(places, labels[-len(places) :])
        plot.set_xticks(range(len(waves)), [_under(wave, empty) for wave in waves])
        plot.set(ylim=(len(names) - 0.5, places[0] - 0.5), xlim=(-0.5, len(waves) - 0.5))
        plot.grid(axis="x", color="#d5dae0", lw=0.8)
        plot.tick_params(length=0)

    told = "; ".join(_told(name, table[table["intervention"] == name]) for name in names)
    longest = max(map(len, [*names, *([say("display.4.contact")] if contact else [])]))
    margins = (0.25 + 0.08 * longest, 0.55 if empty else 0.35, 0.2, 0.4)
    size = (7.2, 1.1 + 0.2 * bool(empty) + 0.32 * (len(names) + bool(contact)))
    return Picture(draw, size, say("display.4.alt", told=told), say("display.4.caption"), margins)


def _under(wave: int, empty: Mapping[int, str]) -> str:
    """A wave's name on the axis, and why nothing was told in it."""
    return f"{wave_name(wave)}\n({empty[wave]})" if wave in empty else wave_name(wave)


def _neighbours(waves: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """Place on the axis, wave and next wave, where none is left out between (of 1, 3, 4: 3 and 4; of 6, 12: both)."""
    step = gcd(*waves)
    return [(place, first, next_) for place, (first, next_) in enumerate(pairwise(waves)) if next_ - first == step]


def _band(plot: Axes, waves: tuple[int, ...], contact: Mapping[int, tuple[str, ...]]) -> None:
    """A band through the waves with narratives about the caseworker, and how many there are."""
    onward = {first for _, first, next_ in _neighbours(waves) if first in contact and next_ in contact}
    for place, wave in enumerate(waves):
        if wave in contact:
            plot.hlines(-1, place - 0.3, place + (0.7 if wave in onward else 0.3), color="#d5dae0", lw=15, zorder=1)
            plot.text(place, -1, counted(len(contact[wave])), ha="center", va="center", fontsize=8)


def _bars(plot: Axes, names: list[str], table: pd.DataFrame, waves: tuple[int, ...]) -> None:
    """A bar from a wave in which an intervention goes on to the next: all the way if it still does, else half."""
    told = set(zip(table["intervention"], table["wave"], table["tense"], strict=True))
    bars = [
        (row, place, place + (1 if (name, next_, "has") in told else 0.5))
        for row, name in enumerate(names)
        for place, first, next_ in _neighbours(waves)
        if (name, first, "has") in told and {(name, next_, "has"), (name, next_, "had")} & told
    ]
    if bars:
        rows, starts, ends = zip(*bars, strict=True)
        plot.hlines(rows, starts, ends, color="#9db8cc", lw=7, zorder=1)


def _points(names: list[str], table: pd.DataFrame, waves: tuple[int, ...]) -> dict[str, list[tuple[float, int]]]:
    """Where the marks of each tense stand; several tenses in one wave stand side by side."""
    points: dict[str, list[tuple[float, int]]] = {tense: [] for tense in _MARKS}
    told: dict[tuple[str, int], dict[str, None]] = {}
    for name, wave, tense in zip(table["intervention"], table["wave"], table["tense"], strict=True):
        told.setdefault((name, int(wave)), {})[tense] = None
    for (name, wave), tenses in told.items():
        for step, tense in enumerate(tenses if name in names else ()):
            shift = 0.14 * (step - (len(tenses) - 1) / 2)
            points[tense].append((waves.index(wave) + shift, names.index(name)))
    return {tense: places for tense, places in points.items() if places}


def _marks(plot: Axes, points: dict[str, list[tuple[float, int]]]) -> None:
    """The marks of each tense, and the legend that names them."""
    drawn = []
    for tense, places in points.items():
        mark, colour = _MARKS[tense]
        across, down = zip(*places, strict=True)
        drawn.append(plot.scatter(across, down, marker=mark, color=colour, s=46, zorder=2))
    legend_above(cast("Figure", plot.figure), drawn, [say(f"display.tense.{tense}") for tense in points])


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
    rows = tuple(_chain_row(material, links.sort_values("step").to_dict("records"), person) for _, links in grouped)
    heads = (say("display.person"),) if person is None else ()
    keys = ("display.wave_column", "display.5.chain", "display.5.reservation", "display.5.quote")
    columns = (*heads, *(say(key) for key in keys))
    notes = (say("display.5.note"), *_own_words(material))
    return Display(5, say("display.5.title"), columns, rows, len(heads) + 1, notes, labels=material.labels)


def _chain_row(material: Material, links: list[dict[Any, Any]], person: str | None) -> tuple[Cell, ...]:
    """Intervention, then each consequence after what couples it to the one before.

    An arrow stands for a cause or a condition that the narrative claims; what it only tells as coming after is
    set off by dots.
    """
    first = links[0]
    name = str(first["narrative_id"])
    steps = [_LINKS.get(link["kind"], _ARROW).format(**link) for link in links]
    chain = " ".join([f"{first['intervention']}: »{first['cause']}«", *steps])
    told = [link["reservation"] for link in links]
    reservations = joined(dict.fromkeys(part for part in told if isinstance(part, str) and part))
    heads = () if person is not None else (Cell(str(first["person"])),)
    quote = Cell(quotes=(material.quote(name),))
    return (
        *heads,
        Cell(str(first["wave"])),
        Cell(chain, (name,)),
        Cell(reservations, (name,) if reservations != MISSING else ()),
        quote,
    )
