"""What lies behind the codes of a study: the words that carried each, and what the language looks like.

``evidence``: one row per narrative, variable and carrying word, strongest first; a code that no single word
carries has one row with an empty word and rank 0. ``cues``: one row per narrative and kind of cue. Both are
explanation, never the measure. The words come from the model itself (:mod:`narratives.attribution`, occlusion);
the cues from rules over a parse (:mod:`narratives.cues`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.errors import ModelError, StudyError
from narratives.messages import say
from narratives.progress import progress_bar
from narratives.study.tables import format_spans
from narratives.study.writing import read_table, write_forms

if TYPE_CHECKING:
    import pandas as pd

    from narratives.classify import Classifier
    from narratives.finding.places import Sources
    from narratives.study import Study

__all__ = [
    "CUE_COLUMNS",
    "LEAST_FALL",
    "MOST_WORDS",
    "WORD_COLUMNS",
    "Explained",
    "carrying_words",
    "cues_found",
    "explain_one",
    "explain_study",
    "model_of",
    "read_cues",
    "read_words",
]

_ABOUT = ("narrative_id", "transcript", "person", "wave")
WORD_COLUMNS = (
    *_ABOUT,
    *("variable", "code", "probability", "rank", "word", "start", "end", "fall", "weight", "model", "model_revision"),
)
CUE_COLUMNS = (*_ABOUT, "kind", "value", "count", "words", "places", "parsed")

MOST_WORDS = 5
"""Carrying words of one code at most: as many as ``docs/evidence.md`` checks."""

LEAST_FALL = 0.01
"""A word whose omission costs the code less than this in probability carries nothing worth showing."""

_SAVE_EVERY = 30.0
"""Seconds of work that a machine losing its power may cost."""

_Row = dict[str, Any]
_Found = dict[tuple[str, str], list[_Row]]


@dataclass(frozen=True, slots=True)
class Explained:
    """What was done.

    Attributes:
        computed: narratives explained now.
        kept: narratives that were asked for and explained before by the same model.
        seconds: spent on explaining; loading the model not counted.
        files: what was written.
    """

    computed: int
    kept: int
    seconds: float
    files: tuple[Path, ...]


def explain_study(
    study: Study,
    *,
    variables: Sequence[str] = (),
    narratives: Sequence[str] = (),
    model: str | Path | None = None,
    excel: bool = False,
    show_progress: bool = True,
) -> Explained:
    """Write the tables ``evidence`` and ``cues`` into the study folder.

    What the same model explained before is kept, so an interrupted run goes on where it stopped; rows of another
    model, another code or a narrative that is gone are dropped.

    Args:
        study: an annotated study.
        variables: to explain; none means the ranked ones (all if none is ranked).
        narratives: ids of those to explain; none means all.
        model: the model that coded the study, if it is not found by its name (a folder of your own).
        excel: also write each table as an Excel workbook.
        show_progress: whether a progress bar may be drawn.

    Raises:
        StudyError: if there is no such narrative, or the model that coded the study is not there.
        ModelError: if the model does not code a variable.
    """
    names = _chosen_variables(study, variables)
    rows = _chosen_rows(study, narratives)
    folder = _model_folder(study, model)
    files = write_forms(study.folder, "cues", _all_cues(study, rows, show_progress), excel=excel)
    found = _by_variable(read_words(study))
    waiting = [(row, left) for row in rows if (left := [n for n in names if (row["narrative_id"], n) not in found])]
    started = time.perf_counter()
    if waiting:
        from narratives.classify import load_classifier

        classifier = load_classifier(folder)
        started = time.perf_counter()
        _explain_all(study, waiting, classifier, found, show_progress)
    files += write_forms(study.folder, "evidence", _word_table(study, found), excel=excel)
    return Explained(len(waiting), len(rows) - len(waiting), time.perf_counter() - started, tuple(files))


def carrying_words(
    classifier: Classifier, row: Mapping[str, Any], variables: Sequence[str], sources: Sources
) -> dict[str, list[_Row]]:
    """The words that carried the codes of one narrative.

    Args:
        classifier: the model that coded it.
        row: of the study's narratives: ``narrative_id, transcript, person, wave, spans, text`` and each variable.
        variables: to explain; their codes are those of ``row``.
        sources: transcript name to its text, to check the places against.

    Returns:
        per variable rows of :data:`WORD_COLUMNS`, the strongest word first (``rank`` 1), :data:`MOST_WORDS` at most.
        ``source[start:end]`` is ``word``. ``probability`` of the code in [0, 1]; ``fall``: what it loses when the
        word alone is left out, in probability, in [0.01, 1]; ``weight``: the same in log-odds, above 0.

    Raises:
        StudyError: if the narrative does not stand in its place.
    """
    from narratives.attribution import explain_many
    from narratives.finding.places import places_of

    places = places_of(row, sources)
    explained = explain_many(classifier, [str(row["text"])], variables, {name: row[name] for name in variables})[0]
    tables: dict[str, list[_Row]] = {}
    for name, found in explained.items():
        about = _about(row) | {"variable": name, "code": found.code, "probability": round(found.probability, 4)}
        about |= {"model": classifier.name, "model_revision": classifier.revision}
        words = [word for word in found.top(MOST_WORDS) if found.fall(word) >= LEAST_FALL]
        spans = [(word, span) for word in words if (span := places.source(word.start, word.end)) is not None]
        tables[name] = [
            about
            | {"rank": rank, "word": found.text[word.start : word.end], "start": span[0], "end": span[1]}
            | {"fall": round(found.fall(word), 4), "weight": round(word.weight, 3)}
            for rank, (word, span) in enumerate(spans, start=1)
        ] or [about | _no_word(places.spans[0][0])]
    return tables


def cues_found(study: Study, rows: Sequence[Mapping[str, Any]], sources: Sources | None = None) -> list[_Row]:
    """The linguistic cues of narratives, counted, with their words and places.

    Returns:
        rows of :data:`CUE_COLUMNS`, in the order of ``rows`` and of :data:`narratives.cues.VALUES`: ``words`` and
        ``places`` ("340-343;360-362", in the source) are separated by ";" and as many as ``count``, at least 1.
        ``parsed``: whether a parser told subjects and objects; counts with and without are not comparable.

    Raises:
        StudyError: if a narrative does not stand in its place.
    """
    import pandas as pd

    from narratives.cues import VALUES, cues_at
    from narratives.finding.pipelines import default_pipeline

    nlp = default_pipeline()
    found = cues_at(pd.DataFrame(rows), nlp, sources or cache(study.source))
    grouped: dict[Any, pd.DataFrame] = dict(iter(found.groupby(["narrative_id", "kind", "value"], sort=False)))
    order = [(kind, value) for kind, values in VALUES.items() for value in values]
    return [
        _about(row)
        | {"kind": kind, "value": value, "count": len(part), "words": ";".join(part["text"])}
        | {"places": format_spans(zip(part["start"], part["end"], strict=True)), "parsed": "parser" in nlp.pipe_names}
        for row in rows
        for kind, value in order
        if (part := grouped.get((row["narrative_id"], kind, value))) is not None
    ]


def explain_one(
    study: Study, narrative_id: str, variables: Sequence[str] = ()
) -> tuple[Mapping[str, Any], list[_Row], list[_Row]]:
    """One narrative, its carrying words and its cues; nothing is written.

    Args:
        variables: to explain; none means the ranked ones. What the table ``evidence`` knows of them is taken from it.

    Returns:
        the narrative's row, rows of :data:`WORD_COLUMNS` and rows of :data:`CUE_COLUMNS`.

    Raises:
        StudyError: if there is no such narrative, or the model that coded the study is not there.
        ModelError: if the model does not code a variable.
    """
    names = _chosen_variables(study, variables)
    (row,) = _chosen_rows(study, [narrative_id])
    stored = read_words(study)
    found = _by_variable(stored[stored["narrative_id"] == narrative_id])
    missing = [name for name in names if (narrative_id, name) not in found]
    fresh = carrying_words(study.model, row, missing, study.source) if missing else {}
    words = [word for name in names for word in fresh.get(name) or found[narrative_id, name]]
    return row, words, cues_found(study, [row])


def read_words(study: Study) -> pd.DataFrame:
    """The table ``evidence``, without what no longer holds: other models, other codes, narratives that are gone.

    Returns:
        rows of :data:`WORD_COLUMNS`; none if the study has no such table.

    Raises:
        StudyError: if the table is damaged.
    """
    import pandas as pd

    table = _read(study, "evidence", WORD_COLUMNS)
    by_id = study.narratives.set_index("narrative_id")
    codes = {name: by_id[name].to_dict() for name in study.codebook.names}
    revision = study.run["model"]["revision"]
    keys = zip(table["narrative_id"], table["variable"], table["code"], table["model_revision"], strict=True)
    holds = [made_by == revision and codes.get(name, {}).get(key) == code for key, name, code, made_by in keys]
    return table[pd.Series(holds, index=table.index, dtype=bool)].reset_index(drop=True)


def read_cues(study: Study) -> pd.DataFrame:
    """The table ``cues`` of the narratives that are in the study; rows of :data:`CUE_COLUMNS`.

    Raises:
        StudyError: if the table is damaged.
    """
    table = _read(study, "cues", CUE_COLUMNS)
    return table[table["narrative_id"].isin(set(study.narratives["narrative_id"]))].reset_index(drop=True)


def model_of(study: Study, model: str | Path | None = None) -> Classifier:
    """The model that coded the study, loaded.

    Raises:
        StudyError: if it is not there, or has changed since.
    """
    from narratives.classify import load_classifier

    return load_classifier(_model_folder(study, model))


def _model_folder(study: Study, model: str | Path | None) -> Path:
    """Where the very model lies that gave the codes; another one would explain other codes."""
    from narratives.classify import find_model, model_revision

    made_by = study.run["model"]
    try:
        folder = find_model(model or made_by["name"])
    except ModelError as error:
        if model is not None:
            raise
        raise StudyError(say("evidence.no_model", study=study.path, model=made_by["name"])) from error
    if model_revision(folder) != made_by["revision"]:
        raise StudyError(say("evidence.other_model", study=study.path, model=made_by["name"], folder=folder))
    return folder


def _chosen_variables(study: Study, wanted: Sequence[str]) -> tuple[str, ...]:
    """In the codebook's order."""
    names = study.codebook.names
    for name in wanted:
        if name not in names:
            raise ModelError(say("attribution.no_variable", variable=name, known=", ".join(names)))
    ranked = [variable.name for variable in study.codebook.variables if variable.ranked]
    return tuple(name for name in names if name in (wanted or ranked or names))


