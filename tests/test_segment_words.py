"""Words and units: what scoring sees, and where it stands."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narratives.segmenting.questions import asks
from narratives.segmenting.units import LONG, cut_units, is_caseless
from narratives.segmenting.words import Mark, find_words


def words_of(text):
    return find_words(text, [(0, len(text))])


def sentences(text, split_long=lambda words: (), caseless=False):
    return [" ".join(w.text for w in unit.words) for unit in cut_units(words_of(text), 0, split_long, caseless)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jeg er 3,5 time i e-boks.", ["Jeg", "er", "3,5", "time", "i", "e-boks"]),
        ("hva' f.eks. kl. 9.30", ["hva'", "f.eks", "kl", "9.30"]),
        ("slut.Så gik jeg", ["slut", "Så", "gik", "jeg"]),
        ("[griner] Nej, (pause) *ler* nej (den gamle)", ["Nej", "nej", "den", "gamle"]),
        ("🙂 ja—altså…nej", ["ja", "altså", "nej"]),
        ("Æblegrød Bl\u0061\u030abær", ["Æblegrød", "Blåbær"]),
        ("[en note, som er alt for lang til at være en note om latter og derfor er tale her]", None),
    ],
)
def test_words(text, expected):
    found = [word.text for word in words_of(text)]
    assert found == expected if expected is not None else len(found) > 10


@pytest.mark.parametrize(
    ("between", "mark"),
    [
        (", ", Mark.NOTHING), (' "', Mark.NOTHING), (" ... ", Mark.PAUSE), ("… ", Mark.PAUSE), (" - ", Mark.PAUSE),
        (" – ", Mark.PAUSE), (" [lang pause] ", Mark.PAUSE), (" (kort pause) ", Mark.PAUSE), (". ", Mark.STOP),
        ("! ", Mark.STOP), ("? ", Mark.QUESTION), (". ... ", Mark.STOP | Mark.PAUSE), (" . . . ", Mark.PAUSE),
    ],
)  # fmt: skip
def test_marks_between_words(between, mark):
    assert words_of(f"ja{between}Nej")[0].after == mark


@given(
    st.text(alphabet=st.sampled_from("aæøåÅ\u0301\u030aé1 .,…-?!'[]()\n\r\t🙂\u200d"), max_size=80), st.integers(0, 10)
)
def test_words_stand_where_they_say(text, skipped):
    spans = [(min(skipped, len(text)), len(text))]
    words = find_words(text, spans)
    assert all(word.text == unicodedata.normalize("NFC", text[word.start : word.end]) for word in words)
    assert all(a.end <= b.start for a, b in pairwise(words))
    assert all(word.start >= skipped for word in words)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Det var d. 3. aug. Det var hårdt.", 2),
        ("Jeg mødte hr. Jensen kl. 9. Så gik jeg.", 2),
        ("Det tog f.eks. tre uger osv. Men så kom brevet.", 2),
        ("Ham den unge, Jo... Jonathan, han kom.", 1),
        ("Jeg ville gerne ... Men det gik ikke.", 2),
        ("Jeg skulle til … Aalborg.", 1),
        ('"Hvad er galt?" spurgte han.', 1),
        ('"Hvem har lært dig det?" Jeg sagde, min onkel.', 2),
        ("Det var den 4. Nu er det den 5. maj.", 2),
        ("Jeg hedder P. Hansen.", 1),
        ("Ja! Nej? Måske.", 3),
        ("", 0),
        ("...", 0),
    ],
)
def test_sentences(text, count):
    assert len(sentences(text)) == count


def test_sentences_in_lower_case_are_found_where_the_transcriber_never_uses_capitals():
    text = "jeg kom hjem. så ringede de. jeg sagde nej. det var det."
    assert is_caseless(words_of(text))
    assert len(sentences(text, caseless=True)) == 4
    assert len(sentences(text)) == 1
    assert not is_caseless(words_of("Jeg kom hjem. Så ringede de. Jeg sagde nej. Det var det."))


def test_a_long_stretch_without_full_stops_is_cut_at_openers_or_where_the_pipeline_says():
    text = "jeg gik ned på kommunen og der sad hun igen og sagde det samme " * 8
    alone = sentences(text)
    assert all(8 <= len(piece.split()) <= LONG for piece in alone)
    assert all(piece.split()[0] in {"og", "jeg"} for piece in alone)
    helped = sentences(text, split_long=lambda words: range(0, len(words), 14))
    assert {piece.split()[0] for piece in helped} == {"jeg"}
    assert len(helped) == 8


@given(st.text(alphabet=st.sampled_from("abÆø .?…-0\n"), max_size=300), st.booleans())
def test_units_hold_every_word_once_and_in_order(text, caseless):
    units = cut_units(words_of(text), 3, lambda words: [5, 5, 400], caseless)
    assert [word for unit in units for word in unit.words] == list(words_of(text))
    assert all(unit.words and unit.turn == 3 for unit in units)


# --- what asks for something new ----------------------------------------------------------------


@pytest.mark.parametrize(
    "heard",
    [
        "Og hvad sagde jobcentret?",
        "hvad sagde jobcentret",
        "så hvor længe varede det",
        "Hvad gjorde du så?",
        "Fik du svar?",
        "har du søgt noget siden",
        "Og arbejdet?",
        "Nej. Okay. Og hvornår hørte du så fra kommunen?",
        "Hvad sagde de? Ja.",
        *(
            "Og hvad så du?",
            "hvem så du",
            "Hvor så I ham?",
            "Hvordan så det ud?",
            "hvordan så der ud",
            "Og hvad så de?",
        ),
        *(
            "Og nu?",
            "Og hvad så nu?",
            "Hvad nu?",
            "Okay. Og ellers?",
            "Er du okay?",
            "Har du det godt?",
            "havde hun det fint",
        ),
    ],
)
def test_who_asks_for_something_new(heard):
    assert asks(words_of(heard))


@pytest.mark.parametrize(
    "heard",
    [
        *("", "Ja?", "Okay?", "Nå?", "Mhm.", "Virkelig?", "Hvorfor?", "Hvordan det?", "Og så?", "Hvad så?"),
        *("Gjorde du det?", "gør du det", "Er det sandt?", "Det kan jeg godt forstå.", "Så fik du svar."),
        *(
            "Hvorfor så det?",
            "Hvordan så det?",
            "Hvad så der?",
            "Nu?",
            "Har du det?",
            "Er det okay?",
            "Kan du godt det?",
        ),
        *("Og det gør du nu?", "Og hvad så?", "hvad så", "Så du det?", "hvem så"),
        *("Hvor er det ærgerligt.", "Hvor du har ret.", "Det lyder hårdt."),
    ],
)
def test_who_only_keeps_the_speaker_going(heard):
    assert not asks(words_of(heard))
