"""The notation of a vocabulary's words, turned into patterns of spaCy's Matcher.

A pattern is a list of conditions, one for each word in a row (spaCy, "Rule-based matching").
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["is_phrase", "key_expression", "parse_words", "word_expression"]

Pattern = list[dict[str, Any]]

_ENDINGS = r"(?:e?n|e?t|e|e?r|e?rne|e?ne)?s?"
_CHOICE = re.compile(r"[=*]?[\w-]+\*?")


def parse_words(entry: str) -> Pattern:
    """The pattern for one entry of ``words``: a word, or several in a row.

    Args:
        entry: in the notation that stands at the head of ``vocabularies/interventions.yaml``.

    Raises:
        ValueError: if the entry is empty or not in the notation.
    """
    pieces = entry.split()
    if not pieces or all(piece.startswith("(") or piece == "_" for piece in pieces):
        raise ValueError(entry)
    if len(pieces) == 1:
        return [{"LOWER": {"REGEX": word_expression(entry)}}]
    return [_condition(piece) for piece in pieces]


def is_phrase(entry: str) -> bool:
    """Whether an entry is several words in a row."""
    return len(entry.split()) > 1


def key_expression(entry: str) -> str:
    """The regular expression of the longest word that an entry of several cannot do without.

    Raises:
        ValueError: if it is not in the notation.
    """
    needed = [piece for piece in entry.split() if piece != "_" and not piece.startswith("(")]
    return _piece_expression(max(needed, key=lambda piece: min(map(len, piece.split("|")))))


def word_expression(entry: str) -> str:
    """The regular expression of a single word, for its lower-cased form.

    Raises:
        ValueError: if it is not in the notation.
    """
    return f"^(?:{'|'.join(_expression(choice) for choice in _choices(entry))})$"


def _condition(piece: str) -> dict[str, Any]:
    """What one word of several must be: exactly as written unless it has a star."""
    optional = piece.startswith("(") and piece.endswith(")")
    choices = _choices(piece[1:-1] if optional else piece)
    if choices == ["_"]:
        condition: dict[str, Any] = {"IS_PUNCT": False}
    elif any("*" in choice for choice in choices):
        condition = {"LOWER": {"REGEX": _piece_expression("|".join(choices))}}
    else:
        condition = {"LOWER": {"IN": [choice.lower().strip("=") for choice in choices]}}
    return condition | ({"OP": "?"} if optional else {})


def _piece_expression(piece: str) -> str:
    """The regular expression of one word of several: exactly as written unless it has a star."""
    exact = (choice if "*" in choice else f"={choice.strip('=')}" for choice in _choices(piece))
    return word_expression("|".join(exact))


def _choices(piece: str) -> list[str]:
    choices = piece.split("|")
    if not all(_CHOICE.fullmatch(choice) for choice in choices):
        raise ValueError(piece)
    return choices


def _expression(choice: str) -> str:
    word = choice.lower().strip("=*")
    before = r"[\w-]*" if choice.startswith("*") else ""
    if choice.endswith("*"):
        return f"{before}{re.escape(word)}[\\w-]*"
    if choice.startswith("="):
        return re.escape(word)
    doubled = f"{re.escape(word[-1])}?" if word[-1] in "bdfgklmnprst" else ""
    return f"{before}{re.escape(word)}{doubled}{_ENDINGS}"
