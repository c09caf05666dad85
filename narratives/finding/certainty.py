"""How sure the tense of a mention is: the signs round it, weighed.

The rules say which tense; a logistic regression over the signs, fitted to hand-coded mentions by
:mod:`narratives.finding.weighing`, says how often such a tense is right. Its weights are data
(``vocabularies/tense_weights.json``), the same for every pipeline.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from math import exp
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["WEIGHTS", "certainty_of"]

WEIGHTS = "tense_weights.json"


def certainty_of(tense: str, signs: Iterable[str]) -> float:
    """The probability, in (0, 1), that ``tense`` is right where these signs are (``signs.signs_of``)."""
    table = _table()
    sums = list(table["constant"])
    for sign in signs:
        for place, weight in enumerate(table["weights"].get(sign, ())):
            sums[place] += weight
    highest = max(sums)
    shares = [exp(value - highest) for value in sums]
    return shares[table["tenses"].index(tense)] / sum(shares)


@cache
def _table() -> dict[str, Any]:
    text = (files("narratives") / "vocabularies" / WEIGHTS).read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table
