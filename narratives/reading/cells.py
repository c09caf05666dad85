"""Small tables as rows of text: CSV in any of Excel's dialects, and XLSX."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from narratives.errors import MetadataError
from narratives.messages import say
from narratives.reading.text import decode

__all__ = ["TABLE_SUFFIXES", "Dialect", "read_cells", "read_raw_cells", "read_records"]

TABLE_SUFFIXES = (".csv", ".tsv", ".xlsx")
_LONGEST_CELL = 1 << 26


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table was written: what a table made from it should look like.

    Attributes:
        delimiter: the sign between cells; "" for a workbook.
        encoding: as :func:`narratives.reading.text.decode` says it; "" for a workbook.
    """

    delimiter: str = ""
    encoding: str = ""


def read_cells(path: Path) -> list[list[str]]:
    """All rows of a table, cells as trimmed text, dates as yyyy-mm-dd; blank rows as empty lists.

    Raises:
        MetadataError: if the file is no such table.
    """
    rows, _ = read_raw_cells(path)
    return [trimmed if any(trimmed) else [] for row in rows for trimmed in [[cell.strip() for cell in row]]]


def read_raw_cells(path: Path) -> tuple[list[list[str]], Dialect]:
    """All rows of a table with cells as they stand, and the dialect they were written in.

    Raises:
        MetadataError: if the file is no such table.
    """
    try:
        return (_xlsx(path), Dialect()) if path.suffix.casefold() == ".xlsx" else _csv(path)
    except Exception as broken:  # openpyxl raises whatever the damage causes
        raise MetadataError(say("reading.table_unreadable", file=path.name)) from broken


def read_records(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Rows as (row number in the file, values by heading); the first row that is not blank is the heading."""
    rows = [(number, row) for number, row in enumerate(read_cells(path), start=1) if row]
    if not rows:
        return []
    heading = rows[0][1]
    return [
        (number, {head: value for head, value in zip(heading, row, strict=False) if head}) for number, row in rows[1:]
    ]


def _csv(path: Path) -> tuple[list[list[str]], Dialect]:
    text, encoding = decode(path.read_bytes())
    lines = text.splitlines()
    if lines and (declared := lines[0].strip().casefold()).startswith("sep=") and len(declared) == 5:
        text, delimiter = text.split("\n", 1)[1], declared[4]
    else:
        delimiter = _delimiter(next((line for line in lines if line.strip()), ""))
    csv.field_size_limit(_LONGEST_CELL)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    return rows, Dialect(delimiter, encoding)


def _delimiter(heading: str) -> str:
    """The commonest of ; , and tab in the heading, which holds no decimal commas."""
    counts = Counter(sign for sign in heading if sign in ";,\t")
    return counts.most_common(1)[0][0] if counts else ";"


def _xlsx(path: Path) -> list[list[str]]:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write a wrong size, at which reading would stop
        return [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    finally:
        book.close()


def _cell(value: object) -> str:
    """A spreadsheet's value as text: 2.0 is "2", a day is yyyy-mm-dd."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
