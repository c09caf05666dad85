"""Make the Danish encoder: ``prepare`` a run folder, ``train``, ``export``, ``measure``.

python -m narratives.building.encoder prepare RUN --teacher DIR [--extra MORE.jsonl ...]
python -m narratives.building.encoder train RUN --teacher DIR --minutes 45 --rows 48
python -m narratives.building.encoder export RUN --teacher DIR -o models/encoder
python -m narratives.building.encoder measure models/encoder [OTHER ...] --run RUN --folds 3
"""

import argparse
from pathlib import Path

from .preparing import Places, prepare


def run_prepare(arguments: argparse.Namespace) -> None:
    """Vocabulary, first embeddings and training rows."""
    places = Places(arguments.shared, arguments.corpus, arguments.teacher, arguments.run, tuple(arguments.extra))
    prepare(places, arguments.vocabulary, arguments.seed, arguments.device)


def run_train(arguments: argparse.Namespace) -> None:
    """Train, or go on training, in the run folder."""
    from .training import Recipe, build_student, load_material, train

    names = ("minutes", "pairs", "rows", "words_weight", "words_share", "words_from", "seed")
    rates = ("body_rate", "embedding_rate", "head_rate")
    recipe = Recipe(**{name: getattr(arguments, name) for name in (*names, *rates)})
    student = build_student(arguments.teacher, arguments.run).to(arguments.device)
    train(student, load_material(arguments.run), recipe, arguments.state or arguments.run, _tell)


def run_export(arguments: argparse.Namespace) -> None:
    """The state of a run as a Hugging Face folder."""
    from .export import export_encoder
    from .state import load_state
    from .training import Recipe, build_optimiser, build_student

    student = build_student(arguments.teacher, arguments.run)
    load_state(arguments.state or arguments.run, student, build_optimiser(student, Recipe(minutes=0)))
    export_encoder(student.body, arguments.run, arguments.output)


def run_measure(arguments: argparse.Namespace) -> None:
    """Retrieval, frozen probe and fine-tuning of encoders, on persons not for testing."""
    from .evaluation import cross_validate, find_translations
    from .probing import probe

    for encoder in arguments.encoders:
        if arguments.run:
            share = find_translations(encoder, arguments.run / "held_out.tsv", arguments.run / "held_out_targets.npy")
            _tell(f"{encoder} retrieval: {share:.3f}")
        _tell(f"{encoder} frozen: {_figures(probe(encoder, arguments.corpus))}")
        if arguments.folds:
            options = (arguments.corpus, 3, arguments.epochs, arguments.seed, arguments.folds)
            _tell(f"{encoder} fine-tuned: {_figures(cross_validate(encoder, *options))}")


def _figures(found: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in found.items())


def _tell(line: str) -> None:
    print(line, flush=True)


def build_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for name, action in (("prepare", run_prepare), ("train", run_train), ("export", run_export)):
        command = commands.add_parser(name, help=action.__doc__)
        command.set_defaults(action=action)
        command.add_argument("run", type=Path, help="run folder")
        command.add_argument("--teacher", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
        command.add_argument("--seed", type=int, default=0)
        command.add_argument("--device", default="cpu", help="cpu or cuda")
        _ADDITIONS[name](command)
    measure = commands.add_parser("measure", help=run_measure.__doc__)
    measure.set_defaults(action=run_measure)
    _measure_options(measure)
    return parser


def _measure_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("encoders", type=Path, nargs="+", help="folders in the Hugging Face layout")
    command.add_argument("--corpus", type=Path, default=Path("corpora/agency"))
    command.add_argument("--run", type=Path, help="run folder with the held-out sentence pairs")
    command.add_argument("--folds", type=int, default=3, help="how many of three folds to fine-tune; 0 for none")
    command.add_argument("--epochs", type=int, default=3)
    command.add_argument("--seed", type=int, default=0)


def _prepare_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--shared", type=Path, default=Path("../shared"))
    command.add_argument("--corpus", type=Path, default=Path("corpora/agency"))
    command.add_argument("--extra", type=Path, nargs="*", default=[])
    command.add_argument("--vocabulary", type=int, default=17_000, help="number of pieces")


def _train_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--state", type=Path, help="folder of the training state, by default the run folder")
    command.add_argument("--minutes", type=float, default=45.0)
    command.add_argument("--pairs", type=int, default=128)
    command.add_argument("--rows", type=int, default=48)
    command.add_argument("--words-weight", type=float, default=0.3)
    command.add_argument("--words-share", type=float, default=0.2)
    command.add_argument("--words-from", type=float, default=0.0)
    command.add_argument("--body-rate", type=float, default=2e-4)
    command.add_argument("--embedding-rate", type=float, default=1e-3)
    command.add_argument("--head-rate", type=float, default=1e-3)


def _export_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--state", type=Path, help="folder of the training state, by default the run folder")
    command.add_argument("-o", "--output", type=Path, required=True)


_ADDITIONS = {"prepare": _prepare_options, "train": _train_options, "export": _export_options}


def main() -> None:
    """Run one command."""
    arguments = build_parser().parse_args()
    arguments.action(arguments)


if __name__ == "__main__":
    main()
