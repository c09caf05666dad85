"""Which code prevails, and in what mixture: in each person, and in how interventions are evaluated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from narratives.displays.base import Cell, Display
from narratives.displays.words import MISSING, counted, number, per_cent, split_ids, wave_name
from narratives.messages import say

if TYPE_CHECKING:
    from narratives.codebook import Variable
    from narratives.displays.material import Material

__all__ = ["dominant_codes", "dominant_display", "evaluations"]


def dominant_codes(material: Material) -> pd.DataFrame:
    """As :func:`narratives.agency.dominant`, of the line that is shown."""
    from narratives.agency import dominant

    told = (material.narratives, material.codebook, material.seed)
    return dominant(*told, line=material.line, interviews=material.interviews)


def dominant_display(material: Material, table: pd.DataFrame, person: str | None = None) -> Display:
    """The most frequent code of each person with its uncertainty, and how mixed the person's narratives are.

    Args:
        material: the study's.
        table: from :func:`dominant_codes`.
        person: whose; None shows everybody.
    """
    table = table if person is None else table[table["person"] == person]
    labels = {variable.name: variable.label for variable in material.ranked}
    heads = ("variable",) if person is not None else ("person", "variable")
    names = ("code", "share", "mixture")
    return Display(
        0,
        say("display.dominant.title"),
        (*(say(f"display.{name}") for name in heads), *(say(f"display.dominant.{name}") for name in names)),
        tuple(_dominant_row(row, labels, everybody=person is None) for row in table.to_dict("records")),
        len(heads),
        (say("display.dominant.note"),),
        labels=material.labels,
    )


def _dominant_row(row: dict[Any, Any], labels: dict[str, str], *, everybody: bool) -> tuple[Cell, ...]:
    ids = split_ids(row["narrative_ids"])
    share = f"{per_cent(row['share'])} [{per_cent(row['low'])};\N{NO-BREAK SPACE}{per_cent(row['high'])}]"
    sure = say("display.dominant.sure", probability=per_cent(row["probability"]))
    shares = ", ".join(_in_per_cent(part) for part in str(row["shares"]).split("; "))
    return (
        *((Cell(str(row["person"])),) if everybody else ()),
        Cell(labels[row["variable"]]),
        Cell(str(row["code"])),
        Cell(f"{share}, {counted(row['n'])}; {sure}", ids),
        Cell(f"{number(row['mixture'])} ({shares})", ids),
    )


def _in_per_cent(told: str) -> str:
    """A code and its share, 0-1, with the share in per cent."""
    code, _, share = told.rpartition(" ")
    return f"{code} {per_cent(float(share))}"


def evaluations(material: Material, person: str) -> Display | None:
    """How a person's narratives that mention an intervention are evaluated, by intervention and wave.

    Returns:
        None where interventions were not looked for, or their narratives have no evaluation.
    """
    table, variable = material.interventions, material.codebook.with_role("evaluation")
    if table is None or variable is None:
        return None
    table = table[table["person"] == person].dropna(subset=["wave", "evaluation"])
    table = table.drop_duplicates(["intervention", "narrative_id"])
    if table.empty:
        return None
    return Display(
        0,
        say("display.evaluations.title"),
        (say("display.4.intervention"), *(wave_name(wave) for wave in material.waves)),
        tuple(
            (Cell(str(name)), *(_evaluated(theirs[theirs["wave"] == wave], variable) for wave in material.waves))
            for name, theirs in table.groupby("intervention", sort=False)
        ),
        notes=(say("display.evaluations.note", variable=variable.label),),
        labels=material.labels,
    )


def _evaluated(rows: pd.DataFrame, variable: Variable) -> Cell:
    """How many narratives evaluate so, in the codebook's order, with the narratives in the same order."""
    codes = dict(zip(rows["narrative_id"], rows["evaluation"], strict=True))
    ids = sorted(codes, key=lambda name: variable.labels.index(codes[name]))
    return Cell(_counts(codes[name] for name in ids), tuple(ids))


def _counts(codes: Iterable[str]) -> str:
    return ", ".join(f"{code} {count}" for code, count in Counter(codes).items()) or MISSING
