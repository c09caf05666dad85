"""Speaker labels: every convention met in the field, and what must not be taken for one."""

from __future__ import annotations

import unicodedata

import pytest
from speaking import FOUR, HEJ, JA, SVAR, TO, dialogue, said

from narratives.reading.known import known_role
from narratives.reading.labels import names_someone
from narratives.reading.speakers import find_turns
from narratives.reading.timecodes import seconds
from narratives.transcript import Role


@pytest.mark.parametrize(
    ("first", "second", "labels"),
    [
        ("I: ", "IP: ", ("I", "IP")),
        ("I:", "IP1:", ("I", "IP1")),
        ("I : ", "IP : ", ("I", "IP")),
        ("I:\u00a0", "IP:\u00a0", ("I", "IP")),
        ("  I:\t", "\tIP:\t", ("I", "IP")),
        ("Interviewer 2: ", "Anna Grethe: ", ("Interviewer 2", "Anna Grethe")),
        ("Sagsbehandler: ", "Bente: ", ("Sagsbehandler", "Bente")),
        ("Lone (sagsbehandler): ", "Mette-Marie: ", ("Lone (sagsbehandler)", "Mette-Marie")),
        ("#Lone: ", "#Bent: ", ("Lone", "Bent")),
        ("@Lone: ", "@Bent: ", ("Lone", "Bent")),
        ("[Lone] ", "[Bent] ", ("Lone", "Bent")),
        ("{Lone} ", "{Bent} ", ("Lone", "Bent")),
        ("[SPEAKER_00]: ", "[SPEAKER_01]: ", ("SPEAKER_00", "SPEAKER_01")),
        ("<v Lone Holm>", "<v Bent>", ("Lone Holm", "Bent")),
        ("**I:** ", "**IP:** ", ("I", "IP")),
        ("**I**: ", "__IP__: ", ("I", "IP")),
        ("I\t", "IP\t", ("I", "IP")),
        ("Lone\t", "Bent\t", ("Lone", "Bent")),
        ("I:\n", "IP:\n", ("I", "IP")),
        ("Interviewer\n", "Bente\n", ("Interviewer", "Bente")),
        ("[00:12] I: ", "[00:15] IP: ", ("I", "IP")),
        ("[00:00:12] I: ", "[00:00:15] IP: ", ("I", "IP")),
        ("[00.12] I: ", "[00.15] IP: ", ("I", "IP")),
        ("{00:00:12} I: ", "{00:00:15} IP: ", ("I", "IP")),
        ("#00:00:12.5# I: ", "#00:00:15.0# IP: ", ("I", "IP")),
        ("(00:00:12) I: ", "(00:00:15) IP: ", ("I", "IP")),
        ("00:00:12 I: ", "00:00:15 IP: ", ("I", "IP")),
        ("00:00:12.5Lone: ", "00:00:15.5Zack: ", ("Lone", "Zack")),
        ("I [00:00:12]: ", "IP [00:00:15]: ", ("I", "IP")),
        ("I (00:12): ", "IP (00:15): ", ("I", "IP")),
        ("I: [00:00:12] ", "IP: [00:00:15] ", ("I", "IP")),
        ("I 00:00:12: ", "IP 00:00:15: ", ("I", "IP")),
        ("Lone Holm  00:12\n", "Bent Bo  00:15\n", ("Lone Holm", "Bent Bo")),
        ("Int.: ", "Inf.: ", ("Int.", "Inf.")),
        ("Åse: ", "Søren Ærø: ", ("Åse", "Søren Ærø")),
        ("SPØRGER: ", "S: ", ("SPØRGER", "S")),
        ("lone: ", "bent: ", ("lone", "bent")),
        ("Q: ", "A: ", ("Q", "A")),
        ("Interviewer (I): ", "IP 1: ", ("Interviewer (I)", "IP 1")),
        ("Deltager A: ", "Deltager B: ", ("Deltager A", "Deltager B")),
        ("Lone Holm (Jobcenter Nord): ", "Bent: ", ("Lone Holm (Jobcenter Nord)", "Bent")),
        ("I - ", "IP - ", ("I", "IP")),
        ("Lone – ", "Bent – ", ("Lone", "Bent")),
        ("I; ", "IP; ", ("I", "IP")),
        ("(I) ", "(IP) ", ("I", "IP")),
        ("Lone> ", "Bent> ", ("Lone", "Bent")),
        ("**I** ", "**IP** ", ("I", "IP")),
        ("• I: ", "• IP: ", ("I", "IP")),
        ("- Lone: ", "- Bent: ", ("Lone", "Bent")),
        ("> I: ", "> IP: ", ("I", "IP")),
        ("¶1: I: ", "¶2: IP: ", ("I", "IP")),
        ("Spørgsmål: ", "Svar: ", ("Spørgsmål", "Svar")),
        ("I (tøver): ", "IP (griner): ", ("I", "IP")),
        ("Lone Holm: ", "Åse Ærø (gæst): ", ("Lone Holm", "Åse Ærø")),
        ("Lone: ", "Bents iPhone: ", ("Lone", "Bents iPhone")),
        ("i: ", "ip: ", ("i", "ip")),
        ("00:00:12 --> 00:00:14 I: ", "00:00:15,5 - 00:00:17,0 IP: ", ("I", "IP")),
        ("[00:12 → 00:14] I: ", "[00:15 → 00:17] IP: ", ("I", "IP")),
    ],
)
@pytest.mark.parametrize("end", ["\n\n", "\r\n\r\n"])
def test_conventions(first, second, labels, end):
    text = dialogue(first, second, end)
    assert said(text) == [(labels[i % 2], words) for i, (_, words) in enumerate(FOUR)]