def _chosen_rows(study: Study, wanted: Sequence[str]) -> list[_Row]:
    """The study's rows, in order."""
    from narratives.finding.places import records_of

    unknown = sorted(set(wanted) - set(study.narratives["narrative_id"]))
    if unknown:
        raise StudyError(say("evidence.no_narrative", study=study.path, narrative=unknown[0]))
    return [row for row in records_of(study.narratives) if not wanted or row["narrative_id"] in wanted]


def _explain_all(
    study: Study, waiting: Sequence[tuple[_Row, list[str]]], classifier: Classifier, found: _Found, show: bool
) -> None:
    """Fill ``found``; whatever stops the work, what is done is written."""
    sources, saved = cache(study.source), time.monotonic()
    with progress_bar(say("evidence.progress"), len(waiting), show=show) as advance:
        try:
            for row, names in waiting:
                advance(row["transcript"], 0)
                for name, words in carrying_words(classifier, row, names, sources).items():
                    found[row["narrative_id"], name] = words
                if time.monotonic() - saved > _SAVE_EVERY:
                    write_forms(study.folder, "evidence", _word_table(study, found))
                    saved = time.monotonic()
                advance(row["transcript"], 1)
        except BaseException:
            write_forms(study.folder, "evidence", _word_table(study, found))
            raise


