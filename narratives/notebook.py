"""A study in a notebook: persons, displays, quotes and pictures to look at.

>>> study.person("p07")  # doctest: +SKIP
>>> study.person("p07").display(3)  # doctest: +SKIP
>>> study.quotes(agency="magtesløshed", wave=2)  # doctest: +SKIP
>>> study.person("p07", line="professional")  # doctest: +SKIP
>>> study.evidence("p07-1:0a1b2c3d4e")  # doctest: +SKIP
>>> study.plot_shift()  # doctest: +SKIP
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from narratives.errors import NarrativesError
from narratives.messages import language, say
from narratives.transcript import Role

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from narratives.classify import Classifier
    from narratives.displays import Display
    from narratives.displays.evidence import EvidenceLook
    from narratives.displays.material import Material
    from narratives.study import Study

__all__ = ["Look", "PersonLook"]


class Look:
    """What :class:`narratives.study.Study` can show of itself."""

    @property
    def material(self) -> Material:
        """What displays of the participants' line draw on, measured once for each language that is spoken."""
        return self._material(Role.PARTICIPANT)

    def _material(self, line: str) -> Material:
        """What displays of a line draw on, measured once."""
        from narratives.displays.material import material_of

        if line not in self.lines:
            raise NarrativesError(say("study.no_line", line=line, lines=", ".join(self.lines)))
        made: dict[tuple[str, str], Material] = self.__dict__.setdefault("_materials", {})
        key = (language(), str(line))
        if key not in made:
            made[key] = material_of(cast("Study", self), str(line))
        return made[key]

    @property
    def lines(self) -> tuple[str, ...]:
        """Whose narratives the study holds, the participants' first; each is shown by itself (``line=...``)."""
        from narratives.study.tracking import lines_of

        return lines_of(cast("Study", self).narratives)

    @property
    def persons(self) -> tuple[str, ...]:
        """Everybody in the study."""
        return self.material.persons

    def person(self, name: str, *, line: str = Role.PARTICIPANT) -> PersonLook:
        """One person.

        Args:
            name: as in :attr:`persons`.
            line: whose words: the person's own, or those of professionals about the person ("professional").

        Raises:
            NarrativesError: naming the persons, or the lines, there are.
        """
        material = self._material(line)
        return PersonLook(material, _person(material, name))

    def display(self, number: int, person: str | None = None, *, line: str = Role.PARTICIPANT) -> Display:
        """Display 1-8 of everybody, or of one person (:mod:`narratives.displays`); ``line`` as for :meth:`person`."""
        from narratives.displays import display

        return display(self._material(line), number, person)

    def quotes(
        self,
        person: str | None = None,
        wave: int | str | None = None,
        *,
        line: str = Role.PARTICIPANT,
        **codes: str,
    ) -> pd.DataFrame:
        """The narratives with certain codes, in the order of telling.

        Args:
            person: whose; None takes everybody's.
            wave: of which interview; None takes all.
            line: as for :meth:`person`; ``person`` is then whom the narratives are about.
            codes: variable = code, by most probable code.

        Raises:
            CodebookError: if the codebook has no such code.
            NarrativesError: if there is no such variable, person, wave or line; says which there are.
        """
        return _quotes(self._material(line), person, wave, codes)

    @cached_property
    def model(self) -> Classifier:
        """The model that coded the study, loaded when it is first asked for.

        Raises:
            StudyError: if it is not there, or has changed since.
        """
        from narratives.study.evidence import model_of

        return model_of(cast("Study", self))

    def evidence(self, narrative_id: str, *variables: str) -> EvidenceLook:
        """The words that carried a narrative's codes, and its linguistic cues; explanation, never the measure.

        They are taken from the tables that ``narratives evidence`` wrote, else found now (a second or two); nothing
        is written.

        Args:
            narrative_id: as in ``study.narratives``.
            variables: to explain; none means the ranked ones.

        Raises:
            StudyError: if there is no such narrative, or the model that coded the study is not there.
            ModelError: if the model does not code a variable.
        """
        from narratives.displays.evidence import look_at

        return look_at(cast("Study", self), narrative_id, variables)

    def plot_shift(self, person: str | None = None, *, line: str = Role.PARTICIPANT) -> Figure:
        """How people move, as a matplotlib figure.

        Args:
            person: None draws everybody in the plane of agency and work identity (display 6); a name
                draws that person's course over the waves, as ``study.person(name).plot_shift()``.
            line: as for :meth:`person`.

        Raises:
            NarrativesError: for an unknown person, or if there is nothing to draw.
        """
        if person is not None:
            return self.person(person, line=line).plot_shift()
        return _figure(self.display(6, line=line))

    def chart(self, *, line: str = Role.PARTICIPANT) -> Any:
        """Everybody in the plane as an interactive Altair chart (display 6; the others are not interactive).

        Save it as one page that loads nothing with :func:`narratives.displays.interactive.save_chart`.

        Raises:
            CodebookError: if the codebook has no ranked variable for one of the axes.
            NarrativesError: if Altair is not installed.
        """
        from narratives.displays.interactive import plane_chart

        return plane_chart(self._material(line))

    def _repr_html_(self) -> str:
        from narratives.displays.transitions import verdict_counts

        return verdict_counts(self.material)._repr_html_()


