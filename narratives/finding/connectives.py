"""The words with which a narrative itself couples an intervention to what came of it.

Three kinds, by where the consequence stands:

* *openers* begin the clause of the consequence (så, derfor, bagefter);
* *verbs* stand between cause and consequence (gjorde at, førte til, har givet mig);
* *reasons* begin the clause or phrase of the cause (fordi, på grund af, takket være).
"""

from __future__ import annotations

from dataclasses import dataclass

from narratives.cueing.clauses import Clause
from narratives.cueing.words import SUBJECTS

__all__ = [
    "BACK_REFERENCES",
    "CONDITIONAL",
    "PERSONAL",
    "STANDING",
    "SUMMING",
    "TEMPORAL",
    "Connective",
    "echo_of",
    "opener_of",
    "phrase_of",
    "reason_of",
    "subject_first",
    "verb_of",
    "without_of",
]

BACK_REFERENCES = frozenset({"det", "dét", "den", "de", "hvilket", "som", "der", "resultatet", "så"})
"""Words that stand for what was told before, in front of a verb of consequence."""

_OPENERS = (
    ("det", "er", "derfor"), ("det", "var", "derfor"), ("på", "den", "måde"), ("af", "den", "grund"),
    ("på", "grund", "af", "det"), ("for", "så"), ("så", "nu"), ("så", "derfor"), ("derfor",), ("dermed",), ("derved",),
    ("bagefter",), ("derefter",), ("ellers",), ("og", "nu"), ("nu",), ("så",),
)  # fmt: skip

TEMPORAL = frozenset({"bagefter", "derefter", "efter", "efter at", "siden", "nu", "og nu"})
"""Connectives that tell what came next, without saying that it came of it."""

CONDITIONAL = frozenset({"hvis", "ellers"})

PERSONAL = frozenset({"hun", "han"})
"""Who may stand for a helper."""

STANDING = frozenset({
    "bagefter", "derefter", "derfor", "det er derfor", "det var derfor", "dermed", "på den måde",
})  # fmt: skip
"""Openers that take up the whole sentence before."""

SUMMING = frozenset({"hjalp", "har hjulpet", "hjalp mig", "har hjulpet mig", "hjælper mig", "det ... af"})
"""Connectives that are part of the consequence."""

_VERBS = (
    ("førte", "til"), ("fører", "til"), ("har", "ført", "til"), ("førte", "ikke", "til"),
    ("har", "ikke", "ført", "til"), ("gjorde", "at"), ("gjorde", ",", "at"), ("gør", "at"), ("gør", ",", "at"),
    ("har", "gjort", ",", "at"), ("har", "gjort", "at"), ("betød", "at"), ("betød", ",", "at"), ("betyder", "at"),
    ("betyder", ",", "at"), ("har", "betydet", ",", "at"), ("har", "betydet", "at"), ("medførte",),
    ("resulterede", "i"), ("endte", "med"), ("gav", "mig"), ("har", "givet", "mig"), ("giver", "mig"),
    ("hjalp", "mig"), ("har", "hjulpet", "mig"), ("hjælper", "mig"), ("fik", "mig", "til"),
    ("har", "fået", "mig", "til"), ("får", "mig", "til"), ("lærte", "mig"), ("har", "lært", "mig"), ("gjorde", "mig"),
    ("gør", "mig"), ("har", "gjort", "mig"), ("kostede", "mig"), ("har", "kostet", "mig"), ("kan", "koste", "mig"),
    ("holdt", "mig"), ("har", "holdt", "mig"), ("holder", "mig"), ("gav",), ("har", "givet"), ("hjalp",),
    ("har", "hjulpet"),
)  # fmt: skip

