"""The tables of a study, built from its results.

``narratives``: one row per narrative, sorted by person, wave, transcript and place. For each variable
V of the codebook: ``V`` (the most probable code), ``V_p`` (its calibrated probability, 0-1) and
``V_p_<code>`` for every code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from narratives.narrative import Narrative, Omission
from narratives.study.results import Coding, Result
from narratives.transcript import Problem, Span, Transcript

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "INTERVIEW_COLUMNS",
    "NARRATIVE_COLUMNS",
    "coding_columns",
    "format_spans",
    "interview_row",
    "interviews_table",
    "narratives_table",
    "omitted_table",
    "parse_spans",
    "problems_table",
]

NARRATIVE_COLUMNS = (
    "narrative_id",
    "transcript",
    "person",
    "wave",
    "date",
    "speaker",
    "role",
    "start",
    "end",
    "spans",
    "n_words",
    "text",
    "question",
)
INTERVIEW_COLUMNS = (
    "transcript",
    "file",
    "person",
    "wave",
    "date",
    "format",
    "encoding",
    "sha256",
    "participants",
    "n_turns",
    "n_participant_words",
    "n_narratives",
)
OMITTED_COLUMNS = ("transcript", "person", "wave", "speaker", "start", "end", "spans", "text", "reason", "score")
PROBLEM_COLUMNS = ("file", "kind", "place", "message", "fatal")


def format_spans(spans: Iterable[Span]) -> str:
    """Spans as table text: "340-612;650-700"."""
    return ";".join(f"{start}-{end}" for start, end in spans)


def parse_spans(cell: str) -> tuple[Span, ...]:
    """The spans that :func:`format_spans` wrote; raises ValueError for anything else."""
    pairs = (piece.split("-") for piece in cell.split(";"))
    return tuple((int(start), int(end)) for start, end in pairs)


def interview_row(transcript: Transcript, n_words: int, n_narratives: int) -> dict[str, Any]:
    """The transcript's row of the interviews table; attributes follow the fixed columns."""
    participants = [s.label for s in transcript.speakers if s.person is not None]
    row: dict[str, Any] = {
        "transcript": transcript.name,
        "file": transcript.file,
        "person": transcript.person,
        "wave": transcript.wave,
        "date": transcript.date.isoformat() if transcript.date else None,
        "format": transcript.format,
        "encoding": transcript.encoding,
        "sha256": transcript.sha256,
        "participants": ";".join(participants),
        "n_turns": len(transcript.turns),
        "n_participant_words": n_words,
        "n_narratives": n_narratives,
    }
    return row | {key: value for key, value in transcript.attributes.items() if key not in row}


def narratives_table(results: Sequence[Result], labels: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    """One row per narrative of all results.

    Args:
        results: of one run.
        labels: per variable its code names in order.
    """
    import pandas as pd

    rows = [_narrative_row(result, index, labels) for result in results for index in range(len(result.narratives))]
    columns = [*NARRATIVE_COLUMNS, *coding_columns(labels), "needs_review", "flags"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["wave"] = frame["wave"].astype("Int64")
    frame["needs_review"] = frame["needs_review"].astype(bool)
    order = ["person", "wave", "transcript", "start"]
    return frame.sort_values(order, kind="stable", na_position="last", ignore_index=True)


def coding_columns(labels: dict[str, tuple[str, ...]]) -> list[str]:
    """``V``, ``V_p`` and ``V_p_<code>`` for each variable V, in order."""
    columns: list[str] = []
    for variable, names in labels.items():
        columns += [variable, f"{variable}_p", *(f"{variable}_p_{name}" for name in names)]
    return columns


def interviews_table(results: Sequence[Result]) -> pd.DataFrame:
    """One row per transcript."""
    import pandas as pd

    rows = [dict(result.interview) for result in results]
    extra = dict.fromkeys(key for row in rows for key in row if key not in INTERVIEW_COLUMNS)
    frame = pd.DataFrame(rows, columns=[*INTERVIEW_COLUMNS, *extra])
    frame["wave"] = frame["wave"].astype("Int64")
    return frame


def omitted_table(results: Sequence[Result]) -> pd.DataFrame:
    """One row per stretch of participant speech that became no narrative."""
    import pandas as pd

    rows = [_omitted_row(item, result.interview) for result in results for item in result.omitted]
    frame = pd.DataFrame(rows, columns=list(OMITTED_COLUMNS))
    frame["wave"] = frame["wave"].astype("Int64")
    return frame


def problems_table(problems: Iterable[Problem]) -> pd.DataFrame:
    """One row per problem."""
    import pandas as pd

    rows = [[getattr(problem, column) for column in PROBLEM_COLUMNS] for problem in problems]
    return pd.DataFrame(rows, columns=list(PROBLEM_COLUMNS))


def _narrative_row(result: Result, index: int, labels: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    narrative = result.narratives[index]
    row = _place_columns(narrative, result)
    for variable, names in labels.items():
        row |= _coding_cells(result.codings[index], variable, names)
    flags = ["long"] if result.windows[index] > 1 else []
    return row | {"needs_review": result.review[index], "flags": ";".join(flags)}


def _place_columns(narrative: Narrative, result: Result) -> dict[str, Any]:
    return {
        "narrative_id": narrative.id,
        "transcript": narrative.transcript,
        "person": narrative.person,
        "wave": result.interview["wave"],
        "date": result.interview["date"],
        "speaker": narrative.speaker,
        "role": narrative.role.value,
        "start": narrative.start,
        "end": narrative.end,
        "spans": format_spans(narrative.spans),
        "n_words": len(narrative.text.split()),
        "text": narrative.text,
        "question": narrative.question,
    }


def _coding_cells(coding: Coding, variable: str, names: tuple[str, ...]) -> dict[str, Any]:
    shares = coding[variable]
    best = max(names, key=lambda name: shares[name])
    return {
        variable: best,
        f"{variable}_p": shares[best],
        **{f"{variable}_p_{name}": shares[name] for name in names},
    }


def _omitted_row(item: Omission, interview: Any) -> dict[str, Any]:
    return {
        "transcript": item.transcript,
        "person": item.person,
        "wave": interview["wave"],
        "speaker": item.speaker,
        "start": item.spans[0][0],
        "end": item.spans[-1][1],
        "spans": format_spans(item.spans),
        "text": item.text,
        "reason": item.reason,
        "score": item.score,
    }