@pytest.mark.parametrize(("first", "second"), [("I: ", "IP: "), ("Lone: ", "Bent: "), ("I\t", "D\t")])
def test_single_line_ends_are_enough(first, second):
    assert [words for _, words in said(dialogue(first, second, "\n"))] == [HEJ, SVAR, JA, TO]


@pytest.mark.parametrize(
    "head", ["[00:01:02] I: ", "#00:01:02# I: ", "00:01:02 I: ", "I (01:02): ", "I: {00:01:02} ", "[00:01:02]\nI: "]
)
def test_the_time_of_a_turn_is_read_in_seconds(head):
    assert find_turns(f"{head}{HEJ}\n\nIP: {SVAR}").turns[0].time == 62


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("[01:02]", 62),
        ("[1:00:02]", 3602),
        ("[01.02]", 62),
        ("#00:00:01-5#", 1.5),
        ("00:00:01.250", 1.25),
        ("nej", None),
    ],
)
def test_seconds(code, expected):
    assert seconds(code) == expected


def test_numbered_lines_under_a_header():
    text = (
        "Navn på fil: p07-2\n\n1\tI:\tHvad lavede du?\n2\tD:\tJeg stod i lageret\n3\tog pakkede.\n"
        "4\tI:\tHvor længe?\n5\tD:\tTi år.\n"
    )
    found = find_turns(text)
    assert found.front_matter == {"Navn på fil": "p07-2"}
    assert said(text) == [
        ("I", "Hvad lavede du?"),
        ("D", "Jeg stod i lageret og pakkede."),
        ("I", "Hvor længe?"),
        ("D", "Ti år."),
    ]


def test_turns_that_are_numbered_as_a_list():
    long = "Så gik jeg.\nOg så kom jeg.\nDer var 12. Og så\nvar der to til.\n"
    text = f"1. I: {HEJ}\n2. IP: {SVAR}\n{long}3. I: {JA}\n{long}4.IP: {TO}\n"
    found = [(speaker, words.split("\n")[0]) for speaker, words in said(text)]
    assert found == FOUR


