"""The main job: a folder of transcripts in, a study folder of coded narratives out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.classify import DEFAULT_MODEL, find_model, load_classifier, model_revision, read_model_codebook
from narratives.errors import NarrativesError
from narratives.messages import say
from narratives.progress import progress_bar
from narratives.study.folder import StudyFolder
from narratives.study.forgetting import blank
from narratives.study.measured import measured
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
    import pandas as pd

    from narratives.classify import Classifier, Predictions
    from narratives.codebook import Codebook
    from narratives.reading import Reading
    from narratives.segment import Pipeline, Settings

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

    def __init__(self, model: str | Path, pipeline: str | None, settings: Settings) -> None:
        self.model_folder = find_model(model)
        self.codebook: Codebook = read_model_codebook(self.model_folder)
        self.model_revision = model_revision(self.model_folder)
        self.settings = settings
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
        settings = repr(sorted(self.settings.as_dict().items()))
        return result_key(transcript, self.pipeline.revision, self.model_revision, settings)

    def provenance(self) -> dict[str, Any]:
        """Names, revisions and settings for ``run.json``."""
        return {
            "model": {
                "name": self.model_folder.name,
                "revision": self.model_revision,
                "measured": measured(self.model_folder),
            },
            "codebook": {
                "name": self.codebook.name,
                "version": self.codebook.version,
                "sha256": self.codebook.sha256,
                "content": self.codebook.to_dict(),
            },
            "segmenter": {"pipeline": self.pipeline.name, "revision": self.pipeline.revision},
            "settings": self.settings.as_dict(),
        }


def annotate_folder(
    source: str | Path,
    study: str | Path,
    *,
    model: str | Path = DEFAULT_MODEL,
    pipeline: str | None = None,
    settings: Settings | None = None,
    interviews: str | Path | None = None,
    roles_table: str | Path | None = None,
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
        settings: whose narratives are selected and how; None takes the participants' and what was learned.
        interviews: metadata table; None looks for one in the folder.
        roles_table: speaker labels and their roles; None looks for ``roles.csv`` in the folder.
        excel: also write each table as an Excel workbook.
        show_progress: whether a progress bar may be drawn.

    Raises:
        StudyError: if the folder cannot be used as a study, or holds no transcript that can be read.
        ReadingError: if there is no such folder or table.
        ModelError: if the model cannot be loaded.
    """
    from narratives.reading import read_folder
    from narratives.segment import Settings

    started = time.perf_counter()
    folder = StudyFolder(Path(study))
    folder.check_usable()
    engine = Engine(model, pipeline, settings or Settings())
    reading = read_folder(Path(source), table=interviews, roles=roles_table)
    folder.write_run(engine.provenance() | {"source": str(source), "finished": None})
    outcome = _annotate_all(reading, folder, engine, show_progress)
    _write_tables(folder, outcome, engine.codebook, excel)
    folder.write_run(engine.provenance() | _run_facts(source, outcome, time.perf_counter() - started))
    return outcome


def _annotate_all(reading: Reading, folder: StudyFolder, engine: Engine, show_progress: bool) -> Outcome:
    """The result of every transcript; one that fails becomes a problem and the rest go on."""
    results: list[Result] = []
    problems = [*_without_participants(engine.settings.roles), *reading.problems]
    computed = 0
    with progress_bar(say("annotate.progress"), len(reading.transcripts), show=show_progress) as advance:
        for transcript in reading.transcripts:
            advance(transcript.name, 0)
            result, found, fresh = _annotate_one(transcript, folder, engine)
            problems += found
            computed += fresh
            if result is not None:
                results.append(result)
            advance(transcript.name, 1)
    folder.results.keep_only(result.name for result in results)
    return Outcome(tuple(results), tuple(problems), computed, len(results) - computed)


def _without_participants(roles: Sequence[Role]) -> tuple[Problem, ...]:
    """That a study of other roles alone holds nothing of the participants: who asks for these may expect both."""
    if Role.PARTICIPANT in roles:
        return ()
    both = ",".join((Role.PARTICIPANT, *roles))
    return (
        Problem("", "without_participants", say("annotate.without_participants", roles=", ".join(roles), both=both)),
    )


def _annotate_one(
    transcript: Transcript, folder: StudyFolder, engine: Engine
) -> tuple[Result | None, tuple[Problem, ...], bool]:
    """The transcript's result if there is one, its problems, and whether the result was computed now."""
    transcript, withdrawn = _without_withdrawn(transcript, folder)
    obstacles = _obstacles(transcript, folder, engine.settings.roles)
    if obstacles is not None:
        return None, obstacles, False
    key = engine.key(transcript)
    result = folder.results.get(transcript.name, key)
    if result is not None:
        return result, (*withdrawn, *_remarks(transcript, result, engine.settings.roles)), False
    result, failure = _compute_safely(transcript, engine, key)
    if result is None:
        return None, failure, False
    folder.write_source(transcript.name, transcript.text)
    folder.results.put(result)
    return result, (*withdrawn, *_remarks(transcript, result, engine.settings.roles)), True


def _without_withdrawn(transcript: Transcript, folder: StudyFolder) -> tuple[Transcript, tuple[Problem, ...]]:
    """The transcript with those who withdrew blanked out, if other participants are left in it, and a remark on it."""
    gone = {speaker.label for speaker in transcript.speakers if folder.has_withdrawn(speaker.person)}
    others = [s for s in transcript.speakers if s.label not in gone]
    if not gone or not any(s.role is Role.PARTICIPANT for s in others):
        return transcript, ()
    spans = [span for turn in transcript.turns if turn.speaker in gone for span in turn.spans]
    turns = tuple(turn for turn in transcript.turns if turn.speaker not in gone)
    left = replace(transcript, text=blank(transcript.text, spans), turns=turns, speakers=tuple(others))
    return left, (_problem(transcript, "withdrawn_part"),)


