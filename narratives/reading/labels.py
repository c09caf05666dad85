"""What looks like a speaker label at the start of a line.

Conventions are those of MAXQDA (``Name:``, at most 63 characters), QualCoder (``#Name:``, ``@Name:``, ``[Name]``,
``{Name}``), subtitle voices, Otter and Teams (``Name  00:13``), WhisperX (``[SPEAKER_00]:``) and Danish practice
(``I:``, ``IP1:``, tabs, numbered lines). Whether a candidate *is* a label is decided over the whole file
(:mod:`narratives.reading.evidence`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from narratives.files import nfc
from narratives.reading.known import key_of, known_role, role_of_word
from narratives.reading.lines import Line
from narratives.reading.timecodes import AT_LABEL, seconds
from narratives.reading.vocabulary import words
from narratives.transcript import Role

__all__ = ["MAX_LABEL", "Candidate", "Style", "candidate", "counted", "names_someone"]

Style = Literal["voice", "colon", "stamped", "bracket", "tab", "sign", "alone"]

MAX_LABEL = 63
_MAX_WORDS = 5
_COUNT = re.compile(r"(?:\d{1,4}[.)]|¶\s?\d{1,4}:?|[•·*>\-–—])\s*")
_LONGEST_SMALL = 15

_BODY = rf"[^\W\d_][^\n:\t<>\[\]{{}}?!;\"»«„”*|=]{{0,{MAX_LABEL - 1}}}?"
_BEFORE = rf"(?:(?P<before>{AT_LABEL})[\s\-–,]*)?"
_BOLD = r"[*_]{0,3}"
_AFTER = rf"(?:[\s,]*(?P<after>{AT_LABEL}))?"
_LATE = rf"(?:(?P<late>{AT_LABEL})\s*)?"

_FORMS: tuple[tuple[Style, str], ...] = (
    ("voice", rf"{_BEFORE}<v(?:\.[\w.]+)?\s+(?P<label>[^<>\n]{{1,{MAX_LABEL}}})>\s*"),
    ("colon", rf"{_BEFORE}{_BOLD}[#@]?(?P<label>{_BODY})\s*{_BOLD}{_AFTER}\s*:(?!//|\d\d\b){_BOLD}\s*{_LATE}"),
    (
        "colon",
        rf"{_BEFORE}{_BOLD}[\[{{](?P<label>{_BODY})[\]}}]{_BOLD}{_AFTER}\s*:{_BOLD}\s*{_LATE}",
    ),
    ("stamped", rf"{_BOLD}(?P<label>{_BODY}){_BOLD}[\s,]+(?P<after>{AT_LABEL})\s*$"),
    ("bracket", rf"{_BEFORE}[\[{{](?P<label>{_BODY})[\]}}]\s*"),
    ("tab", rf"{_BEFORE}(?P<label>{_BODY})[ ]*{_AFTER}\t\s*{_LATE}"),
    ("sign", rf"{_BEFORE}{_BOLD}(?P<label>{_BODY}){_BOLD}(?:\s+[-–—]\s+|\s*[;>]\s+){_LATE}(?=\S)"),
    ("sign", rf"{_BEFORE}(?P<bold>[*_]{{2,3}})(?P<label>{_BODY})(?P=bold)\s+{_LATE}(?=\S)"),
    ("sign", rf"{_BEFORE}{_BOLD}\((?P<label>{_BODY})\){_BOLD}\s+{_LATE}(?=\S)"),
    ("alone", rf"{_BEFORE}{_BOLD}(?P<label>{_BODY}){_BOLD}$"),
)
_PATTERNS = tuple((style, re.compile(form)) for style, form in _FORMS)

_NEVER = frozenset(words("labels", "never"))
_ALONE = frozenset(words("labels", "alone"))
_ASIDE = re.compile(r"\s*\((?P<aside>[^()]{1,40})\)$")
_PARTICLES = frozenset(words("labels", "particles"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible label.

    Attributes:
        line: index of its line.
        style: the convention it follows.
        label: as written, white space made single.
        key: how it is compared with others.
        start: offset where label or time code begin.
        speech: offset where speech begins; the line's end if nothing follows.
        time: seconds from a time code beside it, or None.
        opens: whether it stands at the start of a paragraph.
        solo: whether nothing follows on its line.
    """

    line: int
    style: Style
    label: str
    key: str
    start: int
    speech: int
    time: float | None
    opens: bool
    solo: bool

    @property
    def small(self) -> bool:
        """Whether it lacks the capital of a name and is no known role: "anna"."""
        return self.label[0].islower() and self.role is None

    @property
    def role(self) -> Role | None:
        """The role known from the label alone."""
        return known_role(self.label)


