"""Words of speech, and the marks between them, with their places in the source.

Scoring looks at words and at three kinds of marks only, so white space, and the many ways of writing
a pause ("...", "…", " - ", "[pause]", "(pause)", commas around), cannot change a score.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntFlag

from narratives.transcript import Span

__all__ = ["Mark", "Word", "find_words"]


class Mark(IntFlag):
    """What stands between two words; several can hold at once."""

    NOTHING = 0
    STOP = 1
    QUESTION = 2
    PAUSE = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was said.

    Attributes:
        text: the word in composed form (NFC), in its original case.
        start, end: its place in the source, end exclusive, in code points.
        after: the marks between it and the next word.
    """

    text: str
    start: int
    end: int
    after: Mark = Mark.NOTHING

    @property
    def lower(self) -> str:
        """The word in lower case without apostrophes at its end: what scoring sees."""
        return self.text.lower().rstrip("'’´")


# A note about speech is not speech: anything short in square brackets, and in round brackets or between
# asterisks or angle brackets the usual ones only, because people also speak in parentheses.
_NOTES = (
    "pause|latter|griner|ler|grin|hoster|host|sukker|suk|stilhed|tavshed|utydeligt?|uforståeligt?|uhørligt?|hører ikke|"
    "græder|smiler|fniser|nikker|ryster på hovedet|telefonen? ringer|afbrydelse|støj|inaudible|laughs|laughter"
).replace(" ", r"\s")
# Letters and digits, with combining accents where a text is decomposed.
_LETTERS = r"[^\W_]+ (?: [\u0300-\u036f]+ [^\W_]* )*"
_PATTERN = re.compile(
    rf"""
    (?P<note>\[[^\[\]\n]{{0,60}}\] | [(*<](?:[\w ]{{0,20}}\s)?(?:{_NOTES})(?:\s[\w ]{{0,20}})?[)*>])
  | (?P<word>{_LETTERS} (?: (?: ['’´:/&@+-] | \.(?=(?-i:[a-zæøå0-9])) | (?<=\d),(?=\d) ) {_LETTERS} )* ['’´%°]?)
  | (?P<pause>\.{{2,}} | \.(?:\s\.){{2,}} | … | [-–—]+)
  | (?P<question>[?])
  | (?P<stop>[.!])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MARKS = {"note": Mark.PAUSE, "pause": Mark.PAUSE, "question": Mark.QUESTION, "stop": Mark.STOP}


def find_words(source: str, spans: Iterable[Span]) -> tuple[Word, ...]:
    """The words in ``spans`` of ``source``, in order, each with the marks that follow it.

    Notes such as "[griner]" or "(pause)" count as pauses; commas, quotation marks and brackets as nothing.
    """
    words: list[Word] = []
    for kind, start, end in _pieces(source, spans):
        if kind == "word":
            words.append(Word(unicodedata.normalize("NFC", source[start:end]), start, end))
        elif words:
            last = words[-1]
            words[-1] = Word(last.text, last.start, last.end, last.after | _MARKS[kind])
    return tuple(words)


def _pieces(source: str, spans: Iterable[Span]) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of each word and mark."""
    for start, end in spans:
        for match in _PATTERN.finditer(source, start, end):
            if match.lastgroup:
                yield match.lastgroup, match.start(), match.end()
