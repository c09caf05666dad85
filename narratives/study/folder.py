"""The study folder: which file lies where."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from narratives.errors import StudyError
from narratives.files import sha256_of, write_atomically
from narratives.messages import say
from narratives.study.results import ResultStore

__all__ = ["StudyFolder"]


@dataclass(frozen=True, slots=True)
class StudyFolder:
    """A folder that holds one study's tables, results and extracted texts.

    ``narratives.csv``, ``narratives.parquet``, ``interviews.csv``, ``omitted.csv``, ``problems.csv``
    and ``run.json`` are for people; ``results/`` and ``sources/`` are what they are built from.
    Everything in it is personal data.
    """

    path: Path

    def table(self, name: str, suffix: str = ".csv") -> Path:
        """Path of the table called ``name``."""
        return self.path / f"{name}{suffix}"

    @property
    def results(self) -> ResultStore:
        """The stored results, one per transcript."""
        return ResultStore(self.path / "results")

    @property
    def run_file(self) -> Path:
        """Path of ``run.json``."""
        return self.path / "run.json"

    def source_path(self, name: str) -> Path:
        """Where the extracted text of the transcript called ``name`` lies."""
        return self.path / "sources" / f"{name}.txt"

    def write_source(self, name: str, text: str) -> None:
        """Store an extracted text, line ends and all."""
        write_atomically(self.source_path(name), text)

    def read_source(self, name: str) -> str:
        """The extracted text of a transcript, exactly as the offsets count it.

        Raises:
            StudyError: if it is missing.
        """
        try:
            return self.source_path(name).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise StudyError(say("study.source_missing", study=self.path, transcript=name)) from error

    def read_run(self) -> dict[str, Any]:
        """The content of ``run.json``.

        Raises:
            StudyError: if the folder holds no study.
        """
        try:
            return dict(json.loads(self.run_file.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise StudyError(say("study.not_a_study", folder=self.path)) from error

    def write_run(self, run: dict[str, Any]) -> None:
        """Write ``run.json``."""
        write_atomically(self.run_file, json.dumps(run, ensure_ascii=False, indent=1) + "\n")

    def check_usable(self) -> None:
        """Make sure that writing here overwrites nothing that is not a study.

        Raises:
            StudyError: if the folder is a file, or holds other things but no study.
        """
        if not self.path.exists():
            return
        if not self.path.is_dir():
            raise StudyError(say("study.is_a_file", folder=self.path))
        known = self.run_file.exists() or (self.path / "results").is_dir()
        if any(self.path.iterdir()) and not known:
            raise StudyError(say("study.not_empty", folder=self.path))

    @property
    def _withdrawn_file(self) -> Path:
        return self.path / "withdrawn.json"

    def withdrawn(self) -> frozenset[str]:
        """Digests of the persons who withdrew their consent."""
        try:
            return frozenset(json.loads(self._withdrawn_file.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return frozenset()

    def has_withdrawn(self, person: str | None) -> bool:
        """Whether ``person`` withdrew; only a digest of the id is kept to tell."""
        return person is not None and sha256_of("withdrawn", person) in self.withdrawn()

    def note_withdrawal(self, person: str) -> None:
        """Remember that ``person`` withdrew, so that a later run leaves them out."""
        digests = sorted(self.withdrawn() | {sha256_of("withdrawn", person)})
        write_atomically(self._withdrawn_file, json.dumps(digests, indent=1) + "\n")