def test_a_list_in_speech_names_nobody():
    text = f"I: {HEJ}\n\nIP: {SVAR}\n\n1. Mentor: hun var god.\n\n2. Lægen: han var dårlig.\n\nI: {JA}\n\nIP: {TO}\n"
    assert {speaker for speaker, _ in said(text)} == {"I", "IP"}


def test_otter_export():
    text = (
        "Interview 3\n\nSUMMARY KEYWORDS\njob, praktik, penge\n\nSPEAKERS\nLone, Bent\n\n"
        "Lone  00:00\nHvordan går det?\n\nBent  00:04\nDet går.\n\nLone  1:00:13\nOg nu?\n"
    )
    assert said(text) == [("Lone", "Hvordan går det?"), ("Bent", "Det går."), ("Lone", "Og nu?")]
    assert find_turns(text).turns[2].time == 3613


def test_codes_inside_speech_cut_the_spans():
    text = "I: Og så?\n\nIP: Så gik jeg [00:01:02] hjem #00:01:05-2# igen {01:09} kl. 17:30, 00:01:10 ja.\n"
    assert said(text)[1] == ("IP", "Så gik jeg hjem igen kl. 17:30, ja.")
    assert len(find_turns(text).turns[1].spans) == 5


def test_paragraphs_without_label_go_on_with_the_turn():
    text = "I: Fortæl.\n\nIP: Først var jeg syg.\n\nSå blev jeg rask.\n\nI: Ja.\n"
    turn = find_turns(text).turns[1]
    assert text[turn.start : turn.end] == "Først var jeg syg.\n\nSå blev jeg rask."
    assert len(turn.spans) == 1


def test_scene_notes_headings_and_the_title_belong_to_nobody():
    text = (
        "Interview med Bente\nJobcenter Nord\n\nI: Fortæl.\n\nIP: Først var jeg syg.\n\n"
        "(telefonen ringer)\n\nSå blev jeg rask.\n\n"
        "## Del 2\n\nSide 3 af 9\n\n[Optagelsen stopper]\n\nI: Ja?\n\nIP: Nej.\n\nSlut på optagelsen.\n"
    )
    found = find_turns(text)
    assert said(text) == [
        ("I", "Fortæl."),
        ("IP", "Først var jeg syg. Så blev jeg rask."),
        ("I", "Ja?"),
        ("IP", "Nej."),
    ]
    assert found.preamble == "Interview med Bente\nJobcenter Nord"
    nobodys = [text[start:end] for start, end in found.unassigned]
    assert nobodys == [
        "Interview med Bente", "Jobcenter Nord", "(telefonen ringer)", "## Del 2", "Side 3 af 9",
        "[Optagelsen stopper]", "Slut på optagelsen.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "Kl. 17:30 var vi hjemme.",
        "17:30 ringede de.",
        "https://kommunen.dk: der stod det.",
        "Se http://jobnet.dk",
        "Og så sagde han: du skal i praktik.",
        "Hun sagde: nej.",
        "Så tænkte jeg: hvad nu?",
        "Ja: det var det værste.",
        "- Penge: dem var der ingen af.",
        "Fx: at møde klokken otte.",
        "Og resultatet: ingenting.",
        "penge: dem var der ingen af.",
        "Penge - dem var der ingen af.",
        "(Jobcentret) Det var det værste.",
        "Mandag: der var jeg syg.",
        "Svar fra kommunen: nej.",
    ],
)
def test_lines_that_are_speech(line):
    text = f"I: {HEJ}\n\nIP: {SVAR}\n\n{line}\n\nI: {JA}\n\nIP: {TO}\n"
    assert {speaker for speaker, _ in said(text)} == {"I", "IP"}
    assert line in said(text)[1][1]


def test_a_third_speaker_who_speaks_once_is_heard():
    text = f"I: {HEJ}\n\nIP: {SVAR}\n\nMikkel: Vil I have kaffe?\n\nIP: {TO}\n\nI: {JA}\n"
    assert ("Mikkel", "Vil I have kaffe?") in said(text)


