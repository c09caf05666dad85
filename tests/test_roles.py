"""Roles: told, known, present, guessed, and left open where a guess would not be safe."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from narratives.errors import MetadataError
from narratives.reading.roles import SpeechFigures, Told, assign_persons, figures_of, guess_roles
from narratives.reading.roles_table import read_roles
from narratives.reading.speakers import find_turns
from narratives.transcript import Role, Speaker

ASKS = ["Hvordan har du det?", "Hvad gjorde du så?", "Var du glad for dit job?", "Og hvad sagde din mentor?"]
TELLS = [
    "Jeg har det fint nok, jeg er kommet i gang igen.",
    "Jeg ringede til min sagsbehandler, og så fik jeg en praktik.",
    "Ja, jeg var glad for mit job, det var mit eget sted.",
    "Hun sagde, at jeg skulle tro på mig selv.",
]
P, ASKER, PRO, TOLK, OTHER, OPEN = (
    Role.PARTICIPANT,
    Role.INTERVIEWER,
    Role.PROFESSIONAL,
    Role.INTERPRETER,
    Role.OTHER,
    Role.UNKNOWN,
)


def dialogue(asks: str, tells: str, *more: str) -> str:
    lines = [line for pair in zip(ASKS, TELLS, strict=True) for line in (f"{asks}: {pair[0]}", f"{tells}: {pair[1]}")]
    return "\n\n".join([*lines, *more])


def roles_in(text: str, **hints: object) -> dict[str, tuple[Role, str]]:
    found = find_turns(text)
    speakers = guess_roles(found.turns, text, preamble=found.preamble, facts=found.front_matter, **hints)
    return {s.label: (s.role, s.source) for s in speakers}


@pytest.mark.parametrize(
    ("asks", "tells", "expected"),
    [
        ("I", "IP", ((ASKER, "label"), (P, "label"))),
        ("INT", "D", ((ASKER, "label"), (P, "label"))),
        ("SB", "IP", ((PRO, "label"), (P, "label"))),
        ("I", "Bente", ((ASKER, "label"), (P, "guess"))),
        ("SB", "K", ((PRO, "label"), (P, "guess"))),
        ("Lone", "IP", ((ASKER, "guess"), (P, "label"))),
        ("Lone", "Bente", ((ASKER, "guess"), (P, "guess"))),
        ("SPEAKER_01", "SPEAKER_00", ((ASKER, "guess"), (P, "guess"))),
        ("B", "D", ((ASKER, "guess"), (P, "guess"))),
        ("R", "Bente", ((ASKER, "guess"), (P, "guess"))),
    ],
)
def test_two_speakers(asks, tells, expected):
    assert tuple(roles_in(dialogue(asks, tells)).values()) == expected


def test_no_guess_where_nobody_clearly_asks():
    text = "\n\n".join(f"{name}: {words}" for name, words in zip(["Lone", "Bente"] * 4, TELLS * 2, strict=True))
    assert set(roles_in(text).values()) == {(OPEN, "")}


def test_no_guess_for_the_only_open_label_if_it_asks_more_than_the_interviewer():
    text = "\n\n".join(f"Lone: {q}\n\nI: {a}" for q, a in zip(ASKS, TELLS, strict=True))
    assert roles_in(text) == {"Lone": (OPEN, ""), "I": (ASKER, "label")}


def test_a_group_of_names_is_left_to_the_researcher():
    names = ["Anna", "Bo", "Carl"] * 4
    text = "\n\n".join(f"I: {ASKS[i % 4]}\n\n{name}: {TELLS[i % 4]}" for i, name in enumerate(names))
    assert roles_in(text) == {"I": (ASKER, "label"), "Anna": (OPEN, ""), "Bo": (OPEN, ""), "Carl": (OPEN, "")}


def test_somebody_who_says_little_is_not_guessed():
    text = dialogue("I", "IP", "Mikkel: Hej.", "IP: Hej.", "Mikkel: Vi ses.", "I: Ja.")
    assert roles_in(text)["Mikkel"] == (OPEN, "")


@pytest.mark.parametrize("asks", ["I", "Forsker", "Interviewer Lone"])
@pytest.mark.parametrize("answers", [1, 2])
def test_the_only_one_beside_a_known_interviewer_is_the_participant_however_few_the_answers(asks, answers):
    text = "\n\n".join(f"{asks}: {ASKS[i]}\n\nBente: {TELLS[i]}" for i in range(answers))
    assert roles_in(text) == {asks: (ASKER, "label"), "Bente": (P, "guess")}


def test_two_interviewers_and_a_few_answers():
    text = f"Int1: {ASKS[0]}\n\nBente: {TELLS[0]}\n\nInt2: {ASKS[1]}\n\nBente: {TELLS[1]}"
    assert roles_in(text)["Bente"] == (P, "guess")


@pytest.mark.parametrize(
    ("label", "role"),
    [
        *(("Sagsbehandler", PRO), ("Jobkonsulent Per", PRO), ("Tolk", TOLK)),
        *(("Observatør", OTHER), ("Referent", OTHER), ("Arbejdsgiver", OTHER)),
    ],
)
def test_a_known_role_beside_the_interviewer_stays(label, role):
    text = f"I: {ASKS[0]}\n\n{label}: {TELLS[0]}\n\nI: {ASKS[1]}\n\n{label}: {TELLS[1]}"
    assert roles_in(text)[label] == (role, "label")


@pytest.mark.parametrize(
    "turns",
    [
        ["I: " + " ".join(TELLS * 3), "Klokken: Ding."],  # hardly a word in a long monologue
        [f"I: {ASKS[0]}", f"Bente: {TELLS[0]}", f"Carl: {TELLS[1]}"],  # two to choose from
        [f"I: {ASKS[0]}", f"Bente: {TELLS[0]}", f"Mentor: {TELLS[1]}"],  # ... of whom one is known
        [f"I: {TELLS[0]}", f"Bente: {ASKS[0]}", f"I: {TELLS[1]}", f"Bente: {ASKS[1]}"],  # asks
    ],
)
def test_few_answers_leave_the_role_open_where_another_reading_is_sensible(turns):
    assert P not in {role for role, _ in roles_in("\n\n".join(turns)).values()}


def test_interpreter_and_spouse_have_roles_of_their_own():
    roles = roles_in(dialogue("I", "IP", "Tolk: Hun siger ja.", "IP: Ja.", "Hustru: Det er rigtigt.", "I: Tak."))
    assert roles["Tolk"] == (TOLK, "label")
    assert roles["Hustru"] == (OTHER, "label")
    assert roles["IP"] == (P, "label")


def test_who_is_present_is_read_from_the_head():
    head = "(Møde i ungecentret. Til stede: sagsbehandler SB, klubmedarbejder Brian og deltageren D.)\n\n"
    roles = roles_in(head + dialogue("SB", "D", "Brian: Jeg tager ham med i klubben.", "D: Ja."))
    assert roles == {"SB": (PRO, "front matter"), "D": (P, "front matter"), "Brian": (PRO, "front matter")}


def test_front_matter_names_the_participants_label():
    roles = roles_in("dato: 3-11-2008\ndeltager: LK\n\n" + dialogue("MM", "LK"))
    assert roles == {"MM": (ASKER, "guess"), "LK": (P, "front matter")}


@pytest.mark.parametrize(
    ("head", "asks", "tells"),
    [
        ("Interviewer: Mette Holm (MH)\nInformant: »Karen«, 54 år (K)", "MH", "K"),
        ("Interviewer: Mette Holm\nInformant: Karen Bech", "MH", "KB"),
        ("Interviewer: Mette Holm\nInformant: Karen Bech", "Mette", "Karen"),
        ("Forsker: MH, Aalborg Universitet\nInterviewperson: Karen", "MH", "Karen"),
    ],
)
def test_the_head_says_who_stands_behind_initials_and_first_names(head, asks, tells):
    text = f"Dato: 3-11-2008\n{head}\n\n{asks}: {TELLS[0]}\n\n{tells}: {TELLS[1]}\n"
    assert roles_in(text) == {asks: (ASKER, "front matter"), tells: (P, "front matter")}


def test_initials_of_an_interviewer_never_take_a_known_label():
    text = "Dato: 3-11-2008\nInterviewer: Ida Poulsen\n\n" + dialogue("I", "IP")
    assert roles_in(text) == {"I": (ASKER, "label"), "IP": (P, "label")}


def test_a_professional_named_at_the_head():
    text = "Dato: 3-11-2008\nSagsbehandler: Lone Bech\nBorger: Karen\n\n" + dialogue("Lone", "Karen")
    assert roles_in(text) == {"Lone": (PRO, "front matter"), "Karen": (P, "front matter")}


def test_a_man_alone_with_the_interviewer_is_the_participant_and_a_couple_is_left_to_the_researcher():
    assert roles_in(dialogue("I", "Mand"))["Mand"] == (P, "guess")
    both = "\n\n".join(f"I: {q}\n\nMand: {a}\n\nKvinde: {a}" for q, a in zip(ASKS, TELLS, strict=True))
    couple = roles_in(both)
    assert couple == {"I": (ASKER, "label"), "Mand": (OPEN, ""), "Kvinde": (OPEN, "")}
    assert roles_in(dialogue("I", "IP", "Mand: Ja."))["Mand"] == (OTHER, "label")


def test_what_the_researcher_says_counts_before_everything():
    told = {"I": Told(P, "p01"), "ip": Told(ASKER)}
    assert roles_in(dialogue("I", "IP"), told=told) == {"I": (P, "metadata"), "IP": (ASKER, "metadata")}


def test_figures():
    text = dialogue("I", "IP")
    figures = figures_of(find_turns(text).turns, text)
    assert figures["I"].turns == 4
    assert figures["I"].questions == 4
    assert figures["IP"].first > figures["IP"].second
    assert figures["I"].asking > 0 > figures["IP"].asking
    assert SpeechFigures().asking == 0


@pytest.mark.parametrize("end", ["?", '?"', "?”", "? ", "?)"])
def test_a_question_is_a_question_behind_quotes(end):
    text = f"I: Sagde hun {end}\n\nIP: Ja."
    assert figures_of(find_turns(text).turns, text)["I"].questions == 1


def test_persons():
    one = (Speaker("I", ASKER), Speaker("IP", P))
    assert [s.person for s in assign_persons(one, "p07")] == [None, "p07"]
    assert [s.person for s in assign_persons(one, None)] == [None, None]
    couple = (Speaker("I", ASKER), Speaker("IP1", P), Speaker("IP2", P))
    assert [s.person for s in assign_persons(couple, "p07")] == [None, "p07-IP1", "p07-IP2"]
    named = (Speaker("IP1", P, "anna"), Speaker("IP2", P))
    assert [s.person for s in assign_persons(named, "p07")] == ["anna", "p07-IP2"]


@pytest.mark.parametrize(
    "content",
    [
        "label,role,person,transcript\nM,participant,,\nLone,interviewer,,\nM,professional,,p02-1\n",
        "\ufefflabel;rolle;person;fil\r\nM;deltager;;\r\nLone;interviewer;;\r\nM;fagperson;;p02-1.txt\r\n",
        "Taler\tRolle\tPerson\tFil\nM\tBorger\t\t\nLone\tForsker\t\t\nM\tmentor\t\tP02-1\n",
    ],
)
def test_roles_file(tmp_path, content):
    path = tmp_path / "roller.csv"
    path.write_text(content, encoding="utf-8", newline="")
    table = read_roles(path)
    assert {label: told.role for label, told in table.told(PurePosixPath("p01-1.txt"), "p01", ()).items()} == {
        "M": P,
        "Lone": ASKER,
    }
    assert table.told(PurePosixPath("p02-1.txt"), "p02", ())["M"].role is PRO


def test_a_person_of_the_folder_binds_a_row_to_that_persons_interviews(tmp_path):
    path = tmp_path / "roles.csv"
    path.write_text("label,role,person\nM,participant,p05\nKone,participant,p05-kone\n", encoding="utf-8")
    table = read_roles(path)
    persons = {"p05", "p09"}
    assert table.told(PurePosixPath("a.txt"), "p05", persons)["M"] == Told(P, "p05")
    assert "M" not in table.told(PurePosixPath("b.txt"), "p09", persons)
    assert table.told(PurePosixPath("b.txt"), "p09", persons)["Kone"].person == "p05-kone"


def test_a_role_that_is_none_is_reported(tmp_path):
    path = tmp_path / "roles.csv"
    path.write_text("label,role\nM,konge\nD,deltager\n", encoding="utf-8")
    table = read_roles(path)
    assert [row.label for row in table.rows] == ["D"]
    assert [(problem.kind, problem.place) for problem in table.problems] == [("bad_value", "2")]


def test_a_roles_file_without_the_columns_is_refused(tmp_path):
    path = tmp_path / "roles.csv"
    path.write_text("navn,alder\nM,3\n", encoding="utf-8")
    with pytest.raises(MetadataError, match=r"roles\.csv"):
        read_roles(path)
