"""PAROLE tags to universal word classes and features.

The tags are positional; the treebank documents them in ``tags/parole`` (Keson 1998). A position that
leaves several values open (``[CN]``, ``-``, ``U``) gives no feature, as in UD Danish-DDT.
"""

from __future__ import annotations

import re

CLASSES = {
    "AC": "NUM", "AN": "ADJ", "AO": "ADJ", "CC": "CCONJ", "CS": "SCONJ", "I=": "INTJ", "NC": "NOUN",
    "NP": "PROPN", "PC": "PRON", "PD": "PRON", "PI": "PRON", "PO": "PRON", "PP": "PRON", "PT": "PRON",
    "RG": "ADV", "SP": "ADP", "U=": "PART", "VA": "VERB", "VE": "VERB", "XP": "PUNCT",
}  # fmt: skip
OTHER_CLASS = "X"

# Conjunctions in PAROLE that UD Danish-DDT counts as prepositions.
PREPOSITION_LIKE = frozenset({"end", "som", "efter", "fra", "qua"})

_POSITION = re.compile(r"\[[A-Z]+\]|.")
_GENDER = {"C": "Com", "N": "Neut"}
_NUMBER = {"S": "Sing", "P": "Plur"}
_DEFINITE = {"D": "Def", "I": "Ind"}
_DEGREE = {"P": "Pos", "C": "Cmp", "S": "Sup", "A": "Sup"}
_CASE = {"G": "Gen"}
_PRONOUN_CASE = {"N": "Nom", "G": "Gen"}
_TYPES = {"PI": "Ind", "PD": "Dem", "PT": "Int,Rel", "PC": "Rcp", "PP": "Prs", "PO": "Prs"}


def positions(tag: str) -> list[str]:
    """A PAROLE tag cut into its positions: ``"NC[CN]SU==I"`` gives ``["N", "C", "[CN]", "S", "U", "=", "=", "I"]``."""
    return _POSITION.findall(tag)


def word_class(tag: str, form: str = "") -> str:
    """The universal word class of a tag, before syntax is known (see ``relations`` for AUX, DET, PRON).

    Args:
        tag: A PAROLE tag.
        form: The word, which settles a few conjunctions.
    """
    if tag.startswith("CS") and form.lower() in PREPOSITION_LIKE:
        return "ADP"
    if tag.startswith("AN") and tag.endswith("R"):
        return "ADV"
    return CLASSES.get(tag[:2], OTHER_CLASS)


def features(tag: str) -> dict[str, str]:
    """The universal features that a PAROLE tag settles."""
    reader = _READERS.get(tag[:2])
    return reader(positions(tag)) if reader else dict(_FIXED.get(tag[:2], {}))


_FIXED = {
    "AC": {"NumType": "Card"}, "AO": {"NumType": "Ord"}, "SP": {"AdpType": "Prep"}, "U=": {"PartType": "Inf"},
    "XF": {"Foreign": "Yes"}, "XA": {"Abbr": "Yes"},
}  # fmt: skip


def _collect(**pairs: str | None) -> dict[str, str]:
    return {key: value for key, value in pairs.items() if value}


def _noun(p: list[str]) -> dict[str, str]:
    # N C gender number case = = definiteness
    return _collect(
        Gender=_GENDER.get(p[2]), Number=_NUMBER.get(p[3]), Case=_CASE.get(p[4]), Definite=_DEFINITE.get(p[7])
    )


def _name(p: list[str]) -> dict[str, str]:
    # N P - - case = = -
    return _collect(Case=_CASE.get(p[4]))


def _adjective(p: list[str]) -> dict[str, str]:
    # A N degree gender number case = definiteness use
    return _collect(
        Degree=_DEGREE.get(p[2]),
        Gender=_GENDER.get(p[3]),
        Number=_NUMBER.get(p[4]),
        Case=_CASE.get(p[5]),
        Definite=_DEFINITE.get(p[7]),
    )


def _adverb(p: list[str]) -> dict[str, str]:
    # R G degree
    return _collect(Degree=_DEGREE.get(p[2]))


def _verb(p: list[str]) -> dict[str, str]:
    # V A mood tense = number gender definiteness use voice case
    voice = {"A": "Act", "P": "Pass"}.get(p[9] if len(p) > 9 else "")
    tense = {"R": "Pres", "A": "Past"}.get(p[3])
    if p[2] == "D":
        return _collect(Mood="Ind", Tense=tense, VerbForm="Fin", Voice=voice or "Act")
    if p[2] == "F":
        return _collect(VerbForm="Inf", Voice=voice or "Act")
    if p[2] == "M":
        return {"Mood": "Imp"}
    if p[2] == "G":
        return {"VerbForm": "Ger"}
    return _participle(p, tense)


def _participle(p: list[str], tense: str | None) -> dict[str, str]:
    number, gender, definite = p[5], p[6], p[7]
    agreement = (
        {}
        if tense == "Pres"
        else _collect(Number=_NUMBER.get(number), Gender=_GENDER.get(gender), Definite=_DEFINITE.get(definite))
    )
    return _collect(VerbForm="Part", Tense=tense, **agreement)


def _pronoun(p: list[str]) -> dict[str, str]:
    # P type person gender number case possessor reflexive register
    feats = _collect(
        PronType=_TYPES["P" + p[1]],
        Gender=_GENDER.get(p[3]),
        Number=_NUMBER.get(p[4]),
        Case=_PRONOUN_CASE.get(p[5]),
    )
    return feats


def _personal(p: list[str]) -> dict[str, str]:
    feats = _pronoun(p) | {"Person": p[2], "Case": _PRONOUN_CASE.get(p[5], "Acc")}
    if p[7] == "Y":
        feats["Reflex"] = "Yes"
    if p[8] == "P":
        feats["Polite"] = "Form"
    return feats


def _possessive(p: list[str]) -> dict[str, str]:
    feats = _pronoun(p) | {"Person": p[2], "Poss": "Yes"}
    owner = _NUMBER.get(p[6])
    if owner:
        feats["Number[psor]"] = owner
    if p[7] == "Y":
        feats["Reflex"] = "Yes"
    register = {"P": ("Polite", "Form"), "F": ("Style", "Form")}.get(p[8])
    if register:
        feats[register[0]] = register[1]
    return feats


_READERS = {
    "NC": _noun, "NP": _name, "AN": _adjective, "RG": _adverb, "VA": _verb, "VE": _verb, "PI": _pronoun,
    "PD": _pronoun, "PT": _pronoun, "PC": _pronoun, "PP": _personal, "PO": _possessive,
}  # fmt: skip
