"""Coded texts as plain data: who coded what, how surely, and what that makes together.

Disagreement is information. A text keeps every coder's codes; what training sees is the share of
the coders behind each code (a soft label), what figures are counted against is the code most chose.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from narratives.codebook import Codebook

if TYPE_CHECKING:
    import numpy as np

__all__ = ["CodedData", "CodedText", "Coding"]


@dataclass(frozen=True, slots=True)
class Coding:
    """One coder's codes of one text.

    Attributes:
        coder: name of the coder; "" where unknown.
        codes: variable to code; variables not coded are left out.
        certainty: variable to certainty in (0, 1]; 1 where left out.
    """

    coder: str
    codes: Mapping[str, str]
    certainty: Mapping[str, float] = field(default_factory=dict)

    def sureness(self, variable: str) -> float:
        """Certainty of this coder about ``variable``, in (0, 1]."""
        return self.certainty.get(variable, 1.0)


@dataclass(frozen=True, slots=True)
class CodedText:
    """A text with all its codings.

    Attributes:
        id: unique in its data.
        text: what was coded, unaltered.
        person: who said it; the text's own id where that is not known.
        group: the set or part it belongs to; "" where there are none.
        codings: one per coder.
        split: "train", "dev", "test", "rest" or "" as the source says.
        place: file and row, for messages.
    """

    id: str
    text: str
    person: str
    group: str = ""
    codings: tuple[Coding, ...] = ()
    split: str = ""
    place: str = ""

    def shares(self, variable: str) -> dict[str, float]:
        """Share of the coders, weighted by certainty, behind each code: sums to 1, or empty if not coded."""
        votes: dict[str, float] = {}
        for coding in self.codings:
            if variable in coding.codes:
                code = coding.codes[variable]
                votes[code] = votes.get(code, 0.0) + coding.sureness(variable)
        total = sum(votes.values())
        return {code: vote / total for code, vote in votes.items()}

    def code(self, variable: str) -> str | None:
        """The code with the largest share (the first coder's on a tie), or None if not coded."""
        shares = self.shares(variable)
        return max(shares, key=lambda code: shares[code]) if shares else None

    def certainty(self, variable: str) -> float:
        """Mean certainty of those who coded ``variable``, in [0, 1]; 0 if nobody did."""
        sure = [coding.sureness(variable) for coding in self.codings if variable in coding.codes]
        return sum(sure) / len(sure) if sure else 0.0


@dataclass(frozen=True)
class CodedData:
    """Coded texts and the codebook they were coded by.

    Attributes:
        texts: in the order read.
        codebook: the variables coded, with all codes.
        source: where the data came from, for reports.
        notes: what was noticed or decided while reading, one sentence each.
        persons_known: whether persons come from the data; if not, each text is its own person.
        keep_neighbours: whether persons next to each other in a group belong on one side of a split.
    """

    texts: tuple[CodedText, ...]
    codebook: Codebook
    source: str = ""
    notes: tuple[str, ...] = ()
    persons_known: bool = True
    keep_neighbours: bool = False

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def persons(self) -> list[str]:
        """All persons, sorted."""
        return sorted({text.person for text in self.texts})

    def where(self, keep: Callable[[CodedText], bool]) -> CodedData:
        """The data with only the texts that ``keep`` accepts."""
        return replace(self, texts=tuple(text for text in self.texts if keep(text)))

    def of_persons(self, persons: Sequence[str] | set[str]) -> CodedData:
        """The data of some persons."""
        wanted = set(persons)
        return self.where(lambda text: text.person in wanted)

    def targets(self, variable: str) -> np.ndarray:
        """Soft labels, shape (n, codes) in label order; rows sum to 1, or are all 0 where not coded."""
        import numpy as np

        labels = self.codebook[variable].labels
        rows = [[text.shares(variable).get(label, 0.0) for label in labels] for text in self.texts]
        return np.array(rows, dtype=float).reshape(len(self.texts), len(labels))

    def hard(self, variable: str) -> np.ndarray:
        """Index of the code most coders chose, shape (n,), int; -1 where not coded."""
        import numpy as np

        place = {label: index for index, label in enumerate(self.codebook[variable].labels)}
        return np.array([place.get(text.code(variable) or "", -1) for text in self.texts], dtype=int)

    def certainty(self, variable: str) -> np.ndarray:
        """Mean certainty of the coders, shape (n,), in [0, 1]; 0 where not coded."""
        import numpy as np

        return np.array([text.certainty(variable) for text in self.texts], dtype=float)
