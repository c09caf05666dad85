"""What the columns of an interviews table and the keys of front matter are called, in Danish and English."""

from __future__ import annotations

import re

from narratives.files import nfc
from narratives.reading.vocabulary import words_by_name

__all__ = ["field_of", "field_rank", "is_metadata_key"]

_FIELDS = {name: field for field, names in words_by_name("fields").items() for name in names}
_RANKS = {name: rank for names in words_by_name("fields").values() for rank, name in enumerate(names)}
_SEPARATORS = re.compile(r"[\s.\-/]+")


def _plain(heading: str) -> str:
    return _SEPARATORS.sub("_", nfc(heading).casefold().strip(" \t\u00a0.:#*")).strip("_")


def field_of(heading: str) -> str | None:
    """The field a heading stands for: "Bølge" -> "wave", "Interview nr." -> "wave"; None if it is not known."""
    plain = _plain(heading)
    return _FIELDS.get(plain) or _FIELDS.get(plain.replace("_", ""))


def field_rank(heading: str) -> int:
    """How usual a heading is for its field, 0 first: of "person" and "navn" the first is the person."""
    return _RANKS.get(_plain(heading), len(_RANKS))


def is_metadata_key(key: str) -> bool:
    """Whether a front-matter line "key: value" says something of the interview."""
    return field_of(key) is not None
