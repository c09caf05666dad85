"""From coded data and a base model to a calibrated classifier, with what was learned on the way."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from narratives.classify import Calibration, Classifier, Windows
from narratives.coded.checks import check, rare_codes
from narratives.coded.records import CodedData
from narratives.coded.splitting import hold_out, take_test
from narratives.errors import CodedDataError, ModelError
from narratives.files import sha256_of
from narratives.messages import say
from narratives.progress import Advance
from narratives.training.calibration import calibrate
from narratives.training.scores import criterion, score_variables, softmax
from narratives.training.settings import Settings, rate_for

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from narratives.network import MultiHead
    from narratives.training.curve import Point
    from narratives.training.loop import Epoch

__all__ = ["Trained", "choose_method", "conclude", "train", "within_limits"]


@dataclass(frozen=True)
class Trained:
    """A trained classifier and how it came to be.

    Attributes:
        classifier: calibrated.
        settings: with the method that was used.
        fitted: the data it was fitted on.
        held: the texts that the figures are about, none of which the predictions in ``probabilities``
            were fitted on: development persons, or with few texts all of them, cross-validated.
        probabilities: calibrated, per variable, shape (len(held), codes).
        scores: per variable, from :func:`narratives.training.scores.variable_scores`.
        history: per epoch; empty for frozen heads.
        notes: sentences for the reader of card and report.
        seconds: spent on training steps.
        curve: scores with parts of the data, where they were measured.
        averaged_runs: how many runs' weights the model is the mean of.
    """

    classifier: Classifier
    settings: Settings
    fitted: CodedData
    held: CodedData
    probabilities: Mapping[str, np.ndarray]
    scores: Mapping[str, Mapping[str, float]]
    history: Sequence[Epoch]
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    curve: Sequence[Point] = ()
    averaged_runs: int = 1


def train(
    data: CodedData,
    base: Path,
    settings: Settings,
    *,
    name: str = "",
    folder: Path | None = None,
    advance: Advance | None = None,
) -> Trained:
    """Train a classifier on coded data; texts that their source marks as test are left out.

    Args:
        data: at least ten coded texts.
        base: folder of the encoder, in the Hugging Face layout.
        name: of the new model.
        folder: for the unfinished run, so that it can be taken up again.
        advance: told of progress.

    Raises:
        CodedDataError: if the data cannot be trained on.
        ModelError: if the encoder cannot be loaded, or an unfinished run in ``folder`` is another one.
    """
    usable, test = take_test(data)
    usable = usable.where(lambda text: bool(text.codings))
    check(usable)
    if len(usable) < _FEWEST:
        raise CodedDataError(say("training.too_few", count=len(usable), fewest=_FEWEST))
    notes = [*rare_codes(usable), *([say("training.test_left_out", count=len(test))] if len(test) else [])]
    chosen = replace(within_limits(settings, base), method=choose_method(settings, len(usable)))
    trainer = _train_full if chosen.method == "full" else _train_frozen
    trained = trainer(usable, base, chosen, folder, advance)
    trained.classifier.name = name
    return replace(trained, notes=(*notes, *trained.notes))


_FEWEST = 10
_PROBE_STRENGTH = 0.003
_LARGEST_CURVE = 2000
"""Texts up to which the learning curve of linear heads is drawn unasked: seconds, not minutes."""


def choose_method(settings: Settings, texts: int) -> str:
    """The method as set; where that is left open, by the number of texts."""
    if settings.method != "auto":
        return settings.method
    return "frozen" if texts < settings.few else "full"


def within_limits(settings: Settings, base: Path) -> Settings:
    """The settings with windows no longer than the encoder has positions for, and a learning rate that fits its width.

    Raises:
        ModelError: if the folder has no readable configuration.
    """
    from transformers import AutoConfig

    try:
        config = AutoConfig.from_pretrained(base, local_files_only=True)
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise ModelError(say("model.encoder_unreadable", folder=base, reason=reason)) from error
    positions = int(getattr(config, "max_position_embeddings", None) or settings.max_length)
    if "roberta" in str(config.model_type):
        positions -= int(config.pad_token_id or 0) + 1  # its positions are counted from behind the padding's
    length = min(settings.max_length, positions)
    rate = settings.body_rate or rate_for(int(config.hidden_size))
    return replace(settings, max_length=length, stride=min(settings.stride, length // 4), body_rate=rate)


def _fingerprint_of(data: CodedData, base: Path, settings: Settings) -> str:
    """Digest of everything that a run's result depends on."""
    texts = [[t.id, t.text, t.person, t.split, [dict(c.codes) for c in t.codings]] for t in data.texts]
    plain = json.dumps([texts, settings.to_dict(), data.codebook.sha256], ensure_ascii=False, sort_keys=True)
    return sha256_of(plain, (base / "model.safetensors").read_bytes())


def _train_full(
    data: CodedData, base: Path, settings: Settings, folder: Path | None, advance: Advance | None
) -> Trained:
    """Fine-tune encoder and heads; development persons decide when to stop and calibrate the result."""
    from narratives.training.checkpoint import has_run
    from narratives.training.devices import choose_device, seed_everything
    from narratives.training.examples import make_examples
    from narratives.training.loop import fit

    fitted, held = hold_out(data, settings.dev_share, settings.seed)
    if not len(held):
        raise CodedDataError(say("training.one_person"))
    seed_everything(settings.seed)
    network, tokenizer = _fresh_network(base, data, settings)
    network.to(choose_device())
    if settings.probe_first and not has_run(folder):
        _probe(network, tokenizer, fitted, settings)
    judged = _judged_texts(held, settings)

    def score(now: MultiHead) -> tuple[float, dict[str, Any]]:
        shares = _uncalibrated(now, tokenizer, judged, settings)
        figures = score_variables(judged, shares)
        return criterion(figures, settings.criterion), figures

    digest = _fingerprint_of(data, base, settings)
    examples = make_examples(fitted, settings)
    run = fit(
        network, tokenizer, data.codebook, examples, settings, score, folder=folder, fingerprint=digest, advance=advance
    )
    return conclude(network, tokenizer, fitted, held, settings, run.history, run.seconds)


