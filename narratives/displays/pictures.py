"""Pictures in matplotlib: legible in black and white (line styles, markers), safe for the colour-blind.

Colours are those of Okabe & Ito (2008, *Color Universal Design*).
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from narratives.displays.svg import compact_svg
from narratives.errors import NarrativesError
from narratives.messages import say

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

__all__ = ["BLACK", "BLUE", "GREY", "STYLES", "VERMILION", "Picture", "Style", "legend_above"]

BLUE, VERMILION, GREEN, BLACK, GREY = "#0072B2", "#D55E00", "#009E73", "#000000", "#6b7280"

_RC = {
    "svg.fonttype": "none",
    "svg.hashsalt": "narratives",
    "font.size": 10,
    "font.sans-serif": ["DejaVu Sans", "Verdana"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#33404d",
}


@dataclass(frozen=True, slots=True)
class Style:
    """How a verdict is drawn: never told by colour alone."""

    colour: str
    line: str
    width: float


STYLES = {
    "gain": Style(BLUE, "solid", 2.0),
    "loss": Style(VERMILION, "dashed", 2.0),
    "stable": Style(BLACK, "solid", 0.9),
    "undecided": Style(GREY, "dotted", 1.2),
}


@dataclass(frozen=True)
class Picture:
    """A drawing that is made when it is asked for.

    Attributes:
        draw: draws into an empty figure.
        size: width and height in inches.
        alt: what it shows, for those who cannot see it.
        caption: how to read it.
        margins: inches left, below, right and above of the axes; None has matplotlib work them out, which
            takes half as long again as the drawing.
    """

    draw: Callable[[Figure], None]
    size: tuple[float, float]
    alt: str
    caption: str = ""
    margins: tuple[float, float, float, float] | None = None

    def figure(self) -> Figure:
        """The matplotlib figure.

        Raises:
            NarrativesError: if matplotlib is not installed.
        """
        pyplot_free = _matplotlib()
        with pyplot_free.rc_context(_RC):
            layout = "constrained" if self.margins is None else None
            figure = pyplot_free.figure.Figure(figsize=self.size, layout=layout)
            self._set_margins(figure)
            self.draw(figure)
        return figure

    def _set_margins(self, figure: Figure) -> None:
        if self.margins is not None:
            (width, height), (left, below, right, above) = self.size, self.margins
            figure.subplots_adjust(left / width, below / height, 1 - right / width, 1 - above / height)

    @cached_property
    def svg(self) -> str:
        """The drawing as SVG, text as text."""
        return self._saved("svg").decode("utf-8")

    def png(self, dpi: int = 160) -> bytes:
        """The drawing as PNG."""
        return self._saved("png", dpi=dpi)

    @property
    def data_uri(self) -> str:
        """The SVG, without what nobody sees, for ``src`` of an image."""
        return "data:image/svg+xml;base64," + base64.b64encode(compact_svg(self.svg).encode("utf-8")).decode("ascii")

    def _saved(self, kind: str, **options: Any) -> bytes:
        buffer = io.BytesIO()
        with _matplotlib().rc_context(_RC):
            metadata = {"Date": None} if kind == "svg" else None
            self.figure().savefig(buffer, format=kind, metadata=metadata, **options)
        return buffer.getvalue()


def legend_above(figure: Figure, handles: Iterable[Artist], names: Sequence[str]) -> None:
    """A legend in one line along the upper edge of a figure."""
    place: Any = "upper center" if figure.get_layout_engine() is None else "outside upper center"
    figure.legend(list(handles), list(names), loc=place, ncols=max(1, len(names)), frameon=False, fontsize=8)


def _matplotlib() -> Any:
    try:
        import matplotlib
        import matplotlib.figure
    except ImportError as error:
        raise NarrativesError(say("display.no_matplotlib")) from error
    return matplotlib
