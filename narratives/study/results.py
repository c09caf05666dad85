"""What was found in one transcript, stored as soon as it is known.

One JSON file per transcript in ``STUDY/results``. It carries the key it was computed under, so a
later run can tell whether it still holds: same text, same speakers, same segmenter, same model,
same codebook, same settings. It holds transcript text, and therefore lies in the study folder and
nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from narratives.files import sha256_of, write_atomically
from narratives.narrative import Narrative, Omission
from narratives.transcript import Role, Transcript

__all__ = ["Result", "ResultStore", "result_key"]

_FORMAT = 1

Coding = dict[str, dict[str, float]]
"""Per variable, the calibrated probability of each code."""


@dataclass(frozen=True)
class Result:
    """Everything one transcript yields.

    Attributes:
        key: digest of all that the result depends on.
        interview: the transcript's row of ``interviews.csv``, plain values.
        narratives: in order of place.
        codings: per narrative, the probability of each code of each variable.
        review: per narrative, whether a person should look at its codes.
        windows: per narrative, in how many windows the model read it.
        omitted: participant speech that became no narrative.
        seconds: time spent on segmenting and coding.
    """

    key: str
    interview: Mapping[str, Any]
    narratives: tuple[Narrative, ...] = ()
    codings: tuple[Coding, ...] = ()
    review: tuple[bool, ...] = ()
    windows: tuple[int, ...] = ()
    omitted: tuple[Omission, ...] = ()
    seconds: float = 0.0
    format: int = field(default=_FORMAT)

    @property
    def name(self) -> str:
        """Name of the transcript."""
        return str(self.interview["transcript"])

    def to_json(self) -> str:
        """The result as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, content: str) -> Result:
        """The result written by :meth:`to_json`.

        Raises:
            ValueError: if the content is not such a result.
        """
        data = json.loads(content)
        try:
            if data["format"] != _FORMAT:
                raise ValueError(f"format {data['format']}")
            data["narratives"] = tuple(_narrative(item) for item in data["narratives"])
            data["omitted"] = tuple(_omission(item) for item in data["omitted"])
            for name in ("codings", "review", "windows"):
                data[name] = tuple(data[name])
            return cls(**data)
        except (KeyError, TypeError) as error:
            raise ValueError(str(error)) from error


class ResultStore:
    """The results of a study folder, one file each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Where the result of the transcript called ``name`` lies; names may hold slashes."""
        return self.folder / f"{name}.json"

    def get(self, name: str, key: str | None = None) -> Result | None:
        """The stored result, or None where there is none, it is damaged, or ``key`` differs."""
        try:
            result = Result.from_json(self.path(name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return result if key is None or result.key == key else None

    def put(self, result: Result) -> None:
        """Store a result in place of any earlier one."""
        write_atomically(self.path(result.name), result.to_json() + "\n")

    def remove(self, name: str) -> None:
        """Forget the result of a transcript; nothing happens if there is none."""
        self.path(name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        """Names of all stored results, sorted."""
        found = self.folder.rglob("*.json")
        return sorted(path.relative_to(self.folder).with_suffix("").as_posix() for path in found)

    def keep_only(self, names: Iterable[str]) -> None:
        """Remove results of transcripts that are no longer in the folder."""
        wanted = set(names)
        for name in self.names():
            if name not in wanted:
                self.remove(name)


def result_key(transcript: Transcript, *parts: str) -> str:
    """Digest of all a result depends on: the transcript as understood, and ``parts`` (models, settings)."""
    turns = json.dumps([[turn.speaker, turn.spans] for turn in transcript.turns])
    speakers = json.dumps([[s.label, s.role, s.person] for s in transcript.speakers])
    facts = json.dumps(
        [
            transcript.name,
            transcript.person,
            transcript.wave,
            str(transcript.date),
            sorted(transcript.attributes.items()),
        ]
    )
    return sha256_of(str(_FORMAT), transcript.sha256, turns, speakers, facts, *parts)


def _narrative(data: dict[str, Any]) -> Narrative:
    return Narrative(**{**data, "role": Role(data["role"]), "spans": _spans(data["spans"])})


def _omission(data: dict[str, Any]) -> Omission:
    return Omission(**{**data, "spans": _spans(data["spans"])})


def _spans(data: list[list[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in data)
