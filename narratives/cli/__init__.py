"""The command line: ``narratives COMMAND``.

One module per command, each with ``add_parser(subparsers)`` and ``run(arguments) -> int``. No logic
lives here, and nothing heavy is imported before a command runs.

Exit codes: 0 when anything was done (problems of single files are listed, not fatal), 1 when nothing
could be done, 2 for a wrong command line, 130 when interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from narratives.cli.parser import Parser
from narratives.errors import NarrativesError
from narratives.messages import LANGUAGES, say, set_language

__all__ = ["COMMANDS", "build_parser", "main"]

_WITH_TRANSCRIPTS = ("inspect", "annotate", "classify", "track", "evidence", "report", "sample")
COMMANDS = (*_WITH_TRANSCRIPTS, "train", "evaluate", "forget")
"""Each is a module of this package, in the order in which help lists them."""


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands, in the language in force."""
    parser = Parser(prog="narratives", description=say("cli.description"), epilog=say("cli.epilog"))
    parser.add_argument("--version", action="version", version=f"narratives {_version()}", help=say("cli.version"))
    parser.add_argument("--lang", choices=LANGUAGES, help=say("cli.lang"))
    subparsers = parser.add_subparsers(title=say("cli.commands"), dest="command", metavar="COMMAND", required=True)
    for name in COMMANDS:
        command = import_module(f"narratives.cli.{name}").add_parser(subparsers)
        command.formatter_class = argparse.RawDescriptionHelpFormatter
        command.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=say("cli.lang"))
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code.

    Args:
        argv: arguments without the program's name; None takes the command line's.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    set_language(_language_asked(words))
    arguments = build_parser().parse_args(words)
    command = import_module(f"narratives.cli.{arguments.command}")
    try:
        return int(command.run(arguments))
    except NarrativesError as error:
        print(error, file=sys.stderr)
        return 1
    except PermissionError as error:
        print(say("cli.no_permission", file=error.filename), file=sys.stderr)
        return 1
    except OSError as error:
        print(say("cli.disk", file=error.filename or "", reason=error.strerror or error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(say("cli.interrupted"), file=sys.stderr)
        return 130


def _language_asked(words: Sequence[str]) -> str | None:
    """The value of ``--lang`` if it is a known one: needed before help can be written."""
    for index, word in enumerate(words):
        value = word.partition("=")[2] if word.startswith("--lang=") else None
        if word == "--lang" and index + 1 < len(words):
            value = words[index + 1]
        if value in LANGUAGES:
            return value
    return None


def _version() -> str:
    from importlib.metadata import version

    return version("narratives")
