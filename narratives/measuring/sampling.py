"""Drawing narratives for people to code, each with the probability with which it was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narratives.codebook import Codebook
from narratives.errors import StudyError
from narratives.files import writing
from narratives.measuring.rows import PARTICIPANT, rows_of_line
from narratives.messages import say
from narratives.study.writing import write_csv, write_excel

__all__ = ["draw_sample", "review_sheet", "write_review"]

_STRATA = ("wave", "person", "transcript", "speaker")
"""Columns of narratives that are offered to whoever names one that there is not."""
_FEWEST = 2
"""At least so many from each stratum: from one alone no error can be estimated."""


def draw_sample(
    narratives: pd.DataFrame,
    size: int,
    *,
    by: Sequence[str] = (),
    seed: int = 0,
    line: str = PARTICIPANT,
    interviews: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Draw narratives by chance, without replacement, in chance order.

    Args:
        narratives: the study's table.
        size: how many; all of them where there are not more. A little more where the strata ask for it.
        by: columns of the narratives, or of the interviews, whose values make strata; each gives its share, and two
            at least. () draws from all alike.
        seed: the same seed draws the same narratives.
        line: whose narratives.
        interviews: tells of whom professionals speak (``transcript``, ``person``), and may hold columns of ``by``.

    Returns:
        their rows with a column ``probability``, that with which each was drawn (0-1).

    Raises:
        StudyError: if the tables lack a column of ``by``, ``size`` is below 1, or there are no narratives.
    """
    rows = rows_of_line(narratives, line, interviews)
    keys = _keys(rows, by, interviews)
    if size < 1 or rows.empty:
        raise StudyError(say("sample.nothing", size=size, count=len(rows)))
    strata = keys.groupby(list(by), dropna=False, sort=True).ngroup().to_numpy() if by else np.zeros(len(rows), int)
    counts = np.bincount(strata)
    wanted = _allocated(counts, size)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(rows))
    rank_inside = pd.Series(strata[order]).groupby(strata[order]).cumcount().to_numpy()
    drawn = order[rank_inside < wanted[strata[order]]]
    return rows.iloc[drawn].assign(probability=(wanted / counts)[strata[drawn]]).reset_index(drop=True)


def _keys(rows: pd.DataFrame, by: Sequence[str], interviews: pd.DataFrame | None) -> pd.DataFrame:
    """The columns of ``by`` for each row, from the interviews where the narratives lack them."""
    held = pd.DataFrame() if interviews is None else interviews.drop_duplicates("transcript").set_index("transcript")
    keys = {}
    for name in by:
        if name not in rows and name not in held:
            columns = dict.fromkeys(map(str, [*_STRATA, *held.columns]))
            raise StudyError(say("sample.no_column", column=name, columns=", ".join(columns)))
        keys[name] = rows[name] if name in rows else rows["transcript"].map(held[name])
    return pd.DataFrame(keys, index=rows.index)


def _allocated(counts: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """How many from each stratum: in proportion, largest remainders rounded up, two at least, none beyond all."""
    exact = counts * min(size, counts.sum()) / counts.sum()
    wanted = np.floor(exact).astype(np.int64)
    left = round(exact.sum()) - int(wanted.sum())
    wanted[np.argsort(-(exact - wanted), kind="stable")[:left]] += 1
    return np.minimum(np.maximum(wanted, _FEWEST), counts)


def review_sheet(
    sample: pd.DataFrame, codebook: Codebook, *, coder: str = "", show_codes: bool = False
) -> pd.DataFrame:
    """The table that a coder fills in; blind unless ``show_codes``, so that the model cannot lead them.

    Args:
        sample: from :func:`draw_sample`.
        codebook: its variables become empty columns.
        coder: name to put in the column ``coder``.
        show_codes: also give the model's codes, as ``model_<V>``.

    Returns:
        ``narrative_id``, ``probability``, ``question``, ``text``, a column per variable, ``coder``, ``remark``.
    """
    sheet = sample[["narrative_id", "probability"]].copy()
    sheet["question"] = sample.get("question", "")
    sheet["text"] = sample["text"]
    for name in codebook.names:
        sheet[name] = ""
    if show_codes:
        for name in codebook.names:
            sheet[f"model_{name}"] = sample[name]
    return sheet.assign(coder=coder, remark="")


def write_review(sheet: pd.DataFrame, path: Path, codebook: Codebook) -> None:
    """Write a review sheet as CSV, or as a workbook in which the codes are chosen from lists.

    Raises:
        StudyError: if the suffix is neither .csv nor .xlsx, or the file is there already: it may hold
            hours of coding.
    """
    if path.suffix.casefold() not in (".csv", ".xlsx"):
        raise StudyError(say("sample.suffix", file=path))
    if path.exists():
        raise StudyError(say("sample.exists", file=path))
    if path.suffix.casefold() == ".csv":
        write_csv(sheet, path)
        return
    write_excel(sheet, path)
    _add_lists(path, list(sheet.columns), len(sheet), codebook)


def _add_lists(path: Path, columns: Sequence[str], count: int, codebook: Codebook) -> None:
    """Put the codes with their definitions on a second sheet, and a drop-down list into each code cell."""
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = load_workbook(path)
    sheet, codes = book.worksheets[0], book.create_sheet(say("sample.codes_sheet"))
    row = 1
    for variable in codebook.variables:
        first = row
        for code in variable.codes:
            codes.append([variable.name, code.name, code.definition])
            row += 1
        place = f"'{codes.title}'!$B${first}:$B${row - 1}"
        choice = DataValidation(type="list", formula1=place, allow_blank=True, showErrorMessage=True)
        choice.error = say("sample.not_listed", variable=variable.name)[:255]
        letter = get_column_letter(columns.index(variable.name) + 1)
        choice.add(f"{letter}2:{letter}{count + 1}")
        sheet.add_data_validation(choice)
    _shape(sheet, columns)
    with writing(path) as temporary:
        book.save(temporary)


def _shape(sheet: object, columns: Sequence[str]) -> None:
    """Wide, wrapped text; narrow rest."""
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    for place, name in enumerate(columns, start=1):
        wide = {"text": 80, "question": 30, "remark": 30}.get(name, 16)
        sheet.column_dimensions[get_column_letter(place)].width = wide  # type: ignore[attr-defined]
        if name in ("text", "question"):
            for (cell,) in sheet.iter_rows(min_row=2, min_col=place, max_col=place):  # type: ignore[attr-defined]
                cell.alignment = Alignment(wrap_text=True, vertical="top")
