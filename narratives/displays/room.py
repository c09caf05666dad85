"""Where names fit beside points without covering each other."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["free_offsets"]

Box = tuple[float, float, float, float]

_WIDE = 0.62
"""Width of a letter, in font sizes."""

_GAP = 5.0
"""Points between a point and its name."""


def free_offsets(
    points: Sequence[tuple[float, ...]], names: Sequence[str], size: float, room: tuple[float, float]
) -> list[tuple[float, float] | None]:
    """For each name the first place round its point that is inside and covers no point and no earlier name.

    Args:
        points: (x, y) of each, in points of typography from the lower left corner.
        names: what is to be written beside each.
        size: of the font, in points.
        room: width and height there are, in points.

    Returns:
        per name (right, up) from its point to the name's lower left corner; None where there is no such place.
    """
    taken: list[Box] = [(x - 2, y - 2, x + 2, y + 2) for x, y in points]
    found: list[tuple[float, float] | None] = []
    for (x, y), name in zip(points, names, strict=True):
        width = _WIDE * size * len(name)
        places = _around(width, size)
        boxes = {at: (x + at[0], y + at[1], x + at[0] + width, y + at[1] + size) for at in places}
        offset = next((place for place, box in boxes.items() if _inside(box, room) and _free(box, taken)), None)
        found.append(offset)
        taken += [boxes[offset]] if offset is not None else []
    return found


def _around(width: float, height: float) -> list[tuple[float, float]]:
    """Above and below to the right, then to the left, then straight right, left, above, below."""
    left, below, middle = -width - _GAP, -height - _GAP, -height / 2
    return [
        (_GAP, _GAP - 1), (_GAP, below + 1), (left, _GAP - 1), (left, below + 1),
        (_GAP + 1, middle), (left - 1, middle), (-width / 2, _GAP), (-width / 2, below),
    ]  # fmt: skip


def _inside(box: Box, room: tuple[float, float]) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= room[0] and box[3] <= room[1]


def _free(box: Box, taken: Sequence[Box]) -> bool:
    return not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken)
