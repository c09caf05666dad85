"""What the page of simulations says around its tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from narratives.measuring.simulated import ACCURATE, POPULATION, UNEVEN
from narratives.measuring.simulated_studies import FEWEST, MOST, PERSONS, REVIEWED, WAVES
from narratives.measuring.target import target_met

__all__ = ["as_markdown", "page_of", "read_tables"]

CONCLUSIONS = """Of 1,000 studies for each row:

- **Corrected by a review**, the intervals of persons' means and shifts cover 94-97 % in every row, whether the model
  is calibrated, weak, too sure of itself, or drifts; so do those of groups. Eighty reviewed narratives cost little
  power (with few narratives they add some, since reviewed ones are known), and a drifting model's false gains and
  losses fall from one in ten of the unchanged (20 narratives a wave) to under one in twenty.
- **By the model's codes alone**, a calibrated model's intervals cover 94-97 % in whole studies and with 8-20
  narratives per wave; with 3 narratives, or a weak model and 5, they cover up to 98.5 %, wider than need be.
  Student's t and the percentile bootstrap of the winning codes fall short, the more so the weaker the model.
- An **overconfident** model makes its own intervals too short (88-94 % from 5 narratives per wave on), and one that
  **drifts** between waves bends shifts, the more surely the more narratives there are. Nothing in the coded table can
  show either; a review does. So temperature scaling is not optional, a model should not code texts unlike those on
  which it was calibrated, and what is published should be corrected.
- The corrections of persons take it that the model errs alike for all persons of a wave. Where it **drifts for half
  of the persons** only, they still cover {uneven_means} % (means) and {uneven_shifts} % (shifts), the model alone
  {alone_means} % and {alone_shifts} %. That is over all persons: those for whom it drifts stay 0.05-0.1 ranks too low,
  the others are lifted as much too high, so persons whom a model may suit differently should not be compared by these.
  Groups' corrections take nothing of the kind for granted.
- All variables here have three ranked codes. Where many narratives have a code without a rank, the corrected intervals
  of persons are wider than need be (97-99 % in a smaller simulation of 150 studies).
- A gain or loss is claimed for at most 5.1 % of the unchanged where corrected, for up to 10 % by a drifting model
  alone, and in the wrong direction for about 1 % at most. The price is power: with an accurate model and 8
  narratives per wave a change of 0.5 to 1 rank is found in one person of three, of more than 1 rank in seven of ten,
  with a weak one (corrected) in 28 and 60 %; "undecided" is the most frequent verdict throughout, and "stable" needs
  20 or more narratives.
- The mean itself (not its interval) leans towards the middle where codes are unsure, so differences look smaller
  than they are: by a third (accurate) to a half (weak) in the group table. The corrected ones do not.
- For groups, the naive interval covers between 11 and 86 %, the corrected one 93.7-96.1 %, at about twice the
  width with 80 reviewed narratives of 320.
- A turning point of a whole rank is found in two of five persons with 16 narratives, in two of three with 32. False
  alarms stay near 5 % for each person and variable. Narratives are taken as independent of their neighbours; where a
  topic runs through several, false alarms will be more.
- Persons, narratives and errors were drawn independently here, and reviewers took to be right. Two narratives of one
  episode are not independent, and no interval here knows of what was never told."""

_PAGE = """# Simulated studies with known truth

Made by `{command}` ({studies:,} simulated studies for each row; seeds fixed). Three ranked codes; persons'
true shares are drawn around the population's {population}; from one wave to the next half of the persons do not
change. The simulated classifiers have error matrices for easy and hard narratives. Coverage should be 95.

*model*: the model's codes alone (`narratives.agency.profiles`, `shifts`: Dirichlet posterior with drawn codes).
*corrected*: the same after {reviewed} narratives were reviewed, as many from each wave (26 of each of three;
`corrected_profiles`, `corrected_person_shifts`, written by `narratives track --review`).

