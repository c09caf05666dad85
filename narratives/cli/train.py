"""``narratives train``: a model of one's own from coded data."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import Any

from narratives.messages import say

__all__ = ["add_parser", "run"]


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Declare the command's arguments."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "train",
        help=say("cli.train.help"),
        description=say("cli.train.description"),
        epilog=say(
            "cli.example",
            command="narratives train coded.csv -o models/mine --text-column text --codes agency,arbejdsidentitet",
        ),
    )
    parser.add_argument("coded", nargs="+", type=Path, metavar="CODED", help=say("cli.train.coded"))
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="MODEL", help=say("cli.train.output"))
    parser.add_argument("--text-column", metavar="NAME", help=say("cli.train.text_column"))
    parser.add_argument("--codes", metavar="A,B", default="", help=say("cli.train.codes"))
    parser.add_argument("--codebook", metavar="NAME", help=say("cli.train.codebook"))
    parser.add_argument(
        "--review", action="append", type=Path, default=[], metavar="FILE", help=say("cli.train.review")
    )
    parser.add_argument("--base-model", metavar="NAME", help=say("cli.train.base_model"))
    _add_settings(parser)
    parser.add_argument("--learning-curve", action="store_true", help=say("cli.train.learning_curve"))
    parser.add_argument("--overwrite", action="store_true", help=say("cli.train.overwrite"))
    parser.add_argument("--quiet", action="store_true", help=say("cli.train.quiet"))
    return parser


def _add_settings(parser: argparse.ArgumentParser) -> None:
    """Arguments that change the training itself."""
    methods = ("auto", "full", "frozen")
    parser.add_argument("--method", choices=methods, default="auto", help=say("cli.train.method"))
    parser.add_argument("--epochs", type=int, metavar="N", help=say("cli.train.epochs"))
    parser.add_argument("--batch-size", type=int, metavar="N", help=say("cli.train.batch_size"))
    parser.add_argument("--learning-rate", type=float, metavar="X", dest="body_rate", help=say("cli.train.rate"))
    parser.add_argument("--seed", type=int, default=0, metavar="N", help=say("cli.train.seed"))
    parser.add_argument("--class-weights", type=float, metavar="X", help=say("cli.train.class_weights"))
    parser.add_argument("--max-length", type=int, metavar="N", help=say("cli.train.max_length"))
    parser.add_argument("--gradient-checkpointing", action="store_true", help=say("cli.train.checkpointing"))


def run(arguments: argparse.Namespace) -> int:
    """Train and say how good the model is and where it lies."""
    from narratives.codebook import load_codebook
    from narratives.coded.reading import read_coded
    from narratives.training.make import BASE_MODEL, make_model
    from narratives.training.report import help_sentence
    from narratives.training.settings import Settings

    names = ("method", "epochs", "batch_size", "body_rate", "seed", "class_weights", "max_length")
    given = {name: getattr(arguments, name) for name in names if getattr(arguments, name) is not None}
    given["gradient_checkpointing"] = arguments.gradient_checkpointing
    data = read_coded(
        arguments.coded,
        text_column=arguments.text_column,
        codes=[name.strip() for name in arguments.codes.split(",") if name.strip()],
        codebook=load_codebook(arguments.codebook) if arguments.codebook else None,
        review=arguments.review,
    )
    for note in data.notes:
        print(note)
    made = make_model(
        data,
        arguments.output,
        Settings(**given),
        base_model=arguments.base_model or BASE_MODEL,
        learning_curve=arguments.learning_curve,
        overwrite=arguments.overwrite,
        command=shlex.join(["narratives", *sys.argv[1:]]),
        show_progress=not arguments.quiet,
    )
    for note in made.trained.notes:
        print(note)
    _show_scores(made.trained.scores)
    print(help_sentence(made.trained.curve))
    print(say("cli.train.done", folder=made.folder, report=made.report))
    return 0


def _show_scores(scores: Any) -> None:
    """One line per variable: texts, share right, macro-F1, and kappa where codes are ranked."""
    from narratives.messages.numbers import number

    width = max(len(name) for name in scores)
    for name, figures in scores.items():
        kappa = f"  kappa {number(figures['kappa'])}" if "kappa" in figures else ""
        majority = say("cli.train.majority", share=number(figures.get("majority", 0)))
        shown = f"{number(figures.get('accuracy', 0))} {majority}  macro-F1 {number(figures.get('macro_f1', 0))}"
        print(f"  {name:<{width}}  n {figures['n']:>5}  {say('training.report.accuracy')} {shown}{kappa}")
