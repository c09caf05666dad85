"""Displays 2 and 3: one person's narratives, sorted into the source study's tables of quotes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from narratives.codebook import Variable
from narratives.displays.base import Cell, Display
from narratives.displays.words import MISSING, counted
from narratives.messages import say

if TYPE_CHECKING:
    from narratives.displays.material import Material

__all__ = ["contexts", "labour_market"]

Rows = list[dict[Any, Any]]

_MOST_QUOTES = 4
_MOST_IN_CONTEXT = 3
_LEAST_WORDS = 12


def labour_market(material: Material, person: str | None) -> Display:
    """Display 2: work at the start, the future at the start, work at the end, in quotes.

    A narrative says something of work where its code of the variable with the role "identity" has a rank, and
    looks ahead where its code of the variable with the role "time" is the one with the role "future".
    """
    rows = material.told_by(str(person))
    identity, time = material.codebook.with_role("identity"), material.codebook.with_role("time")
    waves = sorted({row["wave"] for row in rows})
    first, last = (
        ([row for row in rows if row["wave"] == wave] for wave in (waves[0], waves[-1])) if waves else ([], [])
    )
    future = time.with_role("future") if time is not None else None
    ahead = [row for row in first if time is not None and future is not None and row[time.name] == future.name]
    now = [row for row in first if row not in ahead]
    cells = (
        _quotes(material, now, identity),
        _quotes(material, ahead, time, said=False),
        _quotes(material, last, identity) if len(waves) > 1 else Cell(say("display.2.one_wave")),
    )
    start, end = (waves[0], waves[-1]) if waves else ("–", "–")
    headings = tuple(
        say(f"display.2.{key}", wave=wave) for key, wave in (("start", start), ("future", start), ("end", end))
    )
    return Display(2, say("display.2.title"), headings, (cells,), 0, (say("display.2.note"),), labels=material.labels)


def _quotes(material: Material, rows: Rows, variable: Variable | None, *, said: bool = True) -> Cell:
    """The narratives surest of their code, longest words first among the short; only ranked codes if ``said``."""
    if variable is None or not rows:
        return Cell(say("display.no_narratives_here"))
    ranked = {code.name for code in variable.codes if code.rank is not None}
    chosen = _best([row for row in rows if not said or row[variable.name] in ranked], variable, _MOST_QUOTES)
    if not chosen:
        return Cell(say("display.no_narratives_here"))
    identity = material.codebook.with_role("identity")
    return Cell(
        quotes=tuple(material.quote(name, (identity, variable) if not said else (variable,)) for name in chosen)
    )


def contexts(material: Material, person: str | None) -> Display:
    """Display 3: what the narratives are about, and whether the person speaks well or ill of it."""
    rows = material.told_by(str(person))
    context, evaluation = material.codebook.with_role("context"), material.codebook.with_role("evaluation")
    if context is None or evaluation is None:
        return Display(3, say("display.3.title"), (), (), notes=(say("display.3.no_roles"),))
    by_context = {name: [row for row in rows if row[context.name] == name] for name in context.labels}
    body = tuple(_context_row(material, theirs, name, evaluation) for name, theirs in by_context.items() if theirs)
    headings = (context.label, say("display.3.positive"), say("display.3.negative"))
    body = (*body, *_left_out(rows, evaluation))
    notes = (say("display.3.note", most=_MOST_IN_CONTEXT),)
    return Display(3, say("display.3.title"), headings, body, 1, notes, labels=material.labels)


def _left_out(rows: Rows, evaluation: Variable) -> Iterator[tuple[Cell, ...]]:
    """A last row for the narratives that speak neither well nor ill, if there are any."""
    neutral = [code.name for code in evaluation.codes if code.polarity == 0]
    theirs = [row for row in rows if row[evaluation.name] in neutral]
    if theirs:
        told = say("display.3.neutral", count=len(theirs), codes=", ".join(neutral))
        yield Cell(told, _ids(theirs)), Cell(MISSING), Cell(MISSING)


def _context_row(material: Material, rows: Rows, name: str, evaluation: Variable) -> tuple[Cell, ...]:
    """Heading with all narratives of the context; mixed evaluations stand with the complications, marked by code."""
    sides = [
        [code.name for code in evaluation.codes if code.polarity == 1],
        [code.name for code in evaluation.codes if code.polarity in (-1, None)],
    ]
    return (
        Cell(f"{name} ({counted(len(rows))})", _ids(rows)),
        *(_side(material, [row for row in rows if row[evaluation.name] in codes], evaluation) for codes in sides),
    )


def _side(material: Material, rows: Rows, evaluation: Variable) -> Cell:
    if not rows:
        return Cell(MISSING)
    shown = tuple(material.quote(name, (evaluation,)) for name in _best(rows, evaluation, _MOST_IN_CONTEXT))
    more = len(rows) - len(shown)
    text = say("display.3.more", count=len(rows), shown=len(shown)) if more > 0 else ""
    return Cell(text, _ids(rows) if more > 0 else (), shown)


def _ids(rows: Rows) -> tuple[str, ...]:
    return tuple(str(row["narrative_id"]) for row in rows)


def _best(rows: Rows, variable: Variable, most: int) -> list[str]:
    """Ids of the surest narratives, in the order of telling; very short ones only where there is nothing else."""

    def worth(place: int) -> tuple[bool, float]:
        row = rows[place]
        share = row.get(f"{variable.name}_p")
        return len(row["text"].split()) < _LEAST_WORDS, -1.0 if share is None or math.isnan(share) else -share

    kept = sorted(sorted(range(len(rows)), key=worth)[:most])
    return [str(rows[place]["narrative_id"]) for place in kept]
