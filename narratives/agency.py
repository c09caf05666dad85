"""How persons' narratives move between interviews: pure functions on the table of narratives.

Every function takes the ``narratives`` table of a study (or any table with its columns) and the
codebook, and gives a long table in which each number lists the ``narrative_ids`` behind it. Variables
are found by the codebook's ranks and roles. Without ``line="professional"`` only the participants'
narratives count; the two lines are never mixed.
"""

from __future__ import annotations

from narratives.measuring.profiles import distributions, profiles
from narratives.measuring.shifts import VERDICTS, shifts

__all__ = ["VERDICTS", "distributions", "profiles", "shifts"]
