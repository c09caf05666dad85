"""Subtitles: WebVTT (Teams, Zoom, WhisperX) and SubRip."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from narratives.reading.cues import name_speakers
from narratives.reading.refusals import note, unreadable
from narratives.reading.source import Source, Utterance, render
from narratives.reading.text import read_decoded

__all__ = ["read_srt", "read_vtt", "source_of_cues"]

_VOICE = re.compile(r"<v(?:\.[\w.]+)?[ \t]+(?P<name>[^>\n]+)>")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>|<\d[\d:.]*>")
_STYLE = re.compile(r"\{\\[^{}]*\}")


def read_vtt(path: Path) -> Source:
    """The cues of a WebVTT file as turns: voices (``<v Name>``, as Teams writes them) or labels in the text (Zoom).

    Raises:
        UnreadableFile: if it is not text, or holds no cues.
        Exception: whatever webvtt raises on a broken file (:func:`extract` words it).
    """
    import webvtt

    text, encoding = read_decoded(path)
    captions = webvtt.from_string(text).captions
    if not captions:
        raise unreadable(path, "no_cues", format="vtt")
    cues = [u for caption in captions for u in _voices(caption.raw_text, caption.start_time.in_milliseconds() / 1000)]
    return source_of_cues(path, cues, "vtt", encoding)


def read_srt(path: Path) -> Source:
    """The cues of a SubRip file as turns, speakers by the labels in the text.

    Raises:
        UnreadableFile: if it is not text, or holds no cues.
    """
    from pysubs2 import SSAFile

    text, encoding = read_decoded(path)
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    events = SSAFile.from_string(plain, format_="srt", keep_html_tags=True)
    if not events:
        raise unreadable(path, "no_cues", format="srt")
    cues = [Utterance("", _without_tags(event.text.replace(r"\N", "\n")), event.start / 1000) for event in events]
    return source_of_cues(path, cues, "srt", encoding)


def source_of_cues(path: Path, cues: Sequence[Utterance], format_: str, encoding: str) -> Source:
    """A source whose turns are the cues, speakers inside their text found."""
    found = name_speakers(cues)
    notes = []
    if not found.named:
        notes.append(note(path, "no_speakers"))
    if found.dashes:
        notes.append(note(path, "dashes", count=found.dashes))
    text, turns = render(found.utterances)
    return Source(text, format_, encoding, turns, tuple(notes))


def _voices(raw: str, time: float) -> Iterator[Utterance]:
    """The voices of one cue, each with its text; text before the first voice belongs to nobody."""
    places = list(_VOICE.finditer(raw))
    before = raw[: places[0].start()] if places else raw
    yield Utterance("", _without_tags(before), time)
    for index, place in enumerate(places):
        end = places[index + 1].start() if index + 1 < len(places) else len(raw)
        yield Utterance(" ".join(html.unescape(place["name"]).split()), _without_tags(raw[place.end() : end]), time)


def _without_tags(text: str) -> str:
    """Cue text without italics, colours, inner times and the like; ``&amp;`` and its kin are characters."""
    return html.unescape(_STYLE.sub("", _TAG.sub("", text)))
