"""Function words stop governing their complements.

The Copenhagen scheme lets determiners, prepositions, conjunctions, numerals and auxiliaries govern; UD lets
content words govern. :func:`promote` swaps one pair, :data:`RULES` says which pairs, and :func:`restructure`
applies the rules until none fits. Every swap settles the function word's relation, so this ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from narratives.building.pipeline.trees import Sentence, Word

AUXILIARIES = frozenset({"have", "være", "blive", "kunne", "skulle", "ville", "måtte", "burde", "turde"})
VERBS = ("VA", "VE")
PREDICATES = ("NC", "NP", "AN", "AO", "PP", "PI", "PD", "PO", "PT", "RG", "XX", "XF")
CLAUSAL = ("CS", "U=", *VERBS)


Test = Callable[[Word], bool]


def _kind(*kinds: str) -> Test:
    return lambda word: word.kind in kinds


def _anything(word: Word) -> bool:
    return bool(word.form)


@dataclass(frozen=True)
class Rule:
    """A pair of governor and dependent to swap.

    Attributes:
        relation: The Copenhagen relation between them.
        governor: Which governors are meant.
        deprel: The UD relation of the former governor, or a function of the dependent that gives it.
        dependent: Which dependents are meant.
        keep_left: Dependents before the governor stay with it (genitives keep their own modifiers).
        rightward: Only for dependents after the governor.
    """

    relation: str
    governor: Test
    deprel: str | Callable[[Word], str]
    dependent: Test = _anything
    keep_left: bool = False
    rightward: bool = False

    def fits(self, governor: Word, dependent: Word) -> bool:
        """Whether the rule is meant for this pair."""
        return dependent.rel == self.relation and self.governor(governor) and self.dependent(dependent)

    def settle(self, dependent: Word) -> str:
        """The UD relation of the former governor."""
        return self.deprel if isinstance(self.deprel, str) else self.deprel(dependent)


def _auxiliary(word: Word) -> bool:
    return word.kind in VERBS and word.lemma in AUXILIARIES


def _copula(word: Word) -> bool:
    return word.kind in VERBS and word.lemma == "være"


def _genitive_name(word: Word) -> bool:
    return word.kind == "NP" and word.tag.endswith("G==-")


def _conjunction(word: Word) -> bool:
    return word.kind == "CC" or word.rel == "coord"


def _phrasal(word: Word) -> bool:
    return word.kind not in CLAUSAL


def _adjective(word: Word) -> bool:
    return word.kind in ("AN", "AO") and not word.tag.endswith("R")


def _case_or_mark(dependent: Word) -> str:
    relative = dependent.kind == "U=" and dependent.form.lower() != "at"
    return "mark" if dependent.kind in CLAUSAL and not relative else "case"


_NUMERAL, _PREPOSITION = _kind("AC", "XS", "XR"), _kind("SP")
_DETERMINER = _kind("PI", "PD", "PT", "PO", "PC")

RULES: tuple[Rule, ...] = (
    Rule("nobj", _DETERMINER, "det"),
    Rule("nobj", _PREPOSITION, _case_or_mark),
    Rule("nobj", _kind("CS", "U="), _case_or_mark),
    Rule("nobj", _NUMERAL, "nummod", lambda word: word.kind != "AC"),
    Rule("nobj", _kind("AN", "AO"), "amod", _phrasal),
    Rule("nobj", _genitive_name, "nmod:poss", keep_left=True),
    Rule("aobj", _PREPOSITION, "case"),
    Rule("avobj", _PREPOSITION, "case"),
    Rule("possd", _DETERMINER, "det"),
    Rule("possd", _kind("NC", "NP", "XX", "AN"), "nmod:poss", keep_left=True),
    Rule("vobj", _kind("CS", "U=", "SP", "RG"), "mark"),
    Rule("vobj", _auxiliary, "aux", _kind(*VERBS)),
    Rule("pred", _copula, "cop", _kind(*PREDICATES)),
    # "den gamle", "noget nyt": an adjective in the place of a noun
    Rule("mod", _kind("PD", "PI"), "det", _adjective, rightward=True),
    Rule("conj", _conjunction, "cc"),
)


def promote(sentence: Sentence, child: int, deprel: str, keep_left: bool = False) -> None:
    """Swap a word with its governor, in place.

    The word takes over the governor's head and relation and, apart from those kept, its dependents; the former
    governor hangs below it with the relation ``deprel``.

    Args:
        sentence: The tree; changed.
        child: Index of the word to promote; it must have a governor.
        deprel: UD relation of the former governor.
        keep_left: Leave the governor those dependents that stand before it.
    """
    words = sentence.words
    parent = words[child].head
    former = words[parent]
    conjunct = former.kind == "CC" and former.rel == "coord"
    words[child].head = former.head
    if not conjunct:
        words[child].rel = former.rel
    words[child].lost, words[child].deprel = former.lost, former.deprel
    for index in sentence.dependents(parent):
        stays = words[index].deprel in ("fixed", "flat") or (keep_left and index < parent)
        if index != child and not stays:
            words[index].head = child
    former.head, former.deprel = child, deprel


def _next_swap(sentence: Sentence) -> tuple[int, Rule] | None:
    for rule in RULES:
        for index, word in enumerate(sentence.words):
            if word.rel != rule.relation or word.head < 0 or word.deprel or (rule.rightward and index < word.head):
                continue
            head = sentence.words[word.head]
            if not head.deprel and rule.fits(head, word) and not _prepositional(sentence, index, rule):
                return index, rule
    return None


def _prepositional(sentence: Sentence, index: int, rule: Rule) -> bool:
    # "er i tvivl": være stays a verb
    return rule.deprel == "cop" and any(sentence.words[i].deprel == "case" for i in sentence.dependents(index))


def restructure(sentence: Sentence) -> Sentence:
    """Apply :data:`RULES` until none fits, then order the parts of names; the tree is changed in place."""
    while (swap := _next_swap(sentence)) is not None:
        index, rule = swap
        promote(sentence, index, rule.settle(sentence.words[index]), rule.keep_left)
    return flatten_names(sentence)


def flatten_names(sentence: Sentence) -> Sentence:
    """Let the first part of a person's name govern the others as ``flat``, in place."""
    words = sentence.words
    for index in range(len(words)):
        parts = [i for i in sentence.dependents(index) if words[i].rel in ("namef", "namel") and not words[i].deprel]
        before = [i for i in parts if i < index]
        if before:
            promote(sentence, before[0], "flat")
        for part in parts[1:] if before else parts:
            words[part].deprel = "flat"
    return sentence
