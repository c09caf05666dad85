"""The main job: a folder of transcripts in, a study folder of coded narratives out."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.classify import DEFAULT_MODEL, find_model, load_classifier, model_revision, read_model_codebook
from narratives.errors import NarrativesError, StudyError
from narratives.messages import say
from narratives.progress import progress_bar
from narratives.study.folder import StudyFolder
from narratives.study.results import Result, result_key
from narratives.study.tables import (
    interview_row,
    interviews_table,
    narratives_table,
    omitted_table,
    problems_table,
)
from narratives.study.writing import write_csv, write_excel, write_parquet
from narratives.transcript import Problem, Role, Transcript, quote

if TYPE_CHECKING:
    from narratives.classify import Classifier, Predictions
    from narratives.codebook import Codebook
    from narratives.reading import Reading
    from narratives.segment import Pipeline, Segmentation, Settings

__all__ = ["Outcome", "annotate_folder"]


@dataclass(frozen=True)
class Outcome:
    """What a run did.

    Attributes:
        results: of every transcript that could be annotated, fresh or stored, in reading order.
        problems: all that a person should know, those of reading first.
        computed: number of transcripts segmented and coded in this run.
        reused: number of transcripts whose stored result still held.
    """

    results: tuple[Result, ...]
    problems: tuple[Problem, ...]
    computed: int
    reused: int


class Engine:
    """Segmenter and classifier of one run, loaded only when the first transcript needs them."""

    def __init__(self, model: str | Path, pipeline: str | None, settings: Settings, roles: Sequence[Role]) -> None:
        self.model_folder = find_model(model)
        self.codebook: Codebook = read_model_codebook(self.model_folder)
        self.model_revision = model_revision(self.model_folder)
        self.settings = settings
        self.roles = tuple(roles)
        self._pipeline_name = pipeline
        self._pipeline: Pipeline | None = None
        self._classifier: Classifier | None = None

    @property
    def pipeline(self) -> Pipeline:
        """The spaCy pipeline and segmenter."""
        if self._pipeline is None:
            from narratives.segment import load_pipeline

            self._pipeline = load_pipeline(self._pipeline_name)
        return self._pipeline

    @property
    def classifier(self) -> Classifier:
        """The loaded model."""
        if self._classifier is None:
            self._classifier = load_classifier(self.model_folder)
        return self._classifier

    def key(self, transcript: Transcript) -> str:
        """Digest of all that the transcript's result depends on."""
        roles = ",".join(sorted(self.roles))
        settings = repr(sorted(self.settings.to_dict().items()))
        return result_key(transcript, self.pipeline.revision, self.model_revision, settings, roles)

    def provenance(self) -> dict[str, Any]:
        """Names, revisions and settings for ``run.json``."""
        return {
            "model": {"name": self.model_folder.name, "revision": self.model_revision},
            "codebook": {
                "name": self.codebook.name,
                "version": self.codebook.version,
                "sha256": self.codebook.sha256,
                "content": self.codebook.to_dict(),
            },
            "segmenter": {"pipeline": self.pipeline.name, "revision": self.pipeline.revision},
            "settings": {**self.settings.to_dict(), "roles": list(self.roles)},
        }


def annotate_folder(
    source: str | Path,
    study: str | Path,
    *,
    model: str | Path = DEFAULT_MODEL,
    pipeline: str | None = None,
    settings: Settings | None = None,
    roles: Iterable[Role | str] = (Role.PARTICIPANT,),
    interviews: str | Path | None = None,
    excel: bool = False,
    show_progress: bool = True,
) -> Outcome:
    """Read, segment and code every transcript in ``source``, and write the study folder ``study``.

    Results are stored transcript by transcript: an interrupted run is taken up where it stopped, and
    transcripts whose text, speakers, models and settings are unchanged are not computed again.

    Args:
        source: folder with transcripts.
        study: folder to write; new, empty, or an earlier study.
        model: shipped name, local folder, or hub repository.
        pipeline: spaCy pipeline by name or path; None takes the best one at hand.
        settings: how narratives are selected; None takes the learned ones.
        roles: whose speech is cut into narratives.
        interviews: metadata table; None looks for one in the folder.
        excel: also write each table as an Excel workbook.
        show_progress: whether a progress bar may be drawn.

    Raises:
        StudyError: if the folder cannot be used as a study, or holds no transcript that can be read.
        ModelError: if the model cannot be loaded.
    """
    from narratives.reading import read_folder
    from narratives.segment import Settings

    started = time.perf_counter()
    folder = StudyFolder(Path(study))
    folder.check_usable()
    engine = Engine(model, pipeline, settings or Settings(), [Role(role) for role in roles])
    reading = read_folder(Path(source), interviews=interviews)
    outcome = _annotate_all(reading, folder, engine, show_progress)
    _write_tables(folder, outcome, engine.codebook, excel)
    run = engine.provenance() | _run_facts(source, outcome, time.perf_counter() - started)
    folder.write_run(run)
    return outcome


def _annotate_all(reading: Reading, folder: StudyFolder, engine: Engine, show_progress: bool) -> Outcome:
    """The result of every transcript; one that fails becomes a problem and the rest go on."""
    results: list[Result] = []
    problems = list(reading.problems)
    computed = 0
    with progress_bar(say("annotate.progress"), len(reading.transcripts), show=show_progress) as advance:
        for transcript in reading.transcripts:
            advance(transcript.name, 0)
            usable, found = _usable(transcript, folder, engine.roles)
            problems += found
            if usable:
                key = engine.key(transcript)
                result = folder.results.get(transcript.name, key)
                if result is None:
                    result, failure = _compute_safely(transcript, engine, key)
                    problems += failure
                    computed += 1
                    if result is not None:
                        folder.write_source(transcript.name, transcript.text)
                        folder.results.put(result)
                if result is not None:
                    results.append(result)
            advance(transcript.name, 1)
    folder.results.keep_only(result.name for result in results)
    return Outcome(tuple(results), tuple(problems), computed, len(results) - computed)
