"""Which reader takes which file."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from narratives.errors import NarrativesError, UnknownFormat
from narratives.files import nfc
from narratives.messages import say
from narratives.reading.asr import read_json, read_noscribe
from narratives.reading.contents import content_of
from narratives.reading.elan import read_elan
from narratives.reading.opendocument import read_odt
from narratives.reading.pdf import read_pdf
from narratives.reading.refusals import note, unreadable
from narratives.reading.rtf import read_rtf
from narratives.reading.source import Source
from narratives.reading.subtitles import read_srt, read_vtt
from narratives.reading.tables import read_csv, read_plain, read_xlsx
from narratives.reading.text import read_text
from narratives.reading.word import read_docx

__all__ = ["READERS", "extract"]

READERS: dict[str, Callable[[Path], Source]] = {
    ".txt": read_plain,
    ".md": read_text,
    ".markdown": read_text,
    ".docx": read_docx,
    ".odt": read_odt,
    ".rtf": read_rtf,
    ".pdf": read_pdf,
    ".vtt": read_vtt,
    ".srt": read_srt,
    ".json": read_json,
    ".html": read_noscribe,
    ".htm": read_noscribe,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".xlsx": read_xlsx,
    ".eaf": read_elan,
}
"""Readers by file ending (lower case)."""

_BY_CONTENT = {kind: f".{kind}" for kind in ("docx", "odt", "rtf", "pdf", "xlsx", "html", "vtt", "srt", "eaf")}
_SAME = {".htm": ".html"}
_REFUSED = frozenset(
    {"empty", "doc", "xls", "ole", "protected", "image", "audio", "archive", "project", "pages", "slides"}
)
_BINARY = frozenset({".docx", ".odt", ".rtf", ".pdf", ".xlsx"})
_HEAD = 2000
_CODED_SEGMENTS = re.compile(r"<[^<>\n]{3,200}>\s*[-–]\s*§\s*\d+\s+referen", re.IGNORECASE)
_GARBLED = re.compile("Ã[¦¸¥†˜…\x86\x98\x85]|\ufffd")
_MANY = 5
_ADVICE = {
    **dict.fromkeys((".mp3", ".wav", ".m4a", ".mp4", ".wma", ".mov", ".ogg", ".aac", ".amr"), "audio"),
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".gif"), "image"),
    **dict.fromkeys((".nvp", ".nvpx", ".mx20", ".mx22", ".mx24", ".atlproj", ".qdpx", ".qda", ".qde"), "project"),
    ".doc": "doc",
    ".xls": "xls",
    ".pages": "pages",
}


def extract(path: Path) -> Source:
    """Read ``path`` with the reader for its ending, or for its content where the two differ.

    A Word document saved as ``.doc`` may be RTF inside, a Zoom transcript ``.txt`` may be VTT: such files are
    read as what they are, and a note says so.

    Raises:
        UnreadableFile: if the file is empty, broken, protected, too big, or not what its name says.
        UnknownFormat: if no reader knows its ending or content.
    """
    if path.name.startswith("~$"):
        raise unreadable(path, "lock")
    suffix, content = path.suffix.lower(), content_of(path)
    if content in _REFUSED:
        raise unreadable(path, _ADVICE.get(suffix, content) if content == "archive" else content)
    inside = _BY_CONTENT.get(content, "")
    if inside and inside != _SAME.get(suffix, suffix):
        source = _read(path, inside)
        return replace(source, notes=(note(path, "content", suffix=suffix or "?", format=inside), *source.notes))
    _refuse_mismatch(path, suffix, content)
    return _read(path, suffix)


def _refuse_mismatch(path: Path, suffix: str, content: str) -> None:
    """Refuse endings without a reader, and text or rubbish under the name of a binary format."""
    if suffix in _ADVICE:
        raise unreadable(path, _ADVICE[suffix])
    if suffix not in READERS:
        raise UnknownFormat(say("formats.unknown", file=nfc(path.name), suffix=suffix))
    if content == "broken zip":
        raise unreadable(path, "broken", format=suffix)
    if suffix in _BINARY and content == "text":
        raise unreadable(path, "not_inside", suffix=suffix)


def _read(path: Path, suffix: str) -> Source:
    """Read, and turn whatever a library raises on a broken file into one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            source = READERS[suffix](path)
    except NarrativesError:
        raise
    except Exception as error:  # parsers raise anything at all on damaged input
        raise unreadable(path, "broken", format=suffix) from error
    if not source.text.strip():
        raise unreadable(path, "no_text")
    if _CODED_SEGMENTS.search(source.text[:_HEAD]):
        raise unreadable(path, "coded_segments")
    garbled = _GARBLED.findall(source.text)
    if len(garbled) < _MANY:
        return source
    found = ", ".join(f"»{pair}«" for pair in dict.fromkeys(garbled))
    return replace(source, notes=(*source.notes, note(path, "garbled", found=found)))
