"""Who speaks where: speaker labels in running text become turns with exact places.

A turn's spans leave out its label, time codes, line numbers, notes in brackets on a line of their
own, headings and outer white space; everything else is exactly what the file holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from narratives.reading.evidence import Evidence, weigh
from narratives.reading.frontmatter import FrontMatter, front_matter
from narratives.reading.lines import Line, is_furniture, is_scene_note, split_lines, trim
from narratives.reading.timecodes import INLINE, seconds
from narratives.transcript import Span, Turn

__all__ = ["TurnsFound", "find_turns"]


@dataclass(frozen=True, slots=True)
class TurnsFound:
    """What was found in a text.

    Attributes:
        turns: in order, not overlapping; neighbouring turns of one speaker are one turn. Where the text
            has no labels at all, one turn per paragraph with the speaker "".
        front_matter: facts at the head of the file, keys and values as written.
        front_matter_end: offset after them; 0 if there are none.
        preamble: text between front matter and the first label (a title, who is present); "" if none.
        unassigned: places that belong to nobody: scene notes, headings, the preamble.
        prose: whether the file is a text with dialogues in it rather than a transcript.
    """

    turns: tuple[Turn, ...]
    front_matter: dict[str, str] = field(default_factory=dict)
    front_matter_end: int = 0
    preamble: str = ""
    unassigned: tuple[Span, ...] = ()
    prose: bool = False


@dataclass(slots=True)
class _Draft:
    """A turn being gathered."""

    speaker: str
    time: float | None
    pieces: list[Span]


def find_turns(text: str) -> TurnsFound:
    """Find speaker labels and lay the text out as turns.

    Args:
        text: the text as extracted; offsets of the result are code points of it.
    """
    lines = split_lines(text)
    head = front_matter(lines)
    evidence = weigh(lines, head.lines)
    end = lines[head.lines - 1].end if head.lines else 0
    if not evidence.labels:
        turns, nobodys = _paragraphs(text, lines, head, evidence)
        return TurnsFound(turns, head.facts, end, "", nobodys)
    first = min(evidence.labels)
    before = [line for line in lines[head.lines : first] if not line.blank]
    drafts, nobodys = _gather(lines, evidence, head.lines)
    turns = tuple(_merge(_finish(text, drafts)))
    preamble = text[before[0].start : before[-1].end] if before else ""
    return TurnsFound(turns, head.facts, end, preamble, nobodys, evidence.prose)


def _gather(lines: Sequence[Line], evidence: Evidence, first: int) -> tuple[list[_Draft], tuple[Span, ...]]:
    """Walk the lines: a label opens a turn, other lines go on with it or belong to nobody."""
    drafts: list[_Draft] = []
    nobodys: list[Span] = []
    open_turn: _Draft | None = None
    waiting: float | None = None
    for index in range(first, len(lines)):
        line, label = lines[index], evidence.labels.get(index)
        if label is not None:
            time = label.time if label.time is not None else waiting
            open_turn, waiting = _Draft(label.label, time, [(label.speech, line.end)]), None
            drafts.append(open_turn)
        elif line.blank:
            ended = evidence.prose and open_turn is not None and any(a < b for a, b in open_turn.pieces)
            open_turn = None if ended else open_turn
        elif INLINE.fullmatch(line.text):
            waiting = seconds(line.text)
        elif open_turn is None or is_scene_note(line) or is_furniture(line.text):
            nobodys.append((line.start, line.end))
        else:
            open_turn.pieces.append((line.start + evidence.skips[index], line.end))
    return drafts, tuple(nobodys)


def _paragraphs(
    text: str, lines: Sequence[Line], head: FrontMatter, evidence: Evidence
) -> tuple[tuple[Turn, ...], tuple[Span, ...]]:
    """A text without labels: its paragraphs as turns of nobody in particular."""
    drafts: list[_Draft] = []
    nobodys: list[Span] = []
    for line, skip in list(zip(lines, evidence.skips, strict=True))[head.lines :]:
        if line.blank:
            continue
        if is_scene_note(line) or is_furniture(line.text):
            nobodys.append((line.start, line.end))
        elif line.opens or not drafts:
            drafts.append(_Draft("", None, [(line.start + skip, line.end)]))
        else:
            drafts[-1].pieces.append((line.start + skip, line.end))
    return tuple(_finish(text, drafts)), tuple(nobodys)


def _finish(text: str, drafts: Sequence[_Draft]) -> Iterator[Turn]:
    """Turns with their final spans; a label without speech is no turn."""
    for draft in drafts:
        spans = _join(text, [span for piece in draft.pieces for span in _without_codes(text, piece)])
        if spans:
            yield Turn(draft.speaker, spans, draft.time)


def _without_codes(text: str, piece: Span) -> Iterator[Span]:
    """The parts of ``piece`` between time codes, trimmed."""
    start, end = piece
    for found in INLINE.finditer(text, start, end):
        yield trim(text, (start, found.start()))
        start = found.end()
    yield trim(text, (start, end))


def _join(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans with only white space between them become one; empty ones go."""
    joined: list[Span] = []
    for start, end in spans:
        if start >= end:
            continue
        if joined and trim(text, (joined[-1][1], start))[0] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _merge(turns: Iterator[Turn]) -> Iterator[Turn]:
    """Neighbouring turns of one speaker as one: nobody else spoke in between."""
    last: Turn | None = None
    for turn in turns:
        if last is not None and last.speaker == turn.speaker:
            last = Turn(last.speaker, (*last.spans, *turn.spans), last.time)
            continue
        if last is not None:
            yield last
        last = turn
    if last is not None:
        yield last
