"""Where a narrative couples an intervention and its consequence: one function for each way of saying so."""

from __future__ import annotations

from collections.abc import Sequence

from narratives.cueing.clauses import Clause
from narratives.finding.connectives import (
    BACK_REFERENCES,
    PERSONAL,
    STANDING,
    SUMMING,
    Connective,
    echo_of,
    opener_of,
    phrase_of,
    reason_of,
    subject_first,
    verb_of,
    without_of,
)
from narratives.finding.links import Link, Piece, from_clause, is_condition, make_link, neighbour
from narratives.finding.scene import Scene

__all__ = ["SUBORDINATE", "by_condition", "by_echo", "by_opener", "by_phrase", "by_reason", "by_verb", "serves"]

SUBORDINATE = frozenset({
    "der", "som", "før", "inden", "hvad", "hvor", "hvordan", "hvornår", "indtil", "til", "end", "at", "om", "da", "når",
    "hvis", "fordi",
})  # fmt: skip
_LOOSE = SUBORDINATE - {"at", "da", "når", "hvis", "fordi", "om"}
_PREPOSITIONS = frozenset({"i", "på", "til", "hos", "med", "fra", "af", "for", "om", "under", "efter", "ved", "gennem"})
_HOPED = frozenset({"få", "være", "have", "ville", "blive"})
_STRANDED = frozenset({"af", "ud af"})
_REACH = 2
"""Clauses after the mention's among which an opener is looked for."""


def by_phrase(scene: Scene, person: bool) -> Link | None:
    """*På grund af praktikken fik jeg ondt*, *jeg fik ondt på grund af praktikken*."""
    clause, mention, clauses, place = scene.clause, scene.mention, scene.clauses, scene.place
    found = phrase_of(clause, mention.start)
    if found is None or clause.finite is None:
        return None
    if found.name in ("efter", "med") and (clause.finite.i > mention.end or found.start > clause.start + 1):
        return None
    if clause.finite.i > mention.end - 1 and found.name not in _STRANDED:
        return make_link(scene, found, (found.start, mention.end), from_clause(clauses, place, mention.end))
    if found.name in ("efter", "uden", "med") or (found.name in _STRANDED and (person or not _felt(clause, found))):
        return None
    return make_link(scene, found, (found.start, clause.end), (clause.start, found.start), backward=True)


def _felt(clause: Clause, found: Connective) -> bool:
    """*jeg blev syg af praktikken*, *jeg fik meget ud af kurset*; not *jeg blev smidt ud af*."""
    finite = clause.finite
    if finite is None or "jeg" not in clause.words or finite.i > found.start:
        return False
    participles = {verb.lemma for verb in clause.verbs if verb.form == "participle"}
    passive = bool(participles - {"få", "have", "lære", "blive"})
    main = {verb.lemma for verb in clause.verbs}
    gained = bool({"få", "lære"} & main)
    return not passive and (gained if found.name == "ud af" else gained or "blive" in main)


def by_reason(scene: Scene, person: bool) -> Link | None:  # noqa: ARG001
    """*Jeg fik det bedre, fordi jeg kom i praktik*; *fordi jeg kom i praktik, fik jeg det bedre*."""
    clauses, place, clause = scene.clauses, scene.place, scene.clause
    found = reason_of(clause) or _after_that(scene)
    if found is None or scene.mention.start < found.end:
        return None
    cause = (found.start, clause.end)
    follows, told = _main_after(clauses, place), _before(clauses, place, found)
    if told is not None:
        return make_link(scene, found, cause, told, backward=True)
    if follows is not None and clause.opener == found.name.split()[0]:
        return make_link(scene, found, cause, from_clause(clauses, follows, clauses[follows].start))
    return None


def _after_that(scene: Scene) -> Connective | None:
    """*efter at*, which the cut between clauses divides."""
    start = scene.clause.start
    divided = scene.clause.opener == "at" and start > 0 and scene.doc[start - 1].lower_ == "efter"
    return Connective(start - 1, start + 1, "efter at") if divided else None


