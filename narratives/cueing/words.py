"""Closed classes of Danish words that the rules lean on."""

from __future__ import annotations

__all__ = ["ADVERBS", "CONJUNCTIONS", "NEGATIONS", "OBJECTS", "PERSONS", "SENTENCE_ENDS", "SUBJECTS"]

PERSONS = {
    "jeg": ("jeg", "a", "æ"),
    "vi": ("vi",),
    "du": ("du", "i"),
    "de": ("de",),
    "man": ("man", "en"),
    "det": ("det", "der", "dette"),
    "han/hun": ("han", "hun"),
}
"""Who a subject pronoun stands for."""

SUBJECTS = frozenset({"jeg", "vi", "du", "de", "man", "det", "der", "han", "hun"})

OBJECTS = {
    "jeg": ("mig", "mæ"),
    "vi": ("os",),
    "du": ("dig", "jer"),
    "de": ("dem",),
    "man": ("én",),
    "det": ("det", "den"),
    "han/hun": ("ham", "hende"),
}
"""Who an object pronoun stands for."""

NEGATIONS = frozenset({"ikke", "ik'", "ikk", "it'", "aldrig", "ingen", "intet", "ingenting", "hverken", "næppe"})

ADVERBS = frozenset({
    "ikke", "aldrig", "også", "jo", "bare", "lige", "godt", "nok", "vel", "altid", "så", "da", "selv", "nu",
    "egentlig", "faktisk", "heller", "gerne", "kun", "måske", "stadig", "endnu", "allerede", "sgu", "lissom",
    "ligesom", "først", "tit", "ofte", "helst", "hellere",
})  # fmt: skip

CONJUNCTIONS = frozenset({
    "og", "men", "eller", "for", "så", "fordi", "hvis", "når", "da", "at", "som", "der", "hvor", "mens", "indtil",
    "før", "inden", "selvom", "eftersom", "hvad", "hvem", "hvordan", "hvorfor", "om", "til", "siden",
})  # fmt: skip
"""Words at which a new clause may begin; whether it does, its finite verb decides."""

SENTENCE_ENDS = frozenset({".", "!", "?", "…"})
