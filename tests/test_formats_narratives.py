"""One interview in every format: the same narratives, each shown at its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from making import FONT, WRITERS, Said

from narratives.reading import read_folder
from narratives.segment import Settings, load_pipeline, narratives_in
from narratives.transcript import quote

CORPUS = Path(__file__).parents[1] / "corpora" / "agency" / "transcripts"
SAID = [
    Said("I", "Hvad skete der, da du blev sygemeldt?", 1.5),
    Said(
        "IP",
        "Jeg blev sygemeldt i marts, fordi ryggen ikke kunne mere. Min chef sagde, at jeg bare skulle tage den med ro, "
        "men så blev jeg fyret i juni. Bagefter sad jeg derhjemme på Ærø og vidste ikke, hvad jeg skulle gøre.",
        6.0,
    ),
    Said("I", "Ja?", 40.0),
    Said("IP", "Og det var en hård tid, for jeg havde arbejdet på det samme lager i tyve år.", 42.0),
    Said("I", "Hvordan kom du så i gang igen?", 60.5),
    Said(
        "IP",
        "Så søgte jeg selv en praktik i en børnehave, og det gik godt. Jeg bestemte selv, at jeg ville op på tyve "
        "timer, og det sagde jeg til min sagsbehandler. Nu arbejder jeg der stadig.",
        64.25,
    ),
    Said("I", "Vil du have mere kaffe?", 110.0),
    Said("IP", "Ja tak.", 112.0),
]


@pytest.fixture(scope="module")
def pipeline():
    return load_pipeline("blank")


def found_in(path, pipeline):
    """The narratives of the only transcript in ``path``, white space made single, checked to stand where they say."""
    (transcript,) = read_folder(path).transcripts
    found = narratives_in(transcript, pipeline, Settings())
    for item in (*found.narratives, *found.omitted):
        assert quote(transcript.text, item.spans) == item.text
    return [(one.person, one.speaker, " ".join(one.text.split())) for one in found.narratives]


@pytest.fixture(scope="module")
def expected(tmp_path_factory, pipeline):
    path = tmp_path_factory.mktemp("txt") / "p07-2.txt"
    WRITERS["txt"][1](path, SAID)
    return found_in(path, pipeline)


def test_there_is_something_to_agree_on(expected):
    assert len(expected) >= 2
    assert {(person, speaker) for person, speaker, _ in expected} == {("p07", "IP")}
    assert any("børnehave" in text for _, _, text in expected)


def test_every_narrative_and_omission_of_the_corpus_stands_where_it_says(pipeline):
    reading = read_folder(CORPUS, table=CORPUS.parent / "interviews.csv")
    assert len(reading.transcripts) == len(list(CORPUS.glob("*.txt"))) > 100
    for transcript in reading.transcripts:
        found = narratives_in(transcript, pipeline, Settings())
        assert found.narratives
        assert transcript.text == (CORPUS / transcript.file).read_bytes().decode("utf-8")
        for item in (*found.narratives, *found.omitted):
            assert quote(transcript.text, item.spans) == item.text


@pytest.mark.skipif(not FONT.exists(), reason="needs the DejaVu font to write Danish into a PDF")
@pytest.mark.parametrize("format_", WRITERS)
def test_every_format_has_the_same_narratives(format_, expected, pipeline, tmp_path):
    suffix, write = WRITERS[format_]
    path = tmp_path / f"p07-2{suffix}"
    write(path, SAID)
    assert found_in(path, pipeline) == expected
