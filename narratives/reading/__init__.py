"""Reading: files of many formats become transcripts with turns, roles, persons and waves."""

from narratives.reading.folder import Reading, read_folder
from narratives.reading.one_file import read_transcript

__all__ = ["Reading", "read_folder", "read_transcript"]
