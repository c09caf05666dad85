"""Everything that decides a training run, in one frozen value that goes into the model's provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Settings", "rate_for"]


@dataclass(frozen=True)
class Settings:
    """Settings of one training run.

    Attributes:
        method: "full" trains encoder and heads, "frozen" only heads on fixed features, "auto" takes
            "frozen" below ``few`` training texts.
        few: where "auto" changes from the one to the other.
        epochs: passes over the data at most; the learning rate falls to 0 over them.
        batch_size: windows in a step.
        body_rate, head_rate: learning rates of the encoder's top layer and of the heads; a body's rate of 0 is
            chosen by its width (:func:`rate_for`).
        layer_decay: factor on the rate from each layer to the one below (Howard & Ruder 2018, section 3.2).
        warmup: share of the steps in which rates rise linearly.
        weight_decay: of AdamW, on matrices only.
        dropout: share of pooled features dropped.
        label_smoothing: share of each target spread evenly over the codes.
        ordinal: weight of the ordinal log-loss beside cross-entropy, on ranked variables.
        probe_first: whether the heads start as linear probes of the untouched encoder.
        r_drop: weight of the agreement of two dropout passes (Liang et al. 2021); 0 trains with one.
        class_weights: exponent of inverse code frequency, 0 (off) to 1.
        certainty_power: a target counts with the coders' mean certainty to this power; 0 counts all alike.
        group_weights: group name, or its beginning, to the weight of its texts in the loss (1 where absent).
        variable_weights: variable to the weight of its loss (1 where absent).
        criterion: variables whose development score decides the best epoch; none means all.
        criterion_groups: beginnings of the groups whose development texts decide; none means all.
        patience: epochs without a better score before training stops.
        average: last epochs whose weights are averaged into one more candidate; 0 or 1 turns it off.
        drop_sentences: chance that a training text of three or more sentences loses one; the last one stays.
        drop_fillers: chance that a training text loses its transcriber's notes and fillers.
        dev_share: of each group's persons to hold out for stopping and calibration.
        seed: of everything random.
        max_length, stride: tokens in a window, and shared by neighbours.
        gradient_checkpointing: less memory for about a third more time.
    """

    method: str = "auto"
    few: int = 250
    epochs: int = 4
    batch_size: int = 32
    body_rate: float = 0.0
    head_rate: float = 1e-3
    layer_decay: float = 0.9
    warmup: float = 0.1
    weight_decay: float = 0.01
    dropout: float = 0.1
    label_smoothing: float = 0.05
    ordinal: float = 0.3
    probe_first: bool = False
    r_drop: float = 0.0
    class_weights: float = 0.0
    certainty_power: float = 0.0
    group_weights: Mapping[str, float] = field(default_factory=dict)
    variable_weights: Mapping[str, float] = field(default_factory=dict)
    criterion: tuple[str, ...] = ()
    criterion_groups: tuple[str, ...] = ()
    patience: int = 3
    average: int = 3
    drop_sentences: float = 0.0
    drop_fillers: float = 0.0
    dev_share: float = 0.125
    seed: int = 0
    max_length: int = 192
    stride: int = 48
    gradient_checkpointing: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        plain = asdict(self)
        return {**plain, "criterion": list(self.criterion), "criterion_groups": list(self.criterion_groups)}

    def group_weight(self, group: str) -> float:
        """Weight of a group's texts: that of its own name, else of the longest beginning that is given."""
        fitting = [name for name in self.group_weights if group.startswith(name)]
        return float(self.group_weights[max(fitting, key=len)]) if fitting else 1.0


_RATES = ((384, 3e-4), (768, 5e-5))
_RATE_OF_WIDE = 2e-5


def rate_for(width: int) -> float:
    """The learning rate for an encoder with hidden states so wide: the wider, the smaller.

    That of the narrow ones was measured on the shipped encoder (docs/training.md); the others are those commonly
    used for base and large models (Devlin et al. 2019, appendix A.3; Liu et al. 2019, table 10), not measured here.
    """
    return next((rate for widest, rate in _RATES if width <= widest), _RATE_OF_WIDE)
