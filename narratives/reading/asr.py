"""What speech recognition leaves: WhisperX, aTrain and Whisper JSON, noScribe HTML."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from narratives.reading.markup import local_name
from narratives.reading.refusals import unreadable
from narratives.reading.source import Source, Utterance
from narratives.reading.subtitles import source_of_cues
from narratives.reading.text import read_decoded

__all__ = ["read_json", "read_noscribe"]

_SPEAKER_KEYS = ("speaker", "speaker_name", "speaker_label", "speaker_id")
_ANCHOR = re.compile(r"ts_(?P<start>\d+)_\d+_(?P<overlap>//)?(?P<speaker>.*)", re.DOTALL)
_STAMP = re.compile(r"\[\d{1,2}:\d\d:\d\d(?:\.\d+)?\]")
_OPENING = re.compile(r"\s*(?://\s*)?(?P<label>[^\s:/(\[][^:/\n]{0,62}):")
_ASIDE = re.compile(r"\s*(?:\([^()]*\)\s*)*")


def read_json(path: Path) -> Source:
    """The segments of WhisperX, aTrain or Whisper JSON as turns.

    Speakers are those of the segments; where the words of one segment have several, those of the words. Without any
    speakers, labels inside the text are looked for.

    Raises:
        UnreadableFile: if it is not text, or JSON without a list of segments.
        Exception: what json raises on a broken file (:func:`extract` words it).
    """
    text, encoding = read_decoded(path)
    content = json.loads(text)
    segments = content.get("segments") if isinstance(content, dict) else content
    if not isinstance(segments, list) or not any(isinstance(s, dict) and "text" in s for s in segments):
        raise unreadable(path, "no_segments")
    cues = [u for segment in segments if isinstance(segment, dict) for u in _segment(segment)]
    return source_of_cues(path, cues, "json", encoding)


def _segment(segment: Mapping[str, Any]) -> Iterator[Utterance]:
    """The utterances of a segment: one, or one for each run of words by one speaker."""
    speaker, time = _speaker(segment), _seconds(segment.get("start"))
    runs = _runs(segment.get("words"), speaker)
    if len({name for name, _, _ in runs}) > 1:
        for name, words, start in runs:
            yield Utterance(name, " ".join(words), time if start is None else start)
        return
    name = speaker or (runs[0][0] if runs else "")
    yield Utterance(name, str(segment.get("text") or ""), time)


def _runs(words: Any, speaker: str) -> list[tuple[str, list[str], float | None]]:
    """Words by speaker, in order; a word that names nobody belongs to the speaker before."""
    runs: list[tuple[str, list[str], float | None]] = []
    for word in words if isinstance(words, list) else []:
        if not isinstance(word, dict):
            continue
        name = _speaker(word) or (runs[-1][0] if runs else speaker)
        if not runs or runs[-1][0] != name:
            runs.append((name, [], _seconds(word.get("start"))))
        runs[-1][1].append(str(word.get("word") or word.get("text") or "").strip())
    return runs


def _speaker(part: Mapping[str, Any]) -> str:
    found = next((part[key] for key in _SPEAKER_KEYS if isinstance(part.get(key), str | int)), "")
    return " ".join(str(found).split()).rstrip(":")


def _seconds(value: Any) -> float | None:
    try:
        time = float(value)
    except (TypeError, ValueError):
        return None
    return time if math.isfinite(time) and time >= 0 else None


def read_noscribe(path: Path) -> Source:
    """The transcript that noScribe saves: anchors ``ts_<ms>_<ms>_S01``, overlapping speech as ``//S02: ...//``.

    The name in the text counts, for the editor renames speakers there; time stamps shown in the text are dropped.

    Raises:
        UnreadableFile: if it is another web page.
    """
    from lxml import html

    text, encoding = read_decoded(path)
    root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    cues = list(_anchored(root))
    if not cues:
        raise unreadable(path, "web_page")
    return source_of_cues(path, cues, "noscribe", encoding)


def _anchored(root: Any) -> Iterator[Utterance]:
    """One utterance for each anchor with speech."""
    names: dict[str, str] = {}
    for anchor in root.iter("a"):
        found = _ANCHOR.fullmatch(anchor.get("name") or "")
        if found is None:
            continue
        key, words = found["speaker"], _STAMP.sub(" ", _shown(anchor))
        first = bool(found["overlap"]) or _opens_paragraph(anchor)
        opening = _OPENING.match(words) if first and key else None
        if opening:
            names[key] = " ".join(opening["label"].split())
            words = words[opening.end() :]
        words = _without_slashes(words)
        if key or not _ASIDE.fullmatch(words):
            yield Utterance(names.get(key, key), words, int(found["start"]) / 1000)


def _shown(anchor: Any) -> str:
    """Text of an anchor, line breaks as blanks."""
    pieces = [anchor.text or ""]
    for child in anchor.iter():
        if child is not anchor:
            pieces.append(" " if local_name(child) == "br" else child.text or "")
            pieces.append(child.tail or "")
    return "".join(pieces)


def _opens_paragraph(anchor: Any) -> bool:
    """Whether it is the first anchor of its paragraph, where noScribe writes the speaker's name."""
    before = anchor.getprevious()
    return before is None or local_name(before) != "a"


def _without_slashes(words: str) -> str:
    """Without the marks around overlapping speech, which may end in the next anchor."""
    return re.sub(r"^\s*//|//\s*$", "", words)
