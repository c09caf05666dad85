"""Whether the participant or somebody else said yes or no to an intervention, in its clause or right after it."""

from __future__ import annotations

from narratives.cueing.clauses import Clause
from narratives.cueing.words import NEGATIONS
from narratives.finding.scene import Scene
from narratives.finding.tense_words import forms, phrases, verbs

__all__ = ["answered_no", "answered_yes"]


def answered_no(scene: Scene) -> bool:
    """Somebody said no to it."""
    clause = scene.clause
    if "hvis" in clause.words[:4]:
        return False
    if _says_no(clause) or (_unwilling(clause) and not (scene.definite and scene.leads)):
        return True
    if any(_answers_no(after, after.sentence == clause.sentence, scene.known) for after in _following(scene)):
        return True
    if not scene.definite and (_had_enough(scene) or _declined(scene)):
        return True
    return _wanted(scene) and not answered_yes(scene) and (_denied(scene) or _countered(scene))


def answered_yes(scene: Scene) -> Clause | None:
    """The clause that takes it (*og det sagde jeg ja til*, *jeg sagde okay*, *det har jeg sagt ja til*), or None."""
    return next((clause for clause in scene.after(3) if _says_yes(clause)), None)


def _unwilling(clause: Clause) -> bool:
    """*vil ikke*, *gider ikke*, *turde ikke*."""
    finite = (verb for verb in clause.verbs if verb.form != "participle")
    willing = next((verb for verb in finite if verb.lemma in verbs("willing")), None)
    if willing is None:
        return False
    near = clause.words[max(0, willing.i - clause.start - 2) : willing.i - clause.start + 4]
    return bool(set(near) & (NEGATIONS - {"hverken"}))


def _had_enough(scene: Scene) -> bool:
    """*ikke mere praktik*."""
    return scene.has(*phrases("no_more")) and (not scene.leads or scene.clause.finite is None)


def _declined(scene: Scene) -> bool:
    """*jeg takkede nej*, up to two sentences later."""
    return any(scene.has(*phrases("refused"), clause=clause) for clause in [scene.clause, *scene.after(6, 2)])


def _says_yes(clause: Clause) -> bool:
    words = set(clause.words)
    spoken = "jeg" in words and any(verb.lemma in verbs("agreeing") for verb in clause.verbs)
    return spoken and bool(forms("accepting") & words) and not NEGATIONS & words


def _following(scene: Scene) -> list[Clause]:
    """The next clause, and the first two of the next sentence."""
    rest = scene.clauses[scene.place + 1 :]
    next_sentence = [clause for clause in rest if clause.sentence == scene.clause.sentence + 1]
    return [*rest[:1], *(clause for clause in next_sentence[:2] if clause is not rest[0])]


def _answers_no(after: Clause, same_sentence: bool, known: bool) -> bool:
    """*og det sagde jeg nej til*; *Det gad jeg ikke*; *Jeg siger nej tak*; to what is known only *det* ... *nej*."""
    points_back = bool({"det", "den"} & set(after.words[:3]))
    mine = "jeg" in after.words
    if known:
        return points_back and _says_no(after)
    if _says_no(after):
        return (
            points_back or (same_sentence and after.opener in ("og", "men", "så")) or (mine and len(after.words) <= 6)
        )
    return points_back and mine and _unwilling(after)


def _says_no(clause: Clause) -> bool:
    words = set(clause.words)
    spoken = any(verb.lemma in verbs("speaking") for verb in clause.verbs)
    return bool(words & forms("refusing")) or ("nej" in words and spoken)


def _wanted(scene: Scene) -> bool:
    """*De ville have mig i*, *jeg ville gerne have*: asked for, by whomever."""
    return scene.has(*phrases("wants")) and not scene.leads


def _denied(scene: Scene) -> bool:
    """*De siger nej*, *det blev det ikke*, in the next clauses."""
    return any(scene.has(*phrases("denied"), clause=clause) for clause in scene.after(3))


def _countered(scene: Scene) -> bool:
    """*De ville have mig i praktik, men jeg sagde, at ...*: answered with something else."""
    if "jeg" in scene.before:
        return False
    after = scene.after(1, 0)
    return any(clause.opener in ("men", "og") and "jeg" in clause.words[:4] and _counters(clause) for clause in after)


def _counters(clause: Clause) -> bool:
    return any(verb.lemma in verbs("countering") for verb in clause.verbs)
