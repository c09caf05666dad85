"""Fit the weights that say how sure a tense is, from mentions coded by hand.

    python -m narratives.finding.weighing corpora/agency narratives/vocabularies/tense_weights.json

The coded mentions stand in ``checks/tense_development.tsv`` of the corpus: persons on whom the rules may be
developed, never those held out for testing. Each is read twice, by the pipeline at hand and by a blank one, so
that the weights lean on neither.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.finding.checking import texts_of

if TYPE_CHECKING:
    import pandas as pd
    from spacy.language import Language

__all__ = ["coded_signs", "fitted"]

CODED = "checks/tense_development.tsv"
_STRENGTH = 0.03
"""Inverse strength of the penalty; chosen by holding out the last fifth drawn: stronger is surer than it is right."""
_RARE = 6
"""Signs seen less often, over both readings, get no weight."""

Reading = tuple[str, str, frozenset[str]]
"""The tense coded, the tense by rule, and the signs."""


def coded_signs(coded: pd.DataFrame, texts: dict[str, str], nlp: Language) -> list[Reading | None]:
    """Each coded mention as a pipeline reads it; None where it is not found.

    Args:
        coded: with ``narrative_id``, ``start``, ``end`` and ``tense``.
        texts: of the narratives.
        nlp: the pipeline.
    """
    from narratives.cueing.clauses import clauses_of
    from narratives.finding.mentions import MentionFinder
    from narratives.finding.scene import scene_of
    from narratives.finding.signs import signs_of
    from narratives.finding.tense import tense_of
    from narratives.finding.vocabulary import load_vocabulary

    vocabulary = load_vocabulary()
    find = MentionFinder(nlp.vocab, vocabulary)
    docs = {name: nlp(texts[name]) for name in coded["narrative_id"].unique()}
    clauses = {name: clauses_of(doc) for name, doc in docs.items()}
    found: list[Reading | None] = []
    for row in coded.to_dict("records"):
        name, start, end = row["narrative_id"], row["start"], row["end"]
        spans = (span for span in find(docs[name]) if span.start_char < end and span.end_char > start)
        span = next(spans, None)
        if span is None:
            found.append(None)
            continue
        scene, item = scene_of(docs[name], span, clauses[name]), vocabulary[span.label_]
        tense = tense_of(scene, item)
        found.append((row["tense"], tense, signs_of(scene, item, tense)))
    return found


def fitted(readings: list[Reading]) -> dict[str, Any]:
    """Tenses, constants and the weights of each sign, from coded mentions of three tenses or more.

    Returns:
        ``tenses``, ``constant`` (one per tense) and ``weights`` (sign to one per tense), rounded to three places.
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    vectors = DictVectorizer()
    table = vectors.fit_transform([dict.fromkeys(signs, 1.0) for _, _, signs in readings])
    common = table.getnnz(axis=0) >= _RARE
    shares = [0.5] * len(readings)
    model = LogisticRegression(C=_STRENGTH, max_iter=5000)
    model.fit(table[:, common], [coded for coded, _, _ in readings], sample_weight=shares)
    names = vectors.get_feature_names_out()[common]
    weights = {str(name): [round(float(w), 3) for w in model.coef_[:, i]] for i, name in enumerate(names)}
    constant = [round(float(value), 3) for value in model.intercept_]
    return {"tenses": [str(name) for name in model.classes_], "constant": constant, "weights": weights}


def main() -> None:
    """Read the coded mentions of a corpus, and write the weights."""
    import pandas as pd
    import spacy

    from narratives.finding.pipelines import default_pipeline

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("target", type=Path)
    given = parser.parse_args()
    coded = pd.read_csv(given.corpus / CODED, sep="\t", comment="#")
    texts = texts_of(given.corpus)
    readings = [coded_signs(coded, texts, nlp) for nlp in (default_pipeline(), spacy.blank("da"))]
    weights = fitted([reading for each in readings for reading in each if reading is not None])
    lines = ",\n".join(f"  {json.dumps(k, ensure_ascii=False)}: {json.dumps(v)}" for k, v in weights["weights"].items())
    head = json.dumps({key: weights[key] for key in ("tenses", "constant")})[:-1]
    given.target.write_text(f'{head}, "weights": {{\n{lines}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
