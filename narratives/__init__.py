"""Short narratives in Danish interviews: found, coded for agency and work identity, followed over time.

    >>> import narratives
    >>> study = narratives.annotate("interviews", "study")  # doctest: +SKIP
    >>> study.narratives[["person", "wave", "text", "agency", "agency_p"]]  # doctest: +SKIP

Names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from narratives.classify import Classifier, Predictions, load_classifier
    from narratives.codebook import Codebook, load_codebook
    from narratives.errors import NarrativesError
    from narratives.study import Study, annotate, load

__all__ = [
    "Classifier",
    "Codebook",
    "NarrativesError",
    "Predictions",
    "Study",
    "annotate",
    "load",
    "load_classifier",
    "load_codebook",
]

_HOMES = {
    "Classifier": "narratives.classify",
    "Codebook": "narratives.codebook",
    "NarrativesError": "narratives.errors",
    "Predictions": "narratives.classify",
    "Study": "narratives.study",
    "annotate": "narratives.study",
    "load": "narratives.study",
    "load_classifier": "narratives.classify",
    "load_codebook": "narratives.codebook",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """The public names, for tab completion."""
    return sorted(__all__)
