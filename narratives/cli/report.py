"""``narratives report``: one self-contained HTML file about a study."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from narratives.messages import say

__all__ = ["add_parser", "run"]


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Declare the command's arguments."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "report",
        help=say("cli.report.help"),
        description=say("cli.report.description"),
        epilog=say("cli.example", command="narratives report study --docx"),
    )
    parser.add_argument("study", type=Path, metavar="STUDY", help=say("cli.study"))
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help=say("cli.report.output"))
    parser.add_argument("--docx", action="store_true", help=say("cli.report.docx"))
    parser.add_argument("--review", type=Path, metavar="TABLE", help=say("cli.report.review"))
    parser.add_argument("--vocabulary", type=Path, metavar="FILE", help=say("cli.track.vocabulary"))
    parser.add_argument("--seed", type=int, default=0, metavar="N", help=say("cli.seed"))
    parser.add_argument("--quiet", action="store_true", help=say("cli.quiet"))
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Write the report and say where it lies."""
    from narratives.cli.showing import show_problems
    from narratives.report import write_report
    from narratives.study import load
    from narratives.study.remarks import unused_corrections

    study = load(arguments.study)
    files = write_report(
        study,
        arguments.output,
        docx=arguments.docx,
        review=arguments.review,
        vocabulary=arguments.vocabulary,
        language=getattr(arguments, "lang", None) or "da",
        seed=arguments.seed,
    )
    show_problems(unused_corrections(study) if arguments.review is None else ())
    if not arguments.quiet:
        print(say("cli.report.done", files=", ".join(str(path) for path in files)))
    return 0