def _remarks(transcript: Transcript, result: Result, roles: Sequence[Role]) -> tuple[Problem, ...]:
    """What the result itself gives reason to say."""
    if result.narratives:
        return ()
    if tuple(roles) == (Role.PARTICIPANT,):
        return (_problem(transcript, "no_narratives"),)
    return (_problem(transcript, "no_narratives_of", roles=", ".join(roles)),)


def _obstacles(transcript: Transcript, folder: StudyFolder, roles: Sequence[Role]) -> tuple[Problem, ...] | None:
    """What keeps a transcript from being annotated, beyond what reading has reported; None if nothing does."""
    if any(problem.fatal for problem in transcript.problems):
        return ()
    persons = {speaker.person for speaker in transcript.speakers} | {transcript.person}
    if any(folder.has_withdrawn(person) for person in persons):
        return (_problem(transcript, "withdrawn", fatal=True),)
    if any(speaker.role in roles for speaker in transcript.speakers):
        return None
    if tuple(roles) != (Role.PARTICIPANT,):
        return (_problem(transcript, "no_role", fatal=True, roles=", ".join(roles)),)
    reported = any(problem.kind == "no_participant" for problem in transcript.problems)
    return () if reported else (_problem(transcript, "no_participant", fatal=True),)


def _problem(transcript: Transcript, kind: str, *, fatal: bool = False, **fields: object) -> Problem:
    message = say(f"annotate.{kind}", file=transcript.file, **fields)
    return Problem(transcript.file, kind, message, fatal=fatal)


def _compute_safely(transcript: Transcript, engine: Engine, key: str) -> tuple[Result | None, tuple[Problem, ...]]:
    """The result, or the problem that stood in its way: one file must not stop the others."""
    try:
        return compute(transcript, engine, key), ()
    except NarrativesError as error:
        return None, (Problem(transcript.file, "not_annotated", str(error), fatal=True),)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        return None, (_problem(transcript, "not_annotated", fatal=True, reason=reason),)


def compute(transcript: Transcript, engine: Engine, key: str) -> Result:
    """Segment and code one transcript."""
    from narratives.segment import narratives_in

    started = time.perf_counter()
    found = narratives_in(transcript, engine.pipeline, engine.settings)
    texts = [narrative.text for narrative in found.narratives]
    predictions = engine.classifier.predict(texts)
    return Result(
        key=key,
        interview=interview_row(transcript, _participant_words(transcript), len(texts)),
        narratives=found.narratives,
        codings=_codings(predictions),
        review=tuple(bool(unsure) for unsure in predictions.needs_review()),
        windows=tuple(int(count) for count in predictions.windows),
        omitted=found.omitted,
        seconds=round(time.perf_counter() - started, 3),
    )


def _codings(predictions: Predictions) -> tuple[dict[str, dict[str, float]], ...]:
    """Per text and variable the probability of each code, rounded to what can be told apart."""
    return tuple(
        {
            variable: {
                name: round(float(shares[row, index]), 4) for index, name in enumerate(predictions.labels[variable])
            }
            for variable, shares in predictions.probabilities.items()
        }
        for row in range(len(predictions))
    )


def _participant_words(transcript: Transcript) -> int:
    turns = transcript.turns_of(Role.PARTICIPANT)
    return sum(len(quote(transcript.text, turn.spans).split()) for turn in turns)


def _write_tables(folder: StudyFolder, outcome: Outcome, codebook: Codebook, excel: bool) -> None:
    """All tables of the study, each written whole or not at all; the parquet only if what is measured has changed."""
    labels = {variable.name: variable.labels for variable in codebook.variables}
    tables = {
        "narratives": narratives_table(outcome.results, labels),
        "interviews": interviews_table(outcome.results),
        "omitted": omitted_table(outcome.results),
        "problems": problems_table(outcome.problems),
    }
    as_before = _as_before(folder, tables["narratives"], tables["interviews"])
    for name, frame in tables.items():
        write_csv(frame, folder.table(name))
        if excel:
            write_excel(frame, folder.table(name, ".xlsx"))
    if not as_before:
        write_parquet(tables["narratives"], folder.table("narratives", ".parquet"))


def _as_before(folder: StudyFolder, narratives: pd.DataFrame, interviews: pd.DataFrame) -> bool:
    """Whether the study holds just these narratives and interviews, so that what was measured of them is not old."""
    import pandas as pd

    try:
        kept = pd.read_parquet(folder.table("narratives", ".parquet"))
        held = folder.table("interviews").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False
    return kept.equals(narratives) and held == interviews.to_csv(index=False, lineterminator="\n")


def _run_facts(source: str | Path, outcome: Outcome, seconds: float) -> dict[str, Any]:
    """When, on what, with which versions, how long."""
    return {
        "source": str(source),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": _versions(),
        "counts": {
            "transcripts": len(outcome.results),
            "narratives": sum(len(result.narratives) for result in outcome.results),
            "problems": len(outcome.problems),
            "computed": outcome.computed,
            "reused": outcome.reused,
        },
        "seconds": round(seconds, 2),
        "transcripts": {
            result.name: {"sha256": result.interview["sha256"], "seconds": result.seconds} for result in outcome.results
        },
    }


def _versions() -> dict[str, str]:
    """Versions of what decides the numbers."""
    import platform
    from importlib.metadata import version

    names = ("narratives", "spacy", "torch", "transformers", "tokenizers", "numpy", "pandas")
    return {"python": platform.python_version()} | {name: version(name) for name in names}
