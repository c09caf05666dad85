"""Coded data: texts with the codes people gave them."""

from narratives.coded.checks import rare_codes
from narratives.coded.corpus import CORPUS_PARTS, load_corpus, read_corpus
from narratives.coded.reading import read_coded
from narratives.coded.records import CodedData, CodedText, Coding
from narratives.coded.splitting import draw_persons, hold_out, take_test

__all__ = [
    "CORPUS_PARTS",
    "CodedData",
    "CodedText",
    "Coding",
    "draw_persons",
    "hold_out",
    "load_corpus",
    "rare_codes",
    "read_coded",
    "read_corpus",
    "take_test",
]
