"""A figure as plain data: what was measured, on what, with its interval."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import isnan
from typing import Any

__all__ = ["COLUMNS", "Figure"]

COLUMNS = ("part", "variable", "measure", "code", "method", "value", "low", "high", "n")
"""Columns of ``evaluation.csv``, in order."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its 95 % interval.

    Attributes:
        part: of the data.
        variable: of the codebook.
        measure: e.g. "macro_f1"; "macro_f1_ahead" is the model's less the method's.
        value: NaN where the measure is not defined on these texts.
        low, high: bounds of the interval; NaN where there is none.
        n: texts it is counted over.
        method: "model", "coders", the name of a baseline, or "retrained".
        code: for measures of a single code.
    """

    part: str
    variable: str
    measure: str
    value: float
    low: float = float("nan")
    high: float = float("nan")
    n: int = 0
    method: str = "model"
    code: str = ""

    def row(self) -> dict[str, Any]:
        """The figure by column name, None in place of NaN."""
        plain = {name: asdict(self)[name] for name in COLUMNS}
        return {name: None if isinstance(value, float) and isnan(value) else value for name, value in plain.items()}
