"""From a narrative's text back to the transcript: exact offsets, also across back-channels."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING, Any

from narratives.errors import NarrativesError, StudyError
from narratives.messages import say
from narratives.transcript import Span, quote

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Places", "Sources", "places_of", "records_of"]

Sources = Mapping[str, str] | Callable[[str], str]
"""Transcript name to its source text: a mapping, or a function such as ``study.source``."""


@dataclass(frozen=True, slots=True)
class Places:
    """The spans of a narrative, and where each begins in the narrative's own text.

    Attributes:
        spans: in the transcript's source text.
        starts: offset of each span in the narrative's text.
    """

    spans: tuple[Span, ...]
    starts: tuple[int, ...]

    @property
    def joints(self) -> tuple[int, ...]:
        """Offsets in the narrative's text at which a later span begins."""
        return self.starts[1:]

    def source(self, start: int, end: int) -> Span | None:
        """The offsets in the source of ``text[start:end]``; None if a joint between spans lies inside."""
        piece = bisect_right(self.starts, start) - 1
        shift = self.spans[piece][0] - self.starts[piece]
        return (start + shift, end + shift) if end + shift <= self.spans[piece][1] else None


def places_of(row: Mapping[str, Any], sources: Sources | None = None) -> Places:
    """The places of one narrative.

    Args:
        row: with ``text``, and ``spans`` ("340-612;650-700") or ``start``; without either, offsets count
            from the start of ``text``.
        sources: to check the places against the transcript; None trusts the table.

    Raises:
        StudyError: if the narrative does not stand in its place.
    """
    spans = _spans(row)
    starts, at = [], 0
    for start, end in spans:
        starts.append(at)
        at += end - start + 1
    narrative, transcript = row.get("narrative_id"), str(row.get("transcript"))
    text = str(row["text"])
    wrong = at - 1 != len(text) or (sources is not None and quote(_source(sources, transcript), spans) != text)
    if wrong:
        raise StudyError(say("interventions.not_in_source", narrative=narrative, transcript=transcript))
    return Places(spans, tuple(starts))


def records_of(narratives: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table of narratives as mappings.

    Raises:
        NarrativesError: if ``narrative_id`` or ``text`` is missing.
    """
    for column in ("narrative_id", "text"):
        if column not in narratives:
            raise NarrativesError(say("interventions.no_column", column=column))
    return [{str(key): value for key, value in row.items()} for row in narratives.to_dict("records")]


def _spans(row: Mapping[str, Any]) -> tuple[Span, ...]:
    cell = row.get("spans")
    if isinstance(cell, str) and cell:
        from narratives.study.tables import parse_spans

        return parse_spans(cell)
    start = row.get("start")
    first = int(start) if isinstance(start, Integral) else 0
    return ((first, first + len(str(row["text"]))),)


def _source(sources: Sources, transcript: str) -> str:
    return sources[transcript] if isinstance(sources, Mapping) else sources(transcript)
