"""Paragraphs and tables of a word processor, laid out as text.

Every paragraph stands alone between blank lines. A table whose rows are turns (speaker and speech, perhaps a time)
becomes labelled paragraphs, as the transcriber could have written them; any other table keeps its reading order.
Headings are marked as Markdown does, so that nobody says them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from narratives.reading.columns import Columns, Row, by_headings, by_shape, utterances
from narratives.reading.fields import is_metadata_key
from narratives.reading.known import key_of, known_role

__all__ = ["Block", "Table", "as_title", "lay_out", "titles_among", "turn_rows"]

Table = tuple[tuple[str, ...], ...]
"""Rows of cells."""

Block = str | Table
"""A paragraph or a table."""

_LONG = 200
_HEAD_ROWS = 3
_QUESTION = ("spørgsmål", "question")
_ANSWER = ("svar", "answer")


def titles_among(headings: Collection[str], paragraphs: Collection[str]) -> frozenset[str]:
    """The headings that are nobody's speech.

    One that comes back, names a role or holds a colon may be a label or a fact, and where hardly anything else stands
    between them, headings are how somebody chose to set what was said.

    Args:
        headings: texts of the paragraphs that are headings by their style.
        paragraphs: texts of all paragraphs that hold any, headings included.
    """
    counts = Counter(paragraphs)
    found = {text for text in headings if counts[text] == 1 and text.strip() and ":" not in text}
    found = {text for text in found if known_role(text) is None}
    return frozenset(found) if len(headings) <= len(paragraphs) / 2 else frozenset()


def as_title(text: str, titles: Collection[str]) -> str:
    """A paragraph, with Markdown's sign before it if it is one of the ``titles``."""
    return f"## {' '.join(text.split())}" if text in titles else text


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
    elif asked := _asked(table):
        yield from _answers(table, *asked)
    elif any(len(cell) > _LONG or "\n" in cell.strip() for row in table for cell in row):
        yield from (cell.strip() for row in table for cell in row if cell.strip())
    else:
        yield "\n".join(line for row in table if (line := _line(row)))


def _asked(table: Table) -> tuple[int, int, int] | None:
    """Row of the headings and the columns of question and answer, in a table with a question per row; else None."""
    for index, row in enumerate(table[:_HEAD_ROWS]):
        names = [key_of(cell).rstrip(":") for cell in row]
        question, answer = (next((names.index(n) for n in words if n in names), None) for words in (_QUESTION, _ANSWER))
        if question is not None and answer is not None:
            return index, question, answer
    return None


def _answers(table: Table, head: int, question: int, answer: int) -> Iterator[str]:
    """Rows of question and answer as two turns each, labelled as the columns are."""
    yield from (line for row in table[:head] if (line := _line(row)))
    for row in table[head + 1 :]:
        for column in (question, answer):
            if column < len(row) and row[column].strip():
                yield f"{table[head][column].strip(' :')}: {row[column].strip()}"


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
