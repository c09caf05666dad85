"""The whole of ``narratives evaluate``: a model, coded data, baselines beside it, one result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from narratives.classify import Classifier
from narratives.coded.records import CodedData
from narratives.coded.splitting import hold_out, take_test
from narratives.errors import CodedDataError
from narratives.evaluation.baselines import BASELINES, Guesses, cross_guesses
from narratives.evaluation.coders import agreement_report
from narratives.evaluation.figures import Figure
from narratives.evaluation.intervals import RESAMPLES
from narratives.evaluation.measuring import Slice, measure
from narratives.evaluation.repeating import Train, repeat_over_seeds, retrainer, training_count
from narratives.files import sha256_of
from narratives.messages import say
from narratives.progress import Advance

__all__ = ["CORPUS_DEVELOPMENT", "SPLITS", "Evaluation", "Options", "Split", "choose_split", "evaluate", "step_count"]

SPLITS = ("auto", "test", "dev", "rest", "all")

CORPUS_DEVELOPMENT = (0.15, 7)
"""Share of each group's persons and seed of the development draw with which the shipped model is made."""


@dataclass(frozen=True)
class Options:
    """What is done beside scoring.

    Attributes:
        split: which texts are measured: "test" as the data says; "dev", what the model's training held
            out; "rest", all but test; "all"; "auto" is "test" where the data has one, else "all".
        baselines: names in :data:`narratives.evaluation.baselines.BASELINES`.
        folds: for baselines and retraining where no fixed split leaves texts to train on.
        seeds: trainings of the same recipe under other seeds; 0 for none.
        resamples: of the bootstrap.
        seed: of everything random here.
    """

    split: str = "auto"
    baselines: tuple[str, ...] = tuple(BASELINES)
    folds: int = 5
    seeds: int = 0
    resamples: int = RESAMPLES
    seed: int = 0


@dataclass(frozen=True)
class Split:
    """Which texts are measured.

    Attributes:
        name: one of :data:`SPLITS`, never "auto".
        measured: the texts to measure.
        fitted: texts of other persons, for baselines to be trained on; none means cross-validation.
        verified: whether the texts of "dev" are known to be those that the model's training held out.
    """

    name: str
    measured: CodedData
    fitted: CodedData
    verified: bool = True


@dataclass(frozen=True)
class Evaluation:
    """What came of an evaluation.

    Attributes:
        slices: per part and variable, figures of model and baselines, confusion and curves.
        coders: figures of coders against each other (method "coders").
        repeated: figures over seeds (method "retrained").
        labels: per variable its code names, in the order of the confusions.
        notes: sentences for the reader.
        provenance: what was measured with what; plain data.
    """

    slices: tuple[Slice, ...]
    coders: tuple[Figure, ...] = ()
    repeated: tuple[Figure, ...] = ()
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    provenance: dict[str, Any] = field(default_factory=dict)

    @property
    def figures(self) -> list[Figure]:
        """All figures: model and baselines, coders, seeds."""
        return [*(figure for part in self.slices for figure in part.figures), *self.coders, *self.repeated]

    def figure(self, part: str, variable: str, measure: str, method: str = "model", code: str = "") -> Figure | None:
        """One figure, or None if it was not measured."""
        wanted = (part, variable, measure, method, code)
        found = (f for f in self.figures if (f.part, f.variable, f.measure, f.method, f.code) == wanted)
        return next(found, None)


def evaluate(
    classifier: Classifier, data: CodedData, options: Options | None = None, *, advance: Advance | None = None
) -> Evaluation:
    """Measure a model on coded data, baselines trained on the same data's other persons beside it.

    Args:
        data: read with the model's codebook.
        advance: told of each step done (the model, each baseline, each training of a seed; :func:`step_count`).

    Raises:
        CodedDataError: if the split asked for is empty, or a baseline is unknown.
        ModelError: if it is to be trained anew and does not say how it was made, or its encoder is another now.
    """
    chosen = options or Options()
    unknown = [name for name in chosen.baselines if name not in BASELINES]
    if unknown:
        raise CodedDataError(say("evaluation.no_baseline", name=unknown[0], known=", ".join(BASELINES)))
    tell: Advance = advance or (lambda _item, _steps: None)
    again = retrainer(classifier) if chosen.seeds else None  # what cannot be trained anew is refused before measuring
    coded = data.where(lambda text: bool(text.codings))
    split = choose_split(coded, chosen.split, classifier)
    measured, fitted = split.measured, split.fitted
    shares = classifier.predict([text.text for text in measured.texts]).probabilities
    tell("", 1)
    guesses = _guesses(chosen, measured, fitted, tell)
    slices = measure(
        measured,
        shares,
        guesses=guesses,
        review_below=classifier.calibration.review_below,
        resamples=chosen.resamples,
        seed=chosen.seed,
    )
    coders = agreement_report(measured, resamples=chosen.resamples, seed=chosen.seed)
    repeated = _repeated(again, coded, split, chosen, tell)
    labels = {variable.name: variable.labels for variable in data.codebook.variables}
    notes = (*data.notes, *_notes(split, bool(chosen.baselines)))
    about = _provenance(classifier, split, chosen)
    return Evaluation(tuple(slices), tuple(coders), tuple(repeated), labels, notes, about)


