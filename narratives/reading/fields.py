"""What the columns of an interviews table and the keys of front matter are called, in Danish and English."""

from __future__ import annotations

import re

from narratives.files import nfc

__all__ = ["field_of", "field_rank", "is_metadata_key"]

_NAMES: dict[str, str] = {
    "transcript": """transcript transskription transskript fil filnavn filename file dokument navn_på_fil lydfil interviewfil
        filens_navn""",
    "person": """person borger deltager id deltagerid deltager_id person_id personid borgerid borger_id deltagernummer
        deltagernr informant informantid informant_id informantnr respondent participant participant_id case sag pseudonym
        løbenr løbenummer borgernr borgernummer respondentnr respondent_id navn name""",
    "wave": """wave bølge interviewnr interview_nr interviewnummer interview_nummer runde nr nummer round interviewrunde
        nedslag måling omgang interview tidspunkt_nr t""",
    "date": "date dato interviewdato dato_for_interview dag interview_date",
    "participant_label": """participant_label label deltagerlabel talerlabel talermærke deltagermærke deltager_label speaker_label
        betegnelse""",
    "sex": "sex køn gender",
    "age": "age alder",
    "municipality": "municipality kommune",
    "kind": "kind type art",
    "role": "role rolle",
    "interviewer": "interviewer interviewet_af forsker",
    "place": "place sted",
    "duration": "duration varighed længde",
    "transcriber": "transcriber transskriberet_af transskribent udskrevet_af",
    "project": "project projekt",
    "title": "title titel overskrift",
    "attribute": "emne bemærkninger note noter tid tidspunkt til_stede language sprog optaget format",
}
_FIELDS = {name: field for field, names in _NAMES.items() for name in names.split()}
_RANKS = {name: rank for names in _NAMES.values() for rank, name in enumerate(names.split())}
_SEPARATORS = re.compile(r"[\s.\-/]+")


def _plain(heading: str) -> str:
    return _SEPARATORS.sub("_", nfc(heading).casefold().strip(" \t\u00a0.:#*")).strip("_")


def field_of(heading: str) -> str | None:
    """The field a heading stands for: "Bølge" -> "wave", "Interview nr." -> "wave"; None if it is not known."""
    plain = _plain(heading)
    return _FIELDS.get(plain) or _FIELDS.get(plain.replace("_", ""))


def field_rank(heading: str) -> int:
    """How usual a heading is for its field, 0 first: of "person" and "navn" the first is the person."""
    return _RANKS.get(_plain(heading), len(_RANKS))


def is_metadata_key(key: str) -> bool:
    """Whether a front-matter line "key: value" says something of the interview."""
    return field_of(key) is not None
