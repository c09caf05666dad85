"""Transparent linguistic cues: who acts, in what voice, with which modals. Features and explanation only.

Cues say what stands in the text, each with its place. They are no measure of agency: in real interviews
cues alone tell little of the code (``docs/interventions.md``). They help a reader to see what a model
may have seen, and serve as features beside others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from narratives.cueing.clauses import Clause
from narratives.cueing.verbs import Verb

if TYPE_CHECKING:
    import pandas as pd
    from spacy.language import Language
    from spacy.tokens import Doc

    from narratives.finding.places import Sources

__all__ = ["KINDS", "VALUES", "Cue", "Cues", "cue_table", "cues", "cues_at"]

_PERSONS = ("jeg", "vi", "du", "de", "man", "det", "han/hun", "andre")

VALUES = {
    "subject": _PERSONS,
    "object": _PERSONS,
    "voice": ("active", "s-passive", "blive-passive"),
    "modal": ("ville", "kunne", "skulle", "måtte", "burde", "turde"),
    "negation": ("negation",),
    "tense": ("present", "past"),
    "self": ("self",),
    "question": ("question",),
}
"""Kinds of cues, and the values each can take."""

KINDS = tuple(VALUES)


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue in a text.

    Attributes:
        kind: one of :data:`KINDS`.
        value: one of :data:`VALUES` of that kind.
        start, end: offsets in the text, end exclusive.
        text: what stands there.
    """

    kind: str
    value: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of one text, in order of their places.

    Attributes:
        found: all of them.
        n_words: words of the text.
        parsed: whether a parser told subjects and objects; otherwise rules did.
    """

    found: tuple[Cue, ...]
    n_words: int
    parsed: bool

    def of(self, kind: str, value: str | None = None) -> tuple[Cue, ...]:
        """The cues of one kind, or of one value of it."""
        return tuple(cue for cue in self.found if cue.kind == kind and value in (None, cue.value))

    @property
    def first_person_share(self) -> float | None:
        """Share of subjects that are *jeg*, in [0, 1]; None where no subject was found."""
        subjects = self.of("subject")
        return len(self.of("subject", "jeg")) / len(subjects) if subjects else None

    def counts(self) -> dict[str, int]:
        """How often each value occurs: "subject:jeg", "voice:s-passive" ...; all keys are always there."""
        found = Counter(f"{cue.kind}:{cue.value}" for cue in self.found)
        return {f"{kind}:{value}": found[f"{kind}:{value}"] for kind, values in VALUES.items() for value in values}


def cues(doc: Doc) -> Cues:
    """The cues of a document.

    Args:
        doc: from any Danish pipeline; morphology and a parse are used where they are there, and rules
            over word lists where they are not.
    """
    from narratives.cueing.clauses import clauses_of

    clauses = clauses_of(doc)
    finders = (_subjects, _objects, _voices, _verb_cues, _words)
    found = {cue for find in finders for cue in find(doc, clauses)}
    words = sum(token.text[0].isalnum() for token in doc)
    order = sorted(found, key=lambda cue: (cue.start, cue.end, cue.kind, cue.value))
    return Cues(tuple(order), words, doc.has_annotation("DEP"))


def cue_table(narratives: pd.DataFrame, nlp: Language | None = None) -> pd.DataFrame:
    """Counts of cues, one row per narrative.

    Args:
        narratives: with ``narrative_id`` and ``text``.
        nlp: a spaCy pipeline; None takes the best at hand.

    Returns:
        ``narrative_id``, ``n_words``, a column for each "kind:value", ``first_person_share`` (missing where
        there is no subject) and ``parsed``.

    Raises:
        NarrativesError: if a column is missing.
    """
    import pandas as pd

    rows = [
        {"narrative_id": row["narrative_id"], "n_words": found.n_words}
        | found.counts()
        | {"first_person_share": found.first_person_share, "parsed": found.parsed}
        for row, found in _read(narratives, nlp)
    ]
    columns = ["narrative_id", "n_words", *(f"{kind}:{value}" for kind in KINDS for value in VALUES[kind])]
    frame = pd.DataFrame(rows, columns=[*columns, "first_person_share", "parsed"])
    return frame.astype({"first_person_share": float, "parsed": bool})


def cues_at(narratives: pd.DataFrame, nlp: Language | None = None, sources: Sources | None = None) -> pd.DataFrame:
    """Every cue with its place in the transcript, one row each.

    Args:
        narratives, nlp: as for :func:`cue_table`.
        sources: as for :func:`narratives.interventions.interventions`.

    Returns:
        ``narrative_id``, ``kind``, ``value``, ``start``, ``end``, ``text``; ``source[start:end] == text``.
        Cues are words, and none lies across an interruption.
    """
    import pandas as pd

    from narratives.finding.places import places_of

    rows = []
    for row, found in _read(narratives, nlp):
        places = places_of(row, sources)
        for cue in found.found:
            span = places.source(cue.start, cue.end)
            if span is not None:
                rows.append((row["narrative_id"], cue.kind, cue.value, *span, cue.text))
    return pd.DataFrame(rows, columns=["narrative_id", "kind", "value", "start", "end", "text"])


def _read(narratives: pd.DataFrame, nlp: Language | None) -> Iterator[tuple[dict[str, object], Cues]]:
    from narratives.finding.pipelines import default_pipeline
    from narratives.finding.places import records_of

    nlp = nlp or default_pipeline()
    rows = [(str(row["text"]), row) for row in records_of(narratives)]
    for doc, row in nlp.pipe(rows, as_tuples=True):
        yield row, cues(doc)


def _subjects(doc: Doc, clauses: Sequence[Clause]) -> Iterator[Cue]:
    from narratives.cueing.arguments import person_of, subjects_of

    for token in subjects_of(doc, clauses):
        yield _cue(doc, "subject", person_of(token.lower_), token.i)


def _objects(doc: Doc, clauses: Sequence[Clause]) -> Iterator[Cue]:  # noqa: ARG001
    from narratives.cueing.arguments import objects_of, person_of

    for token in objects_of(doc):
        yield _cue(doc, "object", person_of(token.lower_), token.i)


def _voices(doc: Doc, clauses: Sequence[Clause]) -> Iterator[Cue]:
    """One voice for each main verb; auxiliaries and modals have none of their own."""
    for clause in clauses:
        for verb in clause.verbs:
            voice = _voice(verb, clause.verbs)
            if voice:
                yield _cue(doc, "voice", voice, verb.i)


def _voice(verb: Verb, verbs: Iterable[Verb]) -> str:
    if verb.modal:
        return ""
    if verb.passive:
        return "s-passive"
    others = [other for other in verbs if other.i < verb.i]
    if verb.form == "participle":
        if verb.lemma == "blive":
            return ""
        return "blive-passive" if any(other.lemma == "blive" for other in others) else "active"
    carries = verb.lemma in ("have", "være", "blive")
    helping = carries and any(other.i > verb.i and other.form == "participle" for other in verbs)
    return "" if helping else "active"


def _verb_cues(doc: Doc, clauses: Sequence[Clause]) -> Iterator[Cue]:
    """Modals, and the tense of each finite verb."""
    for clause in clauses:
        for verb in clause.verbs:
            if verb.modal:
                yield _cue(doc, "modal", verb.lemma, verb.i)
            if verb.finite:
                yield _cue(doc, "tense", verb.form, verb.i)


def _words(doc: Doc, clauses: Sequence[Clause]) -> Iterator[Cue]:  # noqa: ARG001
    """Negations, *selv* and question marks."""
    from narratives.cueing.words import NEGATIONS

    for token in doc:
        if token.lower_ in NEGATIONS:
            yield _cue(doc, "negation", "negation", token.i)
        elif token.lower_ == "selv" and not _concessive(token.i, doc):
            yield _cue(doc, "self", "self", token.i)
        elif token.text == "?":
            yield _cue(doc, "question", "question", token.i)


def _concessive(i: int, doc: Doc) -> bool:
    """*selv om* is a conjunction."""
    return i + 1 < len(doc) and doc[i + 1].lower_ in ("om", "når", "hvis")


def _cue(doc: Doc, kind: str, value: str, i: int) -> Cue:
    token = doc[i]
    return Cue(kind, value, token.idx, token.idx + len(token.text), token.text)