def _all_cues(study: Study, rows: Sequence[_Row], show: bool) -> pd.DataFrame:
    """The table ``cues``: those of ``rows`` found anew, the others' as they were."""
    import pandas as pd

    sources = cache(study.source)
    transcripts: dict[str, list[_Row]] = {}
    for row in rows:
        transcripts.setdefault(str(row["transcript"]), []).append(row)
    found: list[_Row] = []
    with progress_bar(say("evidence.cues.progress"), len(rows), show=show) as advance:
        for name, theirs in transcripts.items():
            advance(name, 0)
            found += cues_found(study, theirs, sources)
            advance(name, len(theirs))
    fresh = {row["narrative_id"] for row in rows}
    others = [row for row in read_cues(study).to_dict("records") if row["narrative_id"] not in fresh]
    table = pd.DataFrame([*others, *found], columns=list(CUE_COLUMNS))
    return _typed(table.sort_values("narrative_id", key=_order(study), kind="stable", ignore_index=True))


def _order(study: Study) -> Any:
    """A sorting key: the places of ids in the study's table."""
    places = {name: place for place, name in enumerate(study.narratives["narrative_id"])}
    return lambda ids: ids.map(places)


def _word_table(study: Study, found: _Found) -> pd.DataFrame:
    """The table ``evidence``, in the order of narratives and of the codebook."""
    import pandas as pd

    keys = ((key, name) for key in study.narratives["narrative_id"] for name in study.codebook.names)
    rows = [row for key in keys for row in found.get(key, ())]
    return _typed(pd.DataFrame(rows, columns=list(WORD_COLUMNS)))


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """Columns with one type each, also where there is no row."""
    types: dict[str, Any] = {"wave": "Int64", "probability": float, "fall": float, "weight": float, "parsed": bool}
    types |= dict.fromkeys(("rank", "start", "end", "count"), "int64")
    return table.astype({name: kind for name, kind in types.items() if name in table})


def _by_variable(table: pd.DataFrame) -> _Found:
    found: _Found = {}
    for row in table.to_dict("records"):
        found.setdefault((row["narrative_id"], row["variable"]), []).append({str(key): row[key] for key in row})
    return found


def _read(study: Study, name: str, columns: Iterable[str]) -> pd.DataFrame:
    """A table of the study as it was written; empty where there is none, or one of other columns."""
    import pandas as pd

    path = study.folder.table(name, ".parquet")
    table = read_table(path) if path.exists() else None
    if table is None or set(columns) - set(table.columns):
        return _typed(pd.DataFrame(columns=list(columns)))
    return table


def _about(row: Mapping[str, Any]) -> _Row:
    return {name: row[name] for name in _ABOUT}


def _no_word(start: int) -> _Row:
    """The row of a code that no single word carries; its place is the narrative's first character, of no length."""
    return {"rank": 0, "word": "", "start": start, "end": start, "fall": 0.0, "weight": 0.0}
