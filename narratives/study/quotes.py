"""Coding ready-made quotes in a table: every input column kept, the codes added, rows in order."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from narratives.classify import DEFAULT_MODEL, Classifier, load_classifier
from narratives.errors import ReadingError
from narratives.messages import say
from narratives.progress import progress_bar
from narratives.reading.cells import TABLE_SUFFIXES, Dialect, read_raw_cells
from narratives.study.writing import write_csv, write_excel

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["TEXT_COLUMNS", "Classified", "classify_table", "code_texts", "find_text_column"]

TEXT_COLUMNS = ("text", "tekst", "citat", "quote", "narrativ", "narrative", "udsagn", "svar")
"""Headings taken as the text column when none is named, in this order."""

_EXPORTED = ".txt"
"""What spreadsheets call a table with tabs; transcripts are called so, too."""


@dataclass(frozen=True, slots=True)
class Classified:
    """What was written.

    Attributes:
        rows: number of rows, as many as came in.
        text_column: heading of the column that was coded.
        blank: row numbers (in the file, heading included) without text: their codes are empty.
        model: name of the model.
    """

    rows: int
    text_column: str
    blank: tuple[int, ...]
    model: str

    @property
    def coded(self) -> int:
        """Number of rows that got codes."""
        return self.rows - len(self.blank)


def classify_table(
    table: Path,
    output: Path,
    *,
    text_column: str | None = None,
    model: str | Path = DEFAULT_MODEL,
    show_progress: bool = True,
) -> Classified:
    """Code the quotes of a CSV or Excel table, and write the table with the codes beside them.

    The output is an Excel workbook if its name ends so; otherwise CSV in the dialect of the input
    (a table from Danish Excel comes back with semicolons and decimal commas).

    Raises:
        ReadingError: if it is no table, a text column cannot be found in it, or no row has any text.
        ModelError: if the model cannot be loaded.
    """
    rows, dialect = _read(table)
    column = find_text_column(rows[0][1], text_column, str(table))
    frame = _framed(rows, table)
    texts = list(frame.iloc[:, rows[0][1].index(column)])  # another column may be called alike
    blank = tuple(number for (number, _), text in zip(rows[1:], texts, strict=True) if not text.strip())
    if len(blank) == len(frame):
        raise ReadingError(say("classify.nothing_to_code", file=table, column=column))
    classifier = load_classifier(model)
    coded = code_texts(texts, classifier, show_progress=show_progress)
    _check_free(list(frame.columns), list(coded.columns), table.name)
    _write(frame, coded, output, dialect)
    return Classified(len(frame), column, blank, classifier.name)


def code_texts(texts: Sequence[str], classifier: Classifier, *, show_progress: bool = True) -> pd.DataFrame:
    """The columns V, V_p, V_p_<code>, needs_review and flags for each text; blank texts get none of the codes."""
    filled = [index for index, text in enumerate(texts) if text.strip()]
    with progress_bar(say("classify.progress"), len(filled), show=show_progress) as advance:
        predictions = classifier.predict([texts[index] for index in filled], progress=lambda n: advance("", n))
    coded = predictions.to_frame()
    coded["needs_review"] = predictions.needs_review()
    coded["flags"] = ["long" if count > 1 else "" for count in predictions.windows]
    coded.index = filled
    coded = coded.reindex(range(len(texts)))
    coded["flags"] = coded["flags"].fillna("no text")
    coded["needs_review"] = coded["needs_review"].map({True: "1", False: "0"})
    return coded


def find_text_column(headings: Sequence[str], wanted: str | None, file: str) -> str:
    """The heading of the column to code: the one named, or the first of :data:`TEXT_COLUMNS` there is.

    Raises:
        ReadingError: naming the headings that are there.
    """
    by_name = {heading.strip().casefold(): heading for heading in headings}
    for name in (wanted,) if wanted is not None else TEXT_COLUMNS:
        if name.strip().casefold() in by_name:
            return by_name[name.strip().casefold()]
    key = "classify.no_such_column" if wanted is not None else "classify.no_text_column"
    if wanted is None and file.casefold().endswith(_EXPORTED):
        key = "classify.no_table_inside"
    raise ReadingError(say(key, file=file, wanted=wanted, headings=", ".join(headings)))


def _read(table: Path) -> tuple[list[tuple[int, list[str]]], Dialect]:
    """The rows that hold anything, one at least, with their numbers as spreadsheets show them; cells untouched."""
    if not table.exists():
        raise ReadingError(say("classify.no_table", file=table))
    if table.is_dir() or table.suffix.casefold() not in (*TABLE_SUFFIXES, _EXPORTED):
        raise ReadingError(say("classify.not_a_table", file=table))
    rows, dialect = read_raw_cells(table)
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    if not filled:
        raise ReadingError(say("classify.empty_table", file=table))
    return filled, dialect


def _framed(rows: list[tuple[int, list[str]]], table: Path) -> pd.DataFrame:
    """Rows under the headings of the first."""
    import pandas as pd

    headings = rows[0][1]
    width = len(headings)
    for number, row in rows[1:]:
        if len(row) > width and any(row[width:]):
            raise ReadingError(say("classify.ragged", file=table, row=number, cells=len(row), headings=width))
    body = [[*row[:width], *[""] * (width - len(row))] for _, row in rows[1:]]
    return pd.DataFrame(body, columns=headings, dtype=str)


def _check_free(headings: list[str], added: list[str], file: str) -> None:
    """The table must not already have a column of ours: human and model codes must not mix unmarked."""
    taken = [name for name in added if name in headings]
    if taken:
        raise ReadingError(say("classify.column_taken", file=file, column=taken[0]))


def _write(frame: pd.DataFrame, coded: pd.DataFrame, output: Path, dialect: Dialect) -> None:
    import pandas as pd

    joined = pd.concat([frame, coded], axis=1)
    if output.suffix.casefold() == ".xlsx":
        write_excel(joined, output)
    else:
        write_csv(joined, output, delimiter=dialect.delimiter or ",", excel=dialect.delimiter == ";")
