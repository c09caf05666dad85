"""A spaCy baseline: its bag-of-words text categoriser, one for each variable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from narratives.coded.records import CodedData

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

__all__ = ["textcat_guesses"]

_EPOCHS = 5
_BATCH = 64
_MODEL = {
    "@architectures": "spacy.TextCatBOW.v3",
    "exclusive_classes": True,
    "ngram_size": 2,
    "no_output_layer": False,
    "length": 262144,
}


def textcat_guesses(fitted: CodedData, measured: CodedData, seed: int = 0) -> dict[str, NDArray[np.int64]]:
    """Chosen codes of the measured texts, per variable, shape (texts,), by categorisers trained on the fitted ones."""
    guesses = {}
    for variable in fitted.codebook.variables:
        hard = fitted.hard(variable.name)
        coded = np.flatnonzero(hard >= 0)
        texts = [fitted.texts[place].text for place in coded]
        nlp = _trained(texts, hard[coded], variable.labels, seed)
        docs = nlp.pipe(text.text for text in measured.texts)
        scores = np.array([[doc.cats[label] for label in variable.labels] for doc in docs])
        guesses[variable.name] = scores.reshape(len(measured), len(variable.labels)).argmax(1)
    return guesses


def _trained(texts: Sequence[str], hard: np.ndarray, labels: Sequence[str], seed: int) -> Language:
    """A blank Danish pipeline with one categoriser trained on these texts."""
    import spacy
    from spacy.training import Example
    from spacy.util import fix_random_seed, minibatch

    fix_random_seed(seed)
    nlp = spacy.blank("da")
    component = nlp.add_pipe("textcat", config={"model": _MODEL})
    for label in labels:
        component.add_label(label)  # type: ignore[attr-defined]
    docs: list[Doc] = [nlp.make_doc(text) for text in texts]
    cats = [{label: float(place == code) for place, label in enumerate(labels)} for code in hard]
    examples = [Example.from_dict(doc, {"cats": cat}) for doc, cat in zip(docs, cats, strict=True)]
    optimizer = nlp.initialize(lambda: examples)
    chance = np.random.default_rng(seed)
    for _ in range(_EPOCHS):
        order = chance.permutation(len(examples))
        for batch in minibatch((examples[place] for place in order), size=_BATCH):
            nlp.update(batch, sgd=optimizer)
    return nlp