_REASONS = (("fordi",), ("eftersom",), ("for",), ("efter", "at"), ("siden",))
_PHRASES = (
    ("på", "grund", "af"), ("pga",), ("pga.",), ("takket", "være"), ("i", "kraft", "af"), ("efter",), ("uden",),
    ("med",), ("ud", "af"), ("af",),
)  # fmt: skip
_BEFORE = frozenset({
    "og", "men", "kun", "bare", "netop", "også", "jo", "vel", "mest", "nok", "egentlig", "det", "er", "var", "ja",
    "nå",
})  # fmt: skip
_NOT_SO = frozenset({
    "længe", "langt", "snart", "vidt", "meget", "mange", "lidt", "godt", "dårligt", "lille", "stor", "at", "kan",
    "som", "sig", "træt", "glad", "ofte", "tit", "tæt",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Connective:
    """A connective in a document.

    Attributes:
        start, end: its tokens.
        name: its words in lower case, joined by blanks.
    """

    start: int
    end: int
    name: str


def opener_of(clause: Clause) -> Connective | None:
    """The connective that makes ``clause`` a consequence of what stands before it, or None."""
    first = _first(clause, {"og", "men", "ja"})
    for words in _OPENERS:
        place = _after_subject(clause, first) if words == ("derfor",) else first
        plain_so = words == ("så",)
        if (
            _at(clause, place, words)
            and clause.finite is not None
            and not (plain_so and not _consecutive(clause, place))
        ):
            return Connective(clause.start + place, clause.start + place + len(words), " ".join(words))
    return None


def verb_of(clause: Clause, following: Clause | None) -> Connective | None:
    """The verb of consequence in ``clause``; ``at`` may open the clause after it."""
    words = clause.words + (following.words[:2] if following is not None else ())
    for place in range(len(clause.words)):
        for wanted in _VERBS:
            if words[place : place + len(wanted)] == wanted:
                name = " ".join(word for word in wanted if word != ",")
                return Connective(clause.start + place, clause.start + place + len(wanted), name)
    return None


def reason_of(clause: Clause) -> Connective | None:
    """The conjunction that makes ``clause`` a cause (fordi, eftersom, for + subject), or None."""
    first = _first(clause, _BEFORE)
    for words in _REASONS:
        if not _at(clause, first, words):
            continue
        following = clause.words[first + 1] if first + 1 < len(clause.words) else ""
        if words not in (("for",), ("siden",)) or (following in SUBJECTS and clause.finite is not None):
            return Connective(clause.start + first, clause.start + first + len(words), " ".join(words))
    return None


def phrase_of(clause: Clause, mention_start: int) -> Connective | None:
    """A phrase of cause before a mention, at most three words away (på grund af den der praktik)."""
    for words in _PHRASES:
        for gap in range(4):
            place = mention_start - clause.start - gap - len(words)
            if (
                place >= 0
                and _at(clause, place, words)
                and _plain(clause, place + len(words), mention_start - clause.start)
            ):
                return Connective(clause.start + place, clause.start + place + len(words), " ".join(words))
    return None


def without_of(clause: Clause, person: bool) -> Connective | None:
    """*Uden hende var jeg ikke* ...: for a helper hende or ham, for anything den, det or dem."""
    first = _first(clause, {"og", "men", "for"})
    pronouns = ("hende", "ham", "dem") if person else ("den", "det", "dem")
    words = clause.words[first : first + 2]
    if clause.finite is None or words[:1] != ("uden",) or not set(words[1:]) & set(pronouns):
        return None
    return Connective(clause.start + first, clause.start + first + 2, " ".join(words))


def echo_of(clause: Clause) -> Connective | None:
    """*Det blev jeg syg af*, *det fik jeg meget ud af*."""
    first = _first(clause, {"og", "men", "for"})
    words = [word for word in clause.words[first:] if word[0].isalnum()]
    finite = clause.finite
    if finite is None or not words or words[0] not in ("det", "den", "dem") or words[-1] != "af":
        return None
    felt = finite.lemma == "blive" or bool({"det", "ud", "godt", "bedre"} & set(words[1:-1]))
    if finite.lemma in ("blive", "få", "have") and "jeg" in words[1:4] and felt:
        return Connective(clause.start + first, clause.start + first + 1, "det ... af")
    return None


def _first(clause: Clause, skipped: set[str] | frozenset[str]) -> int:
    """Index of the first word that is neither punctuation nor ``skipped``."""
    return next((i for i, word in enumerate(clause.words) if word[0].isalnum() and word not in skipped), 0)


def _after_subject(clause: Clause, first: int) -> int:
    """Where *derfor* stands: first, or up to four words later (det er jo derfor; jeg fik derfor)."""
    return next((i for i in range(first, min(first + 5, len(clause.words))) if clause.words[i] == "derfor"), first)


def _at(clause: Clause, place: int, words: tuple[str, ...]) -> bool:
    return clause.words[place : place + len(words)] == words


def subject_first(clause: Clause, found: Connective) -> bool:
    """Whether the subject follows the connective at once, as in *så jeg gik* against *så gik jeg*."""
    place = found.end - clause.start
    finite = clause.finite
    return place < len(clause.words) and finite is not None and finite.i > found.end and clause.words[place] != "nu"


def _consecutive(clause: Clause, place: int) -> bool:
    """Whether *så* means "so": a finite verb or a subject comes right after it."""
    following = clause.words[place + 1] if place + 1 < len(clause.words) else ""
    finite = clause.finite
    if finite is None or following in _NOT_SO:
        return False
    return following in SUBJECTS or finite.i in (clause.start + place + 1, clause.start + place + 2)


def _plain(clause: Clause, start: int, end: int) -> bool:
    """Only words, no verb, between connective and mention."""
    verbs = {verb.i - clause.start for verb in clause.verbs}
    return all(clause.words[i][0].isalnum() and i not in verbs for i in range(start, end))
