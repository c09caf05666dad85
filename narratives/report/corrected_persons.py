"""What people's codes change for each person: means and shifts beside the model's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from narratives.agency import Review, corrected_person_shifts, corrected_profiles
from narratives.displays.base import Cell, Display
from narratives.displays.material import Material
from narratives.displays.words import wave_name, waves_from_to
from narratives.measuring.shifts import told_once
from narratives.messages import say
from narratives.report.corrections import corrected_numbers

__all__ = ["CorrectedPersons"]

Row = dict[Any, Any]


@dataclass
class CorrectedPersons:
    """Persons' numbers corrected by a review, measured once for a whole report.

    Attributes:
        material: the line to show.
        review: people's codes.
    """

    material: Material
    review: Review

    @cached_property
    def means(self) -> pd.DataFrame:
        """As :func:`narratives.agency.corrected_profiles`."""
        return corrected_profiles(*self._given, line=self.material.line)

    @cached_property
    def shifts(self) -> pd.DataFrame:
        """As :func:`narratives.agency.corrected_person_shifts`."""
        return corrected_person_shifts(*self._given, line=self.material.line)

    @property
    def _given(self) -> tuple[Any, ...]:
        material = self.material
        return material.narratives, self.review.rows, material.codebook, material.interviews, material.seed

    def everybody(self) -> Display:
        """From first to last wave, a row per person and variable."""
        rows = self.shifts[self.shifts["span"] == "overall"].sort_values(["variable", "person"], kind="stable")
        cells = tuple((self._label(row), Cell(row["person"]), *self._moved(row)) for row in rows.to_dict("records"))
        columns = (say("display.variable"), say("report.review.person"), *_shift_columns())
        return self._display(say("report.review.persons_shifts"), columns, cells)

    def of_person(self, person: str) -> Iterator[Display]:
        """The person's means, then shifts."""
        rows = self.means[(self.means["person"] == person) & (self.means["n"] > 0)]
        cells = tuple(
            (self._label(row), Cell(wave_name(row["wave"])), *corrected_numbers(row)) for row in rows.to_dict("records")
        )
        columns = (say("display.variable"), say("display.wave_column"), *_number_columns())
        yield self._display(say("report.review.person_means"), columns, cells)
        rows = told_once(self.shifts[self.shifts["person"] == person])
        cells = tuple((self._label(row), *self._moved(row)) for row in rows.to_dict("records"))
        yield self._display(say("report.review.person_shifts"), (say("display.variable"), *_shift_columns()), cells)

    def _display(self, title: str, columns: tuple[str, ...], cells: tuple[tuple[Cell, ...], ...]) -> Display:
        notes = (say("report.review.persons_note", count=self.review.coded["narrative_id"].nunique()),)
        return Display(0, title, columns, cells, 2, notes, labels=self.material.labels)

    def _label(self, row: Row) -> Cell:
        return Cell(self.material.codebook[row["variable"]].label)

    def _moved(self, row: Row) -> tuple[Cell, ...]:
        """Waves, numbers, and the verdict by the model and corrected."""
        span = waves_from_to(row["wave_from"], row["wave_to"])
        told = f"{span} ({say('display.8.overall')})" if row["span"] == "overall" else span
        verdicts = [say(f"agency.verdict.{row[name]}") for name in ("naive_verdict", "verdict")]
        return (Cell(told), *corrected_numbers(row, signed=True), Cell(verdicts[0]), Cell(verdicts[1]))


def _number_columns() -> tuple[str, ...]:
    return tuple(say(f"report.review.{name}") for name in ("reviewed", "both"))


def _shift_columns() -> tuple[str, ...]:
    verdicts = (say("report.review.naive_verdict"), say("report.review.verdict"))
    return (say("display.8.waves"), *_number_columns(), *verdicts)
