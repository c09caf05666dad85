"""The command line speaks one language: help, usage and faults."""

from __future__ import annotations

import re

import pytest

from narratives.cli import COMMANDS, build_parser, main
from narratives.cli.parser import _FAULTS
from narratives.messages import say, set_language, speaking

ENGLISH = ("usage", "positional", "options", "optional", "show ", "exit", "error", "argument ", "arguments", "expected")


@pytest.fixture(autouse=True)
def _own_language():
    yield
    set_language(None)


def ended(argv, capsys):
    """Exit code, and all that was shown."""
    with pytest.raises(SystemExit) as stop:
        main(argv)
    shown = capsys.readouterr()
    return stop.value.code, shown.out + shown.err


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_help_in_danish_holds_none_of_argparses_english(command, capsys):
    code, shown = ended(["--lang", "da", *command, "--help"], capsys)
    assert code == 0
    assert shown.startswith("brug:  narratives")
    assert "\nvalgmuligheder:\n  -h, --help" in shown
    assert [word for word in ENGLISH if word in shown.casefold()] == []


def test_help_in_english_and_its_headings(capsys):
    _, shown = ended(["--lang", "en", "annotate", "--help"], capsys)
    assert shown.startswith("usage: narratives annotate")
    assert shown.index("\narguments:\n  FOLDER") < shown.index("\noptions:\n  -h, --help")
    _, shown = ended(["--lang", "en", "--help"], capsys)
    assert "\ncommands:\n" in shown


ANNOTATE = ("annotate", "x", "-o", "y")
TRAIN = ("train", "x", "-o", "y")


@pytest.mark.parametrize(
    ("argv", "fault"),
    [
        ((), "der mangler: COMMAND"),
        (("annotate",), "der mangler: FOLDER, -o/--output"),
        (("annotate", "x", "-o"), "argumentet -o/--output: der skal stå én værdi efter"),
        ((*ANNOTATE, "--denisty", "3"), "ukendte argumenter: --denisty 3"),
        ((*ANNOTATE, "--density", "3,5"), "'3,5' er ikke et tal"),
        ((*ANNOTATE, "--excel=3"), "argumentet --excel: der skal ikke stå en værdi efter"),
        ((*TRAIN, "--seed", "a"), "'a' er ikke et helt tal"),
        ((*TRAIN, "--method", "b"), "'b' er ikke et af valgene:"),
        ((*TRAIN, "--co", "c"), "--co er flertydig: --codes, --codebook"),
        (("evaluate", "m"), "der mangler: CODED"),
    ],
)
def test_faults_in_danish(argv, fault, capsys):
    code, shown = ended(["--lang", "da", *argv], capsys)
    *usage, last = shown.splitlines()
    assert code == 2
    assert usage[0].startswith("brug:  narratives")
    assert ": fejl: " in last
    assert fault in last
    assert [word for word in ENGLISH if word in shown.casefold()] == []


def test_faults_in_english_and_unknown_ones_as_they_are(capsys):
    assert ended(["--lang", "en", "annotate"], capsys)[1].endswith(
        "narratives annotate: error: the following arguments are required: FOLDER, -o/--output\n"
    )
    with pytest.raises(SystemExit):
        build_parser().error("the moon is not out")
    assert capsys.readouterr().err.endswith("narratives: error: the moon is not out\n")


@pytest.mark.parametrize("key", _FAULTS)
def test_every_known_fault_has_its_message(key):
    with speaking("en"):
        fields = {name: name for name in re.compile(_FAULTS[key]).groupindex}
        said = say(f"cli.wrong.{key}", **fields)
    assert all(field in said for field in fields)