def _before(clauses: Sequence[Clause], place: int, found: Connective) -> Piece | None:
    """What is told before a reason: back to its main clause, over other reasons and what hangs on it."""
    start = end = found.start
    for at in range(place - 1, -1, -1):
        clause = clauses[at]
        if clause.sentence != clauses[place].sentence:
            return None
        start = clause.start
        if reason_of(clause) is not None:
            end = clause.start
        elif clause.opener not in SUBORDINATE:
            return start, end
    return (start, end) if start < end else None


def by_verb(scene: Scene, person: bool) -> Link | None:
    """*Praktikken gjorde, at jeg ...*; *jeg kom i praktik, og det gjorde, at jeg ...*; *Hun lærte mig ...*."""
    clauses, place, mention = scene.clauses, scene.place, scene.mention
    for at in _near(scene):
        clause = clauses[at]
        found = verb_of(clause, clauses[at + 1] if at + 1 < len(clauses) else None)
        if found is None or found.start < mention.end or not _refers(scene, clause, found, person):
            continue
        cause = (clauses[place].start, found.start if at == place else min(clauses[place].end, found.start))
        holder = next(i for i in range(at, len(clauses)) if found.end <= clauses[i].end)
        start = found.start if found.name in SUMMING else found.end
        return make_link(scene, found, cause, from_clause(clauses, holder, start))
    return None


def _near(scene: Scene) -> list[int]:
    """The mention's clause, the next, and the first of the next sentence."""
    following = list(range(scene.place + 1, len(scene.clauses)))
    next_sentence = [i for i in following if scene.clauses[i].sentence == scene.clause.sentence + 1]
    return list(dict.fromkeys([scene.place, *following[:1], *next_sentence[:1]]))


def _later(scene: Scene) -> list[int]:
    """The first clause of the sentence after the next."""
    places = range(scene.place + 1, len(scene.clauses))
    return [i for i in places if scene.clauses[i].sentence == scene.clause.sentence + 2][:1]


def _refers(scene: Scene, clause: Clause, found: Connective, person: bool) -> bool:
    """Whether the subject of a verb of consequence is the mention, or points back to it."""
    before = [word for word in clause.words[: found.start - clause.start] if word[0].isalnum()]
    if clause.opener in ("om", "hvis"):
        return False
    if clause.start <= scene.mention.start:
        early = clause.finite is not None and clause.finite.i >= scene.mention.end
        subject = early and not set(scene.before[-2:]) & _PREPOSITIONS
        return subject and not set(before) & {"jeg", "vi", "de", "han", "hun", "man"}
    if found.name in ("gav", "har givet", "hjalp", "har hjulpet") and not set(before) & ({"det", "den"} | PERSONAL):
        return False
    if set(before) & {"jeg", "vi", "man"} or len(before) > 4:
        return False
    back = BACK_REFERENCES | (PERSONAL if person else frozenset())
    return bool(set(before[:3]) & back) and (person or not set(before) & PERSONAL)


def by_opener(scene: Scene, person: bool) -> Link | None:  # noqa: ARG001
    """*Jeg kom i praktik, så jeg fik ondt*; the consequence may also open the next sentence."""
    clauses, place = scene.clauses, scene.place
    for at in range(place + 1, min(place + 1 + _REACH, len(clauses))):
        found = opener_of(clauses[at])
        if found is None:
            if at > place + 1 or not _continues(clauses[at], clauses[place]):
                break
            continue
        if found.name == "så" and (at > place + 1 or not _so(clauses[place], clauses[at], found)):
            return None
        if found.name == "nu" and not _since_then(scene, at):
            return None
        cause = (clauses[place].start, clauses[at].start)
        return make_link(scene, found, cause, from_clause(clauses, at, found.end))
    return _standing(scene)


def _standing(scene: Scene) -> Link | None:
    """*Bagefter turde jeg* and the like, at the head of the next sentence, over the rest of the mention's."""
    at = _near(scene)[-1]
    found = opener_of(scene.clauses[at]) if scene.clauses[at].sentence > scene.clause.sentence else None
    if found is None or found.name not in STANDING:
        return None
    cause = (scene.clause.start, scene.clauses[at].start)
    return make_link(scene, found, cause, from_clause(scene.clauses, at, found.end))


