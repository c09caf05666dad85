"""The spaCy pipeline that reads narratives here: morphology and a parser where one is at hand."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from narratives.segmenting.pipelines import INSTALLED, SHIPPED
from narratives.shipped import shipped_folder

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["default_pipeline"]


@cache
def default_pipeline() -> Language:
    """The first at hand of da_core_news_md, the shipped da_narratives_sm, and a blank Danish pipeline."""
    import spacy

    shipped = shipped_folder("models") / SHIPPED
    if find_spec(INSTALLED):
        return spacy.load(INSTALLED, exclude=["ner"])
    if (shipped / "meta.json").is_file():
        return spacy.load(shipped, exclude=["ner"])
    return spacy.blank("da")
