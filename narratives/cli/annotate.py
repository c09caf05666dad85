"""``narratives annotate``: a folder of transcripts in, a study folder out."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from narratives.errors import NarrativesError
from narratives.messages import say
from narratives.transcript import Role

__all__ = ["add_parser", "run"]


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Declare the command's arguments."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "annotate",
        help=say("cli.annotate.help"),
        description=say("cli.annotate.description"),
        epilog=say("cli.example", command="narratives annotate interviews -o study --excel"),
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=say("cli.folder"))
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="STUDY", help=say("cli.output"))
    parser.add_argument("--model", metavar="MODEL", help=say("cli.model"))
    parser.add_argument("--pipeline", metavar="NAME", help=say("cli.pipeline"))
    parser.add_argument("--interviews", type=Path, metavar="TABLE", help=say("cli.interviews"))
    parser.add_argument("--roles-table", type=Path, metavar="TABLE", help=say("cli.roles_table"))
    parser.add_argument("--density", type=float, metavar="N", help=say("cli.density"))
    parser.add_argument("--roles", default="participant", metavar="ROLES", help=say("cli.roles"))
    parser.add_argument("--excel", action="store_true", help=say("cli.excel"))
    parser.add_argument("--quiet", action="store_true", help=say("cli.quiet"))
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Annotate, list the problems, print a short table of results, and say where they lie."""
    from narratives.classify import DEFAULT_MODEL
    from narratives.cli.showing import show_problems, show_results
    from narratives.segment import Settings
    from narratives.study import load
    from narratives.study.annotating import annotate_folder
    from narratives.study.remarks import older_tables

    settings = Settings(density=arguments.density, roles=_roles(arguments.roles))
    outcome = annotate_folder(
        arguments.folder,
        arguments.output,
        model=arguments.model or DEFAULT_MODEL,
        pipeline=arguments.pipeline,
        settings=settings,
        interviews=arguments.interviews,
        roles_table=arguments.roles_table,
        excel=arguments.excel,
        show_progress=not arguments.quiet,
    )
    show_problems(outcome.problems)
    if not outcome.results:
        show_nothing(arguments.folder)
        return 1
    show_problems(older_tables(load(arguments.output)))
    if not arguments.quiet:
        show_results(outcome, arguments.output)
    return 0


def show_nothing(folder: Path) -> None:
    """Say that no transcript could be used."""
    import sys

    print(say("cli.annotate.nothing", folder=folder), file=sys.stderr)


def _roles(text: str) -> tuple[Role, ...]:
    """Roles from "participant,professional".

    Raises:
        NarrativesError: for a name that is no role.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in set(Role):
            raise NarrativesError(say("cli.unknown_role", role=name, roles=", ".join(Role)))
    return tuple(Role(name) for name in names)
