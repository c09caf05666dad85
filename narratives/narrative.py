"""The unit of analysis: one short narrative, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from narratives.files import sha256_of
from narratives.transcript import Role, Span, quote

__all__ = ["Narrative", "Omission", "narrative_id"]


@dataclass(frozen=True, slots=True)
class Narrative:
    """A short narrative in a transcript.

    Attributes:
        id: stays the same while transcript, place and text do.
        transcript: name of the transcript.
        speaker: label of the speaker.
        person: the speaker's person id; None if unknown.
        role: the speaker's role (a participant's, unless others were asked for).
        spans: pieces in order, end exclusive; several where a back-channel falls in between.
        text: the source text of the spans, joined by one blank.
        score: how sure the segmenter is that this is a narrative, in [0, 1].
        question: text of the turn before by somebody else; "" at the start.
    """

    id: str
    transcript: str
    speaker: str
    person: str | None
    role: Role
    spans: tuple[Span, ...]
    text: str
    score: float
    question: str = ""

    @classmethod
    def at(
        cls,
        source: str,
        *,
        transcript: str,
        speaker: str,
        person: str | None,
        role: Role,
        spans: tuple[Span, ...],
        score: float,
        question: str = "",
    ) -> Narrative:
        """The narrative at ``spans`` of the text ``source``; text and id follow from the place."""
        text = quote(source, spans)
        return cls(
            narrative_id(transcript, spans, text), transcript, speaker, person, role, spans, text, score, question
        )

    @property
    def start(self) -> int:
        """Offset of the first character."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """Offset after the last character."""
        return self.spans[-1][1]


@dataclass(frozen=True, slots=True)
class Omission:
    """Participant speech that became no narrative, and why.

    Attributes:
        reason: "short", "back-channel", "no work-life content", "below threshold" ... (stable names).
        score: the narrativity found, in [0, 1]; None where it was not scored.
    """

    transcript: str
    speaker: str
    person: str | None
    spans: tuple[Span, ...]
    text: str
    reason: str
    score: float | None = None


def narrative_id(transcript: str, spans: tuple[Span, ...], text: str) -> str:
    """A readable, stable id: transcript name, then ten hex digits of place and text."""
    place = ";".join(f"{start}-{end}" for start, end in spans)
    return f"{transcript}:{sha256_of(transcript, place, text)[:10]}"