@pytest.mark.parametrize("sign", [";", " -", " –"])
def test_another_sign_after_a_label_of_the_file_is_a_slip(sign):
    text = f"I: {HEJ}\n\nIP: {SVAR}\n\nI{sign} {JA}\n\nIP: {TO}\n"
    assert said(text) == FOUR


def test_dashes_in_lists_are_no_speakers():
    text = "\n\n".join(f"{name} - det var noget." for name in ("Kommunen", "Lægen", "Praktikken", "Kommunen"))
    assert {speaker for speaker, _ in said(text)} == {""}


@pytest.mark.parametrize(
    "line",
    [
        *("Transskriberet af LJ den 4.6.2021", "Udskrevet af stud.cand. Line Juhl"),
        *("Mette Kjær startede transskription", "Mette Kjær stoppede transskription"),
    ],
)
def test_what_a_transcriber_or_teams_adds_belongs_to_nobody(line):
    assert said(dialogue("I: ", "IP: ") + line + "\n") == FOUR


def test_who_speaks_of_transcribing_is_heard():
    line = "Transskriberet af hvem? Det ved jeg ikke, det var vist ikke mig, der gjorde det."
    assert said(dialogue("I: ", "IP: ") + line + "\n")[-1] == ("IP", f"{TO}\n\n{line}")


def test_paralinguistic_brackets_are_no_speakers():
    text = "I: Og så?\n\nIP: Nej.\n\n[griner] Det var sjovt.\n\n[griner] Det var det.\n\n[pause] Ja.\n\nI: Ja?\n"
    assert [speaker for speaker, _ in said(text)] == ["I", "IP", "I"]


def test_neighbouring_turns_of_one_speaker_are_one():
    assert said("I: Ja.\n\nI: Og?\n\nIP: Nej.") == [("I", "Ja. Og?"), ("IP", "Nej.")]


def test_the_commonest_spelling_of_a_label_counts():
    assert [speaker for speaker, _ in said("I: A?\nIP: B.\nI: C?\nIp: D.\nI: E?\nIP: F.")] == ["I", "IP"] * 3


def test_decomposed_accents_are_one_label_and_offsets_stay():
    text = f"Lone: {HEJ}\n\nÅse: {SVAR}\n\nLone: {JA}\n\n{unicodedata.normalize('NFD', 'Åse')}: {TO}\n"
    assert [speaker for speaker, _ in said(text)] == ["Lone", "Åse", "Lone", "Åse"]


@pytest.mark.parametrize(
    ("head", "facts"),
    [
        ("person: p07\nbølge: 2\n\n", {"person": "p07", "bølge": "2"}),
        ("---\nperson: p07\ndeltager: IP\n---\n", {"person": "p07", "deltager": "IP"}),
        ("\ufeffPerson: p07\r\nDato: 3. november 2008\r\n\r\n", {"Person": "p07", "Dato": "3. november 2008"}),
        (
            "Transskription af interview\nAalborg Kommune\n\nDato: 3. maj 2021\n\nInterviewer: Mette Holm (MH)\n\n"
            "Informant: »Karen«, 54 år\n\nVarighed: 47 min.\n\n",
            {
                "Dato": "3. maj 2021",
                "Interviewer": "Mette Holm (MH)",
                "Informant": "»Karen«, 54 år",
                "Varighed": "47 min.",
            },
        ),
        ("**Dato:** 03-11-2008\n**Interviewer:** Lone Holm\n\n", {"Dato": "03-11-2008", "Interviewer": "Lone Holm"}),
    ],
)
def test_front_matter(head, facts):
    text = head + dialogue("I: ", "IP: ")
    found = find_turns(text)
    assert found.front_matter == facts
    assert said(text) == FOUR
    assert text[found.front_matter_end :].lstrip().startswith("I: ")


def test_a_dialogue_that_starts_at_once_is_not_front_matter():
    text = f"Interviewer: {HEJ}\nDeltager: {SVAR}\nInterviewer: {JA}\nDeltager: {TO}\n"
    assert find_turns(text).front_matter == {}
    assert [speaker for speaker, _ in said(text)] == ["Interviewer", "Deltager"] * 2


