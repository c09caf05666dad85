"""Carrying words and cues of one narrative, as the report and a notebook show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from narratives.displays.words import joined, per_cent
from narratives.messages import say
from narratives.transcript import Span

if TYPE_CHECKING:
    import pandas as pd

    from narratives.codebook import Codebook
    from narratives.study import Study

__all__ = ["Evidence", "EvidenceLook", "Part", "evidence_by_id", "look_at", "parts_of"]

_IN_WORDS = frozenset({"voice", "tense"})
"""Kinds whose values say all, so that their name need not be said."""

_ALONE = frozenset({"negation", "self", "question"})
"""Kinds of one value."""


class Part(NamedTuple):
    """A stretch of text, and what it carried: "" where it carried nothing."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class Evidence:
    """What is known of one narrative.

    Attributes:
        words: its rows of the table ``evidence``.
        cues: its rows of the table ``cues``.
        codebook: gives the variables' names to people.
    """

    words: Sequence[Mapping[str, Any]]
    cues: Sequence[Mapping[str, Any]]
    codebook: Codebook

    @cached_property
    def notes(self) -> dict[Span, str]:
        """Per carrying word, by its place in the source, each code it carried and the fall in percentage points."""
        found: dict[Span, list[str]] = {}
        for row in self.words:
            if row["rank"]:
                span = int(row["start"]), int(row["end"])
                found.setdefault(span, []).append(f"{row['code']} {_points(row['fall'])}")
        return {span: "; ".join(told) for span, told in sorted(found.items())}

    @property
    def lines(self) -> tuple[str, ...]:
        """A line for each variable with its carrying words, and one of the cues."""
        return (*self._word_lines(), *self._cue_line())

    def _word_lines(self) -> Iterator[str]:
        by_variable: dict[str, list[Mapping[str, Any]]] = {}
        for row in self.words:
            by_variable.setdefault(row["variable"], []).append(row)
        for rows in by_variable.values():
            fields = {"variable": self._label(rows[0]), "code": rows[0]["code"]}
            words = [f"»{row['word']}« ({_points(row['fall'])})" for row in rows if row["rank"]]
            yield say("evidence.words", words=joined(words), **fields) if words else say("evidence.no_word", **fields)

    def _cue_line(self) -> Iterator[str]:
        if self.cues:
            kinds: dict[str, list[str]] = {}
            for row in self.cues:
                kinds.setdefault(row["kind"], []).append(_counted(row))
            yield say("evidence.cues", cues="; ".join(_of_kind(kind, told) for kind, told in kinds.items()))

    def _label(self, row: Mapping[str, Any]) -> str:
        return self.codebook[row["variable"]].label


def parts_of(text: str, start: int, notes: Mapping[Span, str]) -> tuple[Part, ...]:
    """A stretch of the source, cut where carrying words begin and end.

    Args:
        text: of the stretch.
        start: its offset in the source.
        notes: per span of the source what it carried; spans do not overlap.

    Returns:
        parts that joined are ``text``.
    """
    parts, place, end = [], start, start + len(text)
    for (first, last), note in sorted(notes.items()):
        if start <= first and last <= end:
            parts += [Part(text[place - start : first - start]), Part(text[first - start : last - start], note)]
            place = last
    parts.append(Part(text[place - start :]))
    return tuple(part for part in parts if part.text)


def evidence_by_id(words: pd.DataFrame, cues: pd.DataFrame, codebook: Codebook) -> dict[str, Evidence]:
    """Per narrative id what the tables ``evidence`` and ``cues`` know; nothing where they know nothing."""
    found: dict[str, tuple[list[Any], list[Any]]] = {}
    for place, table in enumerate((words, cues)):
        for row in table.to_dict("records"):
            found.setdefault(str(row["narrative_id"]), ([], []))[place].append(row)
    spoken = codebook.spoken
    return {name: Evidence(*rows, spoken) for name, rows in found.items()}


@dataclass(frozen=True)
class EvidenceLook:
    """One narrative in a notebook: its text with the carrying words marked, and what lies behind its codes.

    Attributes:
        narrative_id: which.
        codes: the codes of the narrative as a line.
        parts: of its text.
        evidence: the rows.
    """

    narrative_id: str
    codes: str
    parts: tuple[Part, ...]
    evidence: Evidence

    @property
    def words(self) -> pd.DataFrame:
        """The carrying words, a row each; see :data:`narratives.study.evidence.WORD_COLUMNS`."""
        return _frame(self.evidence.words)

    @property
    def cues(self) -> pd.DataFrame:
        """The cues, a row each; see :data:`narratives.study.evidence.CUE_COLUMNS`."""
        return _frame(self.evidence.cues)

    def __repr__(self) -> str:
        text = "".join(f"_{part.text}_" if part.note else part.text for part in self.parts)
        return "\n".join([self.narrative_id, self.codes, "", text, "", *self.evidence.lines, say("evidence.how")])

    def _repr_html_(self) -> str:
        from narratives.displays.base import templates

        return str(templates().get_template("evidence.html.j2").render(look=self))


def look_at(study: Study, narrative_id: str, variables: Sequence[str] = ()) -> EvidenceLook:
    """One narrative of a study to look at; see :func:`narratives.study.evidence.explain_one`."""
    from narratives.study.evidence import explain_one
    from narratives.study.tables import parse_spans

    row, words, cues = explain_one(study, narrative_id, variables)
    codebook = study.codebook.spoken
    evidence = Evidence(words, cues, codebook)
    names = dict.fromkeys(word["variable"] for word in words)
    codes = ", ".join(f"{codebook[name].label}: {row[name]} ({per_cent(row[f'{name}_p'])})" for name in names)
    source = study.source(str(row["transcript"]))
    parts: list[Part] = []
    for start, end in parse_spans(row["spans"]):
        parts += [Part(" ")] if parts else []
        parts += parts_of(source[start:end], start, evidence.notes)
    return EvidenceLook(narrative_id, codes, tuple(parts), evidence)


def _frame(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame([dict(row) for row in rows])


def _points(fall: float) -> str:
    """A fall of 0-1 in whole percentage points."""
    return str(round(100 * float(fall)))


def _counted(row: Mapping[str, Any]) -> str:
    """A value and how often it occurs: »jeg 3«, »nutid 2«."""
    if row["kind"] in _ALONE:
        return str(row["count"])
    named = row["kind"] in _IN_WORDS or row["value"] == "andre"
    return f"{say('evidence.value.' + row['value']) if named else row['value']} {row['count']}"


def _of_kind(kind: str, told: Sequence[str]) -> str:
    return ", ".join(told) if kind in _IN_WORDS else f"{say(f'evidence.kind.{kind}')} {', '.join(told)}"
