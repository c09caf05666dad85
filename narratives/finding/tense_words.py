"""The words by which the tense of a mention is told: ``vocabularies/tenses.yaml``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

__all__ = ["forms", "names", "phrases", "verbs"]


@cache
def names(kind: str) -> tuple[str, ...]:
    """The names of the lists of a kind ("verbs", "forms" or "phrases")."""
    return tuple(_table()[kind])


@cache
def verbs(name: str) -> frozenset[str]:
    """Lemmas of the verbs in the list ``name``; raises KeyError if there is none.

    A blank pipeline has no lemmas, so that regular verbs stand there as they are inflected; those forms are among them.
    """
    infinitives = frozenset(_table()["verbs"][name])
    return infinitives | {form for verb in infinitives if verb.endswith("e") for form in _regular(verb)}


@cache
def forms(name: str) -> frozenset[str]:
    """Lower-cased words of the list ``name``."""
    return frozenset(_table()["forms"][name])


@cache
def phrases(name: str) -> tuple[str, ...]:
    """Entries of the list ``name``, in the notation of vocabularies."""
    return tuple(_table()["phrases"][name])


def _regular(infinitive: str) -> tuple[str, ...]:
    """*takker, takkede, takket* of *takke*."""
    return f"{infinitive}r", f"{infinitive}de", f"{infinitive[:-1]}te", f"{infinitive[:-1]}et"


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    import yaml

    text = (files("narratives") / "vocabularies" / "tenses.yaml").read_text(encoding="utf-8")
    table: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    return table
