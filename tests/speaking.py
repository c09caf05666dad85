"""A short interview in any convention, and who is found to say what in it."""

from __future__ import annotations

from narratives.reading.speakers import find_turns
from narratives.transcript import quote

HEJ = "Hvordan gik det på jobcentret?"
SVAR = "Det gik fint nok, altså."
JA = "Og så?"
TO = "Så tog jeg hjem."
FOUR = [("I", HEJ), ("IP", SVAR), ("I", JA), ("IP", TO)]


def said(text: str) -> list[tuple[str, str]]:
    """Speaker and words of each turn, after checking that every span is clean."""
    turns = find_turns(text).turns
    places = [span for turn in turns for span in turn.spans]
    assert places == sorted(places)
    for start, end in places:
        assert start < end
        assert text[start:end] == text[start:end].strip()
    return [(turn.speaker, quote(text, turn.spans)) for turn in turns]


def dialogue(first: str, second: str, end: str = "\n\n") -> str:
    """Four turns, with the label pattern of each speaker filled in."""
    return end.join([first + HEJ, second + SVAR, first + JA, second + TO]) + end
