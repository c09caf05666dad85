"""Which of the things others say ask for an answer, and which only keep the speaker going.

A narrative goes on over "Ja?", "Hvorfor det?" or "Gjorde du det?", but not over "Og hvad sagde jobcentret?":
what follows there answers something new. Automatic transcripts have few question marks, so the order of
words decides, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import dropwhile

from narratives.segmenting.speech import Speech
from narratives.segmenting.wordlists import (
    ANSWERS,
    BACK_CHANNELS,
    DISCOURSE_OPENERS,
    ECHO_WORDS,
    PAST_VERBS,
    PRESENT_VERBS,
    QUESTION_WORDS,
    SUBJECTS,
)
from narratives.segmenting.words import Mark, Word

__all__ = ["asks", "bars_of"]

_LEAD_INS = ANSWERS | {"og", "men", "altså"}
_EMPTY = BACK_CHANNELS | DISCOURSE_OPENERS | ECHO_WORDS
_VERBS = (PAST_VERBS | PRESENT_VERBS) - {"så"}
_EXCLAIMING = frozenset({"er", "var", "må"})
_PERSONS = frozenset({"du", "han", "hun", "de", "vi", "man"})
_STATES = frozenset({"er", "var", "har", "havde"})
_WELL = frozenset({"okay", "ok", "godt", "fint"})
_ELSEWHERE = frozenset({"nu", "dengang", "ellers"})
_TURNING = ANSWERS | {"og", "men", "hvad", "så"}
_REACH = 5
"""Among so many words from a question word on stands its verb: "hvor mange timer har du"."""


def asks(words: Sequence[Word]) -> bool:
    """Whether others' ``words`` ask for something new, in any of their sentences.

    A sentence with a question mark does so if it has a question word and a verb, or any word with content of
    its own, or turns to another time ("Og hvad så nu?"); one without does so if it opens as a question: with a question
    word, or a verb before its subject.
    """
    return any(_sentence_asks(sentence) for sentence in _sentences(words))


def bars_of(speech: Speech) -> frozenset[int]:
    """The units of a speech before which somebody asked for something new: no narrative goes on into them."""
    return frozenset(i for i, heard in enumerate(speech.before) if asks(heard))


def _sentences(words: Sequence[Word]) -> list[list[Word]]:
    """Words cut after full stops and question marks."""
    sentences: list[list[Word]] = [[]]
    for word in words:
        sentences[-1].append(word)
        if word.after & (Mark.STOP | Mark.QUESTION):
            sentences.append([])
    return [sentence for sentence in sentences if sentence]


def _sentence_asks(sentence: Sequence[Word]) -> bool:
    """Whether one sentence asks for something new."""
    heard = [word.lower for word in sentence]
    said = list(dropwhile(_LEAD_INS.__contains__, heard))
    if Mark.QUESTION in sentence[-1].after:
        return _asks_by_word(said) or _has_content(said) or _is_inverted(said) or _turns_elsewhere(heard)
    return (_asks_by_word(said) and not _exclaims(said)) or _is_inverted(said)


def _asks_by_word(said: Sequence[str]) -> bool:
    """So do "hvad sagde ..." and "så hvor længe var ...", but not "hvor jeg var"."""
    said = list(dropwhile(DISCOURSE_OPENERS.__contains__, said))
    opens = len(said) > 1 and said[0] in QUESTION_WORDS and said[1] not in SUBJECTS
    return opens and (_saw(said) or any(_is_verb(word) for word in said[1:_REACH]))


def _saw(said: Sequence[str]) -> bool:
    """Whether the "så" after a question word is the verb: "hvad så du", "hvordan så det ud", but not "hvad så"."""
    return said[1] == "så" and len(said) > 2 and (said[2] in _PERSONS or said[-1] == "ud")


def _exclaims(said: Sequence[str]) -> bool:
    """Such as "hvor er det ærgerligt"."""
    return said[0] == "hvor" and said[1] in _EXCLAIMING


def _is_inverted(said: Sequence[str]) -> bool:
    """Such as "fik du så svar", but not "gjorde du det", and not "så fik du svar"."""
    inverted = len(said) > 2 and _is_verb(said[0]) and said[1] in SUBJECTS
    return inverted and (_has_content(said[1:]) or _asks_how_one_is(said))


def _asks_how_one_is(said: Sequence[str]) -> bool:
    """Such as "er du okay" and "har du det godt", but not "er det okay" or "kan du godt det"."""
    return said[0] in _STATES and said[1] in _PERSONS and said[-1] in _WELL


def _turns_elsewhere(heard: Sequence[str]) -> bool:
    """Such as "og nu?", "hvad så nu?", "og ellers?", but not "og så?"."""
    before = set(heard[:-1])
    return heard[-1] in _ELSEWHERE and before <= _TURNING and bool(before & {"og", "hvad"})


def _has_content(said: Sequence[str]) -> bool:
    return any(word not in _EMPTY for word in said)


def _is_verb(word: str) -> bool:
    return word in _VERBS or (len(word) > 5 and word.endswith("ede"))
