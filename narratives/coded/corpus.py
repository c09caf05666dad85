"""The coded corpora that come with the package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.coded.reading import read_coded
from narratives.coded.records import CodedData, CodedText
from narratives.errors import CodedDataError
from narratives.messages import say
from narratives.shipped import shipped_folder

if TYPE_CHECKING:
    from datasets import DatasetDict

__all__ = ["CORPUS_PARTS", "corpus_folder", "load_corpus", "read_corpus"]

CORPUS_PARTS = {"transcripts": "coded", "singles": "singles", "natural": "natural"}
"""Parts of the agency corpus and the files that hold them."""


def corpus_folder(name: str = "agency") -> Path:
    """Where a shipped corpus lies.

    Raises:
        CodedDataError: if there is none of that name.
    """
    folder = shipped_folder("corpora") / name
    if not folder.is_dir():
        raise CodedDataError(say("coded.no_corpus", name=name))
    return folder


def read_corpus(name: str = "agency", parts: Sequence[str] = ()) -> CodedData:
    """The corpus as :class:`CodedData`, all coders' codes and the fixed split by person in it.

    Args:
        parts: any of :data:`CORPUS_PARTS`; none means all.

    Raises:
        CodedDataError: for an unknown corpus or part.
    """
    folder = corpus_folder(name)
    unknown = [part for part in parts if part not in CORPUS_PARTS]
    if unknown:
        raise CodedDataError(say("coded.no_part", part=unknown[0], parts=", ".join(CORPUS_PARTS)))
    return read_coded([folder / f"{CORPUS_PARTS[part]}.jsonl" for part in parts or CORPUS_PARTS])


def load_corpus(name: str = "agency", parts: Sequence[str] = ()) -> DatasetDict:
    """The corpus as a Hugging Face ``DatasetDict`` with the splits "rest" and "test", in memory only.

    Columns: id, text, person, group, and for each variable V the code most coders chose (``V``), the
    share of the coders behind it (``V_share``) and their mean certainty (``V_certainty``).

    Args:
        parts: any of :data:`CORPUS_PARTS`; none means all.
    """
    from datasets import Dataset, DatasetDict

    data = read_corpus(name, parts)
    sides = {"rest": data.where(lambda t: t.split != "test"), "test": data.where(lambda t: t.split == "test")}
    return DatasetDict(
        {side: Dataset.from_list([_record(text, data) for text in part.texts]) for side, part in sides.items()}
    )


def _record(text: CodedText, data: CodedData) -> dict[str, Any]:
    record: dict[str, Any] = {"id": text.id, "text": text.text, "person": text.person, "group": text.group}
    for variable in data.codebook.names:
        code = text.code(variable)
        record[variable] = code
        record[f"{variable}_share"] = text.shares(variable)[code] if code else 0.0
        record[f"{variable}_certainty"] = text.certainty(variable)
    return record
