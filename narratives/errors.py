"""Everything that can go wrong, as one tree.

::

    NarrativesError
    ├── ReadingError        a file cannot be read as a transcript
    │   ├── UnreadableFile      broken, empty, protected, or not what its name says
    │   └── UnknownFormat       no reader for this kind of file
    ├── MetadataError       the interviews table contradicts itself or the folder
    ├── CodebookError       a codebook is not valid
    ├── CodedDataError      coded data cannot be trained or evaluated on
    ├── ModelError          a model cannot be loaded or does not fit the codebook
    ├── SegmentationError   a pipeline lacks what segmentation needs
    ├── StudyError          a study folder is missing, damaged, or made by something else
    └── VocabularyError     a vocabulary of interventions is not valid

Each carries one sentence for people: the file, the place, what to do. Commands print that
sentence; only a bug shows a traceback.
"""

from __future__ import annotations

__all__ = [
    "CodebookError",
    "CodedDataError",
    "MetadataError",
    "ModelError",
    "NarrativesError",
    "ReadingError",
    "SegmentationError",
    "StudyError",
    "UnknownFormat",
    "UnreadableFile",
    "VocabularyError",
]


class NarrativesError(Exception):
    """Base of all errors that are meant for people."""


class ReadingError(NarrativesError):
    """A file cannot be read as a transcript."""


class UnreadableFile(ReadingError):
    """The file is broken, empty, protected, or not what its name says."""


class UnknownFormat(ReadingError):
    """There is no reader for this kind of file."""


class MetadataError(NarrativesError):
    """The interviews table contradicts itself or the folder."""


class CodebookError(NarrativesError):
    """A codebook is not valid."""


class CodedDataError(NarrativesError):
    """Coded data cannot be trained or evaluated on."""


class ModelError(NarrativesError):
    """A model cannot be loaded or does not fit the codebook."""


class SegmentationError(NarrativesError):
    """A pipeline lacks what segmentation needs."""


class StudyError(NarrativesError):
    """A study folder is missing, damaged, or made by something else."""


class VocabularyError(NarrativesError):
    """A vocabulary of interventions is not valid."""
