"""Reading back what people coded, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from narratives.codebook import Codebook, Variable
from narratives.coded.rows import Row, read_rows
from narratives.errors import StudyError
from narratives.measuring.drawn import without_changed
from narratives.messages import say
from narratives.transcript import Problem

if TYPE_CHECKING:
    from narratives.study import Study

__all__ = ["Review", "check_review", "read_review"]


@dataclass(frozen=True)
class Review:
    """Codes that people gave to a sample of narratives.

    Attributes:
        rows: one row per narrative and coder: ``narrative_id``, ``probability``, ``coder``, and the people's
            code in a column per variable (missing where not coded). A narrative of the sample that is not
            coded, or was rejected, stands here without codes, so that the sample's size stays known.
        problems: one sentence for each row that was rejected, and one if coders are not named.
    """

    rows: pd.DataFrame
    problems: tuple[Problem, ...]

    @property
    def coded(self) -> pd.DataFrame:
        """The rows that hold a code."""
        names = [name for name in self.rows.columns if name not in ("narrative_id", "probability", "coder")]
        return self.rows[self.rows[names].notna().any(axis=1)]


def read_review(path: str | Path, study: Study) -> Review:
    """The codes in a review sheet (CSV or XLSX) of a study; each wrong row is rejected with a sentence.

    Raises:
        CodedDataError: if the file cannot be read.
        StudyError: if it lacks ``narrative_id`` or ``probability``, or no row of it holds a usable code.
    """
    model = study.run.get("model", {})
    name = str(model.get("name", "")) if isinstance(model, Mapping) else str(model)
    return check_review(Path(path), study.narratives, study.codebook, model=name, interviews=study.interviews)


def check_review(
    path: Path,
    narratives: pd.DataFrame,
    codebook: Codebook,
    *,
    model: str = "",
    interviews: pd.DataFrame | None = None,
) -> Review:
    """As :func:`read_review`, from a table of narratives.

    Args:
        path: the sheet.
        narratives: the study's table.
        codebook: what the codes must be in.
        model: name of the model, which cannot be a coder.
        interviews: tells of whom professionals speak.
    """
    sheet = read_rows(path)
    for column in ("narrative_id", "probability"):
        if not any(column in row.cells for row in sheet):
            raise StudyError(say("review.no_column", file=path, column=column))
    frame, problems = _gathered(sheet, narratives, codebook, model, path.name)
    frame, changed = without_changed(frame, narratives, path.name, interviews, complete=not problems)
    frame, nameless = _named(frame.drop(columns="place"), codebook, path.name)
    review = Review(frame, (*problems, *changed, *nameless))
    if review.coded.empty:
        raise StudyError(say("review.nothing", file=path, reason=problems[0].message if problems else ""))
    return review


def _gathered(
    sheet: Sequence[Row], narratives: pd.DataFrame, codebook: Codebook, model: str, file: str
) -> tuple[pd.DataFrame, list[Problem]]:
    """The records of a sheet, each with its place, and a sentence for each row that is rejected."""
    texts = dict(zip(narratives["narrative_id"].astype(str), narratives["text"].astype(str), strict=True))
    records, problems, seen = [], [], set()
    for row in sheet:
        record, message = _checked(row, texts, codebook, model)
        mark = (record.get("narrative_id"), record.get("coder"))
        if not message and mark in seen:
            record, message = {}, say("review.twice", id=mark[0])
        if message:
            problems.append(Problem(file, "review", message, row.place))
        else:
            seen.add(mark)
        if record:
            records.append(record | {"place": row.place})
    columns = ["narrative_id", "probability", "coder", *codebook.names, "place"]
    return pd.DataFrame(records, columns=columns), problems


def _named(frame: pd.DataFrame, codebook: Codebook, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    """The records with a name for coders who gave none, and one sentence on these."""
    nameless = frame[list(codebook.names)].notna().any(axis=1) & (frame["coder"] == "")
    if not nameless.any():
        return frame, []
    name = say("review.unnamed")
    message = say("review.no_coder", count=int(nameless.sum()), name=name)
    return frame.assign(coder=frame["coder"].mask(nameless, name)), [Problem(file, "review", message)]


def _checked(row: Row, texts: Mapping[str, str], codebook: Codebook, model: str) -> tuple[dict[str, object], str]:
    """The row's record ({} where the narrative is unknown; without codes where it is rejected) and a sentence."""
    cells = row.cells
    key = cells.get("narrative_id", "")
    if key not in texts:
        return {}, say("review.unknown_id", id=key)
    chance = _probability(cells.get("probability", ""))
    if chance is None:
        return {}, say("review.bad_probability", id=key, value=cells.get("probability", ""))
    record: dict[str, object] = {"narrative_id": key, "probability": chance, "coder": cells.get("coder", "")}
    message = _fault(cells, texts[key], codebook, model)
    if not message:
        record |= {v.name: _code(v, cells[v.name]) for v in codebook.variables if v.name in cells}
    return record, message


def _fault(cells: Mapping[str, str], text: str, codebook: Codebook, model: str) -> str:
    """What is wrong with a row of a known narrative; "" if nothing is."""
    key = cells["narrative_id"]
    given = [variable for variable in codebook.variables if variable.name in cells]
    if "text" in cells and cells["text"].split() != text.split():
        return say("review.changed_text", id=key)
    for variable in given:
        if _code(variable, cells[variable.name]) is None:
            codes = ", ".join(variable.labels)
            return say("review.unlisted", id=key, code=cells[variable.name], variable=variable.name, codes=codes)
    if given and model and cells.get("coder", "") == model:
        return say("review.by_model", id=key, model=model)
    return ""


def _code(variable: Variable, cell: str) -> str | None:
    """The code a cell names, whatever its case; None if there is none such."""
    return next((label for label in variable.labels if label.casefold() == cell.strip().casefold()), None)


def _probability(cell: str) -> float | None:
    """A number above 0 and at most 1, with decimal point or comma."""
    try:
        value = float(cell.replace(",", "."))
    except ValueError:
        return None
    return value if 0 < value <= 1 else None
