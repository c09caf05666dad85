"""Speaker labels that a word processor sets in bold or italics, and nothing else tells from speech: "**Bente** Ja."."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from narratives.reading.known import key_of, known_role
from narratives.reading.labels import MAX_LABEL, names_someone

__all__ = ["emphasised_labels", "with_colon"]

_COVERED = 0.4
_FEW = 3


def emphasised_labels(leads: Sequence[str]) -> frozenset[str]:
    """Which emphasised openings of paragraphs are speaker labels.

    Args:
        leads: for each paragraph with text the emphasised words that open it, "" where there are none.

    Returns:
        openings that read like names or roles and come back, or have a known role; nothing unless there are two of
        them at least, at two in five of the paragraphs.
    """
    named = [lead for lead in leads if lead and len(lead) <= MAX_LABEL and names_someone(lead)]
    counts = Counter(key_of(lead) for lead in named)
    kept = [lead for lead in named if counts[key_of(lead)] > 1 or known_role(lead) is not None]
    kinds = {key_of(lead) for lead in kept}
    few = 1 < len(kinds) <= max(_FEW, len(kept) / 2)
    return frozenset(kept) if few and len(kept) >= _COVERED * len(leads) else frozenset()


def with_colon(text: str, lead: str, labels: Collection[str]) -> str:
    """A paragraph with a colon after its label, as the transcriber could have written it."""
    begun = len(text) - len(text.lstrip())
    if lead not in labels or not text.startswith(lead, begun):
        return text
    end = begun + len(lead)
    return f"{text[:end]}:{text[end:]}"
