"""What every display is made of: a table of cells, each with the narratives behind it, and perhaps a picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.messages import say

if TYPE_CHECKING:
    import pandas as pd

    from narratives.displays.pictures import Picture

__all__ = ["Cell", "Display", "Quote", "templates"]


@dataclass(frozen=True, slots=True)
class Quote:
    """A narrative as it stands in a cell.

    Attributes:
        narrative_id: of the narrative.
        label: wave and number within it ("2.5"), as the report counts them.
        text: the narrative, unaltered.
        note: its codes, and whether model or person gave them.
    """

    narrative_id: str
    label: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A number or a word, the narratives behind it, and quotes.

    Attributes:
        text: what is read first; "" where the quotes say it all.
        narrative_ids: behind ``text``.
        quotes: shown in full.
    """

    text: str = ""
    narrative_ids: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()

    @property
    def plain(self) -> str:
        """The cell as text: quotes on lines of their own, each with its label."""
        quotes = [f"»{quote.text}« ({quote.label}; {quote.note})" for quote in self.quotes]
        return "\n".join(part for part in (self.text, *quotes) if part)


@dataclass(frozen=True)
class Display:
    """One of the study's displays: a table, and perhaps a picture of it.

    Attributes:
        number: 1-8, as in ``docs/displays.md``; 0 for a table outside the eight.
        title: of the table.
        columns: headings.
        rows: cells in the order of the columns.
        headings: how many cells of each row are its heading.
        notes: how to read it, one sentence each.
        picture: of the same numbers, or None.
        labels: how the report calls each narrative that is named here.
    """

    number: int
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    headings: int = 1
    notes: tuple[str, ...] = ()
    picture: Picture | None = None
    labels: Mapping[str, str] | None = None

    @property
    def narrative_ids(self) -> tuple[str, ...]:
        """Every narrative behind it, each once, in order of appearance."""
        found: dict[str, None] = {}
        for row in self.rows:
            for cell in row:
                found |= dict.fromkeys((*cell.narrative_ids, *(quote.narrative_id for quote in cell.quotes)))
        return tuple(found)

    @property
    def frame(self) -> pd.DataFrame:
        """The table as text, with the ids behind each row in a last column ``narrative_ids``."""
        import pandas as pd

        records = [[*(cell.plain for cell in row), _ids(row)] for row in self.rows]
        return pd.DataFrame(records, columns=[*self.columns, "narrative_ids"])

    def html(self, anchors: Mapping[str, str] | None = None, level: int = 3) -> str:
        """The display as an HTML fragment.

        Args:
            anchors: per narrative id the anchor of its quote in context on the same page; without them
                nothing is linked.
            level: of its heading, 1-6.
        """
        template = templates().get_template("display.html.j2")
        return str(template.module.display(self, anchors or {}, level))

    def save(self, path: str | Path) -> Path:
        """Write it as a file; the suffix decides: .docx, .html, .csv, .xlsx, or for its picture .png, .svg.

        Returns:
            the path written.

        Raises:
            NarrativesError: for another suffix, for a picture where there is none, or if the file cannot be written.
        """
        from narratives.displays.saving import save_display

        return save_display(self, path)

    def _repr_html_(self) -> str:
        return f"<style>{notebook_style()}</style>{self.html()}"

    def __repr__(self) -> str:
        return f"Display({self.number}, {self.title!r}: {len(self.rows)} rows)"


def _ids(row: tuple[Cell, ...]) -> str:
    ids = [name for cell in row for name in (*cell.narrative_ids, *(quote.narrative_id for quote in cell.quotes))]
    return ";".join(dict.fromkeys(ids))


def by_person(ids: Iterable[str], owners: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Ids that follow each other and are one person's, under the person's name.

    Args:
        ids: of narratives.
        owners: per id the person; may be empty.

    Returns:
        pairs of name and ids, which joined are ``ids``; the name is "" where all are the same person's.
    """
    groups = [(name, list(theirs)) for name, theirs in groupby(ids, key=lambda name: owners.get(name, ""))]
    several = len({name for name, _ in groups}) > 1
    return [(name if several else "", theirs) for name, theirs in groups]


@cache
def templates() -> Any:
    """The Jinja environment of displays and report: everything is escaped, and a missing name is an error."""
    import jinja2

    loader = jinja2.ChoiceLoader(
        [jinja2.PackageLoader("narratives.displays"), jinja2.PackageLoader("narratives.report")]
    )
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["say"] = say
    environment.filters["by_person"] = by_person
    return environment


@cache
def notebook_style() -> str:
    """The style of a display in a notebook."""
    return str(templates().get_template("display.css").render())
