"""``narratives sample``: draw narratives for people to code."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from narratives.messages import say

__all__ = ["add_parser", "run"]


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Declare the command's arguments."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "sample",
        help=say("cli.sample.help"),
        description=say("cli.sample.description"),
        epilog=say("cli.example", command="narratives sample study -n 80 -o review.xlsx"),
    )
    parser.add_argument("study", type=Path, metavar="STUDY", help=say("cli.study"))
    parser.add_argument("-n", "--number", type=int, default=80, metavar="N", help=say("cli.sample.number"))
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=say("cli.sample.output"))
    parser.add_argument("--by", default="wave", metavar="COLUMNS", help=say("cli.sample.by"))
    parser.add_argument("--line", default="participant", metavar="ROLE", help=say("cli.sample.line"))
    parser.add_argument("--coder", default="", metavar="NAME", help=say("cli.sample.coder"))
    parser.add_argument("--show-codes", action="store_true", help=say("cli.sample.show_codes"))
    parser.add_argument("--seed", type=int, default=0, metavar="N", help=say("cli.seed"))
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Draw, write the sheet, and say what to do with it."""
    from narratives.agency import draw_sample, review_sheet, write_review
    from narratives.cli.showing import show_problems
    from narratives.study import load
    from narratives.study.grouping import attributes
    from narratives.study.remarks import left_out

    study = load(arguments.study)
    show_problems(left_out(study))
    wanted = [name.strip() for name in arguments.by.split(",") if name.strip() not in ("", "none")]
    by = [name if name in study.narratives else attributes(study.interviews, [name])[0] for name in wanted]
    options = {"by": by, "seed": arguments.seed, "line": arguments.line, "interviews": study.interviews}
    drawn = draw_sample(study.narratives, arguments.number, **options)
    sheet = review_sheet(drawn, study.codebook, coder=arguments.coder, show_codes=arguments.show_codes)
    write_review(sheet, arguments.output, study.codebook)
    print(say("sample.done", count=len(sheet), total=len(study.narratives), file=arguments.output))
    return 0
