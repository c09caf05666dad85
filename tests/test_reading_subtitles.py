from __future__ import annotations

import pytest

from narratives.errors import UnreadableFile
from narratives.reading.formats import extract


@pytest.fixture
def read(tmp_path):
    def of(name: str, content: str):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8", newline="")
        source = extract(path)
        turns = [(turn.speaker, source.text[turn.start : turn.end], turn.time) for turn in source.turns]
        return turns, [kind for kind, _ in source.notes]

    return of


def vtt(*cues: str) -> str:
    return "WEBVTT\n\n" + "\n\n".join(f"00:00:0{i}.000 --> 00:00:0{i}.900\n{cue}" for i, cue in enumerate(cues))


def srt(*cues: str) -> str:
    return "\n\n".join(f"{i}\n00:00:0{i},000 --> 00:00:0{i},900\n{cue}" for i, cue in enumerate(cues, 1))


def test_teams_voices_with_cue_ids(read):
    text = (
        "\ufeffWEBVTT\r\n\r\n3f0e9b4e-1c2d-4e5f-8a9b-0c1d2e3f4a5b/12-0\r\n00:00:01.500 --> 00:00:03.000\r\n"
        "<v Anna Holm>Hvordan går\r\ndet?</v>\r\n\r\n3f0e9b4e-1c2d-4e5f-8a9b-0c1d2e3f4a5b/13-0\r\n"
        "00:00:03.000 --> 00:00:04.000\r\n<v Bo Å. Sørensen>Godt &amp; <i>fint</i>.</v>\r\n"
    )
    assert read("x.vtt", text) == (
        [("Anna Holm", "Hvordan går det?", 1.5), ("Bo Å. Sørensen", "Godt & fint.", 3.0)],
        [],
    )


def test_several_voices_in_one_cue(read):
    turns, _ = read("x.vtt", vtt("<v Anna>Hvad?</v>\n<v Bo>Ja.</v>", "<v.loud Bo>Nej.</v>"))
    assert turns == [("Anna", "Hvad?", 0.0), ("Bo", "Ja. Nej.", 0.0)]


def test_zoom_labels_and_cues_without_one(read):
    turns, notes = read(
        "x.vtt",
        vtt("Anna Holm: Hvad så?", "Bo Sten: Jeg sagde: nej.", "Og så gik jeg.", "Anna Holm: Ja.", "Bo Sten: Ja."),
    )
    assert [turn[:2] for turn in turns] == [
        ("Anna Holm", "Hvad så?"),
        ("Bo Sten", "Jeg sagde: nej. Og så gik jeg."),
        ("Anna Holm", "Ja."),
        ("Bo Sten", "Ja."),
    ]
    assert notes == []


@pytest.mark.parametrize(
    "label", ["SPEAKER_0{}: ", "[SPEAKER_0{}] ", "[SPEAKER_0{}]: ", "<i>SPEAKER_0{}:</i> ", "Taler {}: "]
)
def test_labels_of_speech_recognition(read, label):
    turns, _ = read("x.srt", srt(*(label.format(i % 2) + f"<b>tale {i}</b>" for i in range(4))))
    assert [text for _, text, _ in turns] == [f"tale {i}" for i in range(4)]
    assert len({speaker for speaker, _, _ in turns}) == 2


def test_braces_and_brackets_in_speech_survive(read):
    turns, _ = read("x.srt", srt(r"{\an8}I: Hvad {så}?", "IP: [griner] Ja.", "[griner]"))
    assert [turn[:2] for turn in turns] == [("I", "Hvad {så}?"), ("IP", "[griner] Ja. [griner]")]


def test_dashes_without_names_are_nobodys(read):
    turns, notes = read("x.srt", srt("I: Hvad?", "- I: Kom du?\n- Ja.", "IP: Nej."))
    assert [turn[:2] for turn in turns] == [("I", "Hvad? Kom du?"), ("", "Ja."), ("IP", "Nej.")]
    assert notes == ["dashes"]


def test_a_dash_before_a_label_is_no_part_of_it(read):
    turns, notes = read("x.vtt", vtt("- I: Hvad?", "- IP: Nej.", "- og så -", "– I: Ja?", "- IP: Ja."))
    assert [turn[:2] for turn in turns] == [("I", "Hvad?"), ("IP", "Nej. - og så -"), ("I", "Ja?"), ("IP", "Ja.")]
    assert notes == []


def test_no_speakers_is_noted(read):
    turns, notes = read("x.srt", srt("Jeg gik hjem.", "Og så sagde han: nej."))
    assert [turn[0] for turn in turns] == [""]
    assert notes == ["no_speakers"]


@pytest.mark.parametrize(
    ("name", "content"), [("x.srt", "bare tekst"), ("x.vtt", "WEBVTT\n\nintet\n"), ("x.vtt", "bare tekst")]
)
def test_no_cues_is_one_sentence(read, name, content):
    with pytest.raises(UnreadableFile, match=name):
        read(name, content)