def candidate(index: int, line: Line, offset: int = 0) -> Candidate | None:
    """The label that may stand at the start of ``line``; None if there is none.

    Args:
        index: number of the line, passed on.
        line: the line.
        offset: characters at its start to skip (a line number).
    """
    for style, pattern in _PATTERNS:
        found = pattern.match(line.text, offset)
        if found is None:
            continue
        label = _without_aside(" ".join(nfc(found["label"]).split()))
        if not _has_label_shape(label, style):
            continue
        groups = found.groupdict()
        code = groups.get("before") or groups.get("after") or groups.get("late")
        return Candidate(
            line=index,
            style=style,
            label=label,
            key=key_of(label),
            start=line.start + offset,
            speech=line.start + found.end(),
            time=seconds(code) if code else None,
            opens=line.opens,
            solo=found.end() >= len(line.text),
        )
    return None


def counted(index: int, line: Line) -> Candidate | None:
    """The label with a colon behind a number or sign of a list ("12. IP: ...", "• IP: ..."); None without."""
    number = _COUNT.match(line.text)
    found = candidate(index, line, number.end()) if number else None
    return found if found and found.style == "colon" else None


def _without_aside(label: str) -> str:
    """A label without how somebody speaks or takes part: "IP (griner)", "Åse Holm (gæst)"; roles and names stay."""
    found = _ASIDE.search(label)
    if found is None or not found["aside"].islower() or known_role(found["aside"]) is not None:
        return label
    return label[: found.start()]


def _has_label_shape(label: str, style: Style) -> bool:
    """Short, few words, and a name or a known role; a voice tag says itself that it is a name.

    Before a colon a single word without a capital may be one too ("anna:"), which takes more evidence.
    """
    if len(label) > MAX_LABEL or not label:
        return False
    small = style == "colon" and label.isalpha() and label.islower() and len(label) <= _LONGEST_SMALL
    believable = label not in _NEVER or role_of_word(label) is not None
    return style == "voice" or names_someone(label) or (small and believable)


def names_someone(label: str) -> bool:
    """Whether ``label`` reads like a name, initials or a role rather than the start of a sentence."""
    parts = re.split(r"[\s(),/]+", label.strip("() "))
    if not parts[0] or len(parts) > _MAX_WORDS:
        return False
    first = parts[0].strip(".'-").casefold()
    if label.casefold() in _ALONE:
        return True
    if first in _NEVER and not _is_initials(label):
        return False
    if label.count("(") != label.count(")"):
        return False
    return _name_part(parts[0], first=True) and all(_name_part(part) for part in parts[1:] if part)


def _is_initials(label: str) -> bool:
    """Capitals such as "DE", "A", "S.T" that only look like a word when the case is forgotten."""
    letters = label.replace(".", "").replace(" ", "")
    return letters not in {"NB", "PS"} and letters.isalpha() and letters.isupper() and len(letters) <= 2


def _name_part(word: str, *, first: bool = False) -> bool:
    """Whether a word may stand in a label: with a capital ("iPhone"), a role, or (not first) a number or a particle."""
    if word != word.lower() or role_of_word(word.strip(".'-0123456789")) is not None:
        return True
    return not first and (word[0].isdigit() or word.casefold() in _PARTICLES or word[0] in "-–&")
