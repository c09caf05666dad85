from __future__ import annotations

import json

import pytest

from narratives.errors import UnreadableFile
from narratives.reading.formats import extract


@pytest.fixture
def read(tmp_path):
    def of(name: str, content: str):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        source = extract(path)
        turns = [(turn.speaker, source.text[turn.start : turn.end], turn.time) for turn in source.turns]
        return turns, [kind for kind, _ in source.notes]

    return of


def test_whisperx_segments_merge_by_speaker(read):
    segments = [
        {"start": 0.5, "end": 1, "text": " Hvad så?", "speaker": "SPEAKER_00"},
        {"start": 1, "end": 2, "text": " Jeg gik", "speaker": "SPEAKER_01"},
        {"start": 2, "end": 3, "text": " hjem.", "speaker": "SPEAKER_01"},
    ]
    expected = [("SPEAKER_00", "Hvad så?", 0.5), ("SPEAKER_01", "Jeg gik hjem.", 1.0)]
    assert read("x.json", json.dumps({"segments": segments, "word_segments": []})) == (expected, [])
    assert read("x.json", json.dumps(segments)) == (expected, [])


def test_words_of_two_speakers_in_one_segment(read):
    words = [
        {"word": "Kom", "start": 0.0, "speaker": "A"},
        {"word": "du?"},
        {"word": "Ja.", "start": 1.5, "speaker": "B"},
    ]
    content = {"segments": [{"start": 0.0, "text": "Kom du? Ja.", "speaker": "A", "words": words}]}
    assert read("x.json", json.dumps(content))[0] == [("A", "Kom du?", 0.0), ("B", "Ja.", 1.5)]


def test_plain_whisper_names_nobody(read):
    content = {"text": "…", "segments": [{"id": 0, "start": "0", "text": " Hej."}, {"start": None, "text": " Ja."}]}
    turns, notes = read("x.json", json.dumps(content))
    assert turns == [("", "Hej. Ja.", 0.0)]
    assert notes == ["no_speakers"]


@pytest.mark.parametrize("content", ["{}", "[]", "3", '{"segments": {}}', '{"segments": [1]}', "{", "[" * 100_000])
def test_other_json_is_one_sentence(read, content):
    with pytest.raises(UnreadableFile, match=r"x\.json"):
        read("x.json", content)


def noscribe(*paragraphs: str) -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head><meta charset='UTF-8'></head><body><p>Titel</p>{body}</body></html>"


def test_noscribe_anchors_stamps_pauses_and_overlap(read):
    stamp = '<span style="color: #78909C" >[00:00:12]</span>'
    content = noscribe(
        '<a name="ts_0_12140_" >(12 seconds pause) </a>',
        f'<a name="ts_12140_22800_S01" >S01: {stamp} Hvad laver du?</a><a name="ts_22800_24360_S01" > (..)</a>'
        '<a name="ts_30090_30910_//S00" > //S00: Ikke så meget.</a><a name="ts_31870_33510_S01" >// Det er sjovt.</a>',
        f'<a name="ts_36190_36330_S00" >S00: {stamp} Ja &amp; nej: det går.</a>',
    )
    turns, _ = read("x.html", content)
    assert turns == [
        ("S01", "Hvad laver du? (..)", 12.14),
        ("S00", "Ikke så meget.", 30.09),
        ("S01", "Det er sjovt.", 31.87),
        ("S00", "Ja & nej: det går.", 36.19),
    ]


def test_speakers_renamed_in_the_editor(read):
    content = noscribe(
        '<a name="ts_0_1_S00">Interviewer: Hvad så?</a>',
        '<a name="ts_1000_2_S01">Bo: Godt.</a><a name="ts_2000_3_//S00"> //Interviewer: Ja.//</a>'
        '<a name="ts_3000_4_S01"> Tak.</a>',
    )
    assert [turn[:2] for turn in read("x.htm", content)[0]] == [
        ("Interviewer", "Hvad så?"),
        ("Bo", "Godt."),
        ("Interviewer", "Ja."),
        ("Bo", "Tak."),
    ]


def test_another_web_page_is_one_sentence(read):
    with pytest.raises(UnreadableFile, match=r"web page|webside"):
        read("x.html", "<!DOCTYPE html><html><body><p>I: Hej</p></body></html>")
