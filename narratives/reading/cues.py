"""Speakers named inside the text of cues: ``Name: text``, ``SPEAKER_01: text``, ``[Name] text``, lines with dashes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from narratives.reading.labels import Candidate, candidate
from narratives.reading.lines import Line
from narratives.reading.source import Utterance

__all__ = ["Named", "name_speakers"]

_DASH = re.compile(r"\s*[-–—]\s*(?=\S)")
_STYLES = ("colon", "bracket", "voice")
_FEW = 3


@dataclass(frozen=True, slots=True)
class Named:
    """Cues with their speakers.

    Attributes:
        utterances: one for each cue or, where a cue holds several speakers, for each of its lines.
        named: whether anybody is named at all.
        dashes: lines that begin with a dash and name nobody.
    """

    utterances: tuple[Utterance, ...]
    named: bool
    dashes: int


@dataclass(frozen=True, slots=True)
class _CueLine:
    """A line of a cue: its cue, its text without dash, whether it had one, and the label it may open with."""

    cue: Utterance
    text: str
    dash: bool
    label: Candidate | None


def name_speakers(cues: Sequence[Utterance]) -> Named:
    """Find the speakers of cues that come without one; line feeds in a cue's text count.

    A label is believed if its role is known or it comes back, or if there are hardly any cues. Where labels
    are used, a cue without one goes on with the speaker before; after a dash without a name the speaker is unknown.

    Args:
        cues: with the speaker that the format itself gives, or "".
    """
    lines = [line for cue in cues for line in _lines(cue)]
    believed = _believed(lines, len(cues))
    spoken, dashes, speaker = [], 0, ""
    for line in lines:
        text = line.text
        if line.cue.speaker:
            speaker = line.cue.speaker
        elif line.label and line.label.key in believed:
            speaker, text = believed[line.label.key], text[line.label.speech :]
        elif line.dash:
            speaker, dashes = "", dashes + 1
        elif not believed:
            speaker = ""
        spoken.append(Utterance(speaker, text, line.cue.time))
    return Named(tuple(spoken), any(one.speaker for one in spoken), dashes)


def _lines(cue: Utterance) -> Iterator[_CueLine]:
    """The lines of a cue; those of a speaker whom the format names stay together."""
    if cue.speaker:
        yield _CueLine(cue, cue.text, False, None)
        return
    lines = [line for line in cue.text.splitlines() if line.strip()]
    for line in lines:
        dash = _DASH.match(line)
        text = (line[dash.end() :] if dash else line).strip()
        label = candidate(0, Line(0, len(text), text, True))
        label = label if label and label.style in _STYLES else None
        if dash and len(lines) == 1 and label is None:  # one line alone: a pause, no change of speaker
            dash, text = None, line.strip()
        yield _CueLine(cue, text, dash is not None, label)


def _believed(lines: Sequence[_CueLine], cues: int) -> dict[str, str]:
    """Spelling of each believed label, by its key."""
    labels = [line.label for line in lines if line.label]
    counts = Counter(label.key for label in labels)
    return {
        label.key: label.label
        for label in reversed(labels)
        if label.role is not None or counts[label.key] > 1 or cues <= _FEW
    }
