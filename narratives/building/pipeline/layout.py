"""Tables of one word a line with a blank line between sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def rows_to_sentences(lines: Iterable[str]) -> Iterator[list[list[str]]]:
    """Tab-separated rows grouped into sentences.

    Args:
        lines: The lines of a CoNLL-like file; lines that start with ``"# "`` are comments.

    Yields:
        The cells of each row, sentence by sentence; never an empty sentence.
    """
    rows: list[list[str]] = []
    for raw in lines:
        line = raw.rstrip("\n")
        if line.startswith("# ") and "\t" not in line:
            continue
        if line.strip():
            rows.append(line.split("\t"))
        elif rows:
            yield rows
            rows = []
    if rows:
        yield rows
