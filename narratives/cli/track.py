"""``narratives track``: how persons' narratives move between interviews."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.messages import say

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from narratives.codebook import Variable
    from narratives.study.tracking import Tracking

__all__ = ["add_parser", "run"]


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Declare the command's arguments."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "track",
        help=say("cli.track.help"),
        description=say("cli.track.description"),
        epilog=say("cli.example", command="narratives track study --review review.xlsx"),
    )
    parser.add_argument("study", type=Path, metavar="STUDY", help=say("cli.study"))
    parser.add_argument("--review", type=Path, metavar="TABLE", help=say("cli.track.review"))
    parser.add_argument("--vocabulary", type=Path, metavar="FILE", help=say("cli.track.vocabulary"))
    parser.add_argument("--by", default="", metavar="COLUMNS", help=say("cli.track.by"))
    parser.add_argument("--min-cell", type=int, default=5, metavar="N", help=say("cli.track.min_cell"))
    parser.add_argument("--seed", type=int, default=0, metavar="N", help=say("cli.seed"))
    parser.add_argument("--excel", action="store_true", help=say("cli.excel"))
    parser.add_argument("--quiet", action="store_true", help=say("cli.quiet"))
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Measure, write the tables, and print the shifts from first to last wave."""
    from narratives.cli.showing import show_problems
    from narratives.study import load
    from narratives.study.remarks import changed_by_hand, left_out, not_renewed
    from narratives.study.tracking import track

    study = load(arguments.study)
    by = [name.strip() for name in arguments.by.split(",") if name.strip()]
    given: dict[str, Any] = {"review": arguments.review, "vocabulary": arguments.vocabulary}
    given |= {"by": by, "min_cell": arguments.min_cell}
    found = track(study, **given, seed=arguments.seed, excel=arguments.excel)
    if found.review is not None:
        show_problems(found.review.problems)
    show_problems([*left_out(study), *changed_by_hand(study), *not_renewed(study, found.tables)])
    if not arguments.quiet:
        _show(found, study.codebook.spoken.variables, arguments.study, arguments.min_cell)
    return 0


def _show(found: Tracking, variables: tuple[Variable, ...], study: Path, min_cell: int) -> None:
    from rich.console import Console

    from narratives.measuring.shifts import told_once

    console = Console()
    for variable in variables:
        for line in found.lines if variable.ranked else ():
            _show_shifts(console, found["shifts"], variable, line)
    turned = found["turning_points"]
    persons = turned.loc[turned["found"].astype(bool), "person"].nunique()
    console.print(say("cli.track.turning", count=persons, persons=turned["person"].nunique()))
    counts = {name: len(found[name]) for name in ("interventions", "chains")}
    console.print(say("cli.track.found", **counts))
    if "corrected_shifts" in found.tables:
        _show_corrected(console, told_once(found["corrected_shifts"]), variables)
        for variable in variables:
            for line in found.lines if variable.ranked else ():
                _show_corrected_persons(console, found["corrected_person_shifts"], variable, line)
    if "groups" in found.tables:
        for sentence in _groups_told(found, min_cell):
            console.print(sentence, soft_wrap=True)
    console.print(say("agency.verdict.rules"), soft_wrap=True)
    console.print(say("cli.track.where", study=study, tables=", ".join(found.tables)), soft_wrap=True)


def _show_shifts(console: Console, shifts: pd.DataFrame, variable: Variable, line: str) -> None:
    """One row per person: first wave to last."""
    rows = shifts[(shifts["variable"] == variable.name) & (shifts["line"] == line) & (shifts["span"] == "overall")]
    title = say("cli.track.title", variable=variable.label, line=say(f"agency.line.{line}"))
    columns = ("person", "waves", "narratives", "mean", "difference", "verdict")
    table = _table(title, [say(f"cli.track.{name}") for name in columns])
    for row in rows.itertuples(index=False):
        table.add_row(
            row.person,
            f"{row.wave_from} → {row.wave_to}",
            f"{row.n_from} → {row.n_to}",
            f"{_number(row.mean_from)} → {_number(row.mean_to)}",
            _with_interval(row.difference, row.low, row.high),
            say(f"agency.verdict.{row.verdict}"),
        )
    console.print(table if len(rows) else say("cli.track.one_wave", title=title))


