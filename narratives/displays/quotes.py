"""Displays 2 and 3: one person's narratives, sorted into the source study's tables of quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from narratives.codebook import Variable
from narratives.displays.base import Cell, Display
from narratives.displays.words import counted
from narratives.messages import say

if TYPE_CHECKING:
    from narratives.displays.material import Material

__all__ = ["contexts", "labour_market"]

_MOST_QUOTES = 4
_MOST_IN_CONTEXT = 3
_LEAST_WORDS = 12


def labour_market(material: Material, person: str | None) -> Display:
    """Display 2: work at the start, the future at the start, work at the end, in quotes.

    A narrative says something of work where its code of the variable with the role "identity" has a rank, and
    looks ahead where its code of the variable with the role "time" is the last: codes of time stand in its order.
    """
    rows = material.of_person(str(person))
    identity, time = material.codebook.with_role("identity"), material.codebook.with_role("time")
    waves = sorted(rows["wave"].unique())
    first, last = (rows[rows["wave"] == waves[0]], rows[rows["wave"] == waves[-1]]) if waves else (rows, rows)
    ahead = _future(first, time)
    cells = (
        _quotes(material, first[~first.index.isin(ahead.index)], identity),
        _quotes(material, ahead, time, said=False),
        _quotes(material, last, identity) if len(waves) > 1 else Cell(say("display.2.one_wave")),
    )
    start, end = (waves[0], waves[-1]) if waves else ("–", "–")
    headings = tuple(
        say(f"display.2.{key}", wave=wave) for key, wave in (("start", start), ("future", start), ("end", end))
    )
    return Display(2, say("display.2.title"), headings, (cells,), 0, (say("display.2.note"),), labels=material.labels)


def _future(rows: pd.DataFrame, time: Variable | None) -> pd.DataFrame:
    return rows[rows[time.name] == time.labels[-1]] if time is not None else rows.iloc[:0]


def _quotes(material: Material, rows: pd.DataFrame, variable: Variable | None, *, said: bool = True) -> Cell:
    """The narratives surest of their code, longest words first among the short; only ranked codes if ``said``."""
    if variable is None or rows.empty:
        return Cell(say("display.no_narratives_here"))
    if said:
        ranked = [code.name for code in variable.codes if code.rank is not None]
        rows = rows[rows[variable.name].isin(ranked)]
    chosen = _best(rows, variable, _MOST_QUOTES)
    if not chosen:
        return Cell(say("display.no_narratives_here"))
    identity = material.codebook.with_role("identity")
    return Cell(
        quotes=tuple(material.quote(name, (identity, variable) if not said else (variable,)) for name in chosen)
    )


def contexts(material: Material, person: str | None) -> Display:
    """Display 3: what the narratives are about, and whether the person speaks well or ill of it."""
    rows = material.of_person(str(person))
    context, evaluation = material.codebook.with_role("context"), material.codebook.with_role("evaluation")
    if context is None or evaluation is None:
        return Display(3, say("display.3.title"), (), (), notes=(say("display.3.no_roles"),))
    found = [code.name for code in context.codes if (rows[context.name] == code.name).any()]
    body = tuple(_context_row(material, rows[rows[context.name] == name], name, evaluation) for name in found)
    headings = (context.label, say("display.3.positive"), say("display.3.negative"))
    neutral = [code.name for code in evaluation.codes if code.polarity == 0]
    count = int(rows[evaluation.name].isin(neutral).sum())
    left_out = (say("display.3.neutral", count=count, codes=", ".join(neutral)),) if count else ()
    notes = (say("display.3.note", most=_MOST_IN_CONTEXT), *left_out)
    return Display(3, say("display.3.title"), headings, body, 1, notes, labels=material.labels)


def _context_row(material: Material, rows: pd.DataFrame, name: str, evaluation: Variable) -> tuple[Cell, ...]:
    """Heading with all narratives of the context; mixed evaluations stand with the complications, marked by code."""
    sides = [
        [code.name for code in evaluation.codes if code.polarity == 1],
        [code.name for code in evaluation.codes if code.polarity in (-1, None)],
    ]
    return (
        Cell(f"{name} ({counted(len(rows))})", tuple(rows["narrative_id"])),
        *(_side(material, rows[rows[evaluation.name].isin(codes)], evaluation) for codes in sides),
    )


def _side(material: Material, rows: pd.DataFrame, evaluation: Variable) -> Cell:
    shown = tuple(material.quote(name, (evaluation,)) for name in _best(rows, evaluation, _MOST_IN_CONTEXT))
    more = len(rows) - len(shown)
    text = say("display.3.more", count=len(rows), shown=len(shown)) if more > 0 else ""
    return Cell(text, tuple(rows["narrative_id"]) if more > 0 else (), shown)


def _best(rows: pd.DataFrame, variable: Variable, most: int) -> list[str]:
    """Ids of the surest narratives, in the order of telling; very short ones only where there is nothing else."""
    if rows.empty:
        return []
    sure = rows[f"{variable.name}_p"] if f"{variable.name}_p" in rows else pd.Series(1.0, index=rows.index)
    words = rows["text"].map(lambda text: len(text.split()))
    ordered = rows.assign(short=words < _LEAST_WORDS, sure=sure).sort_values(
        ["short", "sure"], ascending=[True, False], kind="stable"
    )
    kept = ordered.index[:most]
    return [str(name) for name in rows.loc[rows.index.isin(kept), "narrative_id"]]
