"""Facts at the head of a file: ``person: p07`` lines, or YAML between rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from narratives.files import nfc
from narratives.reading.fields import is_metadata_key
from narratives.reading.known import key_of, known_role
from narratives.reading.labels import names_someone
from narratives.reading.lines import Line

__all__ = ["FrontMatter", "front_matter"]

_KEY_VALUE = re.compile(r"[*_#]{0,3}(?P<key>[^\W\d][^:=\t\n]{0,40}?)[*_]{0,3}\s*(?:[:=]|\t)[*_]{0,3}\s*(?P<value>.*)")
_YAML_END = re.compile(r"(?:---|\.\.\.)")
_LONGEST = 60
_TITLE_LINES = 4
_TITLE = 120
_SENTENCE_ENDS = (".", "?", "!", "…")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the head of a file says.

    Attributes:
        facts: values by key, both as written.
        lines: number of lines that belong to it; 0 if there is none.
    """

    facts: dict[str, str] = field(default_factory=dict)
    lines: int = 0


def front_matter(lines: Sequence[Line]) -> FrontMatter:
    """Read the facts at the head of a text.

    A block of ``key: value`` lines counts if the keys are known (:mod:`narratives.reading.fields`) and
    at least one of them cannot be a speaker: "Deltager: Jo, det var ..." opens a dialogue. A few lines of title may
    stand before it, and lines that name who interviews whom between such blocks.
    """
    first = next((index for index, line in enumerate(lines) if not line.blank), None)
    if first is None:
        return FrontMatter()
    if lines[first].text == "---":
        return _yaml(lines, first)
    return _blocks(lines, _after_title(lines, first))


def _after_title(lines: Sequence[Line], first: int) -> int:
    """The line on which the facts begin, below a few short lines of title; ``first`` if there are none."""
    filled = [index for index in range(first, len(lines)) if not lines[index].blank][: _TITLE_LINES + 1]
    for index in filled:
        pair = _pair(lines[index])
        if pair and is_metadata_key(pair[0]):
            return index
        if len(lines[index].text) > _TITLE or (pair and _openings(pair[0], lines) > 1):
            break
    return first


def _yaml(lines: Sequence[Line], first: int) -> FrontMatter:
    """Flat ``key: value`` lines until the closing rule; nested YAML is beyond what a transcript needs."""
    stop = min(len(lines), first + _LONGEST)
    end = next((i for i in range(first + 1, stop) if _YAML_END.fullmatch(lines[i].text)), None)
    if end is None:
        return FrontMatter()
    pairs = [pair for line in lines[first + 1 : end] if (pair := _pair(line))]
    return FrontMatter(dict(pairs), end + 1)


def _blocks(lines: Sequence[Line], first: int) -> FrontMatter:
    facts: dict[str, str] = {}
    index, used = first, 0
    while index < min(len(lines), _LONGEST):
        end = _block_end(lines, index)
        found = _read_block(lines[index:end], lines, after=bool(facts))
        if not found:
            break
        facts |= dict(found[: end - index])
        used = index + len(found)
        if used < end:
            break
        index = next((i for i in range(end, len(lines)) if not lines[i].blank), len(lines))
    return FrontMatter(facts, used)


def _block_end(lines: Sequence[Line], start: int) -> int:
    return next((i for i in range(start, len(lines)) if lines[i].blank), len(lines))


def _read_block(block: Sequence[Line], lines: Sequence[Line], after: bool) -> list[tuple[str, str]]:
    """The leading key-value pairs of ``block``; empty unless a key is beyond doubt, or names come ``after`` facts."""
    pairs: list[tuple[str, str]] = []
    for line in block:
        pair = _pair(line)
        if pair is None or not is_metadata_key(pair[0]) or _speaks_again(pair[0], lines):
            break
        pairs.append(pair)
    certain = any(known_role(key) is None for key, _ in pairs)
    certain = certain or (after and all(_is_name(value) for _, value in pairs))
    return pairs if certain else []


def _pair(line: Line) -> tuple[str, str] | None:
    found = _KEY_VALUE.fullmatch(line.text)
    return (nfc(found["key"]).strip(), nfc(found["value"]).strip().strip("\"'")) if found else None


def _speaks_again(key: str, lines: Sequence[Line]) -> bool:
    """Whether a role word opens several later lines too, which makes it a speaker."""
    if known_role(key) is None:
        return False
    return _openings(key, lines) > 2


def _openings(key: str, lines: Sequence[Line]) -> int:
    """How many lines a key opens."""
    opening = f"{key_of(key)}:"
    return sum(key_of(line.text[: len(opening) + 1]).startswith(opening) for line in lines)


def _is_name(value: str) -> bool:
    """Whether a value is a name, perhaps with initials or an age, rather than speech."""
    name = re.sub(r"\([^()]*\)", "", value.partition(",")[0]).strip("\"'”“»« ")
    return bool(name) and not value.endswith(_SENTENCE_ENDS) and names_someone(name)
