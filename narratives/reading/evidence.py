"""Which of the candidates are labels, judged over the whole file.

A label is believed when its role is known, when it comes back, or when nearly every paragraph of the
file opens with one. A report with a few quoted dialogues is told from a transcript by its long
stretches without labels; there, only known roles are believed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from narratives.reading.known import is_weak
from narratives.reading.labels import Candidate, Style, candidate, counted
from narratives.reading.lines import Line
from narratives.transcript import Role

__all__ = ["Evidence", "line_number_lengths", "weigh"]

_NUMBERED = re.compile(r"(\d{1,5})(?:[.)]?[ \t\u00a0]+|[.)](?=[^\W\d_]))")
_NUMBERED_SHARE = 0.6
_DENSE = 0.6
_COVERED = 0.4
_PROSE_PREAMBLE = 300
_PROSE_PREAMBLE_SHARE = 0.1
_PROSE_WORDS = 3000
_PROSE_WORDS_PER_LABEL = 800
_FEW = 3

_SPEAKING = frozenset({Role.INTERVIEWER, Role.PARTICIPANT, Role.PROFESSIONAL, Role.INTERPRETER})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was believed.

    Attributes:
        labels: accepted candidates by line number, their label in the file's commonest spelling.
        prose: whether the file is prose with dialogues in it, so that a blank line ends a turn.
        skips: characters of line number at the start of each line (0 where there is none).
    """

    labels: dict[int, Candidate]
    prose: bool
    skips: tuple[int, ...]


def weigh(lines: Sequence[Line], first: int = 0) -> Evidence:
    """Find the labels among ``lines``, from line number ``first`` on (front matter before it)."""
    skips = line_number_lengths(lines)
    found = [
        seen
        for index, line in enumerate(lines)
        if index >= first and not line.blank and (seen := candidate(index, line, skips[index])) is not None
    ]
    listed = [
        label
        for index, line in enumerate(lines)
        if index >= first and not skips[index] and (label := counted(index, line))
    ]
    if len(listed) > len(found) / 2 and not any(skips):
        taken = {label.line for label in listed}
        found = sorted([*listed, *(label for label in found if label.line not in taken)], key=lambda label: label.line)
    accepted = _accept(found, lines, first)
    prose = _is_prose(accepted, lines)
    if prose:
        # "(Afdelingsleder, NDJ: 2-4)" broken over a line is a reference, not a speaker.
        accepted = [c for c in accepted if c.role in _SPEAKING and not is_weak(c.label) and "," not in c.label]
    return Evidence({c.line: c for c in _same_spelling(accepted)}, prose, skips)


def line_number_lengths(lines: Sequence[Line]) -> tuple[int, ...]:
    """Length of each line's leading number where the transcript numbers its lines, else zeros."""
    found = [_NUMBERED.match(line.text) for line in lines]
    numbers = [int(match[1]) for match in found if match]
    filled = sum(not line.blank for line in lines)
    rising = sum(later > earlier for earlier, later in pairwise(numbers))
    if len(numbers) < max(_FEW, _NUMBERED_SHARE * filled) or rising < 0.9 * (len(numbers) - 1):
        return (0,) * len(lines)
    return tuple(match.end() if match else 0 for match in found)


def _accept(found: Sequence[Candidate], lines: Sequence[Line], first: int) -> list[Candidate]:
    """Candidates of the conventions that the file follows: explicit ones first, weaker ones only without them."""
    paragraphs = [index for index, line in enumerate(lines) if index >= first and line.opens and not line.blank]
    filled = sum(not line.blank for line in lines[first:])
    by_style = {
        style: [c for c in found if c.style == style]
        for style in ("voice", "colon", "stamped", "bracket", "tab", "sign", "alone")
    }
    tight = _tight(filled, paragraphs)
    colon = _accept_colon(by_style["colon"], paragraphs, filled)
    explicit = [*by_style["voice"], *colon, *_accept_stamped(by_style["stamped"], alone=not colon)]
    if explicit:
        return sorted([*explicit, *_slips(by_style["sign"], explicit, tight)], key=lambda c: c.line)
    for style, units in _weaker(len(paragraphs), filled, tight):
        opening = [c for c in by_style[style] if c.opens or style in ("tab", "bracket") or (style == "sign" and tight)]
        opening = _that_come_back(opening) if style == "sign" else opening
        if accepted := _accept_recurring(opening, share_of=units, alternating=True):
            return accepted
    return []


