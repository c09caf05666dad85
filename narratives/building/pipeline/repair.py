"""What the treebank release leaves open: lost heads, and words joined by ``_``.

The release drops the arcs of place and time complements (``lobj``, ``tobj`` and a few rarer ones), so that
about one word in sixty stands beside the root without a head. They are nearly always governed by the
nearest verb before them ("vende *om* for at nødlande *i* Schiphol").
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from narratives.building.pipeline.trees import ROOT, Sentence, Word

LOST = "lost"
FIXED = "fixed"
UNKNOWN = frozenset({"XX"})
PART = "PART"  # the tag given to the later parts of a joined word
_VERBS = ("VA", "VE")
_TIME_HEADS = frozenset({"siden", "efter", "før", "senere", "tidligere", "forinden"})
_PREPOSITIONS = frozenset(
    (
        "i",
        "på",
        "til",
        "af",
        "for",
        "med",
        "om",
        "fra",
        "ved",
        "over",
        "under",
        "efter",
        "mod",
        "uden",
        "mellem",
        "trods",
        "siden",
        "bag",
        "hos",
        "per",
        "pr.",
        "gennem",
    )
)
_PART_FEATURES = {
    "dag": {"Definite": "Ind", "Gender": "Com", "Number": "Sing"},
    "gang": {"Definite": "Ind", "Gender": "Com", "Number": "Sing"},
    "aften": {"Definite": "Ind", "Gender": "Com", "Number": "Sing"},
    "grund": {"Definite": "Ind", "Gender": "Com", "Number": "Sing"},
    "går": {"Definite": "Ind", "Gender": "Neut", "Number": "Sing"},
    "år": {"Definite": "Ind", "Gender": "Neut", "Number": "Sing"},
    "fald": {"Definite": "Ind", "Gender": "Neut", "Number": "Sing"},
    "hvert": {"Gender": "Com", "Number": "Sing", "PronType": "Ind"},
}
_OTHER_CLASSES = {"selv": "ADV", "som": "ADV", "så": "ADV", "ikke": "ADV", "at": "SCONJ", "hvert": "DET", "det": "DET"}


def is_finite(word: Word) -> bool:
    """Whether a word is a finite verb (indicative or imperative) by its tag."""
    return word.kind in _VERBS and word.tag[2] in "DM"


def main_root(sentence: Sentence) -> int:
    """Which of several words without a head is the root of the sentence.

    A finite verb or a sentence-initial conjunction with a clause below it goes first, then the size of what it governs.
    """
    roots = sentence.dependents(ROOT)

    def weight(index: int) -> tuple[bool, int, int]:
        below = sentence.subtree(index)
        verbal = any(is_finite(sentence.words[i]) for i in (index, *sentence.dependents(index)))
        return verbal, len(below), -index

    return max(roots, key=weight)


def attach_lost(sentence: Sentence) -> Sentence:
    """Give every word beside the root a head: a time word, the nearest verb before it, or the root.

    The words are changed in place; ``lost`` marks them and their relation becomes :data:`LOST`.
    """
    words = sentence.words
    root = main_root(sentence)
    for index in sentence.dependents(ROOT):
        if index == root:
            continue
        word = words[index]
        word.head = _likely_head(sentence, index, root)
        word.lost, word.rel = True, "nobj" if _completes(sentence, index) else LOST
    return sentence


def _likely_head(sentence: Sentence, index: int, root: int) -> int:
    words, own = sentence.words, sentence.subtree(index)
    before, after = min(own) - 1, max(own) + 1
    if before >= 0 and words[before].kind == "SP" and not sentence.dependents(before):
        return before
    measured = words[index].kind in ("AC", "PI", "NC", "AN") and after < len(words)
    if measured and words[after].form.lower() in _TIME_HEADS:
        return after
    for candidate in range(index - 1, -1, -1):
        if words[candidate].kind in _VERBS and candidate not in own:
            return candidate
    return root


def _completes(sentence: Sentence, index: int) -> bool:
    head = sentence.words[index].head
    return sentence.words[head].kind == "SP" and head < index


def split_joined(sentence: Sentence) -> Sentence:
    """A new sentence in which ``i_dag`` is two words, the later ones ``fixed`` to the first.

    A word without letters on both sides of the ``_`` stays as it is.
    """
    words: list[Word] = []
    new_index: list[int] = []
    for word in sentence.words:
        new_index.append(len(words))
        words.extend(_parts(word, len(words)))
    for position, word in zip(new_index, sentence.words, strict=True):
        words[position].head = ROOT if word.head == ROOT else new_index[word.head]
    return Sentence(words, source=sentence.source)


def _parts(word: Word, position: int) -> list[Word]:
    forms = word.form.split("_")
    if len(forms) == 1 or not all(forms):
        return [replace(word)]
    first = replace(word, form=forms[0], lemma=forms[0].lower())
    relation = "flat" if word.kind in ("NP", "NC", "XX") else FIXED
    if relation == FIXED:
        first.upos, first.feats = part_class(forms[0]), part_features(forms[0])
    else:
        first.lemma = word.lemma.split("_")[0]
    rest = [
        Word(form, form.lower() if relation == FIXED else form, tag=PART, head=position, rel=relation,
             upos=part_class(form) if relation == FIXED else "PROPN", deprel=relation,
             feats=part_features(form) if relation == FIXED else {})
        for form in forms[1:]
    ]  # fmt: skip
    return [first, *rest]


def part_class(form: str) -> str:
    """The word class of one part of a fixed expression: a preposition, a listed word, or a noun."""
    lowered = form.lower()
    return "ADP" if lowered in _PREPOSITIONS else _OTHER_CLASSES.get(lowered, "NOUN")


def part_features(form: str) -> dict[str, str]:
    """The features of one part of a fixed expression; those of prepositions and the commonest nouns."""
    if part_class(form) == "ADP":
        return {"AdpType": "Prep"}
    return dict(_PART_FEATURES.get(form.lower(), {}))


def most_frequent_tags(sentences: Iterable[Sentence]) -> dict[str, str]:
    """The commonest PAROLE tag of each lower-cased word that has a tag of a known class."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        for word in sentence.words:
            if word.kind not in UNKNOWN:
                counts[word.form.lower()][word.tag] += 1
    return {form: tags.most_common(1)[0][0] for form, tags in counts.items()}


def retag_unknown(sentence: Sentence, tags: dict[str, str]) -> Sentence:
    """Give words that PAROLE left unanalysed (``XX``, often misprints nearby) their commonest tag, in place."""
    for word in sentence.words:
        if word.kind in UNKNOWN:
            word.tag = tags.get(word.form.lower(), word.tag)
    return sentence
