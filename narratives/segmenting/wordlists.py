"""Danish words that open sentences, abbreviate, place in time, or belong to working life.

Hand-made from grammars' closed classes and everyday knowledge of Danish employment policy, not counted
from the coded corpus; some of its transcripts had been read. Lower case, composed.
"""

from __future__ import annotations

__all__ = [
    "ANSWERS",
    "BACK_CHANNELS",
    "CLAUSE_OPENERS",
    "DISCOURSE_OPENERS",
    "ECHO_WORDS",
    "ENDING_ABBREVIATIONS",
    "FIRST_PERSON",
    "INNER_ABBREVIATIONS",
    "LINKS",
    "PAST_VERBS",
    "PRESENT_VERBS",
    "QUESTION_WORDS",
    "SENTENCE_OPENERS",
    "SUBJECTS",
    "TIME_WORDS",
    "WORK_STEMS",
]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _tuple(words: str) -> tuple[str, ...]:
    return tuple(words.split())


INNER_ABBREVIATIONS = _set(
    """
    d nr kl ca bl.a f.eks fx t.eks dr hr fr st evt inkl ekskl pga p.g.a mht m.h.t ift i.f.t iht vedr dvs d.v.s
    jf min.st tlf adr afd div eks vha v.h.a ad.nr pkt § sml ref
    """
)
"""Abbreviations that never end a sentence."""

ENDING_ABBREVIATIONS = _set(
    """
    jan feb febr mar apr jun jul aug sep sept okt nov dec osv o.s.v mv m.v m.m mm m.fl o.l kr mio mia pct min
    sek stk s a.m bl etc mdr md vol
    """
)
"""Abbreviations after which a new sentence may start, if the next word can open one."""

ANSWERS = _set(
    """
    ja jo nej næ næh nå nåh joh jow tja tjo mm mmm mhm hm øh jaja jojo nejnej okay ok jep jamen nemlig
    """
)

BACK_CHANNELS = ANSWERS | _set(
    """
    hvorfor hvordan hvornår hvor hvad hvem klart selvfølgelig præcis netop rigtigt rigtig det kan jeg godt
    forstå høre forstår er så åh uha virkelig jaså ikke også gjorde du har godt fint sådan og men
    """
)
"""Words of which a short back-channel consists."""

DISCOURSE_OPENERS = _set(
    """
    men nå og så altså jamen for fordi derfor bagefter siden nu dengang da ellers bare eller
    """
)

SENTENCE_OPENERS = (
    ANSWERS
    | DISCOURSE_OPENERS
    | _set(
        """
    jeg du han hun den det de vi man mig dem der her hvis når hvad hvem hvor hvordan hvornår hvorfor hvilken min
    mit mine din hans hendes vores deres en et to tre alle alt ingen intet nogen noget nogle mange først efter
    før i på med til fra om ved under over uden siden kun også selv måske heldigvis desværre faktisk egentlig
    sådan lige derefter senere pludselig igen stadig endnu åh ej ork undskyld tak vent prøv kom tag ham hende
    denne dette disse hver hele samme sidste næste anden første er var har havde skal kan vil må blev
    """
    )
)
"""Words that, with a capital after a pause, open a sentence (a name does not)."""

CLAUSE_OPENERS = _set(
    """
    og men så for fordi altså hvor da når hvis bagefter derfor eller
    """
)

FIRST_PERSON = _set(
    """
    jeg mig min mit mine vi os vores a' a æ
    """
)

TIME_WORDS = _set(
    """
    før nu siden senere bagefter efter dengang da når først så derefter til sidst endelig allerede endnu stadig
    altid aldrig igen længere tidligere snart imens mens indtil inden engang lige dag dage uge uger måned
    måneder år mandag tirsdag onsdag torsdag fredag lørdag søndag januar februar marts april maj juni juli
    august september oktober november december jul påske sommer sommeren vinter vinteren efterår efteråret forår
    foråret i.dag morgen aften natten formiddag eftermiddag gang gange klokken fjor næste sidste halvår tit hver
    begyndte startede sluttede slut fremtiden pludselig lige
    """
)

LINKS = _set(
    """
    fordi derfor hvis så når da for men selvom ellers medmindre mens indtil inden bagefter dermed alligevel
    """
)
"""Words that tie one thing to another: cause, condition, sequence, contrast."""

PAST_VERBS = _set(
    """
    var havde blev kom gik fik sagde så skulle ville kunne måtte gjorde vidste sad stod lå tog gav fandt skrev
    løb faldt holdt lod bad spurgte fortalte troede tænkte følte syntes burde turde brød drak sov spiste købte
    solgte lagde satte bragte hed hjalp slog bar bed bandt gled greb græd kørte læste mødte rejste ringede røg
    skar skrev sang sank trak valgte viste vandt tabte mistede sendte havnede startede begyndte sluttede søgte
    """
)

PRESENT_VERBS = _set(
    """
    er har bliver kommer går får siger ser skal vil kan må gør ved sidder står ligger tager giver finder skriver
    tror tænker føler synes bør tør arbejder søger venter hedder hjælper kører læser starter begynder
    """
)

QUESTION_WORDS = _set(
    """
    hvad hvem hvor hvordan hvornår hvorfor hvilken hvilket hvilke
    """
)

SUBJECTS = _set(
    """
    du i han hun den det de der man nogen
    """
)
"""Words that follow the verb where others ask somebody something."""

ECHO_WORDS = SUBJECTS | _set(
    """
    er var bliver blev har havde gør gjorde kan kunne skal skulle vil ville må måtte jeg mig dig sandt vel jo
    """
)
"""Words of which a question back consists that asks for nothing new: "Gjorde du det?"."""

WORK_STEMS = _tuple(
    """
    arbejd job ansat ansæt ansøg fyret fyring opsag opsig løn firma virksomhed chef kolleg mester butik fabrik
    lager værksted kantine køkken vikar vagt timer praktik løntilskud fleks ressource afklar aktiver
    kontanthjælp dagpenge sygedag syge pension førtid rehab kommun jobcent sagsbeh rådgiv mentor møde plan kurs
    skole uddann lære elev lærling studie eksamen fag speciale svend cv virksomheds opkvalif visiter bevill
    afslag anke partshør brev e-boks ydelse sats regler paragraf system læge psyk hospital operer smerte ryg
    medicin diagnos behandl terapi misbrug gæld husleje regning økonomi penge bolig sprogskole dansk1
    danskundervisning selvstænd cvr stilling samtale ledig arbejdsløs a-kasse fagforen tillidsmand raskmeld
    sygemeld belast funktions skåne
    """
)
"""Beginnings of words of working life, education, employment measures and what bears on them."""
