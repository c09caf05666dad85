"""Interactive pictures in Altair that load nothing from outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.errors import NarrativesError
from narratives.files import writing
from narratives.messages import language, say

if TYPE_CHECKING:
    from narratives.codebook import Variable
    from narratives.displays.material import Material

__all__ = ["plane_chart", "save_chart"]

_LOCALES = {
    name: {"number": {"decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", ""]}}
    for name, decimal, thousands in (("da", ",", "."), ("en", ".", ","))
}
"""How each language writes numbers."""


def plane_chart(material: Material) -> Any:
    """Everybody's course in the plane: point at a course to see its wave and numbers.

    Each point carries the ids of its narratives (``narrative_ids``).

    Raises:
        CodebookError: if the codebook has no ranked variable for one of the axes.
        NarrativesError: if Altair is not installed.
    """
    altair = _altair()
    from narratives.agency import plane

    table = plane(material.narratives, material.codebook, material.interviews, material.seed, line=material.line)
    table = table.dropna(subset=["agency", "identity"])
    table["wave"] = table["wave"].astype(int)
    axes = [material.codebook.with_role(role) for role in ("agency", "identity")]
    across, upward = (
        {"shorthand": f"{role}:Q", "title": variable.label, "scale": altair.Scale(domain=[0, _top(variable)])}
        for role, variable in zip(("agency", "identity"), axes, strict=True)
        if variable is not None
    )
    base = altair.Chart(table).encode(
        x=altair.X(**across),
        y=altair.Y(**upward),
        detail="person:N",
        tooltip=[altair.Tooltip(name, title=title, **form) for name, title, form in _told(axes)],
    )
    chosen = altair.selection_point(fields=["person"], on="pointerover", empty=True)
    opacity = altair.condition(chosen, altair.value(1.0), altair.value(0.12))
    lines = base.mark_line(color="#0072B2").encode(order="wave:Q", opacity=opacity)
    shape = altair.Shape("wave:N", title=say("display.wave_column"))
    points = base.mark_point(filled=True, size=60, color="#D55E00").encode(opacity=opacity, shape=shape)
    layers = (lines + points.add_params(chosen)).properties(width=520, height=420, title=say("display.6.title"))
    return layers.configure(locale=_LOCALES[language()])


def save_chart(chart: Any, path: str | Path) -> None:
    """Write a chart as an HTML file that holds its scripts itself (about 1 MB)."""
    with writing(Path(path)) as temporary:
        chart.save(str(temporary), format="html", inline=True)


def _told(axes: Sequence[Variable | None]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """What pointing at a course tells: columns, what people call them, and how numbers are written."""
    yield "person", say("display.person"), {}
    yield "wave", say("display.wave_column"), {}
    yield "n", say("display.n"), {}
    for role, variable in zip(("agency", "identity"), axes, strict=True):
        yield role, variable.label if variable is not None else role, {"format": ".2f"}


def _top(variable: Any) -> int:
    return max(code.rank for code in variable.codes if code.rank is not None)


def _altair() -> Any:
    try:
        import altair
    except ImportError as error:
        raise NarrativesError(say("display.no_altair")) from error
    return altair
