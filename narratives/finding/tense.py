"""The tense of a mention: has the participant had it, got it, coming, considered or turned down?

Rules over the clause of the mention and, where another clause decides (*hun foreslog, at* ...; ..., *og
det sagde jeg nej til*), its neighbours. They are tried in order: refusal first, since it cancels all
else; then what was only spoken of; then the future; then the past; the present is left. The words they
look for stand in ``vocabularies/tenses.yaml``.
"""

from __future__ import annotations

from narratives.cueing.clauses import Clause
from narratives.cueing.verbs import Verb
from narratives.finding.answers import answered_no
from narratives.finding.scene import Scene, is_person, scene_of
from narratives.finding.spoken import answer_of, is_conditional, is_considered, is_open, is_wished
from narratives.finding.tense_words import forms, phrases, verbs
from narratives.finding.vocabulary import Intervention

__all__ = ["Scene", "scene_of", "tense_of"]

_MINE = frozenset({"min", "mit", "vores"})


def tense_of(scene: Scene, intervention: Intervention) -> str:
    """One of :data:`~narratives.finding.vocabulary.TENSES`.

    Args:
        scene: from :func:`scene_of`.
        intervention: for the words that the vocabulary lets decide; only a refusal goes before them.
    """
    mine = bool(_MINE & set(scene.before[-2:]))
    lasting = is_person(scene.mention, intervention) and (intervention.lasting or mine)
    settled = lasting and _of_helper(scene)
    return settled or _settled(scene, intervention) or _by_rule(scene) or _present(scene, intervention)


def _of_helper(scene: Scene) -> str:
    """*min mentor sagde*: telling of a helper is having one, unless the helper is a former one."""
    if scene.definite:
        return "had" if _former(scene) else "has"
    return "has" if _got(scene) and _met_now(scene) else ""


def _settled(scene: Scene, intervention: Intervention) -> str:
    """A refusal, or what the words of the vocabulary settle."""
    if answered_no(scene):
        return "refused"
    for tense, entries in intervention.tense.items():
        if scene.has(*entries) and not is_wished(scene) and not is_conditional(scene) and not is_open(scene):
            return "will" if tense == "has" and scene.clause.opener == "når" else tense
    return ""


def _by_rule(scene: Scene) -> str:
    """The tense that the words around tell; empty where they tell of none."""
    if _right_here(scene) or any(_has_it_now(clause) for clause in scene.after(2)):
        return "has"
    answer = answer_of(scene)
    if answer:
        return answer
    rules = (("considered", is_considered), ("will", _coming), ("had", _past))
    return next((tense for tense, holds in rules if holds(scene)), "")


def _right_here(scene: Scene) -> bool:
    """*det her projekt*, *projektet her*."""
    after = scene.clause.words[scene.mention.end - scene.clause.start :]
    return "her" in (*scene.before[-1:], *after[:1]) and "her" not in scene.before[:-2]


def _has_it_now(clause: Clause) -> bool:
    """*Det har jeg nu*."""
    return clause.words[:3] in (("det", "har", "jeg"), ("den", "har", "jeg")) and "nu" in clause.words[3:5]


def _present(scene: Scene, intervention: Intervention) -> str:
    """Has it, unless the vocabulary takes silence for something else and nothing is said of having."""
    mine = bool(_MINE & set(scene.before[-2:]))
    return "has" if mine or scene.known or _is_having(scene) else intervention.otherwise


def _is_having(scene: Scene) -> bool:
    """*er i fleksjob*, *det er et fleksjob*, *jeg har pension*; not a mention without a verb."""
    finite = scene.clause.finite
    if finite is None:
        return "nu" in scene.clause.words
    within = bool({"i", "på", "mit", "min", "nu"} & set(scene.before[-2:]))
    is_one = finite.lemma == "være" and "det" in scene.before
    mine = finite.lemma in verbs("having") and bool({"jeg", "vi"} & set(scene.clause.words))
    return within or is_one or mine


def _got(scene: Scene) -> bool:
    """*så fik jeg en mentor*, *der kom en mentor*."""
    finite = scene.clause.finite
    entered = any(verb.lemma in verbs("entering") for verb in scene.clause.verbs)
    return finite is not None and finite.form == "past" and entered


def _met_now(scene: Scene) -> bool:
    """*Han kommer om tirsdagen*, after the mention."""
    return any(
        clause.finite is not None and clause.finite.form == "present" and {"han", "hun"} & set(clause.words[:3])
        for clause in scene.after(20, 6)
    )


def _former(scene: Scene) -> bool:
    """*min gamle mentor*, *psykologen er jeg færdig hos*; told in the past alone, *mentoren* is past as well."""
    if set(scene.before[-2:]) & forms("former") or scene.has(*phrases("done"), *phrases("once")):
        return True
    if scene.clause.finite is not None and scene.clause.finite.lemma == "have" and not scene.leads:
        return scene.clause.finite.form == "past"
    mine = bool(_MINE & set(scene.before[-2:]))
    present = any(clause.finite is not None and clause.finite.form == "present" for clause in scene.clauses)
    return not mine and not present


