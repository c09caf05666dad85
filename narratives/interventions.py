"""Interventions in narratives: where they are named, in which tense, and what came of them.

    found = interventions(study.narratives, study.codebook, sources=study.source)
    coupled = chains(study.narratives, sources=study.source)

Everything here is rules over a vocabulary (``narratives/vocabularies/interventions.yaml``), which a file
of one's own extends; ``docs/interventions.md`` says how well they do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.codebook import Codebook
from narratives.finding.places import Places, Sources, places_of, records_of
from narratives.finding.vocabulary import TENSES, Vocabulary, load_vocabulary

if TYPE_CHECKING:
    import pandas as pd
    from spacy.language import Language
    from spacy.tokens import Doc, Span

    from narratives.cueing.clauses import Clause
    from narratives.finding.chains import Link

__all__ = [
    "CHAIN_COLUMNS",
    "MENTION_COLUMNS",
    "TENSES",
    "Vocabulary",
    "chains",
    "interventions",
    "interventions_and_chains",
    "load_vocabulary",
]

_PLACE = ("narrative_id", "transcript", "person", "wave")
MENTION_COLUMNS = (
    *_PLACE,
    "intervention",
    "category",
    "start",
    "end",
    "quote",
    "tense",
    "tense_p",
    "evaluation",
    "evaluation_p",
    "polarity",
)
CHAIN_COLUMNS = (
    *_PLACE,
    "chain",
    "step",
    "intervention",
    "category",
    "connective",
    "direction",
    "kind",
    "cause",
    "cause_start",
    "cause_end",
    "consequence",
    "start",
    "end",
    "reservation",
    "reservation_start",
    "reservation_end",
)
_MENTION_NUMBERS = ("start", "end", "polarity")
_CHAIN_NUMBERS = ("chain", "step", *(column for column in CHAIN_COLUMNS if column.endswith(("start", "end"))))


def interventions(
    narratives: pd.DataFrame,
    codebook: Codebook | None = None,
    *,
    sources: Sources | None = None,
    nlp: Language | None = None,
    vocabulary: Vocabulary | str | Path | None = None,
) -> pd.DataFrame:
    """Every mention of an intervention, one row each, in the order of the narratives.

    Args:
        narratives: a study's table, or any with ``narrative_id`` and ``text``; ``spans`` (or ``start``) gives
            places in the transcript, without them offsets count from the start of ``text``.
        codebook: names the evaluation variable (role "evaluation"); without it, or without that variable in the
            table, the evaluation is missing.
        sources: source texts by transcript (a mapping, or ``study.source``), to check every place against.
        nlp: a spaCy pipeline; None takes the best at hand.
        vocabulary: a loaded vocabulary, or a file that extends the shipped one.

    Returns:
        Columns :data:`MENTION_COLUMNS`. ``source[start:end] == quote``; ``tense`` is one of :data:`TENSES`,
        ``tense_p`` how sure it is, in (0, 1);
        ``evaluation`` is the narrative's code, ``evaluation_p`` its probability in [0, 1] (missing for people's
        codes) and ``polarity`` -1, 0, 1, or missing for a mixed one.

    Raises:
        StudyError: if a narrative does not stand in its place.
        VocabularyError: if the vocabulary is not valid.
        NarrativesError: if a column is missing.
    """
    words = _vocabulary(vocabulary)
    rows = [
        row for reading in _readings(narratives, words, sources, nlp) for row in _mention_rows(reading, codebook, words)
    ]
    return _table(rows, MENTION_COLUMNS, _MENTION_NUMBERS)


def chains(
    narratives: pd.DataFrame,
    *,
    sources: Sources | None = None,
    nlp: Language | None = None,
    vocabulary: Vocabulary | str | Path | None = None,
) -> pd.DataFrame:
    """Couplings of an intervention and its consequence that narratives make themselves.

    Args:
        narratives, sources, nlp, vocabulary: as for :func:`interventions`.

    Returns:
        Columns :data:`CHAIN_COLUMNS`, one row per link. Links of one ``chain`` (numbered within the narrative) are
        ``step`` 1 from the intervention and 2 from its consequence to the next. ``start`` and ``end`` are the
        consequence's; ``direction`` is "forward", or "backward" where the consequence is told before its cause
        (fordi, på grund af); ``kind`` is "causal", "conditional" (hvis ..., så) or "temporal" (og så fik jeg).
        ``reservation`` is a men clause or a hedging word, or missing.

    Raises:
        as :func:`interventions`.
    """
    words = _vocabulary(vocabulary)
    rows = [row for reading in _readings(narratives, words, sources, nlp) for row in _link_rows(reading, words)]
    return _table(rows, CHAIN_COLUMNS, _CHAIN_NUMBERS)


def interventions_and_chains(
    narratives: pd.DataFrame,
    codebook: Codebook | None = None,
    *,
    sources: Sources | None = None,
    nlp: Language | None = None,
    vocabulary: Vocabulary | str | Path | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables of :func:`interventions` and :func:`chains` from one reading of the narratives."""
    words = _vocabulary(vocabulary)
    mentions: list[dict[str, Any]] = []
    links: list[dict[str, Any]] = []
    for reading in _readings(narratives, words, sources, nlp):
        mentions += _mention_rows(reading, codebook, words)
        links += _link_rows(reading, words)
    return _table(mentions, MENTION_COLUMNS, _MENTION_NUMBERS), _table(links, CHAIN_COLUMNS, _CHAIN_NUMBERS)


