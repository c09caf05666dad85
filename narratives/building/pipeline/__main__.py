"""``python -m narratives.building.pipeline``: convert, train, evaluate."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from narratives.building.pipeline.recipe import Size


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m narratives.building.pipeline", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)

    def step(name: str, text: str) -> argparse.ArgumentParser:
        sub = steps.add_parser(name, help=text, description=text)
        sub.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder shared/data")
        return sub

    convert = step("convert", "the Copenhagen treebank as CoNLL-U")
    convert.add_argument("out", type=Path)
    models = {"syntax": "train morphology, parser and lemmas", "names": "train the names component"}
    for name, text in models.items():
        sub = step(name, text)
        sub.add_argument("out", type=Path, help="working folder")
        sub.add_argument("--steps", type=int, default=2_600)
        sub.add_argument("--seed", type=int, default=1)
        if name == "syntax":
            sub.add_argument("--start", type=Path, help="a trained syntax model to go on from")
            sub.add_argument("--with-dev", action="store_true", help="train on four fifths of UD dev as well")
    join = step("join", "put both models together, measure them and write the card")
    join.add_argument("syntax", type=Path)
    join.add_argument("names", type=Path)
    join.add_argument("out", type=Path)
    evaluate = step("evaluate", "figures on the test sets")
    evaluate.add_argument("model", type=Path)
    evaluate.add_argument("--part", default="test", choices=("dev", "test"))
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one step from the command line."""
    options = _parser().parse_args(arguments)
    {"convert": _convert, "syntax": _syntax, "names": _names, "join": _join, "evaluate": _evaluate}[options.step](
        options
    )


def _convert(options: argparse.Namespace) -> None:
    from narratives.building.pipeline.convert import convert_archive
    from narratives.building.pipeline.train import Sources
    from narratives.building.pipeline.trees import to_conllu

    sources = Sources(options.data)
    trees = convert_archive(sources.treebank, [sources.ud("dev"), sources.ud("test")])
    options.out.write_text(to_conllu(trees), encoding="utf-8")
    print(f"{len(trees)} sentences -> {options.out}")


def _syntax(options: argparse.Namespace) -> None:
    from narratives.building.pipeline.train import Sources, fit, write_syntax

    print(write_syntax(Sources(options.data), options.out, with_dev=options.with_dev, seed=options.seed))
    print(fit("syntax", options.out, Size(), seed=options.seed, steps=options.steps, start=options.start))


def _names(options: argparse.Namespace) -> None:
    from narratives.building.pipeline.train import Sources, fit, write_names

    size = Size(rows=(3000, 1000, 1000, 500))
    print(write_names(Sources(options.data), options.out, seed=options.seed))
    print(fit("names", options.out, size, seed=options.seed, steps=options.steps))


def _join(options: argparse.Namespace) -> None:
    from narratives.building.pipeline.card import META, RECIPE, write_card
    from narratives.building.pipeline.evaluate import measure
    from narratives.building.pipeline.train import Sources, join

    nlp = join(options.syntax, options.names, META)
    nlp.to_disk(options.out)
    figures = measure(options.out, Sources(options.data))
    nlp.meta["performance"] = figures["syntax"] | figures["names"]["news"]
    nlp.to_disk(options.out)
    write_card(options.out, figures, RECIPE)


def _evaluate(options: argparse.Namespace) -> None:
    from narratives.building.pipeline.evaluate import measure
    from narratives.building.pipeline.train import Sources

    print(json.dumps(measure(options.model, Sources(options.data), options.part), indent=1))


if __name__ == "__main__":
    main()
