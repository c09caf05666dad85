"""Display 1: the characteristics of the cases, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from narratives.displays.base import Cell, Display
from narratives.displays.words import MISSING, joined
from narratives.messages import say

if TYPE_CHECKING:
    from narratives.displays.material import Material

__all__ = ["characteristics"]

_MOST_COLUMNS = 5
"""With more cases than this, each case is a row."""

_TAKEN = ("had", "has", "will")
"""Tenses of interventions that are the case's own course; what was considered or refused is not."""

_NOT_TRAITS = frozenset(
    {"transcript", "file", "person", "wave", "date", "format", "encoding", "sha256", "participants"}
    | {"n_turns", "n_participant_words", "n_narratives"}
)


def characteristics(material: Material, person: str | None = None) -> Display:
    """Background, follow-up, number of narratives, perspective at the start and interventions of each case."""
    persons = material.persons if person is None else (person,)
    names = [name for name in material.interviews.columns if name not in _NOT_TRAITS]
    traits = [_trait_name(name) for name in names] + [
        say(f"display.1.{key}") for key in ("followed", "narratives", "perspective", "interventions")
    ]
    cases = [[*(_fact(material, case, name) for name in names), *_course(material, case)] for case in persons]
    corner = say("display.1.trait") if len(persons) <= _MOST_COLUMNS else say("display.person")
    if len(persons) <= _MOST_COLUMNS:
        columns = (corner, *persons)
        rows = tuple((Cell(trait), *(case[place] for case in cases)) for place, trait in enumerate(traits))
    else:
        columns = (corner, *traits)
        rows = tuple((Cell(name), *case) for name, case in zip(persons, cases, strict=True))
    notes = (say("display.1.note"),)
    return Display(1, say("display.1.title"), columns, rows, 1, notes, labels=material.labels)


def _trait_name(name: str) -> str:
    """The attribute's heading as people read it; unknown ones as they stand in the table."""
    try:
        return say(f"display.attribute.{name}")
    except KeyError:
        return name


def _fact(material: Material, person: str, name: str) -> Cell:
    told = material.held(person)[name].dropna().map(_plain)
    return Cell(" → ".join(told[told != told.shift()]) or MISSING)


def _plain(value: object) -> str:
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole else str(value)  # type: ignore[call-overload]


def _course(material: Material, person: str) -> list[Cell]:
    rows = material.of_person(person)
    return [
        Cell(_follow_up(material, person)),
        Cell(str(len(rows)), tuple(rows["narrative_id"])),
        _perspective(material, rows),
        _interventions(material, person),
    ]


def _follow_up(material: Material, person: str) -> str:
    """Number of interviews, dates, and waves that this person lacks between or before those held, or did not reach."""
    held = material.held(person)
    parts = [say("display.1.interviews", count=len(held))]
    dates = pd.to_datetime(held["date"], errors="coerce").dropna() if "date" in held else pd.Series(dtype=object)
    if len(dates):
        first, last = dates.min(), dates.max()
        months = round((last - first).days / 30.44)
        parts.append(say("display.1.months", first=first.date(), last=last.date(), months=months))
    mine = set(held["wave"].dropna().astype(int))
    lacking = [wave for wave in material.waves if wave not in mine]
    missing = ", ".join(str(wave) for wave in lacking if wave < max(mine, default=0))
    parts += [say("display.1.missing", waves=missing)] if missing else []
    if any(wave > max(mine, default=0) for wave in lacking):
        parts.append(say("display.1.until", wave=max(mine, default="?")))
    return "; ".join(parts)


def _perspective(material: Material, rows: pd.DataFrame) -> Cell:
    identity = material.codebook.with_role("identity")
    if identity is None or rows.empty:
        return Cell(MISSING)
    ranked = [code.name for code in identity.codes if code.rank is not None]
    first = rows[(rows["wave"] == rows["wave"].min()) & rows[identity.name].isin(ranked)]
    if first.empty:
        return Cell(say("display.no_narratives_here"))
    sure = first[f"{identity.name}_p"] if f"{identity.name}_p" in first else pd.Series(1.0, index=first.index)
    return Cell(quotes=(material.quote(str(first.loc[sure.idxmax(), "narrative_id"]), (identity,)),))


def _interventions(material: Material, person: str) -> Cell:
    """What is told of as had, going on or to come, with each of these in words; nothing else."""
    table = material.interventions
    if table is None:
        return Cell(MISSING)
    theirs = table[(table["person"] == person) & table["tense"].isin(_TAKEN)]
    told = theirs.groupby("intervention", sort=False)["tense"].agg(_in_words)
    shown = joined(f"{name} ({tenses})" for name, tenses in told.items())
    return Cell(shown, tuple(dict.fromkeys(theirs["narrative_id"])))


def _in_words(tenses: pd.Series) -> str:
    """Tenses in the order of telling, each only where it differs from the one before."""
    return " → ".join(say(f"display.tense.{tense}") for tense in tenses[tenses != tenses.shift()])
