"""Small line charts as inline SVG, without a plotting library: legible in black and white, read aloud by title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from narratives.messages.numbers import number

__all__ = ["Line", "line_chart"]

_WIDTH, _HEIGHT = 360, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 12, 44
_TICKS = 5


@dataclass(frozen=True)
class Line:
    """A line of points (x, y).

    Attributes:
        dashed: drawn thin and dashed, as for what would be ideal.
        marked: with a dot on each point.
    """

    points: Sequence[tuple[float, float]]
    dashed: bool = False
    marked: bool = False


def line_chart(lines: Sequence[Line], title: str, x_label: str, y_label: str, y_top: float = 1.0) -> str:
    """An <svg> element; both axes begin at 0, x ends at 1.

    Args:
        title: said by screen readers.
        y_top: where the y axis ends.
    """
    drawn = [_axis(x_label, y_label, y_top), *(_line(line, y_top) for line in lines)]
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} font-size="12">'
    return f"{opening}<title>{escape(title)}</title>{''.join(drawn)}</svg>"


def _place(x: float, y: float, y_top: float) -> tuple[float, float]:
    """Pixels of a point."""
    width, height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    return round(_LEFT + width * min(1.0, max(0.0, x)), 1), round(
        _TOP + height * (1 - min(1.0, max(0.0, y / y_top))), 1
    )


def _line(line: Line, y_top: float) -> str:
    places = [_place(x, y, y_top) for x, y in line.points]
    path = " ".join(f"{x},{y}" for x, y in places)
    look = 'stroke="#666" stroke-dasharray="5 4"' if line.dashed else 'stroke="#0072b2" stroke-width="2"'
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="4" fill="#0072b2"/>' for x, y in places) if line.marked else ""
    return f'<polyline points="{path}" fill="none" {look}/>{dots}'


def _axis(x_label: str, y_label: str, y_top: float) -> str:
    parts = []
    for step in range(_TICKS + 1):
        share = step / _TICKS
        x, bottom = _place(share, 0, y_top)
        left, y = _place(0, share * y_top, y_top)
        parts.append(f'<line x1="{left}" y1="{y}" x2="{_WIDTH - _RIGHT}" y2="{y}" stroke="#ddd"/>')
        parts.append(f'<text x="{x}" y="{bottom + 16}" text-anchor="middle">{number(share, 1)}</text>')
        parts.append(f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{number(share * y_top)}</text>')
    middle = (_WIDTH + _LEFT - _RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{_HEIGHT - 8}" text-anchor="middle">{escape(x_label)}</text>')
    height = (_HEIGHT - _BOTTOM + _TOP) / 2
    turned = f'transform="rotate(-90 12 {height})"'
    parts.append(f'<text x="12" y="{height}" text-anchor="middle" {turned}>{escape(y_label)}</text>')
    return "".join(parts)
