"""Speaker labels whose role is known from Danish and English practice.

Labels are compared without case, trailing digits and full stops: "IP1", "Int.", "Sagsbehandler 2".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from narratives.files import nfc
from narratives.reading.vocabulary import words, words_by_name
from narratives.transcript import Role

__all__ = ["is_kin", "is_weak", "key_of", "known_role", "likely_keys", "named_keys", "role_of_word"]

_ROLES = {word: Role(role) for role, known in words_by_name("roles").items() for word in known}
_ENDINGS = {ending: Role(role) for role, known in words_by_name("role_endings").items() for ending in known}
_KIN = frozenset(words("labels", "kin"))
_WEAK = frozenset(words("labels", "weak"))
_TOKEN = re.compile(r"[^\W\d_]+")
_MIN_STEM = 3
_LISTED = re.compile(r"[,;/]| og | and ")
_BRACKETED = re.compile(r"\(([^()]*)\)")
_QUOTES = "\"'”“„»«’ "


def key_of(label: str) -> str:
    """A label as it is compared: composed, without case, outer full stops and extra white space."""
    return " ".join(nfc(label).casefold().split()).strip(" .")


def role_of_word(word: str) -> Role | None:
    """The role a single word names ("mentor", "klubmedarbejder"); None if it names none."""
    low = nfc(word).casefold()
    if low in _ROLES:
        return _ROLES[low]
    stem = low.removesuffix("en").removesuffix("n")
    ends = (role for end, role in _ENDINGS.items() if low.endswith(end) or stem.endswith(end))
    return next(ends, None) if len(low) > _MIN_STEM else None


def known_role(label: str) -> Role | None:
    """The role that ``label`` is known to have; None where it is not known or names two roles.

    Several words count where one of them is a role word of more than two letters ("Mentor Signe",
    "Lone (sagsbehandler)"), and initials only alone ("I", "IP2").
    """
    parts = list(_parts(label))
    if len(parts) == 1:
        return role_of_word(parts[0])
    roles = {role for word in parts if len(word) >= _MIN_STEM and (role := role_of_word(word))}
    return roles.pop() if len(roles) == 1 else None


def is_weak(label: str) -> bool:
    """Whether a known label is also a common initial (D, R, B), so that the file must not contradict it."""
    parts = list(_parts(label))
    return len(parts) == 1 and parts[0] in _WEAK


def is_kin(label: str) -> bool:
    """Whether a label says no more than somebody's sex or family ("Mand", "Kvinde 2", "Mor")."""
    parts = list(_parts(label))
    return len(parts) == 1 and parts[0] in _KIN


def named_keys(value: str) -> tuple[str, ...]:
    """The labels, as compared, that a fact names: "Mette Holm (MH), Bo" -> mette holm (mh), mette holm, mh, bo."""
    found = []
    for one in _LISTED.split(value):
        found += [one, _BRACKETED.sub("", one), *_BRACKETED.findall(one)]
    return tuple(dict.fromkeys(key for one in found if (key := key_of(one.strip(_QUOTES)))))


def likely_keys(value: str) -> tuple[str, ...]:
    """Labels a named person may go by: first name and initials of "Mette Hansen (Aarhus)": mette, mh."""
    names = [_BRACKETED.sub("", one).strip(_QUOTES).split() for one in _LISTED.split(value)]
    names = [words for words in names if words and all(word[:1].isupper() for word in words)]
    found = [key for words in names for key in (words[0], "".join(word[0] for word in words)) if len(words) > 1]
    return tuple(dict.fromkeys(map(key_of, found)))


def _parts(label: str) -> Iterator[str]:
    return (found.group().casefold() for found in _TOKEN.finditer(nfc(label)))
