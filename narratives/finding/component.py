"""The spaCy component that marks interventions.

nlp.add_pipe("narratives.interventions.v1")
nlp.add_pipe("narratives.interventions.v1", config={"vocabulary": "mine.yaml"})
nlp(text).spans["interventions"]       # label_: the intervention; attrs["categories"], attrs["tenses"] in its order
"""

from __future__ import annotations

from spacy.language import FactoryMeta, Language
from spacy.tokens import Doc, SpanGroup
from spacy.util import registry

from narratives.cueing.clauses import clauses_of
from narratives.finding.mentions import MentionFinder
from narratives.finding.tense import scene_of, tense_of
from narratives.finding.vocabulary import load_vocabulary

__all__ = ["FACTORY", "GROUP", "InterventionsComponent", "make_interventions"]

FACTORY = "narratives.interventions.v1"
GROUP = "interventions"


class InterventionsComponent:
    """Marks mentions as ``doc.spans["interventions"]``; best placed after a morphologizer, which tells tense."""

    def __init__(self, nlp: Language, vocabulary: str | None) -> None:
        self.find = MentionFinder(nlp.vocab, load_vocabulary(vocabulary))

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one document."""
        mentions, vocabulary = self.find(doc), self.find.vocabulary
        clauses = clauses_of(doc) if mentions else []
        items = [vocabulary[span.label_] for span in mentions]
        attributes = {
            "categories": [item.category for item in items],
            "tenses": [
                tense_of(scene_of(doc, span, clauses), item) for span, item in zip(mentions, items, strict=True)
            ],
        }
        doc.spans[GROUP] = SpanGroup(doc, name=GROUP, spans=mentions, attrs=attributes)
        return doc


def make_interventions(nlp: Language, name: str, vocabulary: str | None) -> InterventionsComponent:  # noqa: ARG001
    """Make the component.

    Args:
        nlp: the pipeline it is for.
        name: the component's name in the pipeline.
        vocabulary: a vocabulary file of one's own, added to the shipped one; None takes only the shipped one.

    Raises:
        VocabularyError: if the file is not valid.
    """
    return InterventionsComponent(nlp, vocabulary)


# ``Language.factory`` refuses names with full stops; what it calls itself takes them.
registry.factories.register(FACTORY, func=make_interventions)
Language.set_factory_meta(
    FACTORY, FactoryMeta(factory=FACTORY, default_config={"vocabulary": None}, assigns=["doc.spans"])
)
