"""The verbs of a document: finite or not, tense, voice.

Morphology comes from the pipeline where it has tagged the text. A list of common verbs
(``vocabularies/verbs.yaml``) goes first for the modals and stands in for everything else on a blank
pipeline, together with the endings of regular verbs beside a subject pronoun.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from narratives.cueing.words import ADVERBS, CONJUNCTIONS, SUBJECTS

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["Verb", "modals", "verbs_of"]

_NOT_VERBS = (CONJUNCTIONS - {"så"}) | frozenset({
    "sidste", "første", "næste", "bedste", "fleste", "ene", "her", "efter", "under", "over", "bagefter",
    "derefter", "hver", "lidt", "meget",
})  # fmt: skip
_PERFECT = ("har", "havde", "have", "er", "var", "været", "bliver", "blev", "blive", "blevet", "fik", "får", "få")
_AFTER_ARTICLE = frozenset({"en", "et", "den", "det", "de", "min", "mit", "mine", "noget", "nogen", "nogle"})


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb form.

    Attributes:
        i: index of the token.
        lemma: infinitive.
        form: "present", "past", "infinitive", "participle" or "imperative"; the first two are finite.
        passive: whether the form is an s-passive.
        modal: whether it is a modal verb (vil, kan, skal, må, bør, tør).
    """

    i: int
    lemma: str
    form: str
    passive: bool = False
    modal: bool = False

    @property
    def finite(self) -> bool:
        """Whether the form carries tense."""
        return self.form in ("present", "past")


def verbs_of(doc: Doc) -> list[Verb]:
    """The verbs of ``doc`` in order, from its morphology where there is one, else from rules."""
    find = _tagged if doc.has_annotation("MORPH") and doc.has_annotation("POS") else _by_rule
    found = (_known_modal(token) or find(token) for token in doc if not token.is_space)
    return [verb for verb in found if verb is not None]


def modals() -> tuple[str, ...]:
    """Infinitives of the modal verbs."""
    return tuple(_table()["modals"])


def _known_modal(token: Token) -> Verb | None:
    lemma, form = _modal_forms().get(token.lower_, ("", ""))
    if form == "past" and _follows(token, ("at", "have", "har", "havde")):
        form = "infinitive"
    return Verb(token.i, lemma, form, modal=True) if lemma else None


def _tagged(token: Token) -> Verb | None:
    """From the pipeline's morphology."""
    if token.pos_ not in ("VERB", "AUX"):
        return None
    morph = token.morph
    kind = next(iter(morph.get("VerbForm", [])), "")
    if kind == "Fin" and "Imp" not in morph.get("Mood", []):
        form = "past" if "Past" in morph.get("Tense", []) else "present"
    else:
        form = {"Inf": "infinitive", "Part": "participle"}.get(kind, "imperative")
    listed = _forms().get(token.lower_)
    if listed and listed[1] == form:
        return Verb(token.i, listed[0], form)
    passive = "Pass" in morph.get("Voice", []) and token.lower_ not in _deponent()
    return Verb(token.i, (token.lemma_ or token.lower_).lower(), form, passive)


def _by_rule(token: Token) -> Verb | None:
    """From the list, or from a regular ending beside a subject pronoun."""
    word = token.lower_
    if word in _NOT_VERBS or (word == "så" and not _follows(token, SUBJECTS)):
        return None
    if word in _forms():
        return Verb(token.i, *_forms()[word])
    bare = word.removesuffix("s")
    if bare != word and word not in _deponent() and bare in _forms() and _forms()[bare][1] != "participle":
        return Verb(token.i, *_forms()[bare], passive=True)
    return _regular(token)


def _regular(token: Token) -> Verb | None:
    word = token.lower_
    if len(word) < 4 or not word.isalpha() or _follows(token, _AFTER_ARTICLE - SUBJECTS):
        return None
    if word.endswith("et") and any(_follows_within(token, form) for form in _PERFECT):
        return Verb(token.i, word, "participle")
    if any(_follows_within(token, modal) for modal in _modal_forms()):
        return None
    form = "past" if word.endswith(("ede", "te")) else "present" if word.endswith("r") else ""
    return Verb(token.i, word, form) if form and _beside_subject(token) else None


def _beside_subject(token: Token) -> bool:
    """Whether a subject pronoun stands right after the token, or before it with at most two adverbs between."""
    doc, i = token.doc, token.i
    if i + 1 < len(doc) and doc[i + 1].lower_ in SUBJECTS:
        return True
    before = i - 1
    while before >= max(0, i - 2) and doc[before].lower_ in ADVERBS:
        before -= 1
    return before >= 0 and doc[before].lower_ in SUBJECTS


def _follows_within(token: Token, word: str, reach: int = 4) -> bool:
    """Whether ``word`` stands before the token in its clause, at most ``reach`` tokens away."""
    before = token.doc[max(0, token.i - reach) : token.i]
    places = [other.i for other in before if other.lower_ == word]
    return bool(places) and not any(other.is_punct for other in token.doc[places[-1] : token.i])


def _follows(token: Token, words: frozenset[str] | tuple[str, ...]) -> bool:
    return token.i > 0 and token.doc[token.i - 1].lower_ in words


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    import yaml

    text = (files("narratives") / "vocabularies" / "verbs.yaml").read_text(encoding="utf-8")
    table: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    return table


@cache
def _forms() -> dict[str, tuple[str, str]]:
    """Form to infinitive and name of the form; on a clash the earlier form wins (present, past, participle)."""
    verbs = _table()["auxiliaries"] | _table()["others"]
    found: dict[str, tuple[str, str]] = {}
    for place, form in enumerate(("present", "past", "participle")):
        for lemma, forms in verbs.items():
            found.setdefault(forms[place], (lemma, form))
    for lemma in verbs:
        found.setdefault(lemma, (lemma, "infinitive"))
    return found


@cache
def _modal_forms() -> dict[str, tuple[str, str]]:
    names = ("present", "past", "participle")
    return {
        word: (lemma, form)
        for lemma, forms in _table()["modals"].items()
        for word, form in zip(forms, names, strict=True)
    }


@cache
def _deponent() -> frozenset[str]:
    return frozenset(_table()["deponent"])
