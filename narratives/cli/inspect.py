"""``narratives inspect``: what was understood of a folder, before anything is run."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from narratives.messages import say

__all__ = ["add_parser", "run"]


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Declare the command's arguments."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "inspect",
        help=say("cli.inspect.help"),
        description=say("cli.inspect.description"),
        epilog=say("cli.example", command="narratives inspect interviews"),
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=say("cli.folder"))
    parser.add_argument("-o", "--output", type=Path, metavar="FOLDER", help=say("cli.inspect.output"))
    parser.add_argument("--interviews", type=Path, metavar="TABLE", help=say("cli.interviews"))
    parser.add_argument("--roles-table", type=Path, metavar="TABLE", help=say("cli.roles_table"))
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Read the folder, and show files, persons, waves, speakers, roles and problems."""
    from rich.console import Console

    from narratives.inspecting import inspect_folder, render
    from narratives.reading import read_folder

    reading = read_folder(arguments.folder, table=arguments.interviews, roles=arguments.roles_table)
    inspection = inspect_folder(reading)
    render(inspection, Console())
    if arguments.output is not None:
        inspection.to_csv(arguments.output)
        print(say("cli.inspect.written", folder=arguments.output))
    return 0 if reading.transcripts else 1
