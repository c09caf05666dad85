"""Person, wave and date from a file's name and the folders it lies in.

``p07-2.txt``, ``P07_bølge2.docx``, ``AA 2008-11-03.docx``, ``Interview 3 - Bente.docx``, ``B12_w1_2021-05-04.odt``,
``p07/bølge 1.docx``, ``p07-2 på kontoret.docx``: whatever is neither date nor wave nor a word like "transskription" is
the person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath

from narratives.files import nfc
from narratives.reading.dates import DATE_IN_NAME, parse_date
from narratives.reading.vocabulary import words

__all__ = ["NameFacts", "facts_of_name", "is_id"]

_COUNTED = "|".join(words("names", "counted"))
_LONG_COUNTED = "|".join(word for word in words("names", "counted") if len(word) > 2)
_ORDINALS = {"første": 1, "1st": 1, "anden": 2, "andet": 2, "2nd": 2, "tredje": 3, "3rd": 3, "fjerde": 4, "femte": 5}
_OPEN, _CLOSED = r"(?<![^\W\d_])", r"(?![^\W\d_])"
_WAVE = re.compile(rf"{_OPEN}(?P<word>{_COUNTED})[\s_.\-]*(?:nr\.?[\s_]*)?(?P<number>\d{{1,2}})(?!\d)", re.IGNORECASE)
_NTH = re.compile(rf"(?<!\d)(?P<number>\d{{1,2}})\.?[\s_]*(?P<word>{_LONG_COUNTED}){_CLOSED}", re.IGNORECASE)
_ORDINAL = re.compile(
    rf"{_OPEN}(?P<number>{'|'.join(_ORDINALS)})[\s_]+(?P<word>{_LONG_COUNTED}){_CLOSED}", re.IGNORECASE
)
_NOISE = re.compile(rf"{_OPEN}(?:{'|'.join(words('names', 'noise'))}){_CLOSED}", re.IGNORECASE)
_ENDS_IN_NUMBER = re.compile(r"(?P<person>.*?[^\W_])[\s_.\-]+(?P<number>0?[1-9]|1\d|20)")
_BEGINS_WITH_BOTH = re.compile(r"(?P<person>[^\W\d_]{1,3}\d{1,5})[-_](?P<number>0?[1-9]|1\d|20)[\s_,]+[^\W\d_].*")
_PEOPLE = frozenset(words("names", "people"))
_ID = re.compile(r"[^\W\d_]{1,3}[\-_ ]?\d{1,5}|\d{1,5}")
_EDGES = " _-–.,;:()[]"
_SERIAL_WORDS = frozenset(words("names", "serial"))


@dataclass(frozen=True, slots=True)
class NameFacts:
    """What a name says.

    Attributes:
        person: id or name of the person; None if nothing is left for it.
        wave: number of the interview, from 1; None if not said.
        date: day of the interview; None if not said.
        sources: "file name" or "folder name" for each of "person", "wave", "date" that was found.
        serial: whether the wave stood after "interview" or "nr", so that it may count the study's interviews instead.
    """

    person: str | None = None
    wave: int | None = None
    date: date | None = None
    sources: dict[str, str] = field(default_factory=dict)
    serial: bool = False


def is_id(name: str) -> bool:
    """Whether a name reads like a pseudonym with a number: "p07", "B12", "117"."""
    return _ID.fullmatch(name) is not None


def facts_of_name(path: PurePath) -> NameFacts:
    """Read a path relative to the folder; the file's own name counts before its folders', the nearest first."""
    own = _facts_of(nfc(path.stem))
    folders = [_facts_of(nfc(part)) for part in reversed(path.parts[:-1])]
    own = _number_in_folder(own, folders)
    person, wave, day, serial = own.person, own.wave, own.date, own.serial
    sources = {name: "file name" for name, value in (("person", person), ("wave", wave), ("date", day)) if value}
    for one in folders:
        for name, value in (("person", one.person), ("wave", one.wave), ("date", one.date)):
            if value and name not in sources:
                sources[name] = "folder name"
                person, wave, day = _filled(name, value, person, wave, day)
    if person is None and serial:
        wave, sources = None, {name: source for name, source in sources.items() if name != "wave"}
    return NameFacts(person, wave, day, sources, serial)


def _filled(
    name: str, value: str | int | date, person: str | None, wave: int | None, day: date | None
) -> tuple[str | None, int | None, date | None]:
    """Put ``value`` in the place that ``name`` says."""
    if name == "person" and isinstance(value, str):
        return value, wave, day
    if name == "wave" and isinstance(value, int):
        return person, value, day
    return person, wave, value if isinstance(value, date) else day


def _number_in_folder(own: NameFacts, folders: list[NameFacts]) -> NameFacts:
    """A bare number in a person's folder is the wave: "p07/2.txt"."""
    bare = own.person is not None and own.wave is None and own.person.isdigit() and 0 < int(own.person) <= 20
    if bare and own.person and any(one.person for one in folders):
        return NameFacts(None, int(own.person), own.date)
    return own


def _facts_of(name: str) -> NameFacts:
    """What one name says."""
    day, rest = None, name
    if found := DATE_IN_NAME.search(rest):
        day = parse_date(found.group().replace("_", "-"))
        rest = _cut(rest, found) if day else rest
    wave, serial = None, False
    if counted := _WAVE.search(rest) or _NTH.search(rest) or _ORDINAL.search(rest):
        number = counted["number"].casefold()
        wave = _ORDINALS.get(number) or int(number) or None
        serial = counted["word"].casefold() in _SERIAL_WORDS
        rest = _cut(rest, counted)
    rest = " ".join(_NOISE.sub(" ", rest).split()).strip(_EDGES)
    ending = _BEGINS_WITH_BOTH.fullmatch(rest) or _ENDS_IN_NUMBER.fullmatch(rest)
    if wave is None and ending and ending["person"].casefold() not in _PEOPLE:
        rest, wave = ending["person"].strip(_EDGES), int(ending["number"])
    return NameFacts(rest or None, wave, day, serial=serial)


def _cut(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}".strip(_EDGES)