@pytest.mark.parametrize("answer", ["Fint.", "Godt nok, tak", "Hvad mener du?"])
def test_a_dialogue_after_a_dated_title_is_not_front_matter(answer):
    text = f"Interview\n\nDato: 3/11-2008\n\nInterviewer: {HEJ}\n\nDeltager: {answer}\n"
    assert find_turns(text).front_matter == {"Dato": "3/11-2008"}
    assert said(text) == [("Interviewer", HEJ), ("Deltager", answer)]


def test_a_date_in_the_middle_of_a_dialogue_is_not_front_matter():
    text = f"I: {HEJ}\nIP: {SVAR}\nDato: det ved jeg ikke.\nI: {JA}\nIP: {TO}\n"
    assert find_turns(text).front_matter == {}


def test_front_matter_right_above_a_dialogue():
    text = (
        f"Dato: 3/11-2008\nInterviewer: {HEJ}\nDeltager: {SVAR}\nInterviewer: {JA}\nDeltager: {TO}\nInterviewer: Ja.\n"
    )
    assert find_turns(text).front_matter == {"Dato": "3/11-2008"}
    assert len(said(text)) == 5


def test_text_without_labels_is_nobodys_paragraphs():
    text = "Jeg blev fyret i maj.\nDet var hårdt.\n\nSå fik jeg job igen.\n"
    assert [(turn.speaker, text[turn.start : turn.end]) for turn in find_turns(text).turns] == [
        ("", "Jeg blev fyret i maj.\nDet var hårdt."),
        ("", "Så fik jeg job igen."),
    ]


def test_prose_keeps_to_the_dialogues_in_it():
    prose = "\n\n".join(["Rapporten handler om aktivering og om de mennesker, som den rammer. " * 8] * 12)
    dialogue_in_it = f"Interviewer: {HEJ}\n\nLeder: {SVAR}\nMere svar."
    text = f"{prose}\n\nKilde: Jobindsats\n\n{dialogue_in_it}\n\n{prose}\n\nKilde: Egne tal\n"
    found = find_turns(text)
    assert found.prose
    assert said(text) == [("Interviewer", HEJ), ("Leder", f"{SVAR}\nMere svar.")]


@pytest.mark.parametrize(
    "text", ["", "   \n\n", "\ufeff", "\n", "I:", "I:\n\nIP:\n", "\x00\x01", ":" * 500, "I" * 100_000]
)
def test_odd_texts_do_no_harm(text):
    assert all(words for _, words in said(text))


def test_a_huge_line_takes_no_time():
    text = "I: Ja?\n\nIP: " + "ord " * 500_000
    assert len(find_turns(text).turns) == 2


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("I", Role.INTERVIEWER),
        ("Int.", Role.INTERVIEWER),
        ("Interviewer 2", Role.INTERVIEWER),
        ("IP3", Role.PARTICIPANT),
        ("Informant", Role.PARTICIPANT),
        ("SB", Role.PROFESSIONAL),
        ("Mentor Signe", Role.PROFESSIONAL),
        ("Lone (jobkonsulent)", Role.PROFESSIONAL),
        ("Klubmedarbejder", Role.PROFESSIONAL),
        ("Tolken", Role.INTERPRETER),
        ("Hustru", Role.OTHER),
        ("Bente", None),
        ("S", None),
        ("T", None),
    ],
)
def test_known_roles(label, role):
    assert known_role(label) is role


@pytest.mark.parametrize(
    "label", ["Anna", "Anna Grethe", "IP1", "mentor", "Jens van Damme", "SPEAKER_00", "DE", "Kvinde 2"]
)
def test_names(label):
    assert names_someone(label)


@pytest.mark.parametrize(
    "label", ["Kilde", "Tabel 2", "NB", "nævnte lyder", "Og så sagde han", "praktik (Mentor, BIL", "Nej"]
)
def test_no_names(label):
    assert not names_someone(label)
