"""``narratives evidence``: the words that carried the codes, and linguistic cues."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from narratives.messages import say

__all__ = ["add_parser", "run"]


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Declare the command's arguments."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "evidence",
        help=say("cli.evidence.help"),
        description=say("cli.evidence.description"),
        epilog=say("cli.example", command="narratives evidence study --variables agency"),
    )
    parser.add_argument("study", type=Path, metavar="STUDY", help=say("cli.study"))
    parser.add_argument("--variables", nargs="+", default=[], metavar="NAME", help=say("cli.evidence.variables"))
    parser.add_argument("--narratives", nargs="+", default=[], metavar="ID", help=say("cli.evidence.narratives"))
    parser.add_argument("--model", type=Path, metavar="FOLDER", help=say("cli.evidence.model"))
    parser.add_argument("--excel", action="store_true", help=say("cli.excel"))
    parser.add_argument("--quiet", action="store_true", help=say("cli.quiet"))
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Explain, write the tables, and say where they lie and what they are."""
    from narratives.study import load
    from narratives.study.evidence import explain_study

    done = explain_study(
        load(arguments.study),
        variables=arguments.variables,
        narratives=arguments.narratives,
        model=arguments.model,
        excel=arguments.excel,
        show_progress=not arguments.quiet,
    )
    if not arguments.quiet:
        print(say("cli.evidence.done", computed=done.computed, kept=done.kept, seconds=round(done.seconds)))
        print(say("cli.evidence.where", study=arguments.study, files=", ".join(path.name for path in done.files)))
        print(say("evidence.how"))
    return 0
