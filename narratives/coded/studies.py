"""Coded data out of a study: only what people reviewed, never the model's own codes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from narratives.codebook import Codebook, parse_codebook
from narratives.coded.rows import Row, read_rows
from narratives.errors import CodedDataError
from narratives.messages import say

__all__ = ["is_study", "review_tables", "reviewed_rows", "study_codebook"]

_CODERS = ("coder", "koder", "kodet_af")


def is_study(path: Path) -> bool:
    """Whether a folder was written by ``narratives annotate``."""
    return path.is_dir() and (path / "run.json").is_file() and (path / "narratives.csv").is_file()


def review_tables(study: Path) -> list[Path]:
    """Tables ``review*.csv`` and ``review*.xlsx`` of a study, sorted."""
    return sorted([*study.glob("review*.csv"), *study.glob("review*.xlsx")])


def reviewed_rows(study: Path, review: Sequence[Path] = ()) -> tuple[list[Row], list[str]]:
    """Rows of review tables that people filled in, with text and person from the study.

    ``narratives.csv`` holds the model's codes; training on them would teach a model its own mistakes.
    A table must therefore have a column ``coder``. Where a row of it names nobody, one person who is
    called after the table counts as its coder: sheets are drawn blind, and only people fill them in.

    Args:
        review: the tables; else those that :func:`review_tables` finds in the study.

    Returns:
        The rows, and one sentence for each table with rows that name no coder.

    Raises:
        CodedDataError: if there is no such row, or a row names a narrative that the study lacks.
    """
    known = {row.cells.get("narrative_id", ""): row for row in read_rows(study / "narratives.csv")}
    rows, said = [], []
    for table in review or review_tables(study):
        reviewed, unnamed = _by_people(read_rows(table), table.stem, _model_of(study))
        missing = [row.place for row in reviewed if row.cells.get("narrative_id", "") not in known]
        if missing:
            raise CodedDataError(say("coded.unknown_narratives", file=table, rows=", ".join(missing[:6])))
        if unnamed:
            said.append(say("coded.unnamed_coder", file=table.name, count=unnamed, coder=table.stem))
        rows += [_completed(row, known[row.cells["narrative_id"]]) for row in reviewed]
    if not rows:
        raise CodedDataError(say("coded.not_reviewed", study=study))
    return rows, said


def _by_people(rows: Sequence[Row], unnamed: str, model: str) -> tuple[list[Row], int]:
    """The rows that the model did not code, ``unnamed`` put in where nobody is named, and how many those are."""
    seen = {name for row in rows for name in (*row.cells, *row.empty)}
    column = next((name for name in _CODERS if name in seen), None)
    if column is None:
        return [], 0
    kept = [row for row in rows if row.cells.get(column, "") != model or not model]
    filled = [Row({column: unnamed, **row.cells}, row.place, row.empty) for row in kept]
    return filled, sum(column not in row.cells for row in kept)


def study_codebook(study: Path) -> Codebook | None:
    """The codebook a study was coded by; None where its run does not say."""
    book = _run_of(study).get("codebook")
    content = book.get("content") if isinstance(book, dict) else None
    return parse_codebook(content, str(study / "run.json")) if content else None


def _completed(row: Row, narrative: Row) -> Row:
    """The reviewed cells, with the narrative's text and person added."""
    added = {key: narrative.cells[key] for key in ("text", "person") if key in narrative.cells}
    return Row({**row.cells, **added}, row.place, row.empty)


def _model_of(study: Path) -> str:
    """Name of the model that coded the study; "" where the run does not say."""
    model = _run_of(study).get("model", "")
    return str(model.get("name", "")) if isinstance(model, dict) else str(model)


def _run_of(study: Path) -> dict[str, Any]:
    """What the study's ``run.json`` says; nothing where it cannot be read."""
    try:
        run = json.loads((study / "run.json").read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return run if isinstance(run, dict) else {}
