"""An argument parser that says everything in the language in force, argparse's own words included."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any, NoReturn

from narratives.messages import say

__all__ = ["Parser"]

_USAGE = "usage: "
_OF_ARGUMENT = re.compile(r"argument (?P<name>.+?): (?P<fault>.+)", re.DOTALL)
_FAULTS = {
    "missing": r"the following arguments are required: (?P<names>.+)",
    "unknown": r"unrecognized arguments: (?P<words>.+)",
    "ambiguous": r"ambiguous option: (?P<option>.+) could match (?P<matches>.+)",
    "one_value": r"expected one argument",
    "some_values": r"expected at least one argument",
    "no_value": r"ignored explicit argument (?P<value>.+)",
    "whole_number": r"invalid int value: (?P<value>.+)",
    "number": r"invalid float value: (?P<value>.+)",
    "choice": r"invalid choice: (?P<value>.+) \(choose from (?P<choices>.+)\)",
}
"""Faults of a command line as argparse words them, by the message that says the same."""


class Parser(argparse.ArgumentParser):
    """An :class:`argparse.ArgumentParser` whose headings, usage and errors are messages of ours.

    A fault that argparse words in a way not known here is shown as it is.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(add_help=False, **settings)
        self._places = self.add_argument_group(say("cli.places"))
        self._choices = self.add_argument_group(say("cli.options"))
        self.add_argument("-h", "--help", action="help", help=say("cli.help"))

    def add_argument(self, *names: Any, **settings: Any) -> argparse.Action:
        """Declare an argument, under the heading of its kind."""
        group = self._choices if str(names[0]).startswith("-") else self._places
        return group.add_argument(*names, **settings)

    def format_usage(self) -> str:
        """The usage, as errors show it."""
        return super().format_usage().replace(_USAGE, say("cli.usage"), 1)

    def format_help(self) -> str:
        """All of the help."""
        return super().format_help().replace(_USAGE, say("cli.usage"), 1)

    def error(self, message: str) -> NoReturn:
        """Show the usage and what is wrong, and end with exit code 2."""
        self.print_usage(sys.stderr)
        self.exit(2, say("cli.wrong", program=self.prog, fault=_said(message)) + "\n")


def _said(fault: str) -> str:
    """A fault in the language in force."""
    found = _OF_ARGUMENT.fullmatch(fault)
    if found:
        return say("cli.wrong.argument", name=found["name"], fault=_said(found["fault"]))
    for key, pattern in _FAULTS.items():
        found = re.fullmatch(pattern, fault, re.DOTALL)
        if found:
            return say(f"cli.wrong.{key}", **found.groupdict())
    return fault