def _weaker(paragraphs: int, filled: int, tight: bool) -> Iterable[tuple[Style, int]]:
    """The conventions that need more evidence, each with the number of places where a label could stand."""
    lines = filled if tight else paragraphs
    return (("tab", filled), ("bracket", paragraphs), ("sign", lines), ("alone", paragraphs // 2))


def _that_come_back(found: Sequence[Candidate]) -> list[Candidate]:
    """Candidates whose label stands twice at least: "Lægen - han sagde" in a list is no speaker, known role or not."""
    counts = Counter(c.key for c in found)
    return [c for c in found if counts[c.key] > 1]


def _slips(found: Sequence[Candidate], explicit: Sequence[Candidate], tight: bool) -> list[Candidate]:
    """Labels of the file that were once written with another sign: "IP; Ja"."""
    keys = {c.key for c in explicit}
    return [c for c in found if c.key in keys and (c.opens or tight)]


def _accept_colon(found: Sequence[Candidate], paragraphs: Sequence[int], filled: int) -> list[Candidate]:
    counts = Counter(c.key for c in found)
    known = {c.key for c in found if c.role in _SPEAKING}
    recurring = {key for key, count in counts.items() if count > 1}
    small = {c.key for c in found if c.small}
    trusted = known | recurring if len(known | recurring) > 1 else known
    if not _is_dense(found, paragraphs, filled):
        return [c for c in found if c.key in trusted - small]
    opening = _tight(filled, paragraphs) or filled == len(paragraphs)
    return [c for c in found if c.key in trusted or ((c.opens or opening) and not c.small)]


def _accept_stamped(found: Sequence[Candidate], *, alone: bool) -> list[Candidate]:
    """Lines of name and time code: recurring ones, and single ones where the file has no other labels."""
    recurring = _accept_recurring(found, share_of=0)
    if not alone:
        return recurring
    return [c for c in found if c.opens or c in recurring] if len(found) > 1 else []


def _tight(filled: int, paragraphs: Sequence[int]) -> bool:
    """Whether lines follow each other without blank ones, so that every line is a paragraph."""
    return len(paragraphs) < filled / 4


def _is_dense(found: Sequence[Candidate], paragraphs: Sequence[int], filled: int) -> bool:
    """Whether nearly every paragraph (or line, where nothing is blank) opens with some label, and they are few."""
    if not found or not paragraphs:
        return False
    tight = _tight(filled, paragraphs)
    places = filled if tight else len(paragraphs)
    opening = [c for c in found if c.opens or tight]
    kinds = len({c.key for c in opening})
    few = kinds <= max(_FEW, len(opening) / 2)
    return len(opening) >= 2 and kinds > 1 and few and len(opening) >= _DENSE * places


def _accept_recurring(found: Sequence[Candidate], *, share_of: int, alternating: bool = False) -> list[Candidate]:
    """Known or recurring labels that together stand at ``_COVERED`` of the places; two or more if ``alternating``."""
    counts = Counter(c.key for c in found)
    kept = [c for c in found if counts[c.key] > 1 or c.role in _SPEAKING]
    enough = len(kept) >= max(2, _COVERED * share_of)
    kinds = len({c.key for c in kept})
    return kept if enough and (kinds > 1 or not alternating) else []


def _is_prose(accepted: Sequence[Candidate], lines: Sequence[Line]) -> bool:
    """Whether labels are islands in a text: much before the first one, or hardly any for its length."""
    if not accepted:
        return False
    words = [len(line.text.split()) for line in lines]
    total, preamble = sum(words), sum(words[: accepted[0].line])
    if preamble > _PROSE_PREAMBLE and preamble > _PROSE_PREAMBLE_SHARE * total:
        return True
    return total > _PROSE_WORDS and total > _PROSE_WORDS_PER_LABEL * len(accepted)


def _same_spelling(accepted: Sequence[Candidate]) -> list[Candidate]:
    """The candidates with one spelling per label: the commonest, else the first."""
    spellings: dict[str, Counter[str]] = {}
    for one in accepted:
        spellings.setdefault(one.key, Counter())[one.label] += 1
    common = {key: counter.most_common(1)[0][0] for key, counter in spellings.items()}
    return [replace(one, label=common[one.key]) for one in accepted]
