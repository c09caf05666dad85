"""Keeping evaluation sentences out of the training data.

The release of the treebank leaves some sentences of UD dev and test in: where words were joined (``i_går``),
misprints later corrected, or a sentence cut in two. So the comparison is by letters and by word triples.
"""

from __future__ import annotations

from collections.abc import Iterable

from narratives.building.pipeline.trees import Sentence

_LEAST_LETTERS = 8  # shorter fragments ("Foto:") say nothing about where they come from
_MOST_SHARED = 0.5


def letters(forms: Iterable[str]) -> str:
    """The letters and digits of a sentence in lower case, for comparison across tokenisations."""
    return "".join(char for form in forms for char in form.lower() if char.isalnum())


def triples(forms: Iterable[str]) -> set[tuple[str, str, str]]:
    """Runs of three words, punctuation left out."""
    words = [form.lower() for form in forms if any(char.isalnum() for char in form)]
    return set(zip(words, words[1:], words[2:], strict=False))


class HeldOut:
    """The sentences that must not be trained on.

    Args:
        sentences: The evaluation sentences.
    """

    def __init__(self, sentences: Iterable[Sentence]) -> None:
        forms = [sentence.forms() for sentence in sentences]
        self._triples = {triple for words in forms for triple in triples(words)}
        self._letters = "|".join(letters(words) for words in forms)
        self._wholes = {letters(words) for words in forms}

    def contains(self, sentence: Sentence) -> bool:
        """Whether a sentence is, is part of, or mostly repeats a held-out one."""
        words = sentence.forms()
        spelled = letters(words)
        if spelled in self._wholes and spelled:
            return True
        if len(spelled) >= _LEAST_LETTERS and spelled in self._letters:
            return True
        runs = triples(words)
        return bool(runs) and len(runs & self._triples) / len(runs) > _MOST_SHARED
