"""The signs round a mention by which it is weighed how sure its tense is (:mod:`narratives.finding.certainty`)."""

from __future__ import annotations

from collections.abc import Iterator

from narratives.cueing.clauses import Clause
from narratives.cueing.words import NEGATIONS
from narratives.finding.scene import Scene, is_person
from narratives.finding.spoken import answer_of, is_conditional, is_considered, is_open, is_wished
from narratives.finding.tense_words import forms, names, phrases, verbs
from narratives.finding.vocabulary import Intervention

__all__ = ["signs_of"]

_WORDS = frozenset({
    "jeg", "vi", "man", "det", "de", "hun", "han", "mig", "min", "nu", "så", "først", "hvis", "når", "da", "nej", "ja",
    "gerne", "have", "der",
})  # fmt: skip
_RULES = {
    "conditional": is_conditional,
    "wished": is_wished,
    "considered": is_considered,
    "open": is_open,
    "answered": lambda scene: bool(answer_of(scene)),
}


def signs_of(scene: Scene, intervention: Intervention, tense: str) -> frozenset[str]:
    """What speaks for one tense or another, as names.

    Args:
        scene: of the mention.
        intervention: which it is.
        tense: what the rules say.
    """
    named = {
        f"tense:{tense}",
        f"category:{intervention.category}",
        f"before:{scene.before[-1] if scene.before else ''}",
    }
    return frozenset({*named, *_of_mention(scene, intervention), *_around(scene), *_of_narrative(scene)})


def _of_mention(scene: Scene, intervention: Intervention) -> Iterator[str]:
    signs = {
        "leads": scene.leads,
        "definite": scene.definite,
        "known": scene.known,
        "person": is_person(scene.mention, intervention),
        "lasting": intervention.lasting,
        "status": intervention.otherwise != "has",
        "negated before": bool(NEGATIONS & set(scene.before)),
    }
    yield from (name for name, holds in signs.items() if holds)
    yield from (f"rule:{name}" for name, holds in _RULES.items() if holds(scene))


def _around(scene: Scene) -> Iterator[str]:
    """Signs of the mention's clause and its neighbours in the sentence and out of it."""
    number = scene.clause.sentence
    following = next((clause for clause in scene.clauses if clause.sentence == number + 1), None)
    earlier = next((clause for clause in reversed(scene.clauses) if clause.sentence == number - 1), None)
    yield from _of_clause(scene, scene.clause, "here")
    for place, clause in (("next", scene.neighbour(1)), ("after", following), ("before", scene.neighbour(-1))):
        yield from _of_clause(scene, clause, place) if clause is not None else [f"{place} none"]
    yield f"earlier {earlier.finite.form if earlier is not None and earlier.finite is not None else 'none'}"


def _of_clause(scene: Scene, clause: Clause, place: str) -> Iterator[str]:
    """The finite verb, and which lists of words a clause has something of."""
    finite, words = clause.finite, set(clause.words)
    yield f"{place} {finite.form if finite is not None else 'no verb'}"
    perfect = finite is not None and finite.form == "present" and finite.lemma in ("have", "være")
    if perfect and any(verb.form == "participle" for verb in clause.verbs):
        yield f"{place} perfect"
    if NEGATIONS & words:
        yield f"{place} negation"
    yield from (f"{place} word {word}" for word in sorted(_WORDS & words))
    lemmas = {verb.lemma for verb in clause.verbs}
    yield from (f"{place} verb {name}" for name in names("verbs") if lemmas & verbs(name))
    yield from (f"{place} form {name}" for name in names("forms") if words & forms(name))
    yield from (f"{place} phrase {name}" for name in names("phrases") if scene.has(*phrases(name), clause=clause))


def _of_narrative(scene: Scene) -> Iterator[str]:
    """Whether the narrative is told in the present, and how it begins and ends."""
    told = [clause.finite.form for clause in scene.clauses if clause.finite is not None]
    rest = [clause for clause in scene.clauses[scene.place + 1 :] if clause.finite is not None]
    later = [clause.finite.form for clause in rest if clause.finite is not None]
    yield f"first {told[0] if told else 'none'}"
    yield f"last {told[-1] if told else 'none'}"
    if told.count("present") * 2 > len(told):
        yield "mostly present"
    if later.count("present") * 2 > len(later):
        yield "present later"
    if any("nu" in clause.words for clause in rest):
        yield "now later"
    if len(scene.clauses) == 1:
        yield "alone"
