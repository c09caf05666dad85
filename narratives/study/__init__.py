"""A study: the folder that ``annotate`` writes, and what can be asked of it from Python."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.classify import DEFAULT_MODEL
from narratives.codebook import Codebook, parse_codebook
from narratives.errors import StudyError
from narratives.messages import say
from narratives.notebook import Look
from narratives.study.folder import StudyFolder

if TYPE_CHECKING:
    import pandas as pd

    from narratives.segment import Settings

__all__ = ["Study", "annotate", "load"]


class Study(Look):
    """One study folder.

    Tables are read when they are first asked for, and are plain pandas DataFrames.
    """

    def __init__(self, path: str | Path) -> None:
        self.folder = StudyFolder(Path(path))
        self.run: dict[str, Any] = self.folder.read_run()

    @property
    def path(self) -> Path:
        """The study folder."""
        return self.folder.path

    @cached_property
    def codebook(self) -> Codebook:
        """The codebook the narratives were coded by."""
        return parse_codebook(self.run["codebook"]["content"], str(self.folder.run_file))

    @cached_property
    def narratives(self) -> pd.DataFrame:
        """One row per narrative, with codes and probabilities."""
        import pandas as pd

        try:
            return pd.read_parquet(self.folder.table("narratives", ".parquet"))
        except (OSError, ValueError) as error:
            missing = self.folder.table("narratives", ".parquet")
            raise StudyError(say("study.table_unreadable", file=missing)) from error

    @cached_property
    def interviews(self) -> pd.DataFrame:
        """One row per transcript."""
        return self._table("interviews")

    @cached_property
    def omitted(self) -> pd.DataFrame:
        """Participant speech that became no narrative, and why."""
        return self._table("omitted")

    @cached_property
    def problems(self) -> pd.DataFrame:
        """What a person should know of single files."""
        return self._table("problems")

    def source(self, transcript: str) -> str:
        """The text of a transcript as it was extracted; offsets in the tables point into it.

        Raises:
            StudyError: if it is missing.
        """
        return self.folder.read_source(transcript)

    def _table(self, name: str) -> pd.DataFrame:
        from narratives.study.writing import read_csv

        return read_csv(self.folder.table(name))

    def __repr__(self) -> str:
        counts = self.run["counts"]
        return f"Study({str(self.path)!r}: {counts['narratives']} narratives in {counts['transcripts']} transcripts)"


def load(path: str | Path) -> Study:
    """Open a study folder that :func:`annotate` wrote.

    Raises:
        StudyError: if the folder holds no study.
    """
    return Study(path)


def annotate(
    source: str | Path,
    study: str | Path | None = None,
    *,
    model: str | Path = DEFAULT_MODEL,
    pipeline: str | None = None,
    settings: Settings | None = None,
    interviews: str | Path | None = None,
    roles_table: str | Path | None = None,
    excel: bool = False,
    show_progress: bool = True,
) -> Study:
    """Find and code the short narratives in every transcript of a folder.

    Args:
        source: folder with transcripts, in any of the formats that can be read.
        study: folder to write; None puts it beside ``source``, named ``<source>-study``. Run again,
            it goes on where it stopped, and computes only what has changed.
        model: a shipped model's name, a local folder, or a hub repository in the same layout.
        pipeline: a spaCy pipeline by name or path; None takes the best one at hand.
        settings: whose narratives are selected and how; None takes the participants' speech and what was
            learned from the coded corpus.
        interviews: table of interviews (CSV or Excel); None looks for one in the folder.
        roles_table: table of speaker labels and their roles; None looks for ``roles.csv`` in the folder.
        excel: also write each table as an Excel workbook.
        show_progress: whether a progress bar may be drawn.

    Returns:
        the study; ``study.narratives`` is a DataFrame with one row per narrative.

    Raises:
        StudyError: if ``study`` cannot be used.
        ReadingError: if there is no such folder or table.
        ModelError: if the model cannot be loaded.
    """
    from narratives.study.annotating import annotate_folder

    target = Path(study) if study is not None else Path(source).with_name(f"{Path(source).name}-study")
    annotate_folder(
        source,
        target,
        model=model,
        pipeline=pipeline,
        settings=settings,
        interviews=interviews,
        roles_table=roles_table,
        excel=excel,
        show_progress=show_progress,
    )
    return Study(target)
