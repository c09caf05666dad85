"""A progress bar with counts and time left, on standard error, for work that takes long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Advance", "progress_bar"]

Advance = Callable[[str, int], None]
"""Called with what is being worked on and how many steps were finished since the last call."""


@contextmanager
def progress_bar(title: str, total: int, *, show: bool = True) -> Iterator[Advance]:
    """Show a bar of ``total`` steps; where it is not shown, the calls cost nothing.

    Nothing is drawn unless standard error is a terminal or a notebook, so logs stay readable.
    """
    if not show or total == 0:
        yield _ignore
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    quiet = not (console.is_terminal or console.is_jupyter)  # else an empty line is all that a log would get
    last = TextColumn("{task.fields[item]}")
    with Progress(*columns, last, console=console, transient=True, disable=quiet) as bar:
        task = bar.add_task(title, total=total, item="")
        yield lambda item, steps: bar.update(task, advance=steps, item=item)


def _ignore(item: str, steps: int) -> None:
    """Draw nothing."""
