"""Further coders' codes, kept in tables of their own beside the texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from narratives.coded.records import CodedText, Coding
from narratives.coded.rows import Row
from narratives.messages import say

__all__ = ["add_codings", "coder_tables"]

_STEPS = 3


def coder_tables(folder: Path) -> list[Path]:
    """``second_coding.tsv`` and ``*_coders.tsv`` of a folder, sorted."""
    return sorted([*folder.glob("second_coding.tsv"), *folder.glob("*_coders.tsv")])


def add_codings(texts: Sequence[CodedText], rows: Sequence[Row], name: str) -> tuple[list[CodedText], list[str]]:
    """Add the codings of a table with the columns id, [coder], VARIABLE, VARIABLE_sikkerhed (1-3).

    A table that names its coders holds the individual codings behind the codes in the text file, so
    for the variables it covers it replaces them; one that does not is one more coder.

    Returns:
        The texts, and one sentence on what was added (none if no text was concerned).
    """
    individual = any("coder" in row.cells for row in rows)
    further: dict[str, list[Coding]] = {}
    for row in rows:
        further.setdefault(row.cells.get("id", ""), []).append(_coding(row, name))
    touched = [text for text in texts if text.id in further]
    result = [_joined(text, further.get(text.id, []), individual) for text in texts]
    differ = sum(_differs(text) for text in result if text.id in further)
    said = [say("coded.further_codings", file=name, count=len(touched), differ=differ)] if touched else []
    return result, said


def _coding(row: Row, name: str) -> Coding:
    fixed = {"id", "coder", "person", "set", "text"}
    ends = ("_sikkerhed", "_certainty")
    codes = {key: value for key, value in row.cells.items() if key not in fixed and not key.endswith(ends)}
    sure = {
        variable: int(row.cells[variable + end]) / _STEPS
        for variable in codes
        for end in ends
        if row.cells.get(variable + end, "").isdigit()
    }
    return Coding(row.cells.get("coder", Path(name).stem), codes, sure)


def _joined(text: CodedText, further: list[Coding], replacing: bool) -> CodedText:
    if not further:
        return text
    if not replacing:
        return replace(text, codings=(*text.codings, *further))
    covered = {variable for coding in further for variable in coding.codes}
    left = [
        Coding(c.coder, {v: code for v, code in c.codes.items() if v not in covered}, c.certainty) for c in text.codings
    ]
    return replace(text, codings=(*(coding for coding in left if coding.codes), *further))


def _differs(text: CodedText) -> bool:
    names = {variable for coding in text.codings for variable in coding.codes}
    return any(len(text.shares(variable)) > 1 for variable in names)
