"""spaCy components: who speaks where, and the narratives in it.

    nlp = spacy.blank("da")
    nlp.add_pipe("narratives.turns.v1")
    nlp.add_pipe("narratives.segment.v1", config={"density": 15.0})
    doc = nlp(text)
    doc.spans["narratives"]                # a span for each piece; attrs["scores"], attrs["narrative"] in its order
    doc.user_data["narratives"]            # exact places, ids, speakers, omissions: plain values

spaCy spans begin and end with tokens; the exact offsets are in ``user_data``. Everything stored is
plain, so ``doc.to_bytes`` and several processes work.

To save a pipeline (``nlp.to_disk``), name the components without full stops, which spaCy's configuration
files read as sections: ``nlp.add_pipe("narratives.segment.v1", name="segment")``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from spacy.language import FactoryMeta, Language
from spacy.tokens import Doc, SpanGroup
from spacy.util import registry

from narratives.files import sha256_of
from narratives.narrative import Narrative, Omission
from narratives.segment import Segmentation, Settings, narratives_in
from narratives.segmenting.pipelines import pipeline_of
from narratives.segmenting.words import Word
from narratives.transcript import Role, Span, Speaker, Transcript, Turn

__all__ = ["SegmentComponent", "TurnsComponent", "make_segmenter", "make_turns"]

TURNS = "turns"
NARRATIVES = "narratives"


class TurnsComponent:
    """Finds turns and roles in a document, and stores them as ``doc.spans["turns"]`` and in ``doc.user_data``."""

    def __init__(self, roles: Mapping[str, str]) -> None:
        self.roles = {label: Role(role) for label, role in roles.items()}

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one document: a whole interview, or unlabelled speech of one participant."""
        # spaCy imports this module with every pipeline it makes; the readers wait until there is a document.
        from narratives.reading.roles import Told, assign_persons, guess_roles
        from narratives.reading.speakers import find_turns

        found = find_turns(doc.text)
        told = {label: Told(role, source="metadata") for label, role in self.roles.items()}
        speakers = guess_roles(found.turns, doc.text, told=told, facts=found.front_matter, preamble=found.preamble)
        if [speaker.label for speaker in speakers] == [""]:
            speakers = (Speaker("", Role.PARTICIPANT, source="guess"),)
        speakers = assign_persons(speakers, None)
        doc.user_data[TURNS] = {
            "turns": [{"speaker": t.speaker, "spans": [list(s) for s in t.spans], "time": t.time} for t in found.turns],
            "speakers": [asdict(speaker) | {"role": str(speaker.role)} for speaker in speakers],
        }
        role = {speaker.label: str(speaker.role) for speaker in speakers}
        _store(doc, TURNS, [(span, role[turn.speaker]) for turn in found.turns for span in turn.spans])
        return doc


class SegmentComponent:
    """Finds the narratives of a document, and stores them as ``doc.spans["narratives"]`` and in ``doc.user_data``."""

    def __init__(self, nlp: Language, settings: Settings) -> None:
        self.nlp, self.settings = nlp, settings
        self.turns = TurnsComponent({})

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one document; turns are found first where no other component has done so."""
        if TURNS not in doc.user_data:
            doc = self.turns(doc)
        pipeline = replace(pipeline_of(self.nlp), split_long=partial(_starts_in, doc))
        found = narratives_in(_transcript(doc), pipeline, self.settings)
        doc.user_data[NARRATIVES] = _plain(found, pipeline.name)
        group = _store(doc, NARRATIVES, [(span, "narrative") for item in found.narratives for span in item.spans])
        group.attrs["scores"] = [item.score for item in found.narratives for _ in item.spans]
        group.attrs["narrative"] = [i for i, item in enumerate(found.narratives) for _ in item.spans]
        return doc


def _starts_in(doc: Doc, words: Sequence[Word]) -> list[int]:
    """Indexes of the words at which the document's own pipeline starts a sentence."""
    starts = {token.idx for token in doc if token.is_sent_start}
    return [i for i, word in enumerate(words) if word.start in starts]


def _transcript(doc: Doc) -> Transcript:
    """The document as a transcript, from what the turns component stored."""
    stored = doc.user_data[TURNS]
    turns = [Turn(t["speaker"], tuple((s, e) for s, e in t["spans"]), t["time"]) for t in stored["turns"]]
    speakers = [Speaker(s["label"], Role(s["role"]), s["person"], s["source"]) for s in stored["speakers"]]
    digest = sha256_of(doc.text)
    name = str(doc.user_data.get("name", digest[:10]))
    return Transcript(name, name, doc.text, digest, "spacy", turns=tuple(turns), speakers=tuple(speakers))


def _store(doc: Doc, key: str, places: Sequence[tuple[Span, str]]) -> SpanGroup:
    """Character places as a span group; a place that cuts a token takes in all of it."""
    spans = [doc.char_span(*place, label=label, alignment_mode="expand") for place, label in places]
    doc.spans[key] = SpanGroup(doc, name=key, spans=[span for span in spans if span is not None])
    return doc.spans[key]


def _plain(found: Segmentation, pipeline: str) -> dict[str, Any]:
    """A segmentation as plain lists and dictionaries."""
    return {
        "pipeline": pipeline,
        "narratives": [_plain_item(item) | {"role": str(item.role)} for item in found.narratives],
        "omitted": [_plain_item(item) for item in found.omitted],
    }


def _plain_item(item: Narrative | Omission) -> dict[str, Any]:
    return asdict(item) | {"spans": [list(span) for span in item.spans]}


def make_turns(nlp: Language, name: str, roles: dict[str, str]) -> TurnsComponent:  # noqa: ARG001
    """Create the component that finds turns.

    Args:
        nlp: the pipeline.
        name: of the component.
        roles: speaker labels to roles ("participant", "interviewer", "professional" ...), where they are known.
    """
    return TurnsComponent(roles)


def make_segmenter(
    nlp: Language,
    name: str,  # noqa: ARG001
    density: float | None,
    threshold: float,
    min_words: int,
    roles: list[str],
) -> SegmentComponent:
    """Create the component that finds narratives; see :class:`narratives.segment.Settings`.

    Args:
        nlp: the pipeline; a parser or senter in it helps with speech that has no full stops.
        name: of the component.
        density: narratives per 1,000 words; None takes the coders' own.
        threshold: least score of a narrative, in [0, 1].
        min_words: least length of a narrative.
        roles: whose speech yields narratives.
    """
    return SegmentComponent(nlp, Settings(density, threshold, min_words, tuple(map(Role, roles))))


def _register(name: str, factory: Callable[..., Any], default_config: dict[str, Any]) -> None:
    """Make a factory known to spaCy under a versioned name.

    ``Language.factory`` refuses names with full stops; the registry and ``Language.set_factory_meta``, which
    it calls itself, take them.
    """
    registry.factories.register(name, func=factory)
    Language.set_factory_meta(name, FactoryMeta(factory=name, default_config=default_config, assigns=["doc.spans"]))


_register("narratives.turns.v1", make_turns, {"roles": {}})
_register(
    "narratives.segment.v1",
    make_segmenter,
    {"density": None, "threshold": 0.3, "min_words": 5, "roles": ["participant"]},
)
