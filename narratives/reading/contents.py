"""What a file is inside, whatever its name says."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from narratives.messages import say
from narratives.reading.refusals import unreadable
from narratives.reading.text import decode

__all__ = ["content_of"]

_HEAD = 4096
_MB = 1 << 20
_MOST_ON_DISK = 512
_MOST_XML = 256
_MOST_UNPACKED = 1024

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"BM", "bitmap"),
    (b"ID3", "audio"),
    (b"\xff\xfb", "audio"),
    (b"OggS", "audio"),
    (b"fLaC", "audio"),
    (b"\x1aE\xdf\xa3", "audio"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"SQLite format 3\x00", "project"),
)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_SRT = re.compile(r"\s*\d+\s*\n\s*\d{1,2}:\d\d:\d\d[,.]\d{1,3}\s*-->")


def content_of(path: Path) -> str:
    """What ``path`` holds.

    Returns:
        "docx", "odt", "xlsx", "pdf", "rtf", "html", "vtt", "srt", "eaf" for what readers know by content; "doc",
        "xls", "ole", "protected", "image", "audio", "archive", "project", "pages", "slides" for what
        cannot be read; "empty"; "text" for all else, binary rubbish included.

    Raises:
        UnreadableFile: if the file cannot be opened, or would unpack to more than any transcript.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise unreadable(path, "cannot_open", reason=_reason(error)) from error
    if size > _MOST_ON_DISK * _MB:
        raise unreadable(path, "too_big", size=size // _MB, limit=_MOST_ON_DISK)
    if not head.strip(b"\xef\xbb\xbf \t\r\n\x00") and size <= _HEAD:
        return "empty"
    return _by_signature(path, head) or _by_text(head)


def _reason(error: OSError) -> str:
    """Why a file does not open, in the language in force where it is one of the usual reasons."""
    kinds = ((FileNotFoundError, "missing"), (PermissionError, "denied"))
    known = next((say(f"formats.reason_{name}") for kind, name in kinds if isinstance(error, kind)), "")
    return known or error.strerror or type(error).__name__


def _by_signature(path: Path, head: bytes) -> str:
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _in_zip(path)
    if head[4:8] == b"ftyp":
        return "image" if head[8:12] in (b"heic", b"heix", b"mif1", b"avif") else "audio"
    if head.startswith(b"RIFF"):
        return "image" if head[8:12] == b"WEBP" else "audio"
    found = next((kind for mark, kind in _SIGNATURES if head.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(mark)), "")
    if found == "bitmap":  # two letters are little evidence: text may begin with them
        return "image" if b"\x00" in head[:64] else ""
    return _in_ole(path) if found == "ole" else found


def _by_text(head: bytes) -> str:
    text = decode(head)[0]
    if _HTML.match(text):
        return "html"
    if text.startswith("WEBVTT"):
        return "vtt"
    if "<ANNOTATION_DOCUMENT" in text:
        return "eaf"
    return "srt" if _SRT.match(text) else "text"


def _in_zip(path: Path) -> str:
    """What a zip container is, by the parts it holds."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            mimetype = archive.read("mimetype")[:200] if "mimetype" in archive.namelist() else b""
    except Exception:  # a broken zip fails in many ways; the reader of the suffix will say so
        return "broken zip"
    _refuse_bombs(path, parts)
    return _by_mimetype(mimetype) or _by_parts({part.filename for part in parts})


def _by_mimetype(mimetype: bytes) -> str:
    kinds = (
        (b"opendocument.text", "odt"),
        (b"opendocument.spreadsheet", "xls"),
        (b"opendocument", "slides"),
        (b"epub", "slides"),
    )
    return next((kind for mark, kind in kinds if mark in mimetype), "")


def _by_parts(names: set[str]) -> str:
    marks = (
        ("word/", "docx"),
        ("xl/workbook.xml", "xlsx"),
        ("xl/", "xls"),
        ("ppt/", "slides"),
        ("Index/Document.iwa", "pages"),
        ("project.qde", "project"),
    )
    return next((kind for mark, kind in marks if any(name.startswith(mark) for name in names)), "archive")


def _refuse_bombs(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    """Refuse containers that would unpack to more than any transcript.

    The sizes are the container's own claim, but zipfile reads no further than it.
    """
    xml = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    total = sum(part.file_size for part in parts)
    for size, limit in ((xml, _MOST_XML), (total, _MOST_UNPACKED)):
        if size > limit * _MB:
            raise unreadable(path, "too_big", size=size // _MB, limit=limit)


def _in_ole(path: Path) -> str:
    """Which old Office format it is, by the names of its streams (UTF-16 in the directory)."""
    data = path.read_bytes()
    marks = (("EncryptedPackage", "protected"), ("WordDocument", "doc"), ("Workbook", "xls"))
    return next((kind for mark, kind in marks if mark.encode("utf-16-le") in data), "ole")
