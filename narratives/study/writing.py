"""Writing and reading tables: CSV, parquet, and the workbook that Danish Excel opens on a double click."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.errors import StudyError
from narratives.files import writing
from narratives.messages import say
from narratives.study.folder import StudyFolder

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "TABLE_SUFFIXES",
    "read_csv",
    "read_table",
    "rewrite_table",
    "write_csv",
    "write_excel",
    "write_forms",
    "write_parquet",
    "write_table",
]

TABLE_SUFFIXES = (".csv", ".parquet", ".xlsx")

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST_CELL = 32_767
_NAMES = {"person": str, "transcript": str, "file": str, "date": str, "speaker": str, "narrative_id": str}
"""Columns that are names even where they look like numbers: person 07 is not 7."""


def write_csv(frame: pd.DataFrame, path: Path, *, delimiter: str = ",", excel: bool = False) -> None:
    """A heading row and UTF-8; missing values are empty cells.

    Args:
        excel: as Danish Excel writes it: byte order mark and decimal comma.
    """
    encoding, decimal = ("utf-8-sig", ",") if excel else ("utf-8", ".")
    with writing(path) as temporary:
        frame.to_csv(temporary, index=False, sep=delimiter, encoding=encoding, decimal=decimal, lineterminator="\n")


def read_csv(path: Path) -> pd.DataFrame:
    """A table written by :func:`write_csv`.

    Raises:
        StudyError: if it is missing or damaged.
    """
    import pandas as pd

    try:
        return pd.read_csv(path, encoding="utf-8", keep_default_na=False, na_values=[""], dtype=_NAMES)
    except (OSError, ValueError) as error:
        raise StudyError(say("study.table_unreadable", file=path)) from error


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """The same table with its types kept."""
    with writing(path) as temporary:
        frame.to_parquet(temporary, index=False)


def read_table(path: Path) -> pd.DataFrame:
    """A table in any of :data:`TABLE_SUFFIXES`.

    Raises:
        StudyError: if it is missing or damaged.
    """
    import pandas as pd

    if path.suffix == ".csv":
        return read_csv(path)
    try:
        return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_excel(path, keep_default_na=False)
    except (OSError, ValueError, KeyError) as error:
        raise StudyError(say("study.table_unreadable", file=path)) from error


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table in the form its suffix names."""
    {".csv": write_csv, ".parquet": write_parquet, ".xlsx": write_excel}[path.suffix](frame, path)


def write_forms(folder: StudyFolder, name: str, frame: pd.DataFrame, *, excel: bool = False) -> list[Path]:
    """Write a table of the study as parquet and CSV, and as a workbook if wanted; returns the paths."""
    suffixes = (".parquet", ".csv", ".xlsx") if excel else (".parquet", ".csv")
    paths = [folder.table(name, suffix) for suffix in suffixes]
    for path in paths:
        write_table(frame, path)
    return paths


def rewrite_table(folder: StudyFolder, name: str, frame: pd.DataFrame) -> list[Path]:
    """Write a table again in every form in which the study already has it; returns the paths."""
    paths = [folder.table(name, suffix) for suffix in TABLE_SUFFIXES if folder.table(name, suffix).exists()]
    for path in paths:
        write_table(frame, path)
    return paths


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