def _show_corrected(console: Console, shifts: pd.DataFrame, variables: tuple[Variable, ...]) -> None:
    labels = {variable.name: variable.label for variable in variables}
    columns = ("variable", "waves", "naive", "corrected", "verdict")
    table = _table(say("cli.track.corrected_title"), [say(f"cli.track.{name}") for name in columns])
    for row in shifts.itertuples(index=False):
        table.add_row(
            f"{labels[str(row.variable)]} ({say(f'agency.line.{row.line}')})",
            f"{row.wave_from} → {row.wave_to}",
            _number(row.naive, "+.2f"),
            _with_interval(row.estimate, row.low, row.high),
            say(f"agency.verdict.{row.verdict}"),
        )
    console.print(table)


def _show_corrected_persons(console: Console, shifts: pd.DataFrame, variable: Variable, line: str) -> None:
    """One row per person: first wave to last; nothing where too little was reviewed."""
    rows = shifts[(shifts["variable"] == variable.name) & (shifts["line"] == line) & (shifts["span"] == "overall")]
    title = say("cli.track.corrected_persons_title", variable=variable.label, line=say(f"agency.line.{line}"))
    columns = ("person", "waves", "reviewed", "naive", "corrected", "verdict")
    table = _table(title, [say(f"cli.track.{name}") for name in columns])
    for row in rows[rows["estimate"].notna()].itertuples(index=False):
        table.add_row(
            row.person,
            f"{row.wave_from} → {row.wave_to}",
            str(row.n_reviewed),
            _number(row.naive, "+.2f"),
            _with_interval(row.estimate, row.low, row.high),
            say(f"agency.verdict.{row.verdict}"),
        )
    if table.row_count:
        console.print(table)


def _groups_told(found: Tracking, min_cell: int) -> Iterator[str]:
    """Which groups there are, how many of their differences are clear, and what is hidden."""
    from narratives.displays.words import number
    from narratives.study.grouping import GROUP_TABLES

    tables = [found[name] for name in GROUP_TABLES]
    for attribute, rows in tables[0].groupby("attribute", sort=False):
        groups = rows.groupby("group", sort=True)["persons"].max()
        yield say("groups.summary", attribute=attribute, groups=", ".join(map(_group, groups.index, groups)))
        contrasts = tables[2][tables[2]["attribute"] == attribute].dropna(subset=["low", "high"])
        clear = int(((contrasts["low"] > 0) | (contrasts["high"] < 0)).sum())
        expected = number(0.05 * len(contrasts), 1)
        yield say("groups.contrasts", attribute=attribute, clear=clear, count=len(contrasts), expected=expected)
    for attribute, persons in found.changed_groups.items():
        yield say("groups.changed", attribute=attribute, persons=", ".join(persons))
    hidden = sum(int(table["suppressed"].astype(bool).sum()) for table in tables)
    if hidden:
        yield say("groups.hidden", least=min_cell, count=hidden, total=sum(map(len, tables)))


def _group(name: str, persons: Any) -> str:
    import pandas as pd

    key = "groups.hidden_group" if pd.isna(persons) else "groups.persons"
    return say(key, group=name or say("groups.unknown"), persons=persons)


def _number(value: Any, form: str = ".2f") -> str:
    """A number with the decimal mark of the language in force, or a dash where there is none."""
    from narratives.displays.words import number

    return number(value, signed=form.startswith("+"))


def _with_interval(value: Any, low: Any, high: Any) -> str:
    ends = f"{_number(low, '+.2f')}; {_number(high, '+.2f')}"
    return f"{_number(value, '+.2f')} [{ends}]" if low == low else _number(value, "+.2f")  # noqa: PLR0124


def _table(title: str, columns: list[str]) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for place, column in enumerate(columns):
        edge = place in (0, len(columns) - 1)
        table.add_column(column, justify="left" if edge else "right", no_wrap=place > 0)
    return table