@dataclass(frozen=True)
class _Reading:
    """One narrative, read."""

    row: dict[str, Any]
    doc: Doc
    mentions: list[Span]
    clauses: list[Clause]
    places: Places

    @property
    def place(self) -> dict[str, Any]:
        return {column: self.row.get(column) for column in _PLACE}

    def quoted(self, start: int, end: int, name: str = "quote", prefix: str = "") -> dict[str, Any]:
        """The text between two offsets of the narrative, and its place in the source."""
        span = self.places.source(start, end)
        assert span is not None  # noqa: S101 - sentences and mentions end at joints
        return {name: self.doc.text[start:end], f"{prefix}start": span[0], f"{prefix}end": span[1]}

    def piece(self, tokens: tuple[int, int], name: str, prefix: str = "") -> dict[str, Any]:
        """The same for a stretch of tokens."""
        span = self.doc[tokens[0] : tokens[1]]
        return self.quoted(span.start_char, span.end_char, name, prefix)

    def whole(self, link: Link) -> bool:
        """Whether no piece of a link lies across a joint."""
        pieces = [link.cause, link.consequence, *([link.reservation] if link.reservation else [])]
        spans = [self.doc[start:end] for start, end in pieces]
        return all(self.places.source(span.start_char, span.end_char) is not None for span in spans)


def _readings(
    narratives: pd.DataFrame, vocabulary: Vocabulary, sources: Sources | None, nlp: Language | None
) -> Iterator[_Reading]:
    """The narratives that name an intervention; only they go through the pipeline."""
    from narratives.cueing.clauses import clauses_of
    from narratives.finding.mentions import MentionFinder
    from narratives.finding.pipelines import default_pipeline

    nlp = nlp or default_pipeline()
    find = MentionFinder(nlp.vocab, vocabulary)
    rows = [row | {"text": str(row["text"])} for row in records_of(narratives)]
    placed = [(row, places_of(row, sources)) for row in rows]
    named = [(row["text"], pair) for row, pair in zip(rows, placed, strict=True) if find(nlp.make_doc(row["text"]))]
    for doc, (row, places) in nlp.pipe(named, as_tuples=True):
        mentions = [span for span in find(doc) if places.source(span.start_char, span.end_char) is not None]
        yield _Reading(row, doc, mentions, clauses_of(doc, places.joints), places)


def _mention_rows(reading: _Reading, codebook: Codebook | None, vocabulary: Vocabulary) -> Iterator[dict[str, Any]]:
    """A row for each mention in a narrative."""
    from narratives.finding.certainty import certainty_of
    from narratives.finding.signs import signs_of
    from narratives.finding.tense import scene_of, tense_of

    for mention in reading.mentions:
        item, scene = vocabulary[mention.label_], scene_of(reading.doc, mention, reading.clauses)
        tense = tense_of(scene, item)
        yield (
            reading.place
            | {"intervention": item.name, "category": item.category}
            | reading.quoted(mention.start_char, mention.end_char)
            | {"tense": tense, "tense_p": round(certainty_of(tense, signs_of(scene, item, tense)), 3)}
            | _evaluation(reading.row, codebook)
        )


def _link_rows(reading: _Reading, vocabulary: Vocabulary) -> Iterator[dict[str, Any]]:
    """A row for each link of the chains in a narrative."""
    from narratives.finding.chains import links_in

    number = 0
    for link in links_in(reading.doc, reading.mentions, reading.clauses, vocabulary):
        number += link.step == 1
        yield from _chain_row(reading, link, vocabulary, number)


def _chain_row(reading: _Reading, link: Link, vocabulary: Vocabulary, number: int) -> list[dict[str, Any]]:
    """The row of one link; none where an interruption lies inside a piece of it."""
    if not reading.whole(link):
        return []
    item = vocabulary[link.mention.label_]
    row = reading.place | {"chain": number, "step": link.step, "intervention": item.name, "category": item.category}
    row |= {"connective": link.connective, "direction": "backward" if link.backward else "forward", "kind": link.kind}
    row |= reading.piece(link.cause, "cause", "cause_") | reading.piece(link.consequence, "consequence")
    if link.reservation is not None:
        row |= reading.piece(link.reservation, "reservation", "reservation_")
    return [row]


def _evaluation(row: dict[str, Any], codebook: Codebook | None) -> dict[str, Any]:
    """The narrative's evaluation, if it was coded."""
    variable = codebook.with_role("evaluation") if codebook is not None else None
    code = row.get(variable.name) if variable is not None else None
    if variable is None or not isinstance(code, str):
        return {"evaluation": None, "evaluation_p": None, "polarity": None}
    share = row.get(f"{variable.name}_p")
    return {"evaluation": code, "evaluation_p": share, "polarity": variable.code(code).polarity}


def _vocabulary(given: Vocabulary | str | Path | None) -> Vocabulary:
    return given if isinstance(given, Vocabulary) else load_vocabulary(given)


def _table(rows: list[dict[str, Any]], columns: tuple[str, ...], whole: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(columns))
    frame = frame.astype(dict.fromkeys(whole, "Int64"))
    frame["wave"] = pd.to_numeric(frame["wave"], errors="coerce").astype("Int64")
    if "evaluation_p" in frame:
        frame["evaluation_p"] = pd.to_numeric(frame["evaluation_p"], errors="coerce").astype(float)
    return frame
