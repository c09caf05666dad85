"""Which spaCy pipeline helps to find sentences, and where the learned scorer lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from narratives.errors import SegmentationError
from narratives.files import sha256_of
from narratives.messages import say
from narratives.segmenting.scoring import Scorer, load_scorer
from narratives.segmenting.units import Splitter
from narratives.segmenting.words import Word
from narratives.shipped import shipped_folder

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["BLANK", "INSTALLED", "SHIPPED", "Pipeline", "load_pipeline", "pipeline_of"]

INSTALLED = "da_core_news_md"
SHIPPED = "da_narratives_sm"
BLANK = "blank"

_RULES = 3
"""Counts up when rules change what is found with the same scorer, so that stored results are not taken for new."""

_NOT_NEEDED = ["ner", "lemmatizer", "trainable_lemmatizer", "attribute_ruler", "morphologizer", "tagger"]


@dataclass(frozen=True)
class Pipeline:
    """What segmentation runs on.

    Attributes:
        name: name and version of the spaCy pipeline, or "blank" (rules only).
        scorer: the learned scorer.
        split_long: finds sentence starts where speech stands without full stops for long.
    """

    name: str
    scorer: Scorer
    split_long: Splitter

    @property
    def description(self) -> str:
        """One sentence for people: which pipeline is used, and what that means."""
        return say("segment.blank" if self.name == BLANK else "segment.pipeline", name=self.name)

    @property
    def revision(self) -> str:
        """Changes when the pipeline, the scorer or the rules do: part of the key under which results are kept."""
        return sha256_of(self.name, self.scorer.digest, str(_RULES))[:16]


def load_pipeline(wanted: str | Path | None = None, scorer: Path | None = None) -> Pipeline:
    """The pipeline to segment with.

    Args:
        wanted: name of an installed spaCy pipeline, a folder, or "blank"; None takes the first that is there of
            da_core_news_md, the shipped da_narratives_sm, and a blank Danish one.
        scorer: folder of a saved scorer; None takes the shipped one.

    Raises:
        SegmentationError: if the pipeline asked for cannot be loaded, or finds no sentences.
        ModelError: if the scorer cannot be loaded.
    """
    import spacy

    place = _first_at_hand() if wanted is None else wanted
    return pipeline_of(spacy.blank("da") if str(place) == BLANK else _load(place), scorer)


def pipeline_of(nlp: Language, scorer: Path | None = None) -> Pipeline:
    """A spaCy pipeline that is loaded already, with the scorer.

    Without a parser or senter it counts as blank: its full stops are the rules' own.
    """
    learned = load_scorer(scorer or shipped_folder("models") / "segmenter")
    if not _finds_sentences(nlp):
        return Pipeline(BLANK, learned, _no_starts)
    name = f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}"
    return Pipeline(name, learned, partial(_sentence_starts, nlp))


def _sentence_starts(nlp: Language, words: Sequence[Word]) -> list[int]:
    """Indexes of the words at which a spaCy pipeline starts a sentence."""
    from spacy.tokens import Doc

    doc = nlp(Doc(nlp.vocab, words=[word.text for word in words]))
    return [token.i for token in doc if token.is_sent_start]


def _no_starts(words: Sequence[Word]) -> list[int]:  # noqa: ARG001
    """None: clause openers decide."""
    return []


def _finds_sentences(nlp: Language) -> bool:
    return any(name in nlp.pipe_names for name in ("parser", "senter"))


def _first_at_hand() -> str | Path:
    """The best pipeline on this machine."""
    if find_spec(INSTALLED):
        return INSTALLED
    shipped = shipped_folder("models") / SHIPPED
    return shipped if (shipped / "meta.json").is_file() else BLANK


def _load(place: str | Path) -> Language:
    """A spaCy pipeline that finds sentences, without the parts that segmentation does not use."""
    import spacy

    try:
        nlp = spacy.load(place, exclude=_NOT_NEEDED)
    except (OSError, ImportError, ValueError) as error:
        raise SegmentationError(say("segment.no_pipeline", name=place)) from error
    if not _finds_sentences(nlp):
        raise SegmentationError(say("segment.no_sentences", name=place))
    return nlp
