"""``narratives forget``: remove a person who withdrew their consent."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from narratives.messages import say

__all__ = ["add_parser", "run"]


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Declare the command's arguments."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "forget",
        help=say("cli.forget.help"),
        description=say("cli.forget.description"),
        epilog=say("cli.example", command="narratives forget study p07"),
    )
    parser.add_argument("study", type=Path, metavar="STUDY", help=say("cli.study"))
    parser.add_argument("person", metavar="PERSON", help=say("cli.forget.person"))
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Forget the person, and say what was changed, deleted, and left for the user to look at."""
    from narratives.study.forgetting import forget

    done = forget(arguments.study, arguments.person)
    count = len(done.transcripts)
    print(say("cli.forget.done", person=done.person, narratives=done.narratives, transcripts=count))
    print(say("cli.forget.files", changed=", ".join(done.changed) or "-", deleted=", ".join(done.deleted) or "-"))
    if done.unknown:
        print(say("cli.forget.unknown", files=", ".join(done.unknown)))
    print(say("cli.forget.remember"))
    return 0
