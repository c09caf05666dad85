"""``narratives evaluate``: how good a model is on coded texts, and what it must beat."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.messages import say

if TYPE_CHECKING:
    from narratives.evaluation.evaluating import Evaluation

__all__ = ["add_parser", "run"]

_SPLITS = ("auto", "test", "dev", "rest", "all")
_BASELINES = "majority,tfidf,averages,textcat,mood"


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Declare the command's arguments."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "evaluate",
        help=say("cli.evaluate.help"),
        description=say("cli.evaluate.description"),
        epilog=say("cli.example", command="narratives evaluate agency-da coded.csv -o evaluation"),
    )
    parser.add_argument("model", metavar="MODEL", help=say("cli.evaluate.model"))
    parser.add_argument("coded", nargs="+", type=Path, metavar="CODED", help=say("cli.evaluate.coded"))
    parser.add_argument("-o", "--output", type=Path, metavar="FOLDER", help=say("cli.evaluate.output"))
    parser.add_argument("--split", choices=_SPLITS, default="auto", help=say("cli.evaluate.split"))
    known = _BASELINES.replace(",", ", ")
    parser.add_argument(
        "--baselines", default=_BASELINES, metavar="A,B", help=say("cli.evaluate.baselines", known=known)
    )
    parser.add_argument("--folds", type=int, default=5, metavar="N", help=say("cli.evaluate.folds"))
    parser.add_argument("--seeds", type=int, default=0, metavar="N", help=say("cli.evaluate.seeds"))
    parser.add_argument("--resamples", type=int, default=1000, metavar="N", help=say("cli.evaluate.resamples"))
    parser.add_argument("--text-column", metavar="NAME", help=say("cli.train.text_column"))
    parser.add_argument("--codes", metavar="A,B", default="", help=say("cli.evaluate.codes"))
    parser.add_argument(
        "--review", action="append", type=Path, default=[], metavar="FILE", help=say("cli.train.review")
    )
    parser.add_argument("--quiet", action="store_true", help=say("cli.train.quiet"))
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Measure, print the main figures, and write the rest where asked to."""
    from narratives.classify import find_model, load_classifier, read_model_codebook
    from narratives.coded.reading import read_coded
    from narratives.evaluation.evaluating import Options, evaluate, step_count
    from narratives.evaluation.rendering import write_evaluation
    from narratives.progress import progress_bar

    folder = find_model(arguments.model)
    book = read_model_codebook(folder)
    codes = codes_under(arguments.codes, book.names)
    data = read_coded(
        arguments.coded, text_column=arguments.text_column, codes=codes, codebook=book, review=arguments.review
    )
    classifier = load_classifier(folder)
    names = [name.strip() for name in arguments.baselines.split(",") if name.strip() not in ("", "none")]
    options = Options(arguments.split, tuple(names), arguments.folds, arguments.seeds, arguments.resamples)
    steps = step_count(classifier, data, options)
    with progress_bar(say("evaluation.progress"), steps, show=not arguments.quiet) as advance:
        evaluation = evaluate(classifier, data, options, advance=advance)
    for note in evaluation.notes:
        print(note)
    _show(evaluation)
    if arguments.output is not None:
        paths = write_evaluation(evaluation, arguments.output)
        print(say("cli.evaluate.done", paths=", ".join(map(str, paths))))
    return 0


def codes_under(given: str, variables: Sequence[str]) -> list[str]:
    """The code columns given; a single one is the variable's of a model that has only one, whatever it is called."""
    codes = [name.strip() for name in given.split(",") if name.strip()]
    if len(codes) == len(variables) == 1 and "=" not in codes[0] and codes[0] != variables[0]:
        return [f"{codes[0]}={variables[0]}"]
    return codes


def _show(evaluation: Evaluation) -> None:
    """A table per variable: parts, main scores, and the lead over the nearest baseline, with 95 % intervals."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from narratives.evaluation.rendering import headline, lead, shown_figure
    from narratives.messages.numbers import MISSING

    plain = ("kappa", "ece", "error_at_80", "error_fall_at_80")
    console = Console()
    for variable in evaluation.labels:
        table = Table(
            title=variable, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
        )
        table.add_column(say("evaluation.report.part"), no_wrap=True)
        for name in ("n", "macro_f1", *plain):
            table.add_column(say(f"evaluation.measure.{name}"), justify="right")
        table.add_column(say("evaluation.report.ahead"))
        for part in (each for each in evaluation.slices if each.variable == variable):
            figures = headline(evaluation, part)
            nearest = lead(part)
            ahead = f"{shown_figure(nearest[1])} {nearest[0]}" if nearest else MISSING
            values = (figures[name].split(" ")[0] for name in plain)
            table.add_row(part.part, figures["n"], figures["macro_f1"], *values, ahead)
        console.print(table)
