"""How persons' narratives move between interviews: pure functions on the table of narratives.

Every function takes the ``narratives`` table of a study (or any table with its columns) and the
codebook, and gives a long table in which each number lists the ``narrative_ids`` behind it. Variables
are found by the codebook's ranks and roles. Without ``line="professional"`` only the participants'
narratives count; the two lines are never mixed.
"""

from __future__ import annotations

from narratives.measuring.contrasts import group_contrasts
from narratives.measuring.corrected import corrected_means, corrected_shares, corrected_shifts
from narratives.measuring.corrected_groups import corrected_group_shifts, corrected_groups
from narratives.measuring.corrected_persons import corrected_codes, corrected_person_shifts, corrected_profiles
from narratives.measuring.dominance import dominant
from narratives.measuring.groups import by_group, group_shifts
from narratives.measuring.planes import movements, plane
from narratives.measuring.pointe import pointes
from narratives.measuring.profiles import distributions, profiles
from narratives.measuring.reviewing import Review, check_review, read_review
from narratives.measuring.sampling import draw_sample, review_sheet, write_review
from narratives.measuring.shifts import VERDICTS, shifts
from narratives.measuring.turning_points import turning_points

__all__ = [
    "VERDICTS",
    "Review",
    "by_group",
    "check_review",
    "corrected_codes",
    "corrected_group_shifts",
    "corrected_groups",
    "corrected_means",
    "corrected_person_shifts",
    "corrected_profiles",
    "corrected_shares",
    "corrected_shifts",
    "distributions",
    "dominant",
    "draw_sample",
    "group_contrasts",
    "group_shifts",
    "movements",
    "plane",
    "pointes",
    "profiles",
    "read_review",
    "review_sheet",
    "shifts",
    "turning_points",
    "write_review",
]
