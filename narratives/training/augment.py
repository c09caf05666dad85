"""Small changes to training texts that leave their codes standing."""

from __future__ import annotations

import random
import re

__all__ = ["vary"]

_NOTES = re.compile(r"\s*\[[^\]]*\]|\s*\((?:griner|ler|pause|sukker)\)", re.IGNORECASE)
_FILLERS = re.compile(r"\b(?:øh+|øhm|altså|sådan|ligesom)\b,?\s*", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def vary(text: str, chance: random.Random, *, drop_sentences: float, drop_fillers: float) -> str:
    """The text, perhaps without notes and fillers, perhaps without one sentence.

    The last sentence always stays: a narrative is coded by the point it ends on.

    Args:
        drop_sentences, drop_fillers: chances in [0, 1].
    """
    changed = text
    if chance.random() < drop_fillers:
        changed = _FILLERS.sub("", _NOTES.sub("", changed)).strip() or text
    if chance.random() < drop_sentences:
        sentences = _SENTENCE.split(changed)
        if len(sentences) >= 3:
            sentences.pop(chance.randrange(len(sentences) - 1))
            changed = " ".join(sentences)
    return changed
