"""Is a review sheet still the sample that was drawn? Its probabilities must stand for all narratives together.

Where strata are drawn from by chance, one over the probability, added up over the sample, is the number of all
narratives. More than that: a probability was changed, and a single one can turn a verdict. Less: rows are missing.
"""

from __future__ import annotations

import pandas as pd

from narratives.measuring.rows import PARTICIPANT, rows_of_line
from narratives.messages import say
from narratives.transcript import Problem

__all__ = ["without_changed"]

_MORE, _MUCH_MORE, _LESS = 1.005, 1.02, 0.98
_SHOWN = ["narrative_id", "probability", "place"]


def without_changed(
    sheet: pd.DataFrame,
    narratives: pd.DataFrame,
    file: str,
    interviews: pd.DataFrame | None = None,
    *,
    complete: bool = True,
) -> tuple[pd.DataFrame, list[Problem]]:
    """The rows whose probability can be that of the draw, and a sentence for each other and for rows that are missing.

    Args:
        sheet: ``narrative_id``, ``probability`` (0-1) and ``place``, a row per narrative and coder.
        narratives: the study's table, from which it was drawn.
        file: name of the sheet.
        interviews: tells of whom professionals speak.
        complete: whether no row was taken out already; else missing ones are no news.
    """
    roles = narratives.get("role", pd.Series(PARTICIPANT, index=narratives.index)).fillna(PARTICIPANT)
    line_of = dict(zip(narratives["narrative_id"].astype(str), roles.astype(str), strict=True))
    parts, problems = [sheet[:0]], []
    for line, theirs in sheet.groupby(sheet["narrative_id"].map(line_of), sort=False):
        total = len(rows_of_line(narratives, str(line), interviews))
        changed = _changed(theirs, total)
        problems += [_problem(file, *row) for row in theirs.loc[changed, _SHOWN].itertuples(index=False)]
        parts.append(theirs[~changed])
        problems += _doubts(parts[-1], total, file, complete and not changed.any())
    return pd.concat(parts).sort_index(), problems


def _stands_for(sheet: pd.DataFrame) -> float:
    """How many narratives the sample stands for."""
    return float((1 / sheet.drop_duplicates("narrative_id")["probability"]).sum())


def _changed(sheet: pd.DataFrame, total: int) -> pd.Series:
    """Rows with a probability that no other narrative has, where the sample stands for more than there is."""
    once = sheet.drop_duplicates("narrative_id")["probability"].round(9).value_counts()
    alone = sheet["probability"].round(9).map(once).eq(1) & sheet["probability"].lt(1)
    return alone & (_stands_for(sheet) > _MORE * total)


def _problem(file: str, narrative_id: str, probability: float, place: str) -> Problem:
    message = say("review.changed_probability", id=narrative_id, value=f"{probability:g}")
    return Problem(file, "review", message, place)


def _doubts(sheet: pd.DataFrame, total: int, file: str, complete: bool) -> list[Problem]:
    """A sentence if the sample stands for many more or fewer narratives than there are."""
    count = _stands_for(sheet)
    key = "review.too_many" if count > _MUCH_MORE * total else "review.rows_missing"
    if key == "review.rows_missing" and (not complete or count >= _LESS * total):
        return []
    return [Problem(file, "review", say(key, count=round(count), total=total))]
