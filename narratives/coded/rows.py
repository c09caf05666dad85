"""Files to rows: JSON Lines, CSV (Danish Excel's too), TSV and XLSX, each row with its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from narratives.errors import CodedDataError, MetadataError
from narratives.messages import say
from narratives.reading.cells import read_raw_cells

__all__ = ["TABLE_SUFFIXES", "Row", "read_rows"]

TABLE_SUFFIXES = (".jsonl", ".csv", ".tsv", ".xlsx")

Certainties = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by column name (empty cells left out), where it stands, and which columns are empty there."""

    cells: Mapping[str, str]
    place: str
    empty: tuple[str, ...] = ()


def read_rows(path: Path) -> list[Row]:
    """All rows of a table, in order; wholly empty ones left out.

    JSON records are flattened: ``codes`` becomes one column per variable, ``certainty`` one column
    ``VARIABLE_certainty`` each.

    Raises:
        CodedDataError: if the file is missing, of another kind, or broken at a line it names.
    """
    readers = {".jsonl": _read_jsonl, ".csv": _read_table, ".tsv": _read_table, ".xlsx": _read_table}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise CodedDataError(say("coded.unknown_kind", file=path, kinds=", ".join(TABLE_SUFFIXES)))
    try:
        rows = reader(path)
    except FileNotFoundError as error:
        raise CodedDataError(say("coded.no_file", file=path)) from error
    return [row for row in rows if row.cells]


def _read_jsonl(path: Path) -> list[Row]:
    rows = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        place = f"{path.name} {number}"
        try:
            record = json.loads(line.decode("utf-8-sig"))
        except ValueError as error:
            raise CodedDataError(say("coded.bad_json", file=path, line=number)) from error
        if not isinstance(record, dict):
            raise CodedDataError(say("coded.bad_json", file=path, line=number))
        rows.append(_row(_flattened(record), place))
    return rows


def _flattened(record: dict[str, Any]) -> dict[str, Any]:
    """Nested ``codes`` and ``certainty`` as columns of their own; other nested values left out."""
    plain = {key: value for key, value in record.items() if not isinstance(value, (dict, list))}
    codes = record.get("codes")
    certainty = record.get("certainty")
    if isinstance(codes, dict):
        plain |= codes
    if isinstance(certainty, dict):
        plain |= {f"{variable}_certainty": value for variable, value in certainty.items()}
    return plain


def _read_table(path: Path) -> list[Row]:
    if not path.exists():
        raise FileNotFoundError(path)
    try:
        records, _ = read_raw_cells(path)
    except MetadataError as error:
        is_workbook = path.suffix.casefold() == ".xlsx"
        raise CodedDataError(say("coded.bad_xlsx", file=path) if is_workbook else str(error)) from error
    return _table(records, path)


def _table(records: list[list[str]], path: Path) -> list[Row]:
    """Rows under the first line that is not blank; places count rows as a spreadsheet shows them."""
    first = next((index for index, record in enumerate(records) if any(map(str.strip, record))), None)
    if first is None:
        return []
    header = [name.strip() for name in records[first]]
    named = [name for name in header if name]
    if len(set(named)) < len(named):
        raise CodedDataError(say("coded.column_twice", file=path, columns=", ".join(named)))
    return [
        _row(dict(zip(header, record, strict=False)), f"{path.name} {number}")
        for number, record in enumerate(records[first + 1 :], start=first + 2)
    ]


def _row(record: dict[str, Any], place: str) -> Row:
    cells = _cells(record)
    return Row(cells, place, tuple(name for name in record if name and name not in cells))


def _cells(record: dict[str, Any]) -> dict[str, str]:
    """Cells as stripped text, without empty ones and without columns that have no name."""
    texts = {str(key): str(value).strip() for key, value in record.items() if key and value is not None}
    return {key: value for key, value in texts.items() if value}
