"""Where spaces go between the words of a treebank that does not say."""

from __future__ import annotations

from collections.abc import Sequence

_NO_SPACE_BEFORE = frozenset({".", ",", ";", ":", "!", "?", ")", "]", "%", "...", "..", "»"})
_NO_SPACE_AFTER = frozenset({"(", "[", "«"})
_QUOTES = frozenset({'"', "''", "”", "“"})


def guess_spaces(forms: Sequence[str]) -> list[bool]:
    """Whether a space follows each word, by Danish typography.

    Straight quotation marks open and close by turns, and those at the end close what began sentences ago.
    The last word of a sentence is followed by a space.

    Args:
        forms: The words of one sentence.

    Returns:
        One value a word.
    """
    spaces = [True] * len(forms)
    inside = False
    for i, form in enumerate(forms):
        if form in _QUOTES:
            closing = inside or (i > 0 and not any(char.isalnum() for rest in forms[i:] for char in rest))
            _glue(spaces, i - 1 if closing else i)
            inside = not closing
        elif form in _NO_SPACE_BEFORE:
            _glue(spaces, i - 1)
        elif form in _NO_SPACE_AFTER:
            _glue(spaces, i)
    if spaces:
        spaces[-1] = True
    return spaces


def _glue(spaces: list[bool], index: int) -> None:
    if 0 <= index < len(spaces):
        spaces[index] = False
