"""Lines on pages become paragraphs: page furniture out, paragraphs whole, words that a line end cut in two joined."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from narratives.reading.labels import Candidate, candidate, counted
from narratives.reading.lines import Line

__all__ = ["join_lines", "paragraphs", "without_furniture"]

Page = Sequence[str]
"""The lines of a page, blank ones where there is space between lines."""

_EDGE = 3
_SHARE_OF_PAGES = 0.4
_PAGE_NUMBER = re.compile(
    r"(?P<word>side|page|s\.|p\.)?\s*[-–(]?\s*(?P<number>\d{1,4})\s*[-–)]?(?:\s*(?:af|of|/)\s*\d{1,4})?", re.I
)
_CLOCK = re.compile(r"\d[:.]\d\d")
_SHORT = 0.6
_FULL = 0.75
_SENTENCE_END = re.compile(r"[.?!…:][\"'»«”’)\]]*$|[\])]$")
_CUT = re.compile(r"(?P<word>\w+)(?P<hyphen>[-\u2010\u00ad])$")
_HYPHENATED = re.compile(r"(?<!\w)\w+-\w+")
_SUSPENDED = frozenset({"og", "eller", "samt", "og/eller"})
_REPEATED_ALONE = 3


def without_furniture(pages: Sequence[Page]) -> tuple[list[list[str]], int]:
    """Pages without headers, footers and page numbers.

    Furniture is one of the three outermost lines of a page that comes back (numbers aside) on at least two pages and
    on 40 % of them, or a page number; what stands inside another line is never furniture.

    Returns:
        the pages' remaining lines, and how many lines were left out.
    """
    recurring = {top: _recurring(pages, top=top) for top in (True, False)}
    kept: list[list[str]] = []
    for number, page in enumerate(pages, start=1):
        lines = list(page)
        for top in (True, False):
            for index in _edge(lines, top=top):
                if _key(lines[index], number) not in recurring[top] and not _is_page_number(lines[index], number):
                    break
                lines[index] = ""
        kept.append(lines)
    before, after = (sum(bool(line.strip()) for page in some for line in page) for some in (pages, kept))
    return kept, before - after


def _edge(page: Page, *, top: bool) -> list[int]:
    """Numbers of the outermost filled lines, from the edge inwards."""
    filled = [index for index, line in enumerate(page) if line.strip()]
    return filled[:_EDGE] if top else filled[: -_EDGE - 1 : -1]


def _recurring(pages: Sequence[Page], *, top: bool) -> set[str]:
    keys = ({_key(page[index], number) for index in _edge(page, top=top)} for number, page in enumerate(pages, start=1))
    counts = Counter(key for found in keys for key in found)
    enough = max(2, math.ceil(_SHARE_OF_PAGES * len(pages)))
    return {key for key, count in counts.items() if count >= enough}


def _key(line: str, number: int) -> str:
    """A line of page ``number`` as it is compared between pages.

    Bare numbers are the same if they rise with the pages; a short turn with a time code is not the same as another one.
    """
    plain = " ".join(line.casefold().split())
    if bare := _PAGE_NUMBER.fullmatch(plain):
        return f"#{int(bare['number']) - number}"
    return plain if _CLOCK.search(plain) else re.sub(r"\d+", "#", plain)


def _is_page_number(line: str, number: int) -> bool:
    found = _PAGE_NUMBER.fullmatch(line.strip())
    return found is not None and (found["word"] is not None or int(found["number"]) == number)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line, and the blank lines before it (None at the top of a page, where space says nothing)."""

    text: str
    gap: int | None


def paragraphs(pages: Sequence[Page]) -> list[str]:
    """The paragraphs of all pages, in order.

    A paragraph begins after more space than usual, at a speaker label that is known or comes back, and after a short
    line that ends a sentence. A label alone on its line keeps its line.
    """
    pieces = list(_pieces(pages))
    labels = _labels([piece.text for piece in pieces])
    width = _width(pieces)
    usual = _usual_gap(pieces, width)
    groups: list[list[str]] = []
    for index, piece in enumerate(pieces):
        before = pieces[index - 1] if index else None
        solo = index - 1 in labels and labels[index - 1].solo
        if before is None or (not solo and (index in labels or _breaks(before, piece, usual, width))):
            groups.append([])
        groups[-1].append(piece.text + ("\n" if index in labels and labels[index].solo else ""))
    return _joined(groups)