def step_count(classifier: Classifier, data: CodedData, options: Options) -> int:
    """Steps that :func:`evaluate` will tell of: the model, each baseline, and each training of a seed.

    Raises:
        CodedDataError: if the split asked for is empty.
    """
    split = choose_split(data.where(lambda text: bool(text.codings)), options.split, classifier)
    trainings = training_count(split.measured, split.fitted, options.seeds, options.folds)
    return 1 + len(options.baselines) + trainings


def choose_split(data: CodedData, split: str, classifier: Classifier) -> Split:
    """Take the texts to measure, and those to train baselines on.

    Raises:
        CodedDataError: if the split is empty.
    """
    rest, test = take_test(data)
    name = split if split != "auto" else "test" if len(test) else "all"
    if name == "dev":
        chosen = _development(rest, classifier)
    else:
        none = data.where(lambda _: False)
        chosen = {"test": Split(name, test, rest), "rest": Split(name, rest, none), "all": Split(name, data, none)}[
            name
        ]
    if not len(chosen.measured):
        raise CodedDataError(say("evaluation.empty_split", split=name, source=data.source))
    return chosen


def _development(rest: CodedData, classifier: Classifier) -> Split:
    """What the model's training held out, drawn again: as its settings say, or as the corpus's is drawn.

    A draw is verified if the digest of the texts fitted on is the one in the model's provenance.
    """
    settings = classifier.provenance.get("settings", {})
    draws = [CORPUS_DEVELOPMENT]
    if "dev_share" in settings and "seed" in settings:
        draws.insert(0, (float(settings["dev_share"]), int(settings["seed"])))
    known = classifier.provenance.get("data", {}).get("sha256")
    splits = [hold_out(rest, share, seed) for share, seed in draws]
    verified = next((pair for pair in splits if known and _digest(pair[0]) == known), None)
    fitted, held = verified or splits[0]
    return Split("dev", held, fitted, verified is not None)


def _digest(data: CodedData) -> str:
    """Digest of texts as models keep it in their provenance."""
    return sha256_of(*(f"{text.id}\t{text.text}" for text in data.texts))


def _guesses(options: Options, measured: CodedData, fitted: CodedData, tell: Advance) -> dict[str, Guesses]:
    """Codes chosen by each baseline, cross-validated by person where there is nothing else to train on."""
    from narratives.training.frozen import person_folds

    if not len(fitted) and len(measured.persons) < 2:
        return {}
    result: dict[str, Guesses] = {}
    for name in options.baselines:
        if len(fitted):
            result[name] = BASELINES[name](fitted, measured, options.seed)
        else:
            folds = person_folds(measured, options.seed, options.folds)
            result[name] = cross_guesses(BASELINES[name], measured, folds, options.seed)
        tell(name, 1)
    return result


def _repeated(train: Train | None, data: CodedData, split: Split, options: Options, tell: Advance) -> Sequence[Figure]:
    """Figures over seeds, on the same texts, if asked for."""
    if train is None:
        return ()
    fixed = {text.id for text in split.measured.texts} if len(split.fitted) else set()
    source = data.where(lambda text: text.id in fixed or text.split != "test") if fixed else split.measured
    seeds = range(options.seeds)
    return repeat_over_seeds(train, _marked(source, fixed), seeds, folds=options.folds, advance=tell)


def _marked(data: CodedData, test: set[str]) -> CodedData:
    """The data with exactly these texts as its test part."""
    from dataclasses import replace

    return replace(data, texts=tuple(replace(text, split="test" if text.id in test else "") for text in data.texts))


def _notes(split: Split, compared: bool) -> list[str]:
    """What a reader must know to read the figures right."""
    measured, fitted = split.measured, split.fitted
    notes = [say(f"evaluation.note.{split.name}" if split.verified else "evaluation.note.dev_unverified")]
    outside = [
        f"{v.name}: {', '.join(c.name for c in v.codes if c.rank is None)}"
        for v in measured.codebook.variables
        if v.ranked and None in v.ranks
    ]
    if outside:
        notes.append(say("evaluation.note.unranked", codes="; ".join(outside)))
    if len(measured.persons) < 2:
        notes.append(say("evaluation.note.one_person"))
    elif compared:
        notes.append(say("evaluation.note.baselines" if len(fitted) else "evaluation.note.folds", count=len(fitted)))
    return notes


def _provenance(classifier: Classifier, split: Split, options: Options) -> dict[str, Any]:
    """Model, data, settings and versions: nothing that changes when the same is measured again."""
    measured = split.measured
    return {
        "model": {"name": classifier.name, "revision": classifier.revision},
        "codebook": {"name": measured.codebook.name, "version": measured.codebook.version},
        "data": {
            "source": measured.source,
            "split": split.name,
            "texts": len(measured),
            "persons": len(measured.persons),
            "sha256": _digest(measured),
            "baselines_trained_on": len(split.fitted),
        },
        "options": {
            "baselines": list(options.baselines),
            "folds": options.folds,
            "seeds": options.seeds,
            "resamples": options.resamples,
            "seed": options.seed,
        },
        "versions": {name: version(name) for name in ("narratives", "torch", "transformers", "scikit-learn", "spacy")},
    }
