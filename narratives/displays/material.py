"""Everything the displays draw on, measured once: one line of a study, its tables and its texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from narratives.codebook import Codebook, Variable
from narratives.displays.base import Quote
from narratives.displays.words import per_cent
from narratives.measuring.rows import PARTICIPANT, rows_of_line
from narratives.messages import say

if TYPE_CHECKING:
    from narratives.agency import Review
    from narratives.study import Study

__all__ = ["Material", "material_of"]


@dataclass
class Material:
    """One line of a study.

    Attributes:
        narratives: the study's table.
        codebook: what it was coded by, its labels in the language in force when this was made.
        interviews: one row per transcript.
        source: gives the text of a transcript.
        line: whose narratives are shown.
        human: per narrative id what people coded: (coder, variable -> code).
        seed: for the draws behind intervals.
        given: what finds the tables ``interventions`` and ``chains``, by name; each is asked at most once.
        vocabulary: name of the user's file of interventions, "" if there is none.
    """

    narratives: pd.DataFrame
    codebook: Codebook
    interviews: pd.DataFrame
    source: Callable[[str], str]
    line: str = PARTICIPANT
    human: Mapping[str, list[tuple[str, dict[str, str]]]] = field(default_factory=dict)
    seed: int = 0
    given: Mapping[str, Callable[[], pd.DataFrame]] = field(default_factory=dict)
    vocabulary: str = ""

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The line's narratives with known person and wave, in order, with ``label`` ("2.5")."""
        rows = rows_of_line(self.narratives, self.line, self.interviews)
        counted = rows.groupby(["person", "wave"]).cumcount() + 1
        prefix = "" if self.line == PARTICIPANT else say("display.professional_prefix")
        return rows.assign(label=prefix + rows["wave"].astype(str) + "." + counted.astype(str))

    @cached_property
    def labels(self) -> dict[str, str]:
        """Per narrative id its label."""
        return dict(zip(self.rows["narrative_id"], self.rows["label"], strict=True))

    @cached_property
    def by_id(self) -> dict[str, dict[str, Any]]:
        """Per narrative id its row."""
        return {str(row["narrative_id"]): row for row in self.rows.to_dict("records")}  # type: ignore[misc]

    @cached_property
    def persons(self) -> tuple[str, ...]:
        """Everybody who was interviewed or has narratives, in order."""
        return tuple(sorted(self.profiles["person"].unique()))

    @cached_property
    def waves(self) -> tuple[int, ...]:
        """Every wave of anybody, in order."""
        return tuple(sorted(int(wave) for wave in self.profiles["wave"].unique()))

    @cached_property
    def ranked(self) -> tuple[Variable, ...]:
        """The codebook's ranked variables."""
        return tuple(variable for variable in self.codebook.variables if variable.ranked)

    @cached_property
    def profiles(self) -> pd.DataFrame:
        """As :func:`narratives.agency.profiles`."""
        return self._measured("profiles", waves=self.interviews, seed=self.seed)

    @cached_property
    def distributions(self) -> pd.DataFrame:
        """As :func:`narratives.agency.distributions`."""
        return self._measured("distributions", waves=self.interviews, seed=self.seed)

    @cached_property
    def shifts(self) -> pd.DataFrame:
        """As :func:`narratives.agency.shifts`."""
        return self._measured("shifts", waves=self.interviews, seed=self.seed)

    @cached_property
    def turning_points(self) -> pd.DataFrame:
        """As :func:`narratives.agency.turning_points`."""
        return self._measured("turning_points", seed=self.seed, interviews=self.interviews)

    @cached_property
    def pointes(self) -> pd.DataFrame:
        """As :func:`narratives.agency.pointes`, by all variables."""
        return self._measured("pointes", interviews=self.interviews)

    @cached_property
    def telling(self) -> dict[str, pd.DataFrame]:
        """Per ranked variable the two narratives with a rank that best stand for each person and wave in it."""
        return {variable.name: self._telling(variable) for variable in self.ranked}

    def _telling(self, variable: Variable) -> pd.DataFrame:
        from narratives.agency import pointes

        ranked = [code.name for code in variable.codes if code.rank is not None]
        rows = self.rows[self.rows[variable.name].isin(ranked)]
        return pointes(rows, self.codebook, line=self.line, variables=[variable.name], count=2)

    @cached_property
    def interventions(self) -> pd.DataFrame | None:
        """Mentions of interventions in the line's narratives; None where they were not looked for."""
        return self._of_line("interventions")

    @cached_property
    def chains(self) -> pd.DataFrame | None:
        """Chains of intervention and consequence in the line's narratives; None as above."""
        return self._of_line("chains")

    def _of_line(self, name: str) -> pd.DataFrame | None:
        """A given table's rows of this line, in the order of telling, person and wave as the line has them."""
        if name not in self.given:
            return None
        table = self.given[name]()
        places = {key: place for place, key in enumerate(self.labels)}
        table = table[table["narrative_id"].isin(list(places))]
        table = table.sort_values("narrative_id", key=lambda ids: ids.map(places), kind="stable", ignore_index=True)
        keys = self.rows.set_index("narrative_id")[["person", "wave"]].reindex(table["narrative_id"])
        return table.assign(person=keys["person"].to_numpy(), wave=keys["wave"].to_numpy())

    def of_person(self, person: str) -> pd.DataFrame:
        """A person's narratives in order."""
        return self.rows[self.rows["person"] == person]

    def told_by(self, person: str) -> list[dict[str, Any]]:
        """The same, a dict each: many small choices among few rows are faster than in pandas."""
        return self._told.get(person, [])

    @cached_property
    def _told(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.by_id.values():
            found.setdefault(str(row["person"]), []).append(row)
        return found

    def held(self, person: str) -> pd.DataFrame:
        """A person's interviews in the order of waves."""
        theirs = self.interviews[self.interviews["person"].astype(str) == person]
        return theirs.sort_values("wave", kind="stable")

    def quote(self, narrative_id: str, variables: tuple[Variable | None, ...] = ()) -> Quote:
        """A narrative to show, with its codes in ``variables`` (None takes the ranked ones)."""
        row = self.by_id[narrative_id]
        wanted = tuple(variable for variable in variables if variable is not None) or self.ranked
        return Quote(narrative_id, row["label"], row["text"], self.codes_note(narrative_id, wanted))

    def codes_note(self, narrative_id: str, variables: tuple[Variable, ...]) -> str:
        """The codes of a narrative: the model's with their probabilities, people's with their names."""
        row = self.by_id[narrative_id]
        codes = ", ".join(_code(row, variable.name) for variable in variables)
        notes = [say("display.by_model", codes=codes)]
        for coder, given in self.human.get(narrative_id, ()):
            theirs = ", ".join(given[variable.name] for variable in variables if variable.name in given)
            notes += [say("display.by_human", coder=coder, codes=theirs)] if theirs else []
        return " · ".join(notes)

    def _measured(self, name: str, **options: Any) -> pd.DataFrame:
        from narratives import agency

        table: pd.DataFrame = getattr(agency, name)(self.narratives, self.codebook, line=self.line, **options)
        return table


def _code(row: Mapping[str, Any], variable: str) -> str:
    share = row.get(f"{variable}_p")
    return f"{row[variable]} ({per_cent(share)})" if share is not None else str(row[variable])


def material_of(
    study: Study,
    line: str = PARTICIPANT,
    review: Review | None = None,
    seed: int = 0,
    vocabulary: str | Path | None = None,
) -> Material:
    """What the displays of a study draw on.

    Args:
        study: an annotated study.
        line: whose narratives.
        review: people's codes, shown beside the model's.
        seed: for the draws behind intervals.
        vocabulary: a file of more interventions; they are then looked for anew, whatever ``track`` has written.

    Raises:
        VocabularyError: if the vocabulary is not valid.
    """
    human = _human_codes(review, study.codebook) if review is not None else {}
    found = _found(study, vocabulary)
    given = {"interventions": lambda: found(0), "chains": lambda: found(1)}
    told = (study.narratives, study.codebook.spoken, study.interviews, study.source)
    return Material(*told, line, human, seed, given, Path(vocabulary).name if vocabulary is not None else "")


def _found(study: Study, vocabulary: str | Path | None) -> Callable[[int], pd.DataFrame]:
    """Mentions (0) and chains (1): as ``track`` wrote them, else found in one reading when first asked for."""
    from narratives.interventions import interventions_and_chains, load_vocabulary

    words = load_vocabulary(vocabulary) if vocabulary is not None else None

    @cache
    def both() -> tuple[pd.DataFrame, pd.DataFrame]:
        written = _written(study) if words is None else None
        read = (study.narratives, study.codebook)
        return written or interventions_and_chains(*read, sources=study.source, vocabulary=words)

    return lambda place: both()[place]


def _written(study: Study) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Mentions and chains as ``track`` wrote them; None unless it wrote both."""
    from narratives.interventions import CHAIN_COLUMNS, MENTION_COLUMNS

    mentions = _tracked(study, "interventions", MENTION_COLUMNS)
    links = _tracked(study, "chains", CHAIN_COLUMNS)
    return (mentions, links) if mentions is not None and links is not None else None


def _tracked(study: Study, name: str, columns: tuple[str, ...]) -> pd.DataFrame | None:
    """The table that ``narratives track`` has written, unless the narratives are newer."""
    path, narratives = (study.folder.table(table, ".parquet") for table in (name, "narratives"))
    if not path.exists() or path.stat().st_mtime < narratives.stat().st_mtime:
        return None
    table = pd.read_parquet(path)
    return table if set(columns) <= set(table.columns) else None


def _human_codes(review: Review, codebook: Codebook) -> dict[str, list[tuple[str, dict[str, str]]]]:
    found: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for row in review.coded.to_dict("records"):
        given = {name: str(row[name]) for name in codebook.names if isinstance(row.get(name), str)}
        found.setdefault(str(row["narrative_id"]), []).append((str(row.get("coder") or "?"), given))
    return found