def _probe(network: MultiHead, tokenizer: PreTrainedTokenizerBase, fitted: CodedData, settings: Settings) -> None:
    """Set the heads to linear probes of the encoder as it is, before anything is fine-tuned.

    Random heads pull the encoder about in the first steps, which costs most on texts unlike those
    trained on (Kumar et al. 2022, "Fine-tuning can distort pretrained features").
    """
    from narratives.training.frozen import fit_head, pooled_features, put_heads

    features = pooled_features(network, tokenizer, [text.text for text in fitted.texts], settings)
    put_heads(network, [fit_head(features, fitted.targets(name), _PROBE_STRENGTH) for name in fitted.codebook.names])


def _judged_texts(held: CodedData, settings: Settings) -> CodedData:
    """The held-out texts that decide: those of the criterion's groups, or all if that leaves none."""
    if not settings.criterion_groups:
        return held
    chosen = held.where(lambda text: text.group.startswith(settings.criterion_groups))
    return chosen if len(chosen) else held


def conclude(
    network: MultiHead,
    tokenizer: PreTrainedTokenizerBase,
    fitted: CodedData,
    held: CodedData,
    settings: Settings,
    history: Sequence[Epoch],
    seconds: float,
) -> Trained:
    """Calibrate on held-out persons and put everything together."""
    judged = _judged_texts(held, settings)
    network.body = _as_saved(network.body)
    bare = _classifier(network, tokenizer, held, settings)
    calibration = calibrate(judged, bare.logits([text.text for text in judged.texts]))
    classifier = _classifier(network, tokenizer, held, settings, calibration)
    shares = classifier.predict([text.text for text in held.texts]).probabilities
    return Trained(classifier, settings, fitted, held, shares, score_variables(held, shares), history, seconds=seconds)


def _train_frozen(
    data: CodedData, base: Path, settings: Settings, _folder: Path | None, advance: Advance | None
) -> Trained:
    """Fit linear heads on fixed features of all texts; figures and calibration come from cross-validation."""
    from narratives.training.curve import frozen_curve
    from narratives.training.frozen import (
        choose_strength,
        cross_logits,
        fit_head,
        person_folds,
        pooled_features,
        put_heads,
    )

    if len(data.persons) < 2:
        raise CodedDataError(say("training.one_person"))
    network, tokenizer = _fresh_network(base, data, settings)
    network.body = _as_saved(network.body)
    features = pooled_features(network, tokenizer, [text.text for text in data.texts], settings)
    folds = person_folds(data, settings.seed)
    targets = {name: data.targets(name) for name in data.codebook.names}
    strengths = {name: choose_strength(features, target, folds) for name, target in targets.items()}
    logits = {name: cross_logits(features, targets[name], folds, strengths[name]) for name in targets}
    put_heads(network, [fit_head(features, targets[name], strengths[name]) for name in targets])
    calibration = calibrate(data, logits)
    classifier = _classifier(network, tokenizer, data, settings, calibration)
    shares = {name: softmax(scores / calibration.temperatures[name]) for name, scores in logits.items()}
    curve = frozen_curve(data, features, strengths, settings) if len(data) <= _LARGEST_CURVE else []
    if advance is not None:
        advance("", 1)
    notes = (say("training.frozen", count=len(data)),)
    scores = score_variables(data, shares)
    return Trained(classifier, settings, data, data, shares, scores, (), notes, curve=tuple(curve))


def _fresh_network(base: Path, data: CodedData, settings: Settings) -> tuple[MultiHead, PreTrainedTokenizerBase]:
    """The base encoder with new heads for the codebook's variables."""
    from narratives.encoder import load_encoder
    from narratives.network import MultiHead
    from narratives.training.devices import choose_device

    body, tokenizer = load_encoder(base)
    if choose_device().type == "cpu":
        body.set_attn_implementation("eager")  # torch's fused attention is twice as slow backwards on CPUs
    if settings.gradient_checkpointing:
        getattr(body, "activation_checkpointing_enable", body.gradient_checkpointing_enable)()
    sizes = [len(variable.codes) for variable in data.codebook.variables]
    return MultiHead(body, sizes, settings.dropout), tokenizer


def _as_saved(body: PreTrainedModel) -> PreTrainedModel:
    """The body rounded to half precision, as models are saved: heads and figures are about what is shipped."""
    return body.half().float()


def _classifier(
    network: MultiHead,
    tokenizer: PreTrainedTokenizerBase,
    data: CodedData,
    settings: Settings,
    calibration: Calibration | None = None,
) -> Classifier:
    windows = Windows(settings.max_length, settings.stride)
    return Classifier(network, tokenizer, data.codebook, calibration=calibration, windows=windows)


def _uncalibrated(
    network: MultiHead, tokenizer: PreTrainedTokenizerBase, data: CodedData, settings: Settings
) -> Mapping[str, np.ndarray]:
    """Uncalibrated probabilities in the fast precision, per variable, shape (n, codes)."""
    from narratives.training.devices import fast_precision

    with fast_precision(next(network.parameters()).device):
        classifier = _classifier(network, tokenizer, data, settings)
        return classifier.predict([text.text for text in data.texts]).probabilities
