"""What speaks against a link: others' interventions, words that merely tell on, consequences that tell nothing."""

from __future__ import annotations

from itertools import pairwise

from narratives.cueing.clauses import Clause
from narratives.finding.connectives import SUMMING
from narratives.finding.links import Link
from narratives.finding.scene import Scene

__all__ = ["is_doubtful", "of_somebody_else"]

_OWNING = frozenset({"have", "være", "gå", "få"})
_OTHERS = frozenset({
    "mand", "kone", "søn", "datter", "mor", "far", "bror", "søster", "ven", "veninde", "kæreste", "nabo", "kammerat",
})  # fmt: skip
_ONE = frozenset({"han", "hun", "konen", "manden"})
_SOMEBODY = frozenset({"en", "to", "tre", "nogle", "mange", "folk", "alle", "andre"})
_THEIRS = frozenset({"hans", "hendes", "deres", "folks", "andres"})
_MINE = frozenset({"jeg", "mig", "vi", "os", "min", "mit", "mine", "a", "æ"})
_SAYING = frozenset({
    "sige", "spørge", "svare", "se", "hedde", "kalde", "snakke", "tale", "skrive", "ringe", "høre", "tro", "vide",
})  # fmt: skip
_ENDING = frozenset({"slut", "færdig", "forbi", "sådan", "nok"})
_GOING_ON = frozenset({"prøve", "gøre", "gå", "komme", "møde"})
_THINGS = frozenset({
    "lektier", "lov", "besked", "piller", "nummer", "øvelser", "papirer", "medicin", "opgaver", "papir", "brev",
})  # fmt: skip
_BARE = frozenset({"er", "var", "det", "så", "der", "sådan", "bare", "jo", "jeg", "op"})
"""Words that tell nothing on their own."""
_FEW = 3
"""A consequence of fewer words tells nothing where its verb only goes on (*så jeg går*)."""


def of_somebody_else(scene: Scene) -> bool:
    """*Min mand har sin førtidspension*: a relative or friend is the subject, and nobody does anything to me."""
    clause = scene.clause
    if _THEIRS & set(scene.before[-2:]):
        return True
    if {"jeg", "mig", "vi", "os", "mit", "a"} & set(clause.words):
        return False
    subject = _subject_of(scene)
    if any(first in ("min", "mine") and then in _OTHERS for first, then in pairwise(subject)):
        return True
    owning = clause.finite is not None and clause.finite.lemma in _OWNING and not scene.leads
    return owning and bool(_ONE & set(subject) or _SOMEBODY & set(subject[:2]))


def _subject_of(scene: Scene) -> tuple[str, ...]:
    """The first words up to the verb; those of the clause before where *og* goes on with its subject."""
    clause, before = scene.clause, scene.neighbour(-1)
    goes_on = clause.opener == "og" and clause.finite is not None and clause.finite.i == clause.start + 1
    holder = before if goes_on and before is not None else clause
    last = holder.finite.i - holder.start if holder.finite is not None else 0
    words = holder.words[: max(last, 1)] if last > 1 or holder.words[0] in _SOMEBODY else holder.words[:4]
    return tuple(word for word in words if word not in ("og", "men", "for", "fordi", "at"))


def is_doubtful(scene: Scene, link: Link, tense: str) -> bool:
    """Whether a link had better be left out.

    Args:
        scene: of the mention.
        link: from one of the couplings.
        tense: of the mention; empty for a second step.
    """
    if tense == "considered" and link.kind != "conditional":
        return True
    if link.connective == "så" and tense in ("had", "has") and scene.clause.opener == "når":
        return True
    return _is_empty(scene, link) or _demands(scene, link) or _gives_things(scene, link) or _tells_on(scene, link)


def _is_empty(scene: Scene, link: Link) -> bool:
    """Fewer than two words of consequence, or none of cause."""
    words = [scene.doc[i].lower_ for i in range(*link.consequence) if scene.doc[i].is_alpha]
    if not set(words) - _BARE:
        return True
    few = 1 if link.connective.endswith(" mig") or link.connective in SUMMING else 2
    return len(words) < few or link.cause[0] >= link.cause[1]


def _demands(scene: Scene, link: Link) -> bool:
    """*Hvis jeg skal i fleksjob, kræver det* ...: what it takes, not what came of it."""
    holder = next(clause for clause in scene.clauses if link.consequence[0] < clause.end)
    return link.kind == "conditional" and bool({"kræve", "forudsætte"} & _lemmas(holder))


def _gives_things(scene: Scene, link: Link) -> bool:
    """*Psykologen giver mig lektier for*: what it consists of, not what came of it."""
    words = {scene.doc[i].lower_ for i in range(link.consequence[0], min(link.consequence[1], link.consequence[0] + 3))}
    return link.connective.endswith(" mig") and bool(words & _THINGS)


def _tells_on(scene: Scene, link: Link) -> bool:
    """*så sagde de*, *så var det slut*, *så jeg går*: only for *så*, whose other use is to tell on."""
    if link.connective not in ("så", "så nu"):
        return False
    holder = next(clause for clause in scene.clauses if link.consequence[0] < clause.end)
    words = [token.lower_ for token in scene.doc[link.consequence[0] : link.consequence[1]] if token.is_alpha]
    first = [word for word in holder.words[max(0, link.consequence[0] - holder.start) :] if word.isalpha()]
    able = link.kind == "causal" and any(verb.lemma == "kunne" for verb in holder.verbs)
    told = bool(_MINE & set(first)) or able or link.kind == "conditional"
    if not told or (_ENDING & set(first) and link.kind != "conditional") or "også" in first[-1:]:
        return True
    few = _FEW + (words[-1] in ("det", "den", "der"))
    trivial = len(words) <= few and bool(_lemmas(holder) & _GOING_ON)
    if link.kind == "temporal" and not _is_mine(holder, first):
        return True
    return trivial or _only_says(holder, link) or _lists(scene.clause, holder, link)


def _is_mine(holder: Clause, words: list[str]) -> bool:
    """*så fik jeg*, *så blev vi*; not *men så*, *så skulle jeg*, *så flyttede de mig*."""
    obliged = holder.finite is not None and holder.finite.lemma == "skulle"
    return holder.opener != "men" and not obliged and bool((_MINE - {"mig", "os"}) & set(words[1:3]))


def _only_says(holder: Clause, link: Link) -> bool:
    """*så sagde jeg*, *så skal vi se på*; *så jeg tænkte*."""
    after = [verb for verb in holder.verbs if verb.i >= link.consequence[0]]
    main = next((verb.lemma for verb in after if not verb.modal), "")
    return main in ("tænke", "se") or (link.kind == "temporal" and main in _SAYING)


def _lists(cause: Clause, holder: Clause, link: Link) -> bool:
    """*jeg var på et kursus, og så var jeg i praktik*: one after the other, with the same verb."""
    if link.kind != "temporal" or cause.finite is None or holder.finite is None:
        return False
    return cause.finite.lemma == holder.finite.lemma and cause.finite.lemma in _OWNING


def _lemmas(clause: Clause) -> set[str]:
    return {verb.lemma for verb in clause.verbs}
