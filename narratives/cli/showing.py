"""What commands print: problems on standard error, results as short tables on standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from narratives.messages import say
from narratives.transcript import Problem, Role

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from narratives.study.annotating import Outcome

__all__ = ["by_line", "person_wave_table", "show_problems", "show_results"]

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
    told = by_line(opened.narratives, opened.interviews)
    for variable in opened.codebook.spoken.variables:
        for line, rows in told.items() if variable.ranked else ():
            frame = person_wave_table(rows, variable.name, variable.labels)
            _print_table(console, frame, _title(variable.label, line))
    console.print(say("cli.results.where", study=study), soft_wrap=True, markup=False)
    console.print(say("cli.results.personal"), soft_wrap=True)


def _title(variable: str, line: str) -> str:
    if line == Role.PARTICIPANT:
        return say("cli.results.title", variable=variable)
    return say("study.results_title", variable=variable, line=say(f"agency.line.{line}"))


def by_line(narratives: pd.DataFrame, interviews: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The narratives of each line that has any, the participants' first; others' with the person they are about."""
    from narratives.measuring.rows import names_of
    from narratives.study.tracking import lines_of

    held = interviews.drop_duplicates("transcript").set_index("transcript")["person"]
    about = narratives["transcript"].map(names_of(held, narratives["person"]))
    rows = narratives.assign(person=narratives["person"].where(narratives["person"].notna(), about))
    parts = {line: rows[rows["role"] == line] for line in lines_of(narratives)}
    return {line: part for line, part in parts.items() if len(part)}


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
