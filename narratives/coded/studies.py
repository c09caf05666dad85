"""Coded data out of a study: only what people reviewed, never the model's own codes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from narratives.coded.rows import Row, read_rows
from narratives.errors import CodedDataError
from narratives.messages import say

__all__ = ["is_study", "review_tables", "reviewed_rows"]

_CODERS = ("coder", "koder", "kodet_af")


def is_study(path: Path) -> bool:
    """Whether a folder was written by ``narratives annotate``."""
    return path.is_dir() and (path / "run.json").is_file() and (path / "narratives.csv").is_file()


def review_tables(study: Path) -> list[Path]:
    """Tables ``review*.csv`` and ``review*.xlsx`` of a study, sorted."""
    return sorted([*study.glob("review*.csv"), *study.glob("review*.xlsx")])


def reviewed_rows(study: Path) -> list[Row]:
    """Rows of a study's review tables that name a person as coder, with text and person from the study.

    ``narratives.csv`` holds the model's codes; training on them would teach a model its own mistakes.

    Raises:
        CodedDataError: if there is no such row, or a row names a narrative that the study lacks.
    """
    known = {row.cells.get("narrative_id", ""): row for row in read_rows(study / "narratives.csv")}
    model = _model_of(study)
    rows = []
    for table in review_tables(study):
        reviewed = [row for row in read_rows(table) if _coder(row.cells) not in ("", model)]
        missing = [row.place for row in reviewed if row.cells.get("narrative_id", "") not in known]
        if missing:
            raise CodedDataError(say("coded.unknown_narratives", file=table, rows=", ".join(missing[:6])))
        rows += [_completed(row, known[row.cells["narrative_id"]]) for row in reviewed]
    if not rows:
        raise CodedDataError(say("coded.not_reviewed", study=study))
    return rows


def _completed(row: Row, narrative: Row) -> Row:
    """The reviewed cells, with the narrative's text and person added."""
    added = {key: narrative.cells[key] for key in ("text", "person") if key in narrative.cells}
    return Row({**row.cells, **added}, row.place)


def _coder(cells: Mapping[str, str]) -> str:
    return next((cells[name] for name in _CODERS if name in cells), "")


def _model_of(study: Path) -> str:
    """Name of the model that coded the study; "" where the run does not say."""
    try:
        run = json.loads((study / "run.json").read_text(encoding="utf-8"))
    except ValueError:
        return ""
    model = run.get("model", "") if isinstance(run, dict) else ""
    return str(model.get("name", "")) if isinstance(model, dict) else str(model)
