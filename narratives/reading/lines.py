"""A text as lines with their places, and which of them are speech."""

from __future__ import annotations

import re
from dataclasses import dataclass

from narratives.transcript import Span

__all__ = ["BLANKS", "Line", "is_furniture", "is_scene_note", "split_lines", "trim"]

BLANKS = frozenset(
    "\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f \x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff\u200e\u200f"
) | {chr(code) for code in range(0x2000, 0x200C)}
"""White space as a transcriber sees it: also hard blanks, zero-width marks and a stray byte order mark."""

_LINE = re.compile("[^\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]|$)")

_SCENE = re.compile(r"(?:\([^()]{2,300}\)|\[[^\[\]]{2,300}\]|\*\([^()]{2,300}\)\*)[.]?")
_FURNITURE = re.compile(
    r"""
    \#{1,6}\ .{0,200}                                   # Markdown heading
    | [-–—_*=~·\ ]{3,}                                  # ruled line
    | (?:-\ *)?\d{1,4}(?:\ *-)?                         # page number alone
    | (?:side|page|s\.)\ *\d+(?:\ *(?:af|of|/)\ *\d+)?  # page furniture
    | (?:slut|stop|start|begyndelse|end)\ (?:(?:på|af|of)\ )?(?:interview(?:et)?|optagelsen?|lydfilen|recording)[.]?
    | (?:transskriberet|transkriberet|udskrevet|transcribed)\ (?:af|by)\b[^?!]{0,60}
    | .{1,63}\ (?:startede|stoppede|started|stopped)\ (?:transskription(?:en)?|transskriberingen?|transcription)
    | (?:interview(?:et)?|optagelsen?|lydfilen|recording)\ (?:er\ )?(?:slut(?:ter)?|afsluttet|starter|begynder|ends)[.]?
    """,
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its outer white space.

    Attributes:
        start: offset of the first visible character.
        end: offset after the last one; equal to ``start`` on a blank line.
        text: what lies between.
        opens: whether it begins a paragraph (first line, or after a blank line).
    """

    start: int
    end: int
    text: str
    opens: bool

    @property
    def blank(self) -> bool:
        """Whether there is nothing to see on it."""
        return self.start == self.end


def trim(text: str, span: Span) -> Span:
    """``span`` without outer white space; empty (start == end) if nothing is left."""
    start, end = span
    while start < end and text[start] in BLANKS:
        start += 1
    while end > start and text[end - 1] in BLANKS:
        end -= 1
    return start, end


def split_lines(text: str) -> tuple[Line, ...]:
    """All lines of ``text``, blank ones too, whatever ends them (LF, CRLF, Word's line break ...)."""
    lines: list[Line] = []
    opens = True
    for found in _LINE.finditer(text):
        start, end = trim(text, found.span())
        lines.append(Line(start, end, text[start:end], opens))
        opens = start == end
    return tuple(lines)


def is_scene_note(line: Line) -> bool:
    """Whether a line is a note of its own in brackets: "(telefonen ringer)".

    In the middle of a paragraph only round brackets count: "[griner]" there is where a line was broken.
    """
    return _SCENE.fullmatch(line.text) is not None and (line.opens or not line.text.startswith("["))


def is_furniture(line: str) -> bool:
    """Whether a line is a heading, a rule, a page number, or says that the recording ends."""
    return len(line) <= 210 and _FURNITURE.fullmatch(line) is not None