@dataclass(frozen=True)
class PersonLook:
    """One person of a study, in one line: the person's own words, or those of professionals about the person."""

    material: Material
    name: str

    def display(self, number: int) -> Display:
        """Display 1-8 of this person."""
        from narratives.displays import display

        return display(self.material, number, self.name)

    @property
    def narratives(self) -> pd.DataFrame:
        """This person's rows, in order."""
        return self.material.of_person(self.name)

    def quotes(self, wave: int | str | None = None, **codes: str) -> pd.DataFrame:
        """This person's narratives with certain codes; see :meth:`Look.quotes`."""
        return _quotes(self.material, self.name, wave, codes)

    def plot_shift(self) -> Figure:
        """This person's course over the waves, with intervals, as a matplotlib figure.

        Their arrow in the plane of agency and work identity is ``.display(6).picture.figure()``.

        Raises:
            NarrativesError: if there is nothing to draw.
        """
        from narratives.displays.matrix import course_picture

        picture = course_picture(self.material, self.name)
        if picture is None:
            raise NarrativesError(say("display.nothing"))
        return picture.figure()

    def _repr_html_(self) -> str:
        return self.display(7)._repr_html_()

    def __repr__(self) -> str:
        line = "" if self.material.line == Role.PARTICIPANT else f", {self.material.line}"
        return f"Person({self.name!r}{line}: {len(self.narratives)} narratives)"


def _figure(shown: Display) -> Figure:
    if shown.picture is None:
        raise NarrativesError(say("display.nothing"))
    return shown.picture.figure()


def _person(material: Material, name: object) -> str:
    """The person's name; raises NarrativesError, which says whom there are."""
    if str(name) not in material.persons:
        raise NarrativesError(say("display.no_person", person=name, persons=", ".join(material.persons)))
    return str(name)


def _wave(material: Material, wave: object) -> int:
    """The number of a wave, also of one in quotation marks; raises NarrativesError, which says which there are."""
    number = {str(there): there for there in material.waves}.get(str(wave).strip().removesuffix(".0"))
    if number is None:
        raise NarrativesError(say("study.no_wave", wave=wave, waves=", ".join(map(str, material.waves))))
    return number


def _quotes(material: Material, person: str | None, wave: int | str | None, codes: dict[str, str]) -> pd.DataFrame:
    rows = material.rows
    if person is not None:
        rows = rows[rows["person"] == _person(material, person)]
    if wave is not None:
        rows = rows[rows["wave"] == _wave(material, wave)]
    for variable, code in codes.items():
        if variable not in material.codebook.names:
            raise NarrativesError(
                say("agency.no_variable", variable=variable, variables=", ".join(material.codebook.names))
            )
        rows = rows[rows[variable] == material.codebook[variable].code(code).name]
    shown = [f"{name}{end}" for name in codes for end in ("", "_p") if f"{name}{end}" in rows]
    columns = ["person", "wave", "label", "text", *shown, "narrative_id", "transcript", "start", "end"]
    return rows[columns].reset_index(drop=True)
