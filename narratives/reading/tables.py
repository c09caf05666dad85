"""Tables with a row for each turn: csv, tsv and xlsx, as Danish Excel and others write them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from narratives.reading.columns import Columns, Row, by_headings, by_shape, headings, utterances
from narratives.reading.cues import name_speakers
from narratives.reading.refusals import note, unreadable
from narratives.reading.source import Source, render
from narratives.reading.text import read_decoded, read_text

__all__ = ["read_csv", "read_plain", "read_xlsx"]

_DELIMITERS = ";\t,|"
_SEP = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_FEWEST_HEADINGS = 3
_LONGEST_CELL = 1 << 26


def read_csv(path: Path) -> Source:
    """A csv or tsv file with a row for each turn.

    Delimiter (semicolon, tab, comma, bar; Excel's ``sep=;`` line) and columns are found from the file.

    Raises:
        UnreadableFile: if it is not text, or has no columns for speaker and text.
        csv.Error: if it is not a table at all (:func:`extract` words it).
    """
    text, encoding = read_decoded(path)
    told = _SEP.match(text)
    body = text[told.end() :] if told else text
    delimiter = told[1] if told else _delimiter(body)
    csv.field_size_limit(_LONGEST_CELL)
    rows = list(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter))
    return _source(path, [rows], "csv", encoding)


def read_plain(path: Path) -> Source:
    """A ``.txt`` file: a table with tabs where its headings say so (NVivo exports transcripts in this way), else text.

    Raises:
        UnreadableFile: if it is not text.
    """
    text, encoding = read_decoded(path)
    rows = [line.split("\t") for line in text.splitlines() if line.strip()]
    columns = by_headings(rows)
    if columns is None or columns.speaker is None or len(rows[columns.first - 1]) < _FEWEST_HEADINGS:
        return read_text(path)
    return _source(path, [rows], "txt", encoding)


def _delimiter(text: str) -> str:
    """The delimiter that splits the first lines into most columns, the same number in each."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:20]

    def width(delimiter: str) -> tuple[int, int]:
        rows = list(csv.reader(lines, delimiter=delimiter))
        first = len(rows[0]) if rows else 1
        return (sum(len(row) == first for row in rows) if first > 1 else 0, first)

    return max(_DELIMITERS, key=width)


def read_xlsx(path: Path) -> Source:
    """The first sheet of an Excel workbook that has a row for each turn.

    Raises:
        UnreadableFile: if no sheet has columns for speaker and text.
        Exception: whatever openpyxl raises on a broken file (:func:`extract` words it).
    """
    import openpyxl

    with path.open("rb") as file:
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=True)
        sheets = [_rows(sheet) for sheet in workbook.worksheets]
    return _source(path, sheets, "xlsx", "")


def _rows(sheet: Any) -> list[Row]:
    sheet.reset_dimensions()  # some programs write a wrong size, at which reading would stop
    return [[_shown(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def _shown(cell: object) -> str:
    """A cell as text; clock times count from the start of the recording, whatever Excel takes them for."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        cell = cell.time()
    if isinstance(cell, time):
        return f"{cell.hour:02d}:{cell.minute:02d}:{cell.second:02d}"
    if isinstance(cell, timedelta):
        return str(cell.total_seconds())
    return str(cell)


def _source(path: Path, sheets: Sequence[Sequence[Row]], format_: str, encoding: str) -> Source:
    """The first sheet that reads as turns."""
    for rows in sheets:
        filled = [row for row in rows if any(cell.strip() for cell in row)]
        columns = by_headings(filled) or by_shape(filled)
        if columns is None:
            continue
        found = name_speakers(list(utterances(filled, columns)))
        if found.named:
            text, turns = render(found.utterances)
            notes = (note(path, "columns", **_names(filled, columns)),)
            return Source(text, format_, encoding, turns, notes)
    seen = "; ".join(heading[:30] for rows in sheets for heading in headings(rows)[:8]) or "–"
    raise unreadable(path, "no_columns", headings=seen)


def _names(rows: Sequence[Row], columns: Columns) -> dict[str, str]:
    """What the columns are called: their heading, or their number (from 1) in a table without headings."""

    def name(column: int | None) -> str:
        if column is None:
            return "–"
        heading = rows[columns.first - 1] if columns.first else ()
        return heading[column].strip() if column < len(heading) else str(column + 1)

    return {"speaker": name(columns.speaker), "text": name(columns.text), "time": name(columns.time)}
