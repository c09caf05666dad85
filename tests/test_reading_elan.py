from __future__ import annotations

from pathlib import Path

import pytest

from narratives.errors import UnreadableFile
from narratives.reading.elan import read_elan
from narratives.reading.formats import extract

SAMPLE = Path(__file__).parent.parent.parent / "shared" / "samples" / "exchange" / "test.eaf"


def document(*tiers: str, slots: str = "") -> str:
    given = slots or "".join(f'<TIME_SLOT TIME_SLOT_ID="ts{i}" TIME_VALUE="{i * 1000}"/>' for i in range(10))
    order = f"<TIME_ORDER>{given}</TIME_ORDER>"
    return f'<?xml version="1.0"?><ANNOTATION_DOCUMENT>{order}{"".join(tiers)}</ANNOTATION_DOCUMENT>'


def tier(name: str, *annotations: tuple[str, str], attributes: str = "") -> str:
    inside = "".join(
        f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="{name}{i}" TIME_SLOT_REF1="{slot}" TIME_SLOT_REF2="{slot}">'
        f"<ANNOTATION_VALUE>{text}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
        for i, (slot, text) in enumerate(annotations)
    )
    return f'<TIER TIER_ID="{name}" {attributes}>{inside}</TIER>'


def child(name: str, parent: str, *references: tuple[str, str]) -> str:
    inside = "".join(
        f'<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="{name}{i}" ANNOTATION_REF="{ref}">'
        f"<ANNOTATION_VALUE>{text}</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>"
        for i, (ref, text) in enumerate(references)
    )
    return f'<TIER TIER_ID="{name}" PARENT_REF="{parent}">{inside}</TIER>'


@pytest.fixture
def read(tmp_path):
    def of(content: str):
        path = tmp_path / "x.eaf"
        path.write_text(content, encoding="utf-8")
        source = extract(path)
        return [(t.speaker, source.text[t.start : t.end], t.time) for t in source.turns], source.notes

    return of


def test_tiers_are_woven_by_time(read):
    content = document(
        tier("T1", ("ts2", "Jeg går på Ærø."), ("ts3", "Ofte."), attributes='PARTICIPANT="IP"'),
        tier("I", ("ts1", "Hvad så?"), ("ts4", "Ja.")),
    )
    expected = [("I", "Hvad så?", 1.0), ("IP", "Jeg går på Ærø. Ofte.", 2.0), ("I", "Ja.", 4.0)]
    assert read(content) == (expected, ())


def test_translations_and_notes_are_left_out_and_named(read):
    content = document(
        tier("IP", ("ts1", "Ja.")), child("IP_en", "IP", ("IP0", "Yes, certainly.")), tier("Noter", ("ts1", "griner"))
    )
    turns, notes = read(content)
    assert turns == [("IP", "Ja.", 1.0)]
    assert "IP_en, Noter" in notes[0][1]


def test_text_on_dependent_tiers_of_empty_ones(read):
    content = document(
        tier("IP", ("ts1", ""), ("ts3", "")),
        child("IP-tekst", "IP", ("IP0", "Ja."), ("IP1", "Nej.")),
        tier("I", ("ts2", "Nå?")),
    )
    assert read(content)[0] == [("IP", "Ja.", 1.0), ("I", "Nå?", 2.0), ("IP", "Nej.", 3.0)]


def test_a_slot_without_time_takes_the_one_before(read):
    slots = '<TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="500"/><TIME_SLOT TIME_SLOT_ID="ts2"/>'
    assert read(document(tier("I", ("ts2", "Ja.")), slots=slots))[0] == [("I", "Ja.", 0.5)]


def test_no_text_or_entities_are_one_sentence(read):
    with pytest.raises(UnreadableFile):
        read(document(tier("I")))
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
        + document(tier("I", ("ts1", "&b;"))).partition("?>")[2]
    )
    with pytest.raises(UnreadableFile):
        read(bomb)


@pytest.mark.skipif(not SAMPLE.exists(), reason="needs ../shared/samples")
def test_a_real_sign_language_file_is_read():
    assert {turn.speaker for turn in read_elan(SAMPLE).turns} == {"Alinda"}
