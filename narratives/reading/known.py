"""Speaker labels whose role is known from Danish and English practice.

Labels are compared without case, trailing digits and full stops: "IP1", "Int.", "Sagsbehandler 2".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from narratives.files import nfc
from narratives.transcript import Role

__all__ = ["is_weak", "key_of", "known_role", "role_of_word"]

_WORDS: dict[Role, str] = {
    Role.INTERVIEWER: """
        i int interv interviewer intervieweren interviewers interviewerne forsker forskeren studerende moderator moderatoren
        facilitator spørger researcher""",
    Role.PARTICIPANT: """
        ip d r b deltager deltageren deltagere informant informanten inf respondent respondenten resp interviewperson
        interviewpersonen interviewede interviewet borger borgeren borgere participant interviewee klient klienten bruger
        brugeren kursist kursisten""",
    Role.PROFESSIONAL: """
        sb sagsbehandler sagsbehandleren sagsbeh mentor mentoren jobkonsulent jobkonsulenten konsulent konsulenten
        virksomhedskonsulent beskæftigelseskonsulent projektmedarbejder projektmedarbejderen medarbejder medarbejderen læge
        lægen psykolog psykologen fysioterapeut fysioterapeuten ergoterapeut ergoterapeuten sygeplejerske sygeplejersken
        socialrådgiver socialrådgiveren rådgiver rådgiveren vejleder vejlederen koordinator koordinatoren coach jobcoach
        leder lederen afdelingsleder teamleder kontaktperson kontaktpersonen underviser underviseren pædagog pædagogen
        professional professionel caseworker jobformidler fagperson""",
    Role.INTERPRETER: "tolk tolken interpreter translator",
    Role.OTHER: """
        bisidder bisidderen pårørende ægtefælle ægtefællen hustru hustruen kone konen mand manden kæreste kæresten mor far datter
        datteren søn sønnen veninde ven alle begge flere ukendt unknown""",
}

_ROLES = {word: role for role, words in _WORDS.items() for word in words.split()}
_COMPOUNDS = {
    "medarbejder": Role.PROFESSIONAL,
    "konsulent": Role.PROFESSIONAL,
    "behandler": Role.PROFESSIONAL,
    "rådgiver": Role.PROFESSIONAL,
    "vejleder": Role.PROFESSIONAL,
    "mentor": Role.PROFESSIONAL,
    "koordinator": Role.PROFESSIONAL,
    "terapeut": Role.PROFESSIONAL,
    "leder": Role.PROFESSIONAL,
    "tolk": Role.INTERPRETER,
}
_WEAK = frozenset({"d", "r", "b"})
_TOKEN = re.compile(r"[^\W\d_]+")
_MIN_STEM = 3


def key_of(label: str) -> str:
    """A label as it is compared: composed, without case, outer full stops and extra white space."""
    return " ".join(nfc(label).casefold().split()).strip(" .")


def role_of_word(word: str) -> Role | None:
    """The role a single word names ("mentor", "klubmedarbejder"); None if it names none."""
    low = nfc(word).casefold()
    if low in _ROLES:
        return _ROLES[low]
    stem = low.removesuffix("en").removesuffix("n")
    ends = (role for end, role in _COMPOUNDS.items() if low.endswith(end) or stem.endswith(end))
    return next(ends, None) if len(low) > _MIN_STEM else None


def known_role(label: str) -> Role | None:
    """The role that ``label`` is known to have; None where it is not known or names two roles.

    Several words count where one of them is a role word of more than two letters ("Mentor Signe",
    "Lone (sagsbehandler)"), and initials only alone ("I", "IP2").
    """
    words = list(_words(label))
    if len(words) == 1:
        return role_of_word(words[0])
    roles = {role for word in words if len(word) >= _MIN_STEM and (role := role_of_word(word))}
    return roles.pop() if len(roles) == 1 else None


def is_weak(label: str) -> bool:
    """Whether a known label is also a common initial (D, R, B), so that the file must not contradict it."""
    words = list(_words(label))
    return len(words) == 1 and words[0] in _WEAK


def _words(label: str) -> Iterator[str]:
    return (found.group().casefold() for found in _TOKEN.finditer(nfc(label)))
