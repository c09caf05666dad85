"""Paragraphs and tables of a word processor, laid out as text.

Every paragraph stands alone between blank lines. A table whose rows are turns (speaker and speech, perhaps a time)
becomes labelled paragraphs, as the transcriber could have written them; any other table keeps its reading order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from narratives.reading.columns import Columns, Row, by_headings, by_shape, utterances
from narratives.reading.fields import is_metadata_key

__all__ = ["Block", "Table", "lay_out", "turn_rows"]

Table = tuple[tuple[str, ...], ...]
"""Rows of cells."""

Block = str | Table
"""A paragraph or a table."""

_LONG = 200


def lay_out(blocks: Iterable[Block]) -> str:
    """The text of ``blocks``, paragraphs separated by blank lines."""
    paragraphs = (p for block in blocks for p in ([block] if isinstance(block, str) else _table(block)))
    return "\n\n".join(paragraphs)


def turn_rows(blocks: Iterable[Block]) -> int:
    """How many table rows were read as turns."""
    found = ((block, _turn_columns(block)) for block in blocks if not isinstance(block, str))
    return sum(len(list(utterances(table, columns))) for table, columns in found if columns)


def _turn_columns(table: Table) -> Columns | None:
    """The columns of a table whose rows are turns; None for other tables."""
    columns = by_headings(table)
    if columns and columns.speaker is not None:
        return columns
    facts = sum(is_metadata_key(row[0].strip()) for row in table if row)
    return None if facts > len(table) / 2 else by_shape(table)


def _table(table: Table) -> Iterator[str]:
    columns = _turn_columns(table)
    if columns is not None:
        yield from _turns(table, columns)
    elif any(len(cell) > _LONG or "\n" in cell.strip() for row in table for cell in row):
        yield from (cell.strip() for row in table for cell in row if cell.strip())
    else:
        yield "\n".join(line for row in table if (line := _line(row)))


def _turns(table: Table, columns: Columns) -> Iterator[str]:
    """Rows before the headings as they are, the others as ``[time] Speaker: speech``."""
    yield from (line for row in table[: max(columns.first - 1, 0)] if (line := _line(row)))
    for one in utterances(table, columns):
        stamp = f"[{_clock(one.time)}] " if one.time is not None else ""
        label = f"{one.speaker}: " if one.speaker else ""
        yield f"{stamp}{label}{one.text.strip()}"


def _line(row: Row | Sequence[str]) -> str:
    return "\t".join(cell.strip() for cell in row).rstrip("\t")


def _clock(time: float) -> str:
    whole = int(time)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