def by_condition(scene: Scene, person: bool) -> Link | None:  # noqa: ARG001
    """*Hvis jeg får fleksjob, bliver jeg glad*; *jeg bliver glad, hvis jeg får fleksjob*."""
    clauses, place, clause = scene.clauses, scene.place, scene.clause
    if "hvis" not in clause.words[:4]:
        return None
    at = clause.start + clause.words.index("hvis")
    if {"også", "selv"} & {scene.doc[i].lower_ for i in range(max(0, at - 2), at)}:
        return None
    found = Connective(at, at + 1, "hvis")
    told = _before(clauses, place, found) if clause.opener == "hvis" else None
    follows = _main_after(clauses, place)
    if told is not None and (follows is None or clauses[follows].opener != "så"):
        return make_link(scene, found, (at, clause.end), told, backward=True)
    if follows is None:
        return None
    after = clauses[follows]
    start = after.start + after.words.index("så") + 1 if after.opener == "så" else after.start
    return make_link(scene, found, (at, after.start), from_clause(clauses, follows, start))


def _main_after(clauses: Sequence[Clause], place: int) -> int | None:
    """The clause after an if-clause or *efter at*, over what hangs on that."""
    for at in (place + 1, place + 2):
        after = neighbour(clauses, place, at - place)
        if after is None or after.opener in ("eller", "men"):
            return None
        if after.opener not in SUBORDINATE and after.opener != "og":
            return at
    return None


def by_echo(scene: Scene, person: bool) -> Link | None:
    """*Uden hende var jeg ikke kommet*; *Det blev jeg syg af*: the next clause or sentence takes the mention up."""
    for at in [*_near(scene)[1:], *(_later(scene) if person else [])]:
        clause = scene.clauses[at]
        found = without_of(clause, person) or (echo_of(clause) if at in _near(scene) else None)
        if found is None:
            continue
        start = clause.start if found.name in SUMMING else found.end
        return make_link(scene, found, (scene.clause.start, scene.clause.end), from_clause(scene.clauses, at, start))
    return None


def _so(cause: Clause, consequence: Clause, found: Connective) -> bool:
    """Whether *så* couples: not with a side remark or a wish, nor where *Så gik jeg* begins the next sentence."""
    if cause.opener in _LOOSE or (_looks_ahead(cause) and not serves(consequence)):
        return False
    able = consequence.finite is not None and consequence.finite.lemma in ("kunne", "turde", "behøve")
    return consequence.sentence == cause.sentence or subject_first(consequence, found) or able


def _since_then(scene: Scene, at: int) -> bool:
    """Whether *nu* tells what has become: not against *før*, not in a quotation, and of me."""
    clauses, clause = scene.clauses, scene.clauses[at]
    earlier = clauses[max(0, scene.place - 1) : at]
    if scene.clause.finite is None or not {"jeg", "vi", "mig"} & set(clause.words):
        return False
    against = any({"før", "når", "dengang"} & set(other.words[:2]) for other in earlier)
    quoted = any(verb.lemma in ("sige", "tænke") for verb in clauses[at - 1].verbs[-1:])
    return not against and not quoted


def serves(clause: Clause, wished: bool = True) -> bool:
    """*så jeg kan blive kok*, *så får jeg ro*: what the intervention is wished for."""
    finite = clause.finite
    if finite is None or finite.form != "present":
        return False
    return finite.lemma in ("kunne", "slippe", "behøve") or (wished and finite.lemma in _HOPED)


def _looks_ahead(clause: Clause) -> bool:
    """Whether a clause wishes for the intervention or applies for it: what comes then is no consequence of it."""
    willing = any(verb.lemma == "ville" and verb.finite for verb in clause.verbs)
    wishing = willing and bool({"gerne", "hellere", "helst"} & set(clause.words)) and not is_condition(clause)
    return wishing or any(verb.lemma in ("søge", "ansøge", "mangle") for verb in clause.verbs)


def _continues(clause: Clause, earlier: Clause) -> bool:
    """Whether a clause still belongs to the cause: the same sentence, no contrast."""
    return clause.sentence == earlier.sentence and clause.opener not in ("men", "fordi", "for")
