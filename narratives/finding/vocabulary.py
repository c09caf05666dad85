"""The vocabulary of interventions: which words name one. It is data, and users can add their own.

A file of one's own has the form of ``narratives/vocabularies/interventions.yaml``. It is added to the
shipped vocabulary: an intervention of the same name is replaced, others stand before the shipped ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from narratives.errors import VocabularyError
from narratives.files import sha256_of
from narratives.finding.notation import parse_words
from narratives.messages import say

__all__ = ["TENSES", "Intervention", "Vocabulary", "load_vocabulary", "parse_vocabulary"]

TENSES = ("had", "has", "will", "considered", "refused")
"""Had it, has it, will have it, spoken of but not taken, turned down (by whomever)."""

SHIPPED = "interventions"


@dataclass(frozen=True, slots=True)
class Intervention:
    """One kind of intervention.

    Attributes:
        name: shown in tables.
        category: a key of :attr:`Vocabulary.categories`.
        words: what names it, in the notation of :mod:`narratives.finding.notation`.
        excluded: what looks like it and is not (``not`` in the file).
        tense: per tense words that settle it where they stand in the clause of a mention.
        persons: those of the words that name a helper (mentor, psykolog).
        lasting: whether telling of it is having it, also where what is told is past (min mentor sagde).
        otherwise: the tense of a mention with which nothing is said of having it.
    """

    name: str
    category: str
    words: tuple[str, ...]
    excluded: tuple[str, ...] = ()
    tense: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    persons: tuple[str, ...] = ()
    lasting: bool = False
    otherwise: str = "has"


@dataclass(frozen=True)
class Vocabulary:
    """Interventions in order of precedence, and the labels of their categories.

    Attributes:
        categories: category to its label in each language.
    """

    interventions: tuple[Intervention, ...]
    categories: Mapping[str, Mapping[str, str]]
    version: str = ""

    def __getitem__(self, name: str) -> Intervention:
        """The intervention called ``name``; raises KeyError."""
        for item in self.interventions:
            if item.name == name:
                return item
        raise KeyError(name)

    @property
    def sha256(self) -> str:
        """Digest of everything in the vocabulary."""
        return sha256_of(*(repr(item) for item in self.interventions))

    def extended(self, own: Vocabulary) -> Vocabulary:
        """This vocabulary with those of ``own`` before it, which replace interventions of the same name."""
        names = {item.name for item in own.interventions}
        rest = tuple(item for item in self.interventions if item.name not in names)
        version = f"{self.version} + {own.version}" if own.version else self.version
        return Vocabulary((*own.interventions, *rest), {**self.categories, **own.categories}, version)


def load_vocabulary(own: str | Path | None = None) -> Vocabulary:
    """The shipped vocabulary, extended by the file ``own`` where one is given.

    Raises:
        VocabularyError: if the file is missing or not valid; says where.
    """
    text = (files("narratives") / "vocabularies" / f"{SHIPPED}.yaml").read_text(encoding="utf-8")
    shipped = parse_vocabulary(_yaml(text, SHIPPED), SHIPPED)
    if own is None:
        return shipped
    return shipped.extended(parse_vocabulary(_yaml(_read(Path(own)), str(own)), str(own), shipped.categories))


def parse_vocabulary(data: object, origin: str, known: Mapping[str, Mapping[str, str]] | None = None) -> Vocabulary:
    """Build a vocabulary from plain data.

    Args:
        data: ``categories`` (optional) and ``interventions``.
        origin: named in errors.
        known: categories that stand elsewhere.

    Raises:
        VocabularyError: naming ``origin`` and the place that is wrong.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("interventions"), list):
        raise VocabularyError(say("interventions.no_list", file=origin))
    categories = {str(key): _labels(str(key), value) for key, value in (data.get("categories") or {}).items()}
    known = known or {}
    items = tuple(_intervention(entry, origin, {**known, **categories}) for entry in data["interventions"])
    names = [item.name for item in items]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise VocabularyError(say("interventions.twice", file=origin, name=twice))
    return Vocabulary(items, categories, str(data.get("version", "")))


def _intervention(entry: Any, origin: str, categories: Mapping[str, Any]) -> Intervention:
    if not isinstance(entry, Mapping) or not entry.get("name") or not entry.get("words"):
        raise VocabularyError(say("interventions.incomplete", file=origin, entry=str(entry)[:60]))
    name = str(entry["name"])
    unknown = set(entry) - {"name", "category", "words", "not", "tense", "persons", "lasting", "otherwise"}
    if unknown:
        raise VocabularyError(say("interventions.unknown_field", file=origin, name=name, field=sorted(unknown)[0]))
    category = str(entry.get("category") or name)
    if entry.get("category") and category not in categories:
        known = ", ".join(categories)
        raise VocabularyError(
            say("interventions.unknown_category", file=origin, name=name, category=category, known=known)
        )
    return Intervention(
        name=name,
        category=category,
        words=_words(entry["words"], origin, name),
        excluded=_words(entry.get("not") or (), origin, name),
        tense=_tenses(entry.get("tense") or {}, origin, name),
        persons=_words(entry.get("persons") or (), origin, name),
        lasting=bool(entry.get("lasting")),
        otherwise=_tense(entry.get("otherwise") or "has", origin, name),
    )


def _words(data: Any, origin: str, name: str) -> tuple[str, ...]:
    """Entries of the notation, each tried."""
    entries = (data,) if isinstance(data, str) else tuple(str(item) for item in data)
    for item in entries:
        try:
            parse_words(item)
        except ValueError as error:
            raise VocabularyError(say("interventions.not_words", file=origin, name=name, entry=item)) from error
    return entries


def _tenses(data: Any, origin: str, name: str) -> dict[str, tuple[str, ...]]:
    return {_tense(tense, origin, name): _words(entries, origin, name) for tense, entries in data.items()}


def _tense(tense: Any, origin: str, name: str) -> str:
    if tense not in TENSES:
        known = ", ".join(TENSES)
        raise VocabularyError(say("interventions.unknown_tense", file=origin, name=name, tense=tense, known=known))
    return str(tense)


def _labels(name: str, value: Any) -> dict[str, str]:
    if isinstance(value, Mapping):
        return {str(language): str(label) for language, label in value.items()}
    return {"da": str(value or name), "en": str(value or name)}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise VocabularyError(say("interventions.unreadable", file=path)) from error


def _yaml(text: str, origin: str) -> object:
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else "?"
        raise VocabularyError(say("interventions.not_yaml", file=origin, line=line)) from error
