"""From a study to a report: which displays stand where, and the file itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.agency import Review, read_review
from narratives.displays import display
from narratives.displays.base import Display, Quote, templates
from narratives.displays.evidence import Evidence, Part, evidence_by_id, parts_of
from narratives.displays.material import Material, material_of
from narratives.displays.matrix import person_by_wave
from narratives.displays.mixtures import dominant_codes, dominant_display, evaluations
from narratives.displays.transitions import verdict_counts
from narratives.displays.turning import turning_display
from narratives.files import write_atomically
from narratives.measuring.rows import PARTICIPANT
from narratives.messages import say, speaking
from narratives.report.context import Context, Piece, context_of
from narratives.report.corrected_persons import CorrectedPersons
from narratives.report.corrections import corrected_displays, corrected_where
from narratives.report.facts import citation, limits, methods
from narratives.report.groups import group_displays
from narratives.study.evidence import read_cues, read_words
from narratives.study.tables import parse_spans
from narratives.study.tracking import lines_of

if TYPE_CHECKING:
    import pandas as pd

    from narratives.study import Study

__all__ = ["OF_EVERYBODY", "OF_EVERY_PERSON", "Narrative", "Person", "Report", "write_report"]

OF_EVERYBODY = (1, 6, 8)
OF_EVERY_PERSON = (2, 3, 4, 5, 6, 7, 8)
_INTERVENTIONS = 4


@dataclass(frozen=True)
class Narrative:
    """A narrative as the report shows it in context."""

    row: dict[str, Any]
    anchor: str
    context: Context
    codes: str
    evidence: Evidence | None = None

    @property
    def pieces(self) -> Iterator[tuple[Piece, tuple[Part, ...]]]:
        """The pieces of the context, those of the narrative cut where carrying words begin and end."""
        place = self.context.start
        for piece in self.context.pieces:
            notes = self.evidence.notes if self.evidence is not None and piece.marked else {}
            yield piece, parts_of(piece.text, place, notes)
            place += len(piece.text)


@dataclass(frozen=True)
class Person:
    """A person's section."""

    name: str
    anchor: str
    facts: str
    pointe: Quote | None
    displays: tuple[Display, ...]
    professionals: Display | None
    narratives: tuple[Narrative, ...]


