"""``narratives classify``: code ready-made quotes in a table."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from narratives.messages import say

__all__ = ["add_parser", "run"]


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Declare the command's arguments."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "classify",
        help=say("cli.classify.help"),
        description=say("cli.classify.description"),
        epilog=say("cli.example", command="narratives classify quotes.csv --text-column text -o coded.csv"),
    )
    parser.add_argument("table", type=Path, metavar="TABLE", help=say("cli.classify.table"))
    parser.add_argument("--text-column", metavar="NAME", help=say("cli.classify.text_column"))
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help=say("cli.classify.output"))
    parser.add_argument("--model", metavar="MODEL", help=say("cli.model"))
    parser.add_argument("--quiet", action="store_true", help=say("cli.quiet"))
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Code the table and say what was written."""
    from narratives.classify import DEFAULT_MODEL
    from narratives.study.quotes import classify_table

    done = classify_table(
        arguments.table,
        arguments.output,
        text_column=arguments.text_column,
        model=arguments.model or DEFAULT_MODEL,
        show_progress=not arguments.quiet,
    )
    print(say("cli.classify.done", rows=done.coded, column=done.text_column, output=arguments.output, model=done.model))
    if done.blank:
        print(say("cli.classify.blank", count=len(done.blank), rows=", ".join(map(str, done.blank[:10]))))
    return 0