## Whole studies

Each study has {persons} persons, as the source study, in {waves} waves, with {fewest} to {most} narratives in each
interview. Its tables are made by the functions that users call, and it knows nothing but its own narratives. Coverage
of the intervals of persons' means in each wave and of their shifts (from wave to wave, and first to last), then the
verdicts on shifts: errors, power, and how many stay undecided. Per cent.

{whole}

## Intervals of persons' means and shifts, by number of narratives

Studies of 20 persons in two waves of n narratives. *t*: Student's t on the narratives' probabilities. *bootstrap*:
percentile bootstrap of the most probable codes. Persons *alike* have shares near the population's, *extreme*
ones nearly one code only. With n = 3 and 5, the {reviewed} reviewed are most of the narratives or two in five.

{coverage}

## Verdicts, by number of narratives

Per cent of persons, model / corrected; the first columns are errors, then power. Change in ranks on a scale of 0
to 2; the margin is half a rank.

{verdicts}

## Turning points

Per cent of series of one person (classifier {accurate}) in which a turning point is found, without any change
(false alarms, at most 5 wanted; four times as many series) and with one change of the mean in the middle.

{turning}

## Groups: naive and corrected

Each study has 20 persons, two waves, 8 narratives in each, a true shift of +0.30 ranks in the population, and
80 reviewed narratives drawn by `narratives sample --by wave`. Naive: the model's probabilities with an interval
clustered by person. Corrected: `narratives.agency.corrected_means`, `corrected_shifts`, which hold whatever the
model does.

{corrections}

## Where the target is met

Intervals should cover the truth in 95 % +- 2 of the studies. Computed from the tables above; in brackets the number
of narratives per wave, or the quantity.

{target}

## What holds and what does not

{conclusions}
"""


def page_of(tables: Sequence[pd.DataFrame], studies: int) -> str:
    """The page in Markdown.

    Args:
        tables: in the order in which they stand there: whole studies, coverage, verdicts, turning points, groups.
        studies: how many for each row.
    """
    whole, coverage, decided, turning, corrections = (as_markdown(table) for table in tables)
    return _PAGE.format(
        command="python -m narratives.measuring.simulation",
        studies=studies,
        population=" / ".join(f"{share:.2f}" for share in POPULATION),
        whole=whole,
        persons=PERSONS,
        waves=WAVES,
        fewest=FEWEST,
        most=MOST,
        reviewed=REVIEWED,
        coverage=coverage,
        verdicts=decided,
        accurate=ACCURATE.name,
        turning=turning,
        corrections=corrections,
        target=target_met(tables[1], tables[0], tables[4]),
        conclusions=CONCLUSIONS.format(**_uneven(tables[0])),
    )


def _uneven(whole: pd.DataFrame) -> dict[str, str]:
    """Coverage where a model drifts for some persons only, from the table of whole studies."""
    rows = whole[whole["classifier"] == UNEVEN.name].set_index("codes")
    return {
        f"{word}_{name}": str(rows.loc[kind, f"coverage of {name}"])
        for word, kind in (("alone", "model"), ("uneven", "corrected"))
        for name in ("means", "shifts")
    }


def as_markdown(table: pd.DataFrame) -> str:
    """A table in Markdown, numbers as they stand."""
    lines = ["| " + " | ".join(map(str, table.columns)) + " |", "|" + " --- |" * len(table.columns)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in table.itertuples(index=False)]
    return "\n".join(lines)


def read_tables(page: str) -> list[pd.DataFrame]:
    """The tables of a page in Markdown, every cell as text."""
    return [_table(lines) for lines in _blocks(page.splitlines())]


def _blocks(lines: Iterable[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for line in lines:
        if line.startswith("|"):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [block for block in found if block]


def _table(lines: list[str]) -> pd.DataFrame:
    heading, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return pd.DataFrame(rows, columns=heading)
