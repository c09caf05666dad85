"""Who the speakers are: told by the researcher, known from the label, or guessed from the data and said so.

In order: the interviews table or a roles file, front matter, labels known in Danish and English, the
note of who is present at the head of a transcript, and last a guess from who asks and who tells. A
guess is made only where the file leaves one sensible reading; otherwise the role stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from narratives.reading.fields import field_of
from narratives.reading.known import is_kin, is_weak, key_of, known_role, likely_keys, named_keys, role_of_word
from narratives.transcript import Role, Speaker, Turn, quote

__all__ = ["SpeechFigures", "Told", "assign_persons", "figures_of", "guess_roles", "only_one_beside_interviewers"]

_FIRST = frozenset(["jeg", "mig", "min", "mit", "mine"])
_SECOND = frozenset(["du", "dig", "din", "dit", "dine"])
_WORD = re.compile(r"[^\W\d_]+")
_ENDS_ASKING = re.compile(r"\?[\s\"'”»)\]*_]*\Z")
_SUBSTANTIAL = 0.2
_MARGIN = 0.35
_MIN_TURNS = 3
_SAYS_SOMETHING = 0.1
_PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Told:
    """A role somebody wrote down.

    Attributes:
        role: the role.
        person: the person's id; None where it follows from the interview.
        source: "metadata" or "front matter".
    """

    role: Role
    person: str | None = None
    source: str = "metadata"


@dataclass(frozen=True, slots=True)
class SpeechFigures:
    """How somebody speaks in one or several transcripts.

    Attributes:
        turns: number of turns.
        words: number of words.
        questions: turns that end in a question mark.
        first: words that speak of oneself ("jeg", "min" ...).
        second: words that address the other ("du", "din" ...).
    """

    turns: int = 0
    words: int = 0
    questions: int = 0
    first: int = 0
    second: int = 0

    @property
    def asking(self) -> float:
        """How much like an interviewer this is, in [-1, 1]: questions asked, and "du" rather than "jeg"."""
        if not self.turns:
            return 0.0
        pronouns = self.first + self.second
        address = (self.second - self.first) / pronouns if pronouns else 0.0
        return (2 * self.questions / self.turns - 1 + address) / 2

    @property
    def words_per_turn(self) -> float:
        """Mean length of a turn in words."""
        return self.words / self.turns if self.turns else 0.0


def figures_of(turns: Iterable[Turn], text: str) -> dict[str, SpeechFigures]:
    """Count how each label among ``turns`` speaks, in order of appearance."""
    found: dict[str, SpeechFigures] = {}
    for turn in turns:
        words = [word.casefold() for word in _WORD.findall(quote(text, turn.spans))]
        asks = _ENDS_ASKING.search(text, max(turn.spans[-1][0], turn.end - 40), turn.end) is not None
        old = found.get(turn.speaker, SpeechFigures())
        found[turn.speaker] = SpeechFigures(
            old.turns + 1,
            old.words + len(words),
            old.questions + asks,
            old.first + sum(word in _FIRST for word in words),
            old.second + sum(word in _SECOND for word in words),
        )
    return found


def guess_roles(
    turns: Sequence[Turn],
    text: str,
    *,
    told: Mapping[str, Told] | None = None,
    facts: Mapping[str, str] | None = None,
    preamble: str = "",
) -> tuple[Speaker, ...]:
    """The role of each speaker label, and how it was found.

    Args:
        turns: the turns of one transcript.
        text: its text.
        told: roles written down by the researcher, by label; compared without case.
        facts: front matter ("deltager: IP").
        preamble: text before the first label ("Til stede: sagsbehandler SB og deltageren D").

    Returns:
        one speaker per label in order of appearance; a role that cannot be told is unknown.
    """
    figures = figures_of(turns, text)
    sure = _front_roles(facts or {}) | {key_of(label): one for label, one in (told or {}).items()}
    present = _present(preamble, figures)
    likely = _likely_roles(facts or {})
    speakers = [_known(label, sure, present, likely) for label in figures]
    return tuple(_guess(_doubt_kin(_doubt_initials(speakers)), figures))


def _front_roles(facts: Mapping[str, str]) -> dict[str, Told]:
    """Labels that front matter gives a role, compared without case: {"ip": participant}."""
    return {label: Told(role, None, "front matter") for role, value in _named(facts) for label in named_keys(value)}


def _named(facts: Mapping[str, str]) -> Iterator[tuple[Role, str]]:
    """The facts that say who has a role, as (role, value): "interviewer: MH"; who is present may have any role."""
    for key, value in facts.items():
        field = field_of(key)
        role = Role.INTERVIEWER if field == "interviewer" else known_role(key)
        if role is not None and field != _PRESENT:
            yield role, value


def _likely_roles(facts: Mapping[str, str]) -> dict[str, Role]:
    """First names and initials of those whom front matter names, where they mean one role only: {"mh": interviewer}."""
    found: dict[str, set[Role]] = {}
    for role, value in _named(facts):
        for label in likely_keys(value):
            found.setdefault(label, set()).add(role)
    return {label: roles.pop() for label, roles in found.items() if len(roles) == 1}


def _present(preamble: str, labels: Iterable[str]) -> dict[str, Role]:
    """Roles that the head of a transcript gives labels: "mentor Signe og deltageren D"."""
    found: dict[str, Role] = {}
    for label in labels:
        before = re.search(rf"([^\W\d_]+)\s+{re.escape(label)}(?!\w)", preamble) if label else None
        role = role_of_word(before[1]) if before else None
        if role is not None:
            found[label] = role
    return found


def _known(label: str, sure: Mapping[str, Told], present: Mapping[str, Role], likely: Mapping[str, Role]) -> Speaker:
    """The speaker as far as it was told or is known from its label."""
    one = sure.get(key_of(label))
    if one is not None:
        return Speaker(label, one.role, one.person, one.source)
    if label in present:
        return Speaker(label, present[label], None, "front matter")
    role = known_role(label) if label else None
    if role is None and key_of(label) in likely:
        return Speaker(label, likely[key_of(label)], None, "front matter")
    return Speaker(label, role, None, "label") if role else Speaker(label)


def _doubt_initials(speakers: Sequence[Speaker]) -> list[Speaker]:
    """D, R and B are participants only beside somebody who interviews and no better-known participant."""
    others = [s for s in speakers if s.role is not Role.UNKNOWN and not _by_initial(s)]
    asked = any(s.role in (Role.INTERVIEWER, Role.PROFESSIONAL) for s in others)
    taken = any(s.role is Role.PARTICIPANT for s in others) or sum(_by_initial(s) for s in speakers) > 1
    if asked and not taken:
        return list(speakers)
    return [Speaker(s.label) if _by_initial(s) else s for s in speakers]


def _doubt_kin(speakers: Sequence[Speaker]) -> list[Speaker]:
    """A relative ("Mand", "Mor") is one only beside a participant; where nobody else answers, they were interviewed."""
    answering = [s for s in speakers if s.role not in (Role.INTERVIEWER, Role.PROFESSIONAL, Role.INTERPRETER)]
    if not all(is_kin(s.label) and s.source in ("", "label") for s in answering):
        return list(speakers)
    return [Speaker(s.label) if s in answering else s for s in speakers]


def _by_initial(speaker: Speaker) -> bool:
    return speaker.source == "label" and is_weak(speaker.label)


def _guess(speakers: Sequence[Speaker], figures: Mapping[str, SpeechFigures]) -> list[Speaker]:
    """Give the substantial unknown speakers a role where only one reading is sensible."""
    total = sum(f.turns for f in figures.values())
    open_labels = [
        s.label
        for s in speakers
        if s.role is Role.UNKNOWN
        and s.label
        and figures[s.label].turns >= _SUBSTANTIAL * total
        and figures[s.label].turns >= _MIN_TURNS
    ]
    guessed = _only_answerer(speakers, figures)
    guessed = guessed or _read(open_labels, {s.role for s in speakers}, figures, speakers)
    return [replace(s, role=guessed[s.label], source="guess") if s.label in guessed else s for s in speakers]


def _only_answerer(speakers: Sequence[Speaker], figures: Mapping[str, SpeechFigures]) -> dict[str, Role]:
    """The one speaker beside known interviewers, however few the answers; {} if they hardly speak, or clearly ask."""
    alone = only_one_beside_interviewers(speakers)
    if alone is None or alone.role is not Role.UNKNOWN:
        return {}
    mine, others = figures[alone.label], [figures[s.label] for s in speakers if s is not alone]
    little = mine.words < _SAYS_SOMETHING * sum(one.words for one in (mine, *others))
    asks = mine.asking - max(others, key=lambda one: one.words).asking > _MARGIN
    return {} if little or asks else {alone.label: Role.PARTICIPANT}


def only_one_beside_interviewers(speakers: Sequence[Speaker]) -> Speaker | None:
    """The single speaker where all others are known, not guessed, to be interviewers; None if there is none."""
    others = [s for s in speakers if s.role is not Role.INTERVIEWER or s.source == "guess"]
    return others[0] if len(others) == 1 < len(speakers) and others[0].label else None


def _read(
    labels: Sequence[str], roles: set[Role], figures: Mapping[str, SpeechFigures], speakers: Sequence[Speaker]
) -> dict[str, Role]:
    """The sensible reading of one or two open labels, given the roles already filled; {} if none."""
    askers = [s.label for s in speakers if s.role in (Role.INTERVIEWER, Role.PROFESSIONAL)]
    asking = {label: figures[label].asking for label in (*labels, *askers)}
    told = Role.PARTICIPANT in roles
    if len(labels) == 1 and askers and not told:
        main = max(askers, key=lambda label: figures[label].words)
        return {labels[0]: Role.PARTICIPANT} if asking[labels[0]] < asking[main] else {}
    if len(labels) == 1 and told and not askers:
        return {labels[0]: Role.INTERVIEWER} if asking[labels[0]] > 0 else {}
    if len(labels) == 2 and not told and not askers:
        return _asker_and_teller(labels, figures)
    return {}


def _asker_and_teller(labels: Sequence[str], figures: Mapping[str, SpeechFigures]) -> dict[str, Role]:
    """Two open labels: one clearly asks and says less, the other tells; {} if that is not clear."""
    tells, asks = sorted(labels, key=lambda label: figures[label].asking)
    clear = figures[asks].asking - figures[tells].asking > _MARGIN and figures[asks].words < figures[tells].words
    return {asks: Role.INTERVIEWER, tells: Role.PARTICIPANT} if clear else {}


def assign_persons(speakers: Sequence[Speaker], person: str | None) -> tuple[Speaker, ...]:
    """Give participants their person ids: the interview's person, or ``p07-IP1`` where there are several."""
    participants = [s for s in speakers if s.role is Role.PARTICIPANT]
    several = len(participants) > 1

    def own(speaker: Speaker) -> str | None:
        if speaker.role is not Role.PARTICIPANT:
            return None
        if speaker.person or person is None:
            return speaker.person
        return f"{person}-{speaker.label}" if several else person

    return tuple(replace(s, person=own(s)) for s in speakers)
