"""Copenhagen relations to UD relations, and the word classes that depend on syntax.

Where UD Danish-DDT chose its labels by the classes of the two words (it was itself converted by rule), so do
we, its habits included: an ``at`` clause without an auxiliary is ``obj``, one with an auxiliary ``ccomp``, and a
clause whose head is an adjective with a copula is ``amod``.
"""

from __future__ import annotations

from narratives.building.pipeline.parole import features, word_class
from narratives.building.pipeline.repair import LOST
from narratives.building.pipeline.trees import ROOT, Sentence, Word

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "X", "DET"})
_PLAIN = {
    "subj": "nsubj", "iobj": "iobj", "expl": "expl", "pnct": "punct", "rel": "acl:relcl", "conj": "conj",
    "coord": "cc", "qobj": "ccomp", "name": "flat", "namef": "flat", "namel": "flat", "voc": "vocative",
    "appr": "appos", "appa": "appos", "part": "compound:prt", "xpl": "list", "numm": "nummod", "numa": "nummod",
}  # fmt: skip
_MODIFIER = frozenset({"mod", "modp", "pobj", "aobj", "avobj", "xtop", "title", "nobj", "possd", "vobj", LOST})
_BY_CLASS = {"ADV": "advmod", "CCONJ": "cc", "INTJ": "discourse", "PUNCT": "punct", "SCONJ": "mark", "PART": "mark"}


def finish(sentence: Sentence) -> Sentence:
    """Give every word its class, features and UD relation, in place; heads must be final."""
    for word in sentence.words:
        _classify(word)
    for index, word in enumerate(sentence.words):
        if word.head == ROOT:
            word.deprel = "root"
        elif not word.deprel:
            word.deprel = relation(sentence, index)
    return sentence


def _classify(word: Word) -> None:
    word.feats = word.feats if word.upos else features(word.tag)
    word.upos = word.upos or word_class(word.tag, word.form)
    if word.deprel in ("aux", "cop"):
        word.upos = "AUX"
    elif word.deprel == "det":
        word.upos = "DET"
    elif word.kind == "U=" and word.form.lower() != "at":
        _classify_relative(word)


def _classify_relative(word: Word) -> None:
    # PAROLE calls "som" and "der" unique words, like the infinitive marker; UD keeps its feature on them.
    word.upos = "ADP" if word.deprel in ("case", "mark", "cc") or word.rel == "mod" else "PRON"
    if word.rel == "expl":
        word.feats = {}


def relation(sentence: Sentence, index: int) -> str:
    """The UD relation of a word whose relation the head rules left open."""
    word = sentence.words[index]
    special = _special(sentence, index)
    if special or word.rel in _PLAIN:
        return special or _PLAIN[word.rel]
    return _modifier(sentence, index) if word.rel in _MODIFIER else "dep"


def _special(sentence: Sentence, index: int) -> str:
    word = sentence.words[index]
    if word.upos == "PUNCT":
        return "punct"
    if word.rel == "dobj":
        return _object(sentence, index)
    if word.rel == "pred":
        return _predicate(sentence, index)
    if word.rel == "rel" and word.upos == "ADJ" and has(sentence, index, "cop"):
        return "amod"
    particle = word.rel == "avobj" and word.upos == "ADV" and sentence.words[word.head].upos == "VERB"
    return "compound:prt" if particle else ""


def has(sentence: Sentence, index: int, *deprels: str) -> bool:
    """Whether a word governs one of these UD relations."""
    return any(sentence.words[i].deprel in deprels for i in sentence.dependents(index))


def _object(sentence: Sentence, index: int) -> str:
    word = sentence.words[index]
    if has(sentence, index, "cop"):
        return "amod" if word.upos == "ADJ" else "ccomp"
    if word.upos != "VERB":
        return "obj"
    return "obj" if has(sentence, index, "mark") and not has(sentence, index, "aux") else "ccomp"


def _predicate(sentence: Sentence, index: int) -> str:
    word = sentence.words[index]
    if has(sentence, index, "case"):
        return "obl"
    if word.upos == "ADJ" and sentence.words[word.head].lemma != "blive":
        return "amod"
    finite = word.feats.get("VerbForm") == "Fin"
    return "ccomp" if finite or has(sentence, index, "aux") else "xcomp"


def _modifier(sentence: Sentence, index: int) -> str:
    word, head = sentence.words[index], sentence.words[sentence.words[index].head]
    if word.upos in ("VERB", "AUX"):
        return _verbal_modifier(sentence, index)
    if word.upos == "ADJ":
        return _adjectival_modifier(sentence, index)
    if word.upos == "ADV":
        return "advmod:lmod" if word.lost and head.upos in ("VERB", "AUX") else "advmod"
    if word.upos == "ADP":
        return "compound:prt" if word.rel in ("pobj", LOST) else "advmod"
    return _BY_CLASS.get(word.upos) or _nominal_modifier(sentence, index)


def _verbal_modifier(sentence: Sentence, index: int) -> str:
    word, head = sentence.words[index], sentence.words[sentence.words[index].head]
    if has(sentence, index, "mark", "nsubj"):
        return "acl:relcl" if head.upos in ("PRON", "ADJ") else "advcl"
    if word.rel == "vobj":
        return "xcomp"
    if word.feats.get("VerbForm") == "Part":
        return "amod" if index < word.head or head.upos not in NOMINAL else "acl:relcl"
    return "advcl"


def _adjectival_modifier(sentence: Sentence, index: int) -> str:
    word, head = sentence.words[index], sentence.words[sentence.words[index].head]
    if has(sentence, index, "case"):
        return "nmod" if head.upos in NOMINAL else "obl"
    if word.rel in ("vobj", "aobj") and head.upos == "VERB":
        return "xcomp"
    return "amod"


def _nominal_modifier(sentence: Sentence, index: int) -> str:
    word, head = sentence.words[index], sentence.words[sentence.words[index].head]
    if has(sentence, index, "mark"):
        return "advcl"
    if word.upos == "NUM" and not has(sentence, index, "case"):
        return "nummod"
    if head.upos not in NOMINAL:
        timed = head.upos == "ADV" and not has(sentence, index, "case") and word.upos == "NOUN"
        return "obl:tmod" if timed else "obl"
    if head.upos == "PROPN" and index > word.head and not has(sentence, index, "case"):
        return "flat"
    return "nmod"
