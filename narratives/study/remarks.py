"""What a user of a study should be told before its numbers are trusted: who is left out, what is old, what is not read.

Each function gives problems for :func:`narratives.cli.showing.show_problems`, none of them fatal, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from narratives.errors import NarrativesError
from narratives.messages import say
from narratives.reading.agreeing import shortly
from narratives.transcript import Problem

if TYPE_CHECKING:
    from narratives.study import Study

__all__ = ["changed_by_hand", "left_out", "not_renewed", "older_tables", "unused_corrections"]

_EXPLAINING = ("evidence", "cues")
"""What ``narratives evidence`` writes."""


def left_out(study: Study) -> list[Problem]:
    """One sentence that names the transcripts that no measure counts, since their person or wave is not known."""
    import pandas as pd

    held = study.interviews
    waves = pd.to_numeric(held["wave"], errors="coerce")
    told = set(study.narratives.loc[study.narratives["person"].notna(), "transcript"])
    nobody = held["person"].isna() & ~held["transcript"].isin(told)
    files = held["file"] if "file" in held else held["transcript"]
    rows = held.assign(file=files).loc[waves.isna() | nobody, ["file", "person"]].astype("string").fillna("")
    names = [f"{file} ({person})" if person else file for file, person in rows.to_numpy()]
    return _problem("left_out", names, "files")


def changed_by_hand(study: Study) -> list[Problem]:
    """One sentence on narratives that a table for people holds otherwise than the study: nothing reads them there."""
    kept = study.folder.table("narratives", ".parquet")
    columns = ("person", "wave", *study.codebook.names)
    expected = _cells(study.narratives.loc[:, ["narrative_id", *columns]].astype("string").fillna("").to_numpy())
    found: list[Problem] = []
    for suffix in (".csv", ".xlsx"):
        path = study.folder.table("narratives", suffix)
        if path.exists() and _time(path) > _time(kept):
            count = _differing(path, columns, expected)
            found += _problem("changed_by_hand", [path.name], "file", count=count) if count else []
    return found


def _differing(path: Path, columns: tuple[str, ...], expected: dict[str, tuple[str, ...]]) -> int:
    """How many narratives a table holds with other values, lacks, or has added; 0 where it cannot be read."""
    from narratives.reading.cells import read_raw_cells

    try:
        rows, _ = read_raw_cells(path)
        places = [rows[0].index(name) for name in ("narrative_id", *columns)]
    except (NarrativesError, ValueError, IndexError):
        return 0
    there = _cells([row[place] if place < len(row) else "" for place in places] for row in rows[1:] if any(row))
    return sum(there.get(name) != expected.get(name) for name in there.keys() | expected.keys())


def _cells(rows: Iterable[Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Per narrative its values, as they are alike before and after a spreadsheet: 07 as 7, 2.0 as 2."""
    told = [tuple(str(cell).strip() for cell in row) for row in rows]
    return {row[0]: tuple(cell.removesuffix(".0").lstrip("0") for cell in row[1:]) for row in told}


def older_tables(study: Study, written: Collection[str] = ()) -> list[Problem]:
    """One sentence that names the tables from before the narratives were last annotated.

    Args:
        written: names of tables that have just been renewed.
    """
    kept = _time(study.folder.table("narratives", ".parquet"))
    names = _there(study, lambda path: _time(path) < kept)
    return _problem("older_tables", [name for name in names if name not in written], "tables")


def not_renewed(study: Study, written: Collection[str]) -> list[Problem]:
    """As :func:`older_tables`, and one sentence on corrected tables that an earlier ``track --review`` left.

    Args:
        written: names of the tables that have just been renewed.
    """
    corrected = [name for name in _there(study) if name.startswith("corrected_") and name not in written]
    return _problem("old_corrections", corrected, "tables") + older_tables(study, [*written, *corrected])


def unused_corrections(study: Study) -> list[Problem]:
    """One sentence where the study holds corrected tables, for who asks for a report without a review."""
    names = [name for name in _there(study) if name.startswith("corrected_")]
    return _problem("unused_corrections", names, "tables")


def _there(study: Study, wanted: Callable[[Path], bool] = Path.exists) -> list[str]:
    """Names of the tables that ``track`` and ``evidence`` have written and that are as wanted."""
    from narratives.study.grouping import CORRECTED_GROUP_TABLES, GROUP_TABLES
    from narratives.study.tracking import CORRECTED_PERSON_TABLES, CORRECTED_TABLES, TABLES

    corrected = (*CORRECTED_TABLES, *CORRECTED_PERSON_TABLES, *CORRECTED_GROUP_TABLES)
    paths = {name: study.folder.table(name) for name in (*TABLES, *GROUP_TABLES, *corrected, *_EXPLAINING)}
    return [name for name, path in paths.items() if path.exists() and wanted(path)]


def _time(path: Path) -> float:
    """When a file was written, in seconds; 0 where there is none."""
    return path.stat().st_mtime if path.exists() else 0.0


def _problem(kind: str, names: list[str], field: str, **fields: object) -> list[Problem]:
    if not names:
        return []
    listed = shortly(names) if field == "files" else ", ".join(names)
    return [Problem("", kind, say(f"study.{kind}", **{field: listed}, **fields))]
