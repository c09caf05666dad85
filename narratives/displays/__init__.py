"""The displays: the source study's tables and figures, made from a study's narratives.

1 characteristics of cases, 2 relation to the labour market at start and end, 3 contexts, 4 interventions
along time, 5 chains of intervention and consequence, 6 the plane of agency and work identity, 7 persons by
waves, 8 transitions between waves. Each is a :class:`Display`: ``.frame`` (DataFrame), ``.html()``,
``.picture``, and ``.save("table.docx")`` (also .html, .csv, .xlsx, .png, .svg).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from narratives.displays.base import Cell, Display, Quote
from narratives.errors import NarrativesError
from narratives.messages import say

if TYPE_CHECKING:
    from narratives.displays.material import Material

__all__ = ["DISPLAYS", "Cell", "Display", "Quote", "display"]

DISPLAYS = {
    1: ("cases", "characteristics"),
    2: ("quotes", "labour_market"),
    3: ("quotes", "contexts"),
    4: ("courses", "interventions_in_time"),
    5: ("courses", "connections"),
    6: ("movement", "plane_display"),
    7: ("matrix", "person_by_wave"),
    8: ("transitions", "transitions"),
}
"""Number of each display: module of this package, function."""

OF_ONE_PERSON = frozenset({2, 3})
"""Displays that are made for one person only."""


def display(material: Material, number: int, person: str | None = None) -> Display:
    """The display with that number.

    Args:
        material: from :func:`narratives.displays.material.material_of`.
        number: 1-8.
        person: whose; None shows everybody (not possible for 2 and 3).

    Raises:
        NarrativesError: if there is no such display or person, or the display needs a person.
    """
    from importlib import import_module

    if number not in DISPLAYS:
        raise NarrativesError(say("display.no_such", number=number))
    if person is not None and person not in material.persons:
        raise NarrativesError(say("display.no_person", person=person, persons=", ".join(material.persons)))
    if person is None and number in OF_ONE_PERSON:
        raise NarrativesError(say("display.needs_person", number=number, persons=", ".join(material.persons)))
    module, name = DISPLAYS[number]
    make: Callable[[Material, str | None], Display] = getattr(import_module(f"narratives.displays.{module}"), name)
    return make(material, person)
