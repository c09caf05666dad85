"""What commands print: problems on standard error, results as short tables on standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from narratives.messages import say
from narratives.transcript import Problem

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from narratives.study.annotating import Outcome

__all__ = ["person_wave_table", "show_problems", "show_results"]

_MOST_OF_A_KIND = 8
_FIRST_OF_MANY = 5


def show_problems(problems: Iterable[Problem]) -> None:
    """One line for each problem, the fatal ones first; of many of one kind only the first few."""
    by_kind: dict[tuple[bool, str], list[Problem]] = {}
    for problem in problems:
        by_kind.setdefault((not problem.fatal, problem.kind), []).append(problem)
    for (remark, _), alike in sorted(by_kind.items(), key=lambda item: item[0][0]):
        mark = say("cli.problem.remark" if remark else "cli.problem.fatal")
        shown = alike if len(alike) <= _MOST_OF_A_KIND else alike[:_FIRST_OF_MANY]
        for problem in shown:
            print(f"{mark}: {problem.message}", file=sys.stderr)
        if len(alike) > len(shown):
            print(say("cli.problem.more", count=len(alike) - len(shown)), file=sys.stderr)


def show_results(outcome: Outcome, study: Path) -> None:
    """Counts, a person by wave table of the ranked variables, and where everything lies."""
    from rich.console import Console

    from narratives.study import load

    opened = load(study)
    console = Console()
    counts = {"narratives": len(opened.narratives), "transcripts": len(outcome.results)}
    console.print(say("cli.results.counts", computed=outcome.computed, reused=outcome.reused, **counts), soft_wrap=True)
    for variable in opened.codebook.variables:
        if variable.ranked:
            frame = person_wave_table(opened.narratives, variable.name, variable.labels)
            _print_table(console, frame, say("cli.results.title", variable=variable.label))
    console.print(say("cli.results.where", study=study), soft_wrap=True, markup=False)
    console.print(say("cli.results.personal"), soft_wrap=True)


def person_wave_table(narratives: pd.DataFrame, variable: str, codes: tuple[str, ...]) -> pd.DataFrame:
    """Per person and wave the number of narratives and the expected share of each code, in per cent.

    Shares are means of the calibrated probabilities, so that unsure codes count as unsure.

    Args:
        narratives: the study's table.
        variable: the variable to show.
        codes: its codes in order.
    """
    import pandas as pd

    columns = {f"{variable}_p_{code}": code for code in codes}
    grouped = narratives.groupby(["person", "wave"], dropna=False, sort=True)
    shares = (grouped[list(columns)].mean() * 100).round().astype(int).rename(columns=columns)
    counts = grouped.size().rename(say("cli.results.narratives"))
    names = {"person": say("cli.results.person"), "wave": say("cli.results.wave")}
    return pd.concat([counts, shares], axis=1).reset_index().rename(columns=names)


def _print_table(console: Console, frame: pd.DataFrame, title: str) -> None:
    """A table with the first column to the left and numbers to the right."""
    import pandas as pd
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for column in frame.columns:
        table.add_column(str(column), justify="left" if column == frame.columns[0] else "right", overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*("?" if pd.isna(cell) else escape(str(cell)) for cell in row))
    console.print(table)
