"""Writing and reading tables: CSV, parquet, and the workbook that Danish Excel opens on a double click."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.errors import StudyError
from narratives.files import writing
from narratives.messages import say

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_csv", "write_csv", "write_excel", "write_parquet"]

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST_CELL = 32_767


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Comma-separated UTF-8 with a heading row; missing values are empty cells."""
    with writing(path) as temporary:
        frame.to_csv(temporary, index=False, encoding="utf-8", lineterminator="\n")


def read_csv(path: Path) -> pd.DataFrame:
    """A table written by :func:`write_csv`.

    Raises:
        StudyError: if it is missing or damaged.
    """
    import pandas as pd

    try:
        return pd.read_csv(path, encoding="utf-8", keep_default_na=False, na_values=[""])
    except (OSError, ValueError) as error:
        raise StudyError(say("study.table_unreadable", file=path)) from error


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """The same table with its types kept."""
    with writing(path) as temporary:
        frame.to_parquet(temporary, index=False)


def write_excel(frame: pd.DataFrame, path: Path) -> None:
    """A workbook with one sheet: headings fixed, numbers as numbers, text never read as a formula.

    Excel shows numbers with the decimal sign of the machine, so Danish machines show a comma.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.append(list(frame.columns))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row, values in enumerate(frame.itertuples(index=False), start=2):
        for column, value in enumerate(values, start=1):
            _fill(sheet.cell(row, column), value)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    with writing(path) as temporary:
        book.save(temporary)


def _fill(cell: Any, value: Any) -> None:
    """Put a value into a cell; text stays text even where it starts like a formula."""
    import pandas as pd

    if pd.isna(value):
        return
    if isinstance(value, str):
        cell.value = _NOT_IN_XML.sub("\ufffd", value)[:_LONGEST_CELL]
        cell.data_type = "s"
    else:
        cell.value = value.item() if hasattr(value, "item") else value