@dataclass
class Report:
    """What a report says; made for templates and for Word.

    Attributes:
        study: whose report it is.
        review: people's codes to show and to correct by.
        seed: for the draws behind intervals.
        vocabulary: a file of more interventions, or None.
    """

    study: Study
    review: Review | None = None
    seed: int = 0
    vocabulary: str | Path | None = None
    sources: dict[str, str] = field(default_factory=dict)

    @cached_property
    def lines(self) -> dict[str, Material]:
        """What displays draw on, for each line that the study holds."""
        names = lines_of(self.study.narratives)
        given = (self.review, self.seed, self.vocabulary)
        return {line: material_of(self.study, line, *given) for line in names}

    @cached_property
    def material(self) -> Material:
        """The participants' line."""
        return self.lines[PARTICIPANT]

    @cached_property
    def corrected(self) -> CorrectedPersons | None:
        """Each person's numbers corrected by the review, if there is one of the participants' narratives."""
        return None if self.reviewed is None else CorrectedPersons(self.material, self.reviewed)

    @cached_property
    def reviewed(self) -> Review | None:
        """What of the review is of the participants' narratives; None if nothing is."""
        if self.review is None:
            return None
        theirs = Review(self.review.rows[self.review.rows["narrative_id"].isin(self.material.labels)], ())
        return None if theirs.coded.empty else theirs

    @cached_property
    def anchors(self) -> dict[str, str]:
        """Per narrative id the anchor of its quote in context."""
        ids = [name for material in self.lines.values() for name in material.rows["narrative_id"]]
        return {name: f"n{place}" for place, name in enumerate(ids, start=1)}

    @cached_property
    def owners(self) -> dict[str, str]:
        """Per narrative id the person, for numbers that rest on several persons' narratives."""
        rows = [row for material in self.lines.values() for row in material.by_id.values()]
        return {str(row["narrative_id"]): str(row["person"]) for row in rows}

    @cached_property
    def evidence(self) -> dict[str, Evidence]:
        """Per narrative id what ``narratives evidence`` found; empty where it was not run."""
        return evidence_by_id(read_words(self.study), read_cues(self.study), self.study.codebook)

    @cached_property
    def dominant(self) -> pd.DataFrame:
        """Everybody's most frequent codes, as :func:`narratives.agency.dominant`."""
        return dominant_codes(self.material)

    @property
    def counts(self) -> str:
        """What the report rests on, in one sentence or two."""
        rows = self.material.rows
        told = say(
            "report.counts",
            narratives=len(rows),
            persons=len(self.material.persons),
            transcripts=len(self.study.interviews),
            waves=len(self.material.waves),
        )
        unknown = len(self.study.narratives) - sum(len(material.rows) for material in self.lines.values())
        return f"{told} {say('report.left_out', count=unknown)}" if unknown else told

    def overview(self) -> Iterator[Display]:
        """The displays of everybody."""
        yield corrected_where(verdict_counts(self.material), self.reviewed)
        if self.reviewed is not None and self.corrected is not None:
            yield from corrected_displays(self.material, self.reviewed)
            yield self.corrected.everybody()
        yield from group_displays(self.study, self.material, self.reviewed)
        yield self._uncorrected(dominant_display(self.material, self.dominant))
        for number in OF_EVERYBODY:
            yield corrected_where(display(self.material, number), self.reviewed)
            if number == 6:
                yield corrected_where(person_by_wave(self.material, quotes=0), self.reviewed)

    def persons(self) -> Iterator[Person]:
        """A section for each person, in order."""
        for place, name in enumerate(self.material.persons, start=1):
            rows = self.material.of_person(name)
            facts = say("report.person.facts", narratives=len(rows), waves=rows["wave"].nunique())
            shown = (*self._displays(name), turning_display(self.material, name))
            if self.corrected is not None:
                shown = (*shown, *self.corrected.of_person(name))
            shown = (*shown, *self._professionals_shifts(name))
            yield Person(
                name,
                f"p{place}",
                facts,
                self._pointe(name),
                shown,
                self._professionals(name),
                tuple(self._narratives(name)),
            )

    def methods(self) -> tuple[str, ...]:
        """The methods paragraph."""
        return methods(self.study, self.review, self.seed)

    def limits(self) -> tuple[str, ...]:
        """What a reader must keep in mind."""
        return limits(self.study, self.material, self.review)

    def citation(self) -> str:
        """How to cite the software."""
        return citation(str(self.study.run.get("versions", {}).get("narratives", "?")))

    def html(self) -> str:
        """The report as one HTML file that loads nothing."""
        template = templates().get_template("report.html.j2")
        return str(template.render(report=self, everybody=tuple(self.overview()), persons=tuple(self.persons())))

    def _pointe(self, person: str) -> Quote | None:
        table = self.material.pointes
        whole = table[(table["person"] == person) & table["wave"].isna()]
        return self.material.quote(whole["narrative_id"].iloc[0], self.study.codebook.variables) if len(whole) else None

    def _displays(self, person: str) -> Iterator[Display]:
        """A person's displays, evaluations beside the interventions, and last what prevails."""
        for number in OF_EVERY_PERSON:
            yield corrected_where(display(self.material, number, person), self.reviewed, "report.review.person_shifts")
            evaluated = evaluations(self.material, person) if number == _INTERVENTIONS else None
            if evaluated is not None:
                yield self._uncorrected(evaluated)
        yield self._uncorrected(dominant_display(self.material, self.dominant, person))

    def _uncorrected(self, shown: Display) -> Display:
        """The display; where a review is at hand, with a sentence that it has no corrected counterpart."""
        told = () if self.reviewed is None else (say("report.review.model_only"),)
        return replace(shown, notes=(*shown.notes, *told))

    def _professionals_shifts(self, person: str) -> Iterator[Display]:
        """Shifts in what professionals tell of a person, from two waves on, marked as theirs."""
        for line, material in self.lines.items():
            if line != PARTICIPANT and material.of_person(person)["wave"].nunique() > 1:
                shown = display(material, 8, person)
                title = say("report.professionals.shifts", person=person, title=shown.title)
                notes = (say("report.professionals.note"), *shown.notes)
                yield self._uncorrected(replace(shown, title=title, notes=notes))

    def _professionals(self, person: str) -> Display | None:
        for line, material in self.lines.items():
            if line != PARTICIPANT and len(material.of_person(person)):
                return person_by_wave(material, person)
        return None

    def _narratives(self, person: str) -> Iterator[Narrative]:
        for material in self.lines.values():
            for row in material.told_by(person):
                name = str(row["narrative_id"])
                context = context_of(self._source(row["transcript"]), parse_spans(row["spans"]))
                codes = material.codes_note(name, self.study.codebook.variables)
                yield Narrative(row, self.anchors[name], context, codes, self.evidence.get(name))

    def _source(self, transcript: str) -> str:
        if transcript not in self.sources:
            self.sources[transcript] = self.study.source(transcript)
        return self.sources[transcript]


def write_report(
    study: Study,
    path: Path | None = None,
    *,
    docx: bool = False,
    review: str | Path | None = None,
    vocabulary: str | Path | None = None,
    language: str = "da",
    seed: int = 0,
) -> tuple[Path, ...]:
    """Write the report of a study.

    Args:
        study: an annotated study.
        path: HTML file to write; None takes ``report.html`` in the study folder.
        docx: also write a Word document beside it.
        review: a filled-in sheet from ``narratives sample``.
        vocabulary: a file of more interventions, as for ``narratives track``; they are looked for anew.
        language: "da" or "en".
        seed: for the draws behind intervals.

    Returns:
        the files written.

    Raises:
        StudyError: if a table or source of the study, or the review, cannot be read.
        VocabularyError: if the vocabulary is not valid.
        NarrativesError: if matplotlib is not installed.
    """
    target = path or study.path / "report.html"
    with speaking(language):
        report = Report(study, read_review(review, study) if review is not None else None, seed, vocabulary)
        write_atomically(target, report.html())
        if not docx:
            return (target,)
        from narratives.report.word import write_word

        document = target.with_suffix(".docx")
        write_word(report, document)
    return target, document
