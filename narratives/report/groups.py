"""Groups in the report: what ``narratives track --by`` has written, as displays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from narratives.displays.base import Cell, Display
from narratives.displays.words import interval, number, per_cent, split_ids, wave_name, waves_from_to
from narratives.messages import say
from narratives.report.corrections import corrected_numbers
from narratives.study.grouping import CORRECTED_GROUP_TABLES

if TYPE_CHECKING:
    import pandas as pd

    from narratives.agency import Review
    from narratives.displays.material import Material
    from narratives.study import Study

__all__ = ["group_displays"]

Row = dict[Any, Any]


def group_displays(study: Study, material: Material, review: Review | None = None) -> Iterator[Display]:
    """Mean ranks, shifts and differences by each attribute that was tracked; nothing where none was.

    Args:
        study: its folder may hold the tables; those older than the narratives are left out.
        material: the line to show.
        review: people's codes, if the report has any; tables that they do not correct then say so.
    """
    tables = {name: table for name in _MAKERS if (table := _tracked(study, name, material)) is not None}
    attributes = dict.fromkeys(name for table in tables.values() for name in table["attribute"])
    for attribute in attributes:
        for name, table in tables.items():
            rows = table[table["attribute"] == attribute].to_dict("records")
            notes = tuple(_notes(name, any(row["suppressed"] for row in rows), review, tables))
            yield _display(name, attribute, rows, notes, material)


def _display(name: str, attribute: str, rows: Sequence[Row], notes: tuple[str, ...], material: Material) -> Display:
    title, keys, make = _MAKERS[name]
    cells = tuple((Cell(material.codebook[row["variable"]].label), *make(row)) for row in rows)
    when = "display.wave_column" if make in (_stood, _stood_corrected) else "display.8.waves"
    heads = (say("display.variable"), say(when), *(say(key) for key in keys))
    return Display(0, say(title, attribute=_attribute(attribute)), heads, cells, 3, notes, labels=material.labels)


def _tracked(study: Study, name: str, material: Material) -> pd.DataFrame | None:
    """A table that ``track --by`` wrote, the line's rows of narratives that are there; None if older than these."""
    import pandas as pd

    path, narratives = (study.folder.table(table, ".parquet") for table in (name, "narratives"))
    if not path.exists() or path.stat().st_mtime < narratives.stat().st_mtime:
        return None
    table = pd.read_parquet(path)
    known = table["narrative_ids"].map(lambda ids: set(split_ids(ids)) <= material.labels.keys())
    return table[(table["line"] == material.line) & table["variable"].isin(material.codebook.names) & known]


def _attribute(name: str) -> str:
    """As people read it; unknown ones as they stand in the table."""
    try:
        return say(f"display.attribute.{name}").lower()
    except KeyError:
        return name


def _notes(name: str, hidden: bool, review: Review | None, tables: Collection[str]) -> Iterator[str]:
    corrected = name in CORRECTED_GROUP_TABLES
    yield say("report.groups.corrected_note" if corrected else "report.groups.note")
    if name == "group_contrasts":
        yield say("report.groups.contrasts_note")
    if review is not None and not corrected:
        done = any(other in tables for other in CORRECTED_GROUP_TABLES)
        yield say("report.groups.see_corrected" if done else "report.groups.not_corrected")
    if hidden:
        yield say("report.groups.hidden_note")


def _stood(row: Row) -> tuple[Cell, ...]:
    return (Cell(wave_name(row["wave"])), _group(row), *_numbers(row, "mean", signed=False))


def _moved(row: Row) -> tuple[Cell, ...]:
    return (Cell(_span(row)), _group(row), *_numbers(row, "difference", signed=True))


def _differed(row: Row) -> tuple[Cell, ...]:
    wave = wave_name(row["wave_to"])
    stood = row["measure"] == "mean"
    where = say("report.groups.measure_mean", wave=wave) if stood else _measured_shift(row)
    pair = Cell(say("report.groups.pair_cell", group=row["group"], other=row["other"]))
    chance = Cell("" if row["suppressed"] else per_cent(row["p_higher"]))
    return (Cell(where), pair, *_numbers(row, "difference", signed=True), chance)


def _measured_shift(row: Row) -> str:
    return say("report.groups.measure_shift", waves=_span(row))


def _span(row: Row) -> str:
    span = waves_from_to(row["wave_from"], row["wave_to"])
    return span if row["span"] == "step" else f"{span} ({say('display.8.overall')})"


def _group(row: Row) -> Cell:
    return Cell(row["group"] or say("groups.unknown"))


def _numbers(row: Row, value: str, *, signed: bool) -> tuple[Cell, Cell]:
    """How many persons, and the number with its interval."""
    if row["suppressed"]:
        hidden = Cell(say("report.groups.hidden_cell"))
        return hidden, hidden
    persons = " / ".join(str(row[name]) for name in ("persons", "persons_other") if name in row)
    told = f"{number(row[value], signed=signed)} {interval(row['low'], row['high'], signed=signed)}"
    return Cell(persons), Cell(told, split_ids(row["narrative_ids"]))


def _stood_corrected(row: Row) -> tuple[Cell, ...]:
    return (Cell(wave_name(row["wave"])), _group(row), *_corrected(row, signed=False))


def _moved_corrected(row: Row) -> tuple[Cell, ...]:
    return (Cell(_span(row)), _group(row), *_corrected(row, signed=True))


def _corrected(row: Row, *, signed: bool) -> tuple[Cell, ...]:
    """Persons, how many narratives were reviewed, and the model's number with the corrected one."""
    if row["suppressed"]:
        return (Cell(say("report.groups.hidden_cell")),) * 3
    return (Cell(str(row["persons"])), *corrected_numbers(row, signed=signed))


def _heads(*names: str) -> tuple[str, ...]:
    return tuple(f"report.groups.{name}" for name in names)


_CORRECTED = (
    "report.groups.group",
    "report.groups.persons",
    "report.review.reviewed",
    "report.review.both",
)
_MAKERS: dict[str, tuple[str, tuple[str, ...], Callable[[Row], tuple[Cell, ...]]]] = {
    "groups": ("report.groups", _heads("group", "persons", "mean"), _stood),
    "group_shifts": ("report.groups.shifts", _heads("group", "persons", "shift"), _moved),
    "group_contrasts": ("report.groups.contrasts", _heads("pair", "persons", "difference", "p_higher"), _differed),
    "corrected_groups": ("report.groups.corrected", _CORRECTED, _stood_corrected),
    "corrected_group_shifts": ("report.groups.corrected_shifts", _CORRECTED, _moved_corrected),
}
"""Per table its title, columns after variable and wave, and what makes a row's cells."""
