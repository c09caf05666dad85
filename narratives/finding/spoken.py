"""Whether an intervention is only spoken of: wished, proposed, applied for, conditional, or expressly not had."""

from __future__ import annotations

from narratives.cueing.clauses import Clause
from narratives.cueing.verbs import Verb
from narratives.cueing.words import NEGATIONS, SUBJECTS
from narratives.finding.answers import answered_yes
from narratives.finding.mentions import phrases_in
from narratives.finding.scene import Scene
from narratives.finding.tense_words import forms, phrases, verbs

__all__ = ["answer_of", "is_conditional", "is_considered", "is_open", "is_wished"]


def is_considered(scene: Scene) -> bool:
    """Spoken of, wished, applied for, conditional, or expressly not had."""
    return is_conditional(scene) or _is_spoken_of(scene) or is_open(scene) or _is_general(scene)


def answer_of(scene: Scene) -> str:
    """The tense of what was proposed and taken, or applied for and granted; empty where nothing is said of it."""
    if not _is_spoken_of(scene) or _hoped(scene) or "hvis" in scene.clause.words[:3]:
        return ""
    if any(_was_there(clause) for clause in scene.after(4, 2)):
        return "had"
    taken = answered_yes(scene)
    if taken is not None and taken.finite is not None:
        now = scene.clause.finite is None or scene.clause.finite.form == "present"
        return "will" if now or taken.finite.form == "present" else "had"
    granted = any(scene.has(*phrases("granted"), clause=clause) for clause in scene.after(2))
    return "has" if granted else ""


def is_open(scene: Scene) -> bool:
    """*den er i proces*, *venter på svar*, in the clause or in the next sentence's first."""
    return any(scene.has(*phrases("open"), clause=clause) for clause in [scene.clause, *scene.after(1)])


def _is_general(scene: Scene) -> bool:
    """*hvad et fleksjob er*, *ellers skal jeg have pension*."""
    explained = scene.clause.opener in ("hvad", "hvordan") and scene.leads and not scene.definite
    return explained or (scene.clause.opener == "ellers" or "ellers" in scene.clause.words[:2])


def _is_spoken_of(scene: Scene) -> bool:
    rules = (_asked, is_wished, _proposed, _hoped, _named, _not_had, _opinion_before, _possible, _unreal)
    return any(holds(scene) for holds in rules)


def _was_there(clause: Clause) -> bool:
    """*Der sad vi og kiggede*, *det var jeg da også*: what was proposed came about."""
    past = clause.finite is not None and clause.finite.form == "past"
    words = clause.words[1:] if clause.opener in ("og", "men") else clause.words
    told = [word for word in words[3:] if word[0].isalnum() and word not in ("da", "også", "jo", "så")]
    did = words[:3] in (("det", "var", "jeg"), ("det", "gjorde", "jeg")) and not told
    there = words[:1] in (("der",), ("dér",)) and bool({"jeg", "vi"} & set(words[2:3]))
    return past and (did or there)


def _asked(scene: Scene) -> bool:
    """*spurgte, om jeg ville i løntilskud*."""
    return scene.clause.opener == "om" and not scene.has(*phrases("time_om"))


def is_conditional(scene: Scene) -> bool:
    """In an if-clause, or in what would follow from one."""
    if _is_condition(scene, scene.clause):
        return not (scene.definite and scene.leads)
    before = [scene.neighbour(-step) for step in (1, 2)]
    follows = any(clause is not None and _is_condition(scene, clause) for clause in before)
    new = not scene.definite or scene.before[-1:] == ("det",)
    return follows and new and scene.clause.opener not in ("men", "og")


def _is_condition(scene: Scene, clause: Clause) -> bool:
    """*hvis jeg får*, or the verb first: *får jeg*, *siger de*; not in a question."""
    if "hvis" in clause.words[:4]:
        return True
    sentence = [other for other in scene.clauses if other.sentence == clause.sentence]
    finite = clause.finite
    if finite is None or finite.form != "present" or finite.i != sentence[0].start:
        return False
    return bool(SUBJECTS & set(clause.words[1:2])) and scene.doc[sentence[-1].end - 1].text != "?"


