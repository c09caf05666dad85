"""How well a segmentation agrees with a coder's, on a common grid of units.

Both segmentations are given as a label for each unit: a narrative's number, or None outside
narratives. A boundary stands before a unit whose label differs from the one before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

__all__ = ["Agreement", "Labels", "agreement", "boundaries", "f1", "matched", "pk", "token_counts", "window_diff"]

Labels = Sequence[int | None]
"""For each unit of one speech the number of its narrative, or None."""


def boundaries(labels: Labels) -> list[int]:
    """Indexes of the units before which a boundary stands, in order; never 0."""
    return [i for i in range(1, len(labels)) if labels[i] != labels[i - 1]]


def matched(true: Sequence[int], found: Sequence[int], tolerance: int) -> int:
    """How many boundaries pair up one to one, at most ``tolerance`` units apart.

    Greedy from the left, which is optimal for points on a line and a fixed tolerance.
    """
    pairs = i = j = 0
    while i < len(true) and j < len(found):
        if abs(true[i] - found[j]) <= tolerance:
            pairs, i, j = pairs + 1, i + 1, j + 1
        elif true[i] < found[j]:
            i += 1
        else:
            j += 1
    return pairs


def f1(hits: int, true: int, found: int) -> float:
    """F1 from counts; 1 if there was nothing to find and nothing was found."""
    return 2 * hits / (true + found) if true + found else 1.0


def token_counts(true: Labels, found: Labels, sizes: Sequence[int]) -> tuple[int, int, int]:
    """Words in narratives in both, in the true, and in the found segmentation; ``sizes`` are words per unit."""
    both = sum(size for a, b, size in zip(true, found, sizes, strict=True) if a is not None and b is not None)
    in_true = sum(size for a, size in zip(true, sizes, strict=True) if a is not None)
    in_found = sum(size for b, size in zip(found, sizes, strict=True) if b is not None)
    return both, in_true, in_found


def window(true: Sequence[Labels]) -> int:
    """Half the mean length in units of the true segments, at least 1: the usual k of Pk and WindowDiff."""
    segments = sum(len(boundaries(labels)) + 1 for labels in true if labels)
    return max(1, round(sum(map(len, true)) / max(1, segments) / 2))


def pk(true: Labels, found: Labels, k: int) -> tuple[int, int]:
    """Windows of ``k`` units whose ends are wrongly held apart or together, and all windows.

    Beeferman, Berger & Lafferty (1999), "Statistical models for text segmentation", section 5.
    """
    pairs = _boundary_counts(true, found, k)
    return sum((a > 0) != (b > 0) for a, b in pairs), len(pairs)


def window_diff(true: Labels, found: Labels, k: int) -> tuple[int, int]:
    """Windows of ``k`` units with different numbers of boundaries, and all windows.

    Pevzner & Hearst (2002), "A critique and improvement of an evaluation metric", section 4.
    """
    pairs = _boundary_counts(true, found, k)
    return sum(a != b for a, b in pairs), len(pairs)


def _boundary_counts(true: Labels, found: Labels, k: int) -> list[tuple[int, int]]:
    """True and found boundaries in each window of ``k`` steps."""
    left, right = set(boundaries(true)), set(boundaries(found))
    windows = (range(i + 1, i + k + 1) for i in range(len(true) - k))
    return [(sum(j in left for j in steps), sum(j in right for j in steps)) for steps in windows]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Figures over several speeches together; all in [0, 1] but the densities.

    Attributes:
        token_f1: F1 of words being in a narrative.
        boundary_f1: F1 of boundaries at exactly the same place.
        boundary_f1_near: F1 of boundaries at most one sentence apart.
        pk, window_diff: errors; lower is better.
        density: narratives found per 1,000 words.
        true_density: the coders' narratives per 1,000 words.
    """

    token_f1: float
    boundary_f1: float
    boundary_f1_near: float
    pk: float
    window_diff: float
    density: float
    true_density: float

    @property
    def density_ratio(self) -> float:
        """Found density as a multiple of the coders'."""
        return self.density / self.true_density if self.true_density else float("inf")


def agreement(true: Sequence[Labels], found: Sequence[Labels], sizes: Sequence[Sequence[int]]) -> Agreement:
    """Compare segmentations of several speeches; counts are added up before rates are taken.

    Args:
        true, found: labels of the units of each speech.
        sizes: number of words of the units of each speech.
    """
    tokens = [sum(column) for column in zip(*map(token_counts, true, found, sizes), strict=True)]
    edges = [(boundaries(a), boundaries(b)) for a, b in zip(true, found, strict=True)]
    n_true, n_found = sum(len(a) for a, _ in edges), sum(len(b) for _, b in edges)
    exact, near = (sum(matched(a, b, tolerance) for a, b in edges) for tolerance in (0, 1))
    k = window(true)
    words = max(1, sum(map(sum, sizes)))
    return Agreement(
        token_f1=f1(*tokens),
        boundary_f1=f1(exact, n_true, n_found),
        boundary_f1_near=f1(near, n_true, n_found),
        pk=_rate([pk(a, b, k) for a, b in zip(true, found, strict=True)]),
        window_diff=_rate([window_diff(a, b, k) for a, b in zip(true, found, strict=True)]),
        density=1000 * sum(map(count, found)) / words,
        true_density=1000 * sum(map(count, true)) / words,
    )


def count(labels: Labels) -> int:
    """Number of narratives."""
    return len({label for label in labels if label is not None})


def _rate(counts: Sequence[tuple[int, int]]) -> float:
    """Errors among windows, all speeches together."""
    return sum(errors for errors, _ in counts) / max(1, sum(windows for _, windows in counts))


def average(figures: Sequence[Agreement]) -> Agreement:
    """The mean of each figure."""
    return Agreement(*(mean(getattr(one, name) for one in figures) for name in Agreement.__slots__))