def _long_ago(scene: Scene) -> bool:
    return scene.has(*phrases("past_time")) and not scene.has(*phrases("each_week"))


def _coming(scene: Scene) -> bool:
    """*skal i praktik*, *starter på mandag*, *har meldt mig til et kursus*."""
    finite = scene.clause.finite
    if finite is None or finite.form != "present" or "man" in scene.clause.words:
        return False
    before = scene.neighbour(-1)
    planned = before is not None and scene.has("er planen", "planen er", "regner med", clause=before)
    return planned or _signed_up(scene) or _starts_next(scene) or _says_coming(scene, finite)


def _signed_up(scene: Scene) -> bool:
    return scene.has(*phrases("signed_up")) and "nu" not in scene.before and not scene.definite


def _starts_next(scene: Scene) -> bool:
    """*De har fundet et kursus til mig, og det starter til september*."""
    for clause in scene.after(2, 0):
        finite = clause.finite
        points_back = bool({"det", "den", "der", "som"} & set(clause.words[:4]))
        present = finite is not None and finite.form == "present" and finite.lemma in verbs("starting")
        if present and points_back and not scene.definite:
            return True
    return False


def _says_coming(scene: Scene, finite: Verb) -> bool:
    """Whether the words of the clause itself, in the present, tell of the future."""
    lemmas = {verb.lemma for verb in scene.clause.verbs}
    if finite.lemma in ("blive", "ende") and len(lemmas) == 1 and "det" in scene.clause.words:
        return True
    if finite.lemma == "komme" and scene.clause.opener != "når" and not scene.leads and not scene.definite:
        return True
    if finite.lemma in ("skulle", "ville") and not scene.leads:
        due = scene.has("op i|til", "skal til møde", "på pension")
        return due or not scene.definite or bool(lemmas & verbs("starting"))
    perfect = any(verb.form == "participle" for verb in scene.clause.verbs)
    return not perfect and (bool(lemmas & verbs("starting")) or scene.has(*phrases("soon")))


def _past(scene: Scene) -> bool:
    """A past or an ended perfect; without a verb the clauses around tell."""
    if scene.clause.finite is None:
        return "nu" not in scene.clause.words and _past_around(scene)
    if scene.clause.finite.form == "past":
        return not _goes_on(scene)
    done = scene.has(*phrases("done")) and scene.clause.opener not in forms("not_yet")
    return done or _long_ago(scene) or _ended(scene, scene.clause) or _was_sent(scene)


def _was_sent(scene: Scene) -> bool:
    """*De har sendt mig på et kursus, der hed* ...; *Jeg er blevet sendt i praktik. Der var vi otte*."""
    if not any(verb.lemma == "sende" and verb.form == "participle" for verb in scene.clause.verbs):
        return False
    following = scene.after(1)
    finite = following[0].finite if following else None
    return finite is not None and finite.form == "past" and following[0].opener in ("der", "som", "hvor", "jeg", "vi")


def _ended(scene: Scene, clause: Clause) -> bool:
    """*har været på kursus*, against *har fået*, *har været på metadon i elleve år*."""
    finite = clause.finite
    participles = [verb for verb in clause.verbs if verb.form == "participle"]
    if finite is None or finite.lemma not in ("have", "være") or not participles:
        return False
    if forms("still") & set(clause.words) or scene.has(*phrases("years"), clause=clause):
        return False
    went = bool({"jeg", "vi"} & set(clause.words))
    return any(verb.lemma in verbs("ended") and (went or verb.lemma != "gå") for verb in participles)


def _goes_on(scene: Scene) -> bool:
    """*Så kom jeg i løntilskud, og der har jeg det godt*: entered in the past, told of in the present."""
    if not any(verb.lemma in verbs("entering") for verb in scene.clause.verbs):
        return False
    return any(_is_there_now(scene, clause) for clause in scene.after(4, 2)) or _does_now(scene)


def _does_now(scene: Scene) -> bool:
    """The next sentence begins *Jeg sidder*, *Vi laver*."""
    following = [clause for clause in scene.after(9) if clause.sentence > scene.clause.sentence]
    if not following or following[0].opener not in ("jeg", "vi"):
        return False
    finite = following[0].finite
    perfect = any(verb.form == "participle" for verb in following[0].verbs)
    return finite is not None and finite.form == "present" and not perfect and finite.lemma not in verbs("thinking")


def _is_there_now(scene: Scene, clause: Clause) -> bool:
    if clause.finite is None or clause.finite.form != "present":
        return False
    mine = bool({"jeg", "vi", "mig"} & set(clause.words))
    hours = clause.words[:1] == ("det",) and scene.has(*phrases("hours"), clause=clause)
    return hours or (mine and bool(forms("here") & set(clause.words)))


def _past_around(scene: Scene) -> bool:
    """The tense of the nearest clause with a finite verb before, else after."""
    if _long_ago(scene):
        return True
    nearest = [*reversed(scene.clauses[: scene.place]), *scene.clauses[scene.place + 1 :]]
    clause = next((clause for clause in nearest if clause.finite), None)
    if clause is None or clause.finite is None:
        return False
    return clause.finite.form == "past" or _ended(scene, clause)
