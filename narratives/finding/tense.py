"""The tense of a mention: has the participant had it, got it, coming, considered or turned down?

Rules over the clause of the mention and, where another clause decides (*hun foreslog, at* ...; ..., *og
det sagde jeg nej til*), its neighbours in the sentence. They are tried in order: refusal first, since
it cancels all else; then what was only spoken of; then the future; then the past; the present is left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from narratives.cueing.clauses import Clause
from narratives.cueing.verbs import Verb
from narratives.cueing.words import NEGATIONS
from narratives.finding.mentions import phrases_in
from narratives.finding.vocabulary import Intervention

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

__all__ = ["Scene", "scene_of", "tense_of"]

_REFUSING = frozenset({
    "afslog", "afslår", "afslået", "afslag", "afviste", "afviser", "afvist", "nægtede", "nægter", "nægtet",
    "frabad", "frabedt", "droppe",
})  # fmt: skip
_WILLING = frozenset({"ville", "gide", "orke", "ønske", "turde", "magte"})
_PROPOSING = frozenset({
    "foreslå", "tilbyde", "overveje", "nævne", "ønske", "håbe", "søge", "ansøge", "drømme", "anbefale", "bede",
    "overtale", "kræve", "forsøge", "snakke", "tale", "mangle", "afvente", "undersøge",
})  # fmt: skip
_MENTIONED = frozenset({"nævnt", "foreslået", "indstillet", "tilbudt", "vurderet", "ansøgt"})
_APPLYING = frozenset({"søge", "ansøge", "overveje", "tilbyde", "foreslå"})
_PROPOSALS = frozenset({
    "tilbud", "tilbuddet", "forslag", "forslaget", "mulighed", "muligheden", "ansøgning", "ansøgningen", "snak",
    "måske", "muligvis", "eventuelt", "ønske",
})  # fmt: skip
_OPINION = frozenset({"synes", "mene", "tro", "vurdere", "tænke", "finde", "håbe", "ønske", "ville"})
_STARTING = frozenset({"starte", "begynde", "påbegynde", "opstarte"})
_SOON = (
    "snart", "næste uge", "næste måned", "næste år", "på mandag", "på tirsdag", "på onsdag", "på torsdag", "på fredag",
    "til sommer", "til efteråret", "til vinter", "til foråret", "til nytår", "til januar", "til februar", "til marts",
    "til april", "til maj", "til juni", "til juli", "til august", "til september", "til oktober", "til november",
    "til december", "om en uge", "om en måned", "om et år", "om fjorten dage", "om _ uger", "om _ måneder", "om _ år",
    "efter sommerferien", "på vej", "enige om", "ventetid", "venteliste", "venter på", "vente på", "regner med",
    "planen er",     "glæder mig til", "næste skridt",
)  # fmt: skip
_PAST_TIME = (
    "sidste år", "sidste uge", "dengang", "tidligere", "i sin tid", "i starten", "i sommer", "i foråret", "i efteråret",
    "første gang", "sidste gang", "_ gange", "for _ år siden", "for længe siden", "før i tiden", "engang",
)  # fmt: skip
_DONE = ("gennemført", "afsluttet", "fuldført", "bestået", "overstået", "droppet", "stoppet")
_STILL = frozenset({"stadig", "stadigvæk", "endnu", "siden", "nu"})
_GETTING = frozenset({"få", "give", "komme", "søge", "blive", "se", "prøve", "tilbyde", "være"})
_ENDED = frozenset({
    "være", "have", "gå", "prøve", "tage", "gennemføre", "afslutte", "stoppe", "slutte", "fuldføre", "sende",
    "deltage", "bestå", "møde", "sidde", "droppe", "overstå", "miste", "forlade", "afbryde", "fravælge",
})  # fmt: skip
_KNOWN = frozenset({"den", "det", "de", "min", "mit", "mine", "vores", "sidste", "første", "deres"})
_DEFINITE = ("en", "et", "ne", "ens", "ets", "nes")


@dataclass(frozen=True, slots=True)
class Scene:
    """A mention and the clauses round it.

    Attributes:
        clauses: of the whole document.
        place: index of the mention's clause.
    """

    doc: Doc
    mention: Span
    clauses: Sequence[Clause]
    place: int

    @property
    def clause(self) -> Clause:
        """The clause of the mention."""
        return self.clauses[self.place]

    def neighbour(self, step: int) -> Clause | None:
        """The clause ``step`` away in the same sentence, or None."""
        place = self.place + step
        if not 0 <= place < len(self.clauses) or self.clauses[place].sentence != self.clause.sentence:
            return None
        return self.clauses[place]

    @property
    def definite(self) -> bool:
        """Whether the mention is one that is known: *praktikken*, *den praktik*, *min mentor*."""
        before = self.doc[self.mention.start - 1].lower_ if self.mention.start else ""
        if any(token.lower_ in _KNOWN for token in self.doc[max(0, self.mention.start - 2) : self.mention.start]):
            return True
        if before in ("en", "et", "noget", "nogen", "sådan", "ny", "nyt"):
            return False
        return "Def" in self.mention.root.morph.get("Definite", []) or _looks_definite(self.mention)

    @property
    def leads(self) -> bool:
        """Whether the mention stands before the finite verb of its clause."""
        finite = self.clause.finite
        return finite is None or self.mention.end <= finite.i

    def has(self, *entries: str) -> bool:
        """Whether one of ``entries`` (vocabulary notation) stands in the clause."""
        return phrases_in(self.doc, self.clause.start, self.clause.end, entries)


def scene_of(doc: Doc, mention: Span, clauses: Sequence[Clause]) -> Scene:
    """The scene of a mention."""
    place = next(i for i, clause in enumerate(clauses) if mention.start < clause.end)
    return Scene(doc, mention, clauses, place)


def tense_of(scene: Scene, intervention: Intervention) -> str:
    """One of :data:`~narratives.finding.vocabulary.TENSES`.

    Args:
        scene: from :func:`scene_of`.
        intervention: for the words that the vocabulary lets decide; only a refusal goes before them.
    """
    if _refused(scene):
        return "refused"
    for tense, entries in intervention.tense.items():
        if scene.has(*entries) and not _wished(scene) and not _conditional(scene):
            return "will" if tense == "has" and scene.clause.opener == "når" else tense
    rules: tuple[tuple[str, Callable[[Scene], bool]], ...] = (
        ("considered", _considered),
        ("will", _coming),
        ("had", _past),
    )
    return next((tense for tense, holds in rules if holds(scene)), "has")


def _refused(scene: Scene) -> bool:
    """Somebody said no to it, in the clause or right after it."""
    clause = scene.clause
    if _says_no(clause) or (_unwilling(clause) and not (scene.definite and scene.leads)):
        return True
    return any(_answers_no(after, after.sentence == clause.sentence) for after in _following(scene))


def _following(scene: Scene) -> list[Clause]:
    """The next clause, and the first two of the next sentence."""
    rest = scene.clauses[scene.place + 1 :]
    next_sentence = [clause for clause in rest if clause.sentence == scene.clause.sentence + 1]
    return [*rest[:1], *(clause for clause in next_sentence[:2] if clause is not rest[0])]


def _answers_no(after: Clause, same_sentence: bool) -> bool:
    """*og det sagde jeg nej til*; *Det gad jeg ikke*; *Jeg siger nej tak*."""
    points_back = bool({"det", "den"} & set(after.words[:3]))
    mine = "jeg" in after.words
    if _says_no(after):
        return (
            points_back or (same_sentence and after.opener in ("og", "men", "så")) or (mine and len(after.words) <= 6)
        )
    return points_back and mine and _unwilling(after)


def _says_no(clause: Clause) -> bool:
    words = set(clause.words)
    spoken = any(verb.lemma in ("sige", "takke", "få", "melde") for verb in clause.verbs)
    return bool(words & _REFUSING) or ("nej" in words and spoken)


def _unwilling(clause: Clause) -> bool:
    willing = next((verb for verb in clause.verbs if verb.lemma in _WILLING and verb.form != "participle"), None)
    if willing is None:
        return False
    near = clause.words[max(0, willing.i - clause.start - 2) : willing.i - clause.start + 4]
    return bool(set(near) & (NEGATIONS - {"hverken"}))


def _considered(scene: Scene) -> bool:
    """Spoken of, wished, applied for, conditional, or expressly not had."""
    return (
        _conditional(scene)
        or _wished(scene)
        or _proposed(scene)
        or _not_had(scene)
        or _opinion_before(scene)
        or _possible(scene)
        or _unreal(scene)
    )


def _conditional(scene: Scene) -> bool:
    """In an if-clause, or in what would follow from one."""
    if scene.clause.opener in ("hvis", "om"):
        return not (scene.definite and scene.leads)
    before = [scene.neighbour(-step) for step in (1, 2)]
    follows = any(clause is not None and clause.opener == "hvis" for clause in before)
    return follows and not scene.definite and scene.clause.opener not in ("men", "og")


def _wished(scene: Scene) -> bool:
    """*vil gerne*, *vil have mig i*, *ville hellere*."""
    clause = scene.clause
    if scene.definite and scene.leads:
        return False
    willing = any(verb.lemma == "ville" and verb.finite for verb in clause.verbs)
    return willing and bool({"gerne", "hellere", "helst", "have", "ha'"} & set(clause.words))


def _proposed(scene: Scene) -> bool:
    """A verb or noun of proposing before the mention, or *måske*."""
    clause = scene.clause
    if scene.definite:
        return False
    proposing = (verb for verb in clause.verbs if verb.lemma in _PROPOSING)
    if any(verb.i < scene.mention.start or verb.lemma in _APPLYING for verb in proposing) or _MENTIONED & set(
        clause.words
    ):
        return True
    if clause.finite is not None and clause.finite.lemma == "sige" and clause.finite.form == "present":
        return True
    words = clause.words if scene.leads else clause.words[: scene.mention.start - clause.start]
    return bool(_PROPOSALS & set(words))


def _not_had(scene: Scene) -> bool:
    """*jeg har aldrig haft en mentor*: a negation before an indefinite mention; *ikke mere* is had."""
    clause = scene.clause
    if scene.definite or scene.has("ikke mere|længere", "ikke andet", "ikke kun|bare"):
        return False
    before = clause.words[: scene.mention.start - clause.start]
    return bool(NEGATIONS & set(before)) or before[-1:] == ("uden",)


def _opinion_before(scene: Scene) -> bool:
    """*de mente, at jeg skulle i praktik*."""
    before = scene.neighbour(-1)
    if before is None or scene.clause.opener not in ("at", "jeg", "vi", "man"):
        return False
    opinion = before.finite is not None and (before.finite.lemma in _OPINION | _PROPOSING)
    obliged = any(verb.lemma in ("skulle", "burde", "kunne") for verb in scene.clause.verbs)
    return opinion and obliged


def _possible(scene: Scene) -> bool:
    """*kan få*, *kan de give*, *må jeg se på*: open, not had."""
    finite = scene.clause.finite
    if scene.definite or finite is None or finite.form != "present" or finite.lemma not in ("kunne", "måtte"):
        return False
    return any(verb.lemma in _GETTING for verb in scene.clause.verbs)


def _unreal(scene: Scene) -> bool:
    """*kunne få*, *burde have*, *ville være*, *skulle have haft*."""
    clause = scene.clause
    if any(verb.lemma == "burde" for verb in clause.verbs):
        return True
    modal = next((verb for verb in clause.verbs if verb.modal and verb.form == "past"), None)
    if modal is None or (scene.definite and scene.leads):
        return False
    getting = any(verb.lemma in _GETTING for verb in clause.verbs) or scene.leads
    wish = modal.lemma == "ville" or (modal.lemma == "kunne" and getting)
    return wish or (modal.lemma == "skulle" and any(verb.form == "participle" for verb in clause.verbs))


def _coming(scene: Scene) -> bool:
    """*skal i praktik*, *starter på mandag*."""
    finite = scene.clause.finite
    if finite is None or finite.form != "present" or "man" in scene.clause.words:
        return False
    before = scene.neighbour(-1)
    planned = before is not None and phrases_in(scene.doc, before.start, before.end, ("er planen", "planen er"))
    return planned or _says_coming(scene, finite)


def _says_coming(scene: Scene, finite: Verb) -> bool:
    """Whether the words of the clause itself, in the present, tell of the future."""
    lemmas = {verb.lemma for verb in scene.clause.verbs}
    if finite.lemma == "blive" and len(lemmas) == 1 and "det" in scene.clause.words:
        return True
    if finite.lemma == "komme" and scene.clause.opener != "når" and not scene.leads and not scene.definite:
        return True
    if finite.lemma in ("skulle", "ville") and not scene.leads:
        return not scene.definite or bool(lemmas & _STARTING) or scene.has("op i|til", "skal til møde")
    perfect = any(verb.form == "participle" for verb in scene.clause.verbs)
    return not perfect and (bool(lemmas & _STARTING) or scene.has(*_SOON))


def _past(scene: Scene) -> bool:
    """A past or an ended perfect; without a verb the sentence before tells."""
    finite = scene.clause.finite
    if finite is None:
        return not scene.has("nu") and _past_around(scene)
    if finite.form == "past":
        return True
    if scene.has(*_PAST_TIME):
        return True
    if scene.has(*_DONE):
        return True
    participles = [verb for verb in scene.clause.verbs if verb.form == "participle"]
    if finite.lemma not in ("have", "være") or not participles or _STILL & set(scene.clause.words):
        return False
    return any(verb.lemma in _ENDED for verb in participles)


def _past_around(scene: Scene) -> bool:
    """The tense of the nearest finite verb before, else after."""
    if scene.has(*_PAST_TIME):
        return True
    nearest = [*reversed(scene.clauses[: scene.place]), *scene.clauses[scene.place + 1 :]]
    finite = next((clause.finite for clause in nearest if clause.finite), None)
    return finite is not None and finite.form == "past"


def _looks_definite(mention: Span) -> bool:
    """By the ending, where no morphology is there: *praktikken*, *kurset* against *fleksjob*."""
    if mention.doc.has_annotation("MORPH"):
        return False
    word = mention[-1].lower_
    return word.endswith(_DEFINITE) and word not in ("afklaring",)
