"""The plane of agency and work identity, and how persons move in it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from narratives.codebook import Codebook
from narratives.errors import CodebookError
from narratives.measuring.profiles import profiles
from narratives.measuring.shifts import shifts
from narratives.messages import say

__all__ = ["AXES", "MOVEMENT_COLUMNS", "PLANE_COLUMNS", "movements", "plane"]

AXES = ("agency", "identity")
"""Roles of the horizontal and the vertical variable."""

_MEASURES = ("", "_low", "_high")
PLANE_COLUMNS = ("person", "line", "wave", "n", *(axis + end for axis in AXES for end in _MEASURES), "narrative_ids")
_MOVED = ("from", "to", "difference", "low", "high", "verdict")
MOVEMENT_COLUMNS = (
    "person",
    "line",
    "wave_from",
    "wave_to",
    *(f"{axis}_{end}" for axis in AXES for end in _MOVED),
    "narrative_ids",
)


def plane(
    narratives: pd.DataFrame, codebook: Codebook, waves: pd.DataFrame | None = None, seed: int = 0, **options: Any
) -> pd.DataFrame:
    """Each person's place in the plane at each wave (the source study's Figure 5.2).

    Args:
        narratives, codebook, waves, seed: as for :func:`narratives.agency.profiles`.
        options: the rest of its arguments.

    Returns:
        one row per person and wave with :data:`PLANE_COLUMNS`: ``agency`` (horizontal) and ``identity``
        (vertical) are mean ranks with their intervals; NaN where a wave tells nothing of it.

    Raises:
        CodebookError: if the codebook has no ranked variable for one of :data:`AXES`.
    """
    names = _axis_names(codebook)
    table = profiles(narratives, codebook, waves, seed, variables=names, **options)
    keys = ["person", "line", "wave"]
    sides = []
    for axis, name in zip(AXES, names, strict=True):
        theirs = table[table["variable"] == name].set_index(keys)
        sides.append(theirs[["mean", "low", "high"]].set_axis([axis + end for end in _MEASURES], axis=1))
    facts = table[table["variable"] == names[0]].set_index(keys)[["n", "narrative_ids"]]
    return pd.concat([facts, *sides], axis=1).reset_index()[list(PLANE_COLUMNS)]


def movements(
    narratives: pd.DataFrame, codebook: Codebook, waves: pd.DataFrame | None = None, seed: int = 0, **options: Any
) -> pd.DataFrame:
    """Each person's movement in the plane from first to last wave, with the verdict along both axes.

    Args:
        narratives, codebook, waves, seed: as for :func:`narratives.agency.shifts`.
        options: the rest of its arguments.

    Returns:
        one row per person with two waves or more, with :data:`MOVEMENT_COLUMNS`.

    Raises:
        CodebookError: if the codebook has no ranked variable for one of :data:`AXES`.
    """
    names = _axis_names(codebook)
    table = shifts(narratives, codebook, waves, seed, variables=names, **options)
    table = table[table["span"] == "overall"].rename(columns={"mean_from": "from", "mean_to": "to"})
    keys = ["person", "line", "wave_from", "wave_to"]
    sides = []
    for axis, name in zip(AXES, names, strict=True):
        theirs = table[table["variable"] == name].set_index(keys)
        sides.append(theirs[list(_MOVED)].set_axis([f"{axis}_{end}" for end in _MOVED], axis=1))
    ids = table[table["variable"] == names[0]].set_index(keys)["narrative_ids"]
    return pd.concat([*sides, ids], axis=1).reset_index()[list(MOVEMENT_COLUMNS)]


def _axis_names(codebook: Codebook) -> tuple[str, str]:
    """Names of the variables on the two axes."""
    names = []
    for role in AXES:
        variable = codebook.with_role(role)
        if variable is None or not variable.ranked:
            raise CodebookError(say("agency.no_axis", role=role))
        names.append(variable.name)
    return names[0], names[1]