def is_wished(scene: Scene) -> bool:
    """*vil gerne*, *vil have mig i*, *ville hellere*."""
    clause = scene.clause
    if scene.definite and scene.leads:
        return False
    willing = any(verb.lemma == "ville" and verb.finite for verb in clause.verbs)
    return willing and bool({"gerne", "hellere", "helst", "have", "ha'"} & set(clause.words))


def _proposed(scene: Scene) -> bool:
    """A verb or noun of proposing before the mention, or *måske*."""
    clause = scene.clause
    if scene.leads and "søgt" in clause.words:
        return True
    proposing = [verb for verb in clause.verbs if verb.lemma in verbs("proposing") and _is_about(scene, verb)]
    if any(verb.lemma == "søge" and verb.i < scene.mention.start for verb in proposing):
        return True
    if scene.known or {"min", "mit"} & set(scene.before[-2:]):
        return False
    early = any(verb.i < scene.mention.start or verb.lemma in verbs("applying") for verb in proposing)
    words = clause.words if scene.leads else scene.before
    return early or bool(forms("mentioned") & set(clause.words) or forms("proposals") & set(words))


def _is_about(scene: Scene, verb: Verb) -> bool:
    """*taler om praktik*, against *taler med psykologen*."""
    if verb.lemma not in verbs("talking"):
        return True
    return "om" in {scene.doc[i].lower_ for i in range(verb.i, max(scene.mention.start, verb.i))}


def _hoped(scene: Scene) -> bool:
    """*havde håbet på pension*, *klar til fleksjob*, *bedt om en mentor*: right before the mention."""
    start = max(scene.clause.start, scene.mention.start - 5)
    return phrases_in(scene.doc, start, scene.mention.start, phrases("hoped"))


def _named(scene: Scene) -> bool:
    """*De siger fleksjob*, *da de sagde førtidspension*: only the word was said."""
    saying = [verb for verb in scene.clause.verbs if verb.lemma == "sige"]
    return any(0 < scene.mention.start - verb.i <= 3 for verb in saying) and not scene.definite


def _not_had(scene: Scene) -> bool:
    """*jeg har aldrig haft en mentor*: a negation before an indefinite mention; *ikke mere* is had."""
    if scene.definite or scene.has(*phrases("not_negated")):
        return False
    return bool(NEGATIONS & set(scene.before)) or scene.before[-1:] == ("uden",)


def _opinion_before(scene: Scene) -> bool:
    """*de mente, at jeg skulle i praktik*."""
    before = scene.neighbour(-1)
    if before is None or scene.clause.opener not in ("at", "jeg", "vi", "man"):
        return False
    opinion = any(verb.lemma in verbs("opinion") | verbs("proposing") for verb in before.verbs)
    obliged = any(verb.lemma in ("skulle", "burde", "kunne") for verb in scene.clause.verbs)
    return opinion and obliged


def _possible(scene: Scene) -> bool:
    """*kan få*, *kan de give*, *må jeg se på*: open, not had."""
    finite = scene.clause.finite
    if scene.definite or finite is None or finite.form != "present" or finite.lemma not in ("kunne", "måtte"):
        return False
    if scene.has(*phrases("not_negated")):
        return False
    return any(verb.lemma in verbs("getting") for verb in scene.clause.verbs)


def _unreal(scene: Scene) -> bool:
    """*kunne få*, *burde have*, *ville være*, *kunne have sendt mig*, *skulle have haft*."""
    clause = scene.clause
    if any(verb.lemma == "burde" for verb in clause.verbs):
        return True
    modal = next((verb for verb in clause.verbs if verb.modal and verb.form == "past"), None)
    if modal is None or (scene.definite and scene.leads):
        return False
    getting = any(verb.lemma in verbs("getting") for verb in clause.verbs) or scene.leads
    missed = any(verb.form == "participle" for verb in clause.verbs)
    needed = {"ville": True, "kunne": getting or missed, "skulle": missed}
    return needed.get(modal.lemma, False)