def _joined(groups: Sequence[Sequence[str]]) -> list[str]:
    hyphenated = {word.casefold() for group in groups for line in group for word in _HYPHENATED.findall(line)}
    return [join_lines(group, frozenset(hyphenated)) for group in groups]


def _pieces(pages: Sequence[Page]) -> Iterator[_Piece]:
    for page in pages:
        gap: int | None = None
        for line in page:
            if line.strip():
                yield _Piece(line.strip(), gap)
                gap = 0
            elif gap is not None:
                gap += 1


def _width(pieces: Sequence[_Piece]) -> int:
    """Length of a full line: the 90th percentile."""
    lengths = sorted(len(piece.text) for piece in pieces)
    return lengths[int(0.9 * len(lengths))] if lengths else 0


def _usual_gap(pieces: Sequence[_Piece], width: int) -> int:
    """Blank lines between the lines of a paragraph: 0, or more where full lines have them too (double spacing)."""
    gaps = [(piece.gap, len(before.text)) for before, piece in pairwise(pieces) if piece.gap is not None]
    counts = Counter(gap for gap, _ in gaps)
    least = min((gap for gap, count in counts.items() if count >= 0.05 * len(gaps)), default=0)
    full = [length >= _FULL * width for gap, length in gaps if gap == least]
    return least if full and sum(full) >= 0.5 * len(full) else 0


def _breaks(before: _Piece, piece: _Piece, usual: int, width: int) -> bool:
    """Whether ``piece`` begins a paragraph for its space or for the line before it."""
    if piece.gap is not None and piece.gap > usual:
        return True
    return (
        len(before.text) < _SHORT * width
        and _SENTENCE_END.search(before.text) is not None
        and not piece.text[0].islower()
    )


def _labels(lines: Sequence[str]) -> dict[int, Candidate]:
    """Labels at line starts by line number: those with a known role, and those that come back."""
    found = {
        index: label
        for index, line in enumerate(lines)
        if (label := _label(index, line)) and label.style not in ("tab", "sign")
    }
    counts = Counter(label.key for label in found.values())

    def believed(label: Candidate) -> bool:
        known = label.role is not None and label.label[0].isupper()  # "min / mand: Nej" is no speaker
        return known or counts[label.key] >= (_REPEATED_ALONE if label.style == "alone" else 2)

    return {index: label for index, label in found.items() if believed(label)}


def _label(index: int, text: str) -> Candidate | None:
    """The label that opens a line, perhaps behind the number of a list."""
    line = Line(0, len(text), text, False)
    return counted(index, line) or candidate(index, line)


def join_lines(lines: Sequence[str], hyphenated: frozenset[str] = frozenset()) -> str:
    """Lines of one paragraph as running text.

    "arbejds-" + "løs" becomes "arbejdsløs". A hyphen stays that belongs to the word: after a single letter, a number or
    capitals ("A-kasse", "37-timers", "IT-kursus"), before a capital or a number ("Hans-Jørgen"), in "uddannelses- og",
    and where the word stands with its hyphen elsewhere.

    Args:
        lines: without outer white space; one that ends in a line feed keeps it.
        hyphenated: words with hyphens met elsewhere, lower case.
    """
    text = ""
    for line in lines:
        text = _joined_pair(text, line, hyphenated) if text else line
    return text.rstrip("\n")


def _joined_pair(text: str, line: str, hyphenated: frozenset[str]) -> str:
    cut = _CUT.search(text)
    if cut is None or not line[:1].isalnum():
        return text + line if text.endswith("\n") else f"{text} {line}"
    following = re.match(r"[\w/]+", line)
    word, after = cut["word"], following[0] if following else ""
    if cut["hyphen"] != "\u00ad" and after.casefold() in _SUSPENDED:
        return f"{text} {line}"
    return text + line if _keeps_hyphen(cut["hyphen"], word, after, hyphenated) else text[:-1] + line


def _keeps_hyphen(hyphen: str, word: str, after: str, hyphenated: frozenset[str]) -> bool:
    if hyphen == "\u00ad":
        return False
    own = len(word) == 1 or word[-1].isdigit() or (word.isupper() and len(word) > 1)
    return own or not after[:1].islower() or f"{word}-{after}".casefold() in hyphenated
