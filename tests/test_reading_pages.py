from __future__ import annotations

import pytest

from narratives.reading.margins import without_line_numbers
from narratives.reading.pages import join_lines, paragraphs, without_furniture


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["jeg var arbejds-", "løs i to år"], "jeg var arbejdsløs i to år"),
        (["min A-", "kasse"], "min A-kasse"),
        (["en e-", "Boks"], "en e-Boks"),
        (["et 37-", "timers job"], "et 37-timers job"),
        (["på IT-", "kursus"], "på IT-kursus"),
        (["Hans-", "Jørgen"], "Hans-Jørgen"),
        (["uddannelses-", "og beskæftigelse"], "uddannelses- og beskæftigelse"),
        (["sam-", "men"], "sammen"),
        (["kas\u00ad", "se"], "kasse"),
        (["jeg tænkte -", "altså nej"], "jeg tænkte - altså nej"),
        (["jeg tænkte –", "nej"], "jeg tænkte – nej"),
        (["jeg er", "her"], "jeg er her"),
        (["Interviewer\n", "Hvad så?"], "Interviewer\nHvad så?"),
    ],
)
def test_lines_are_joined_as_a_reader_would(lines, joined):
    assert join_lines(lines) == joined


def test_a_hyphen_met_elsewhere_stays():
    assert join_lines(["en job-", "samtale"], frozenset({"job-samtale"})) == "en job-samtale"
    assert join_lines(["en job-", "samtale"]) == "en jobsamtale"


def page(number: int, *lines: str) -> list[str]:
    return ["Interview p07 – fortroligt", "", *lines, "", f"Side {number} af 3"]


def test_headers_footers_and_page_numbers_go_and_speech_stays():
    pages = [page(1, "I: Hvad så?", "17"), page(2, "IP: Godt.", "Side om side."), page(3, "I: Ja.")]
    kept, dropped = without_furniture(pages)
    assert dropped == 6
    assert [[line for line in lines if line] for lines in kept] == [
        ["I: Hvad så?", "17"],
        ["IP: Godt.", "Side om side."],
        ["I: Ja."],
    ]


def test_a_bare_number_goes_only_where_it_is_the_page():
    kept, _ = without_furniture([["I: Hvor gammel?", "1"], ["IP: Jeg er", "37"]])
    assert [[line for line in lines if line] for lines in kept] == [["I: Hvor gammel?"], ["IP: Jeg er", "37"]]


def test_short_turns_with_time_codes_are_not_furniture():
    pages = [["[00:01:02] I: Ja.", "tekst"], ["[00:03:05] I: Ja.", "andet"], ["[00:04:05] I: Ja.", "tredje"]]
    assert without_furniture(pages)[1] == 0


def printed(lines: list[str], step: int, first: int = 1) -> list[str]:
    """Lines as Word prints them with a number on every ``step``-th."""
    return [f"{n if n % step == 0 else '':>3}    {line}" for n, line in enumerate(lines, start=first)]


SPOKEN = ["I: Hvor mange timer?", "IP: Jeg arbejdede", "15 timer om ugen,", "og så blev det", "20 timer.", "I: Ja?"] * 4


@pytest.mark.parametrize("step", [1, 2, 5])
@pytest.mark.parametrize("restart", [True, False])
def test_line_numbers_in_the_margin_go_and_numbers_in_speech_stay(step, restart):
    pages = [printed(SPOKEN, step), printed(SPOKEN, step, 1 if restart else 25)]
    kept, count = without_line_numbers(pages)
    assert [[line.strip() for line in page] for page in kept] == [SPOKEN, SPOKEN]
    assert count == sum(line[:3].strip() != "" for page in pages for line in page)


def test_the_numbers_of_a_list_go_too():
    lines = ["9.   I: Hvad?", "10.IP: Intet.", "11.  I: Ja.", "12.IP: Nej."]
    assert without_line_numbers([lines])[0] == [["I: Hvad?", "IP: Intet.", "I: Ja.", "IP: Nej."]]


@pytest.mark.parametrize(
    "lines",
    [
        SPOKEN,
        ["2001    ledig", "2003    praktik", "2009    ansat", "2010    ledig"],  # rises by no one step
        [*SPOKEN, "  1    januar", "  2    februar", "  3    marts", "  4    april"],  # a table in a longer text
    ],
)
def test_other_numbers_stay(lines):
    assert without_line_numbers([lines]) == ([lines], 0)


def test_labels_behind_the_numbers_of_a_list_begin_paragraphs():
    lines = ["1. I: Hvad skete der?", "2. IP: Jeg blev syg,", "og så kom jeg hjem.", "3. I: Ja?", "4. IP: Ja."]
    assert paragraphs([lines]) == [
        "1. I: Hvad skete der?",
        "2. IP: Jeg blev syg, og så kom jeg hjem.",
        "3. I: Ja?",
        "4. IP: Ja.",
    ]


def test_labels_begin_paragraphs_without_any_space_between_them():
    lines = ["I: Hvad laver du så om", "dagen?", "IP: Jeg går meget, og jeg", "siger: nej. Og så", "I: Ja."]
    assert paragraphs([lines]) == [
        "I: Hvad laver du så om dagen?",
        "IP: Jeg går meget, og jeg siger: nej. Og så",
        "I: Ja.",
    ]


def test_a_paragraph_goes_on_over_the_page():
    pages = [["I: Hvad?", "", "IP: Jeg var på et langt arbejds-"], ["prøvningsforløb i fjor.", "", "I: Ja."]]
    assert paragraphs(pages) == ["I: Hvad?", "IP: Jeg var på et langt arbejdsprøvningsforløb i fjor.", "I: Ja."]


def test_double_spaced_lines_are_one_paragraph():
    long = "og så gik jeg videre ned ad den lange vej"
    lines = ["IP: Jeg stod op, og jeg gik, og det var fint", "", long, "", long, "", long, "", "", "", "I: Ja."]
    assert paragraphs([lines]) == [f"IP: Jeg stod op, og jeg gik, og det var fint {long} {long} {long}", "I: Ja."]


def test_names_on_lines_of_their_own_stay_there():
    lines = ["Interviewer", "Hvad så?", "Informant", "Det går godt her.", "Interviewer", "Ja."]
    assert paragraphs([lines]) == ["Interviewer\nHvad så?", "Informant\nDet går godt her.", "Interviewer\nJa."]
