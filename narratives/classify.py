"""Coding texts: one encoder, one head per codebook variable, calibrated probabilities.

A saved model is one folder that needs nothing else::

    config.json, model.safetensors     the encoder in the Hugging Face layout
    tokenizer.json, ...                its tokenizer
    heads.safetensors                  one linear head per variable
    narratives.json                    label lists, codebook, calibration, provenance
    README.md                          the model card

Files and folders of a study are no business of this module: texts in, probabilities out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.codebook import Codebook, parse_codebook
from narratives.errors import CodebookError, ModelError
from narratives.files import sha256_of, write_atomically
from narratives.messages import say
from narratives.shipped import shipped_folder, shipped_models

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from transformers import PreTrainedTokenizerBase

    from narratives.network import MultiHead

__all__ = [
    "DEFAULT_MODEL",
    "Calibration",
    "Classifier",
    "Predictions",
    "Windows",
    "find_model",
    "load_classifier",
    "model_revision",
    "read_model_codebook",
]

DEFAULT_MODEL = "agency-da"

_FORMAT = 1
_HUB_PATTERNS = ["*.json", "*.safetensors", "*.txt", "*.md", "*.model"]


@dataclass(frozen=True, slots=True)
class Windows:
    """How long texts are cut: tokens per window, and tokens that neighbours share."""

    max_length: int = 192
    stride: int = 48


@dataclass(frozen=True)
class Calibration:
    """How a head's logits become probabilities that mean what they say.

    Attributes:
        temperatures: per variable, what logits are divided by (Guo et al. 2017); 1 leaves them.
        review_below: per variable, the probability of the chosen code under which a person should look.
    """

    temperatures: Mapping[str, float] = field(default_factory=dict)
    review_below: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Predictions:
    """Calibrated probabilities for n texts, in the order they came.

    Attributes:
        labels: per variable its code names: the order of the columns of ``probabilities``.
        probabilities: per variable an array of shape (n, codes); rows sum to 1.
        windows: shape (n,), windows each text was read in; more than 1 for long texts.
        review_below: per variable, the certainty under which a person should look.
    """

    labels: Mapping[str, tuple[str, ...]]
    probabilities: Mapping[str, np.ndarray]
    windows: np.ndarray
    review_below: Mapping[str, float] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.windows)

    def codes(self, variable: str) -> list[str]:
        """The most probable code of each text."""
        names = self.labels[variable]
        return [names[index] for index in self.probabilities[variable].argmax(axis=1)]

    def certainty(self, variable: str) -> np.ndarray:
        """The probability of the most probable code, shape (n,)."""
        return self.probabilities[variable].max(axis=1)

    def needs_review(self) -> np.ndarray:
        """Whether any variable with a review threshold is less sure than it asks, shape (n,), bool."""
        import numpy as np

        unsure = np.zeros(len(self), dtype=bool)
        for variable, threshold in self.review_below.items():
            unsure |= self.certainty(variable) < threshold
        return unsure

    def to_frame(self) -> pd.DataFrame:
        """For each variable V the columns ``V``, ``V_p`` and ``V_p_<code>``, one row per text."""
        import pandas as pd

        columns: dict[str, Any] = {}
        for variable, names in self.labels.items():
            columns[variable] = self.codes(variable)
            columns[f"{variable}_p"] = self.certainty(variable)
            for index, name in enumerate(names):
                columns[f"{variable}_p_{name}"] = self.probabilities[variable][:, index]
        return pd.DataFrame(columns)


class Classifier:
    """A loaded model: texts in, :class:`Predictions` out.

    Args:
        network: body and heads, in the order of the codebook's variables.
        tokenizer: the body's tokenizer.
        codebook: exactly the variables that have a head, in order.
        calibration: temperatures and review thresholds.
        windows: how long texts are cut.
        provenance: anything JSON can hold about how the model came to be.
        name: what the model is called in tables.
        revision: digest of the files it was loaded from (:func:`model_revision`); "" if never saved.
    """

    def __init__(
        self,
        network: MultiHead,
        tokenizer: PreTrainedTokenizerBase,
        codebook: Codebook,
        *,
        calibration: Calibration | None = None,
        windows: Windows | None = None,
        provenance: Mapping[str, Any] | None = None,
        name: str = "",
        revision: str = "",
    ) -> None:
        self.network = network.eval()
        self.tokenizer = tokenizer
        self.codebook = codebook
        self.calibration = calibration or Calibration()
        self.windows = windows or Windows()
        self.provenance = dict(provenance or {})
        self.name = name
        self.revision = revision

    @property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """Per variable its code names, in the order of the heads' outputs."""
        return {variable.name: variable.labels for variable in self.codebook.variables}

    def predict(
        self, texts: Sequence[str], *, batch_size: int = 32, progress: Callable[[int], None] | None = None
    ) -> Predictions:
        """Calibrated probabilities of every code of every variable, all from one forward pass.

        Args:
            texts: any number of texts; as many rows come back, in order.
            batch_size: windows computed at once.
            progress: called with the number of windows done after each batch.
        """
        import numpy as np

        windows, owners, lengths = self._encode(texts)
        logits = self._logits(windows, batch_size, progress)
        weights = lengths / np.bincount(owners, weights=lengths, minlength=len(texts))[owners]
        probabilities = {}
        for variable, scores in zip(self.codebook.variables, logits, strict=True):
            shares = _softmax(scores / self.calibration.temperatures.get(variable.name, 1.0))
            mixed = np.zeros((len(texts), len(variable.codes)))
            np.add.at(mixed, owners, shares * weights[:, None])
            probabilities[variable.name] = mixed
        counts = np.bincount(owners, minlength=len(texts))
        return Predictions(self.labels, probabilities, counts, self.calibration.review_below)

    def logits(self, texts: Sequence[str], *, batch_size: int = 32) -> dict[str, np.ndarray]:
        """Uncalibrated logits per variable, shape (n, codes), averaged over a text's windows."""
        import numpy as np

        windows, owners, _ = self._encode(texts)
        counts = np.bincount(owners, minlength=len(texts))[:, None]
        result = {}
        for variable, scores in zip(self.codebook.variables, self._logits(windows, batch_size), strict=True):
            total = np.zeros((len(texts), len(variable.codes)))
            np.add.at(total, owners, scores)
            result[variable.name] = total / counts
        return result

    def save(self, folder: str | Path, card: str = "") -> Path:
        """Write the model to ``folder``, the encoder in half precision, with its card; returns the folder."""
        from safetensors.torch import save_file

        from narratives.encoder import quiet_transformers

        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        with quiet_transformers():
            _half_copy(self.network.body).save_pretrained(target)
        self.tokenizer.save_pretrained(target)
        heads = {name: tensor.contiguous() for name, tensor in self.network.heads.state_dict().items()}
        save_file(heads, target / "heads.safetensors")
        settings = json.dumps({**self._settings(), "provenance": self.provenance}, ensure_ascii=False, indent=1)
        write_atomically(target / "narratives.json", settings + "\n")
        if card:
            write_atomically(target / "README.md", card)
        return target

    @classmethod
    def load(cls, folder: Path) -> Classifier:
        """Load a model saved by :meth:`save`.

        Raises:
            ModelError: if files are missing or do not fit each other.
        """
        settings = _read_settings(folder)
        codebook = parse_codebook(settings["codebook"], str(folder / "narratives.json"))
        network, tokenizer = _load_network(folder, codebook)
        return cls(
            network,
            tokenizer,
            codebook,
            calibration=Calibration(**settings.get("calibration", {})),
            windows=Windows(**settings.get("windows", {})),
            provenance=settings.get("provenance"),
            name=folder.name,
            revision=model_revision(folder),
        )

    def _settings(self) -> dict[str, Any]:
        """What ``narratives.json`` holds of how the model codes."""
        return {
            "format": _FORMAT,
            "labels": {name: list(labels) for name, labels in self.labels.items()},
            "codebook": self.codebook.to_dict(),
            "codebook_sha256": self.codebook.sha256,
            "calibration": {key: dict(value) for key, value in asdict(self.calibration).items()},
            "windows": asdict(self.windows),
        }

    def _encode(self, texts: Sequence[str]) -> tuple[list[tuple[int, list[int]]], np.ndarray, np.ndarray]:
        """Windows sorted as they came, the text each belongs to, and their lengths in tokens."""
        import numpy as np

        from narratives.network import encode_windows

        windows = encode_windows(self.tokenizer, texts, self.windows.max_length, self.windows.stride)
        owners = np.array([owner for owner, _ in windows], dtype=int)
        lengths = np.array([len(ids) for _, ids in windows], dtype=float)
        return windows, owners, lengths

    def _logits(
        self,
        windows: Sequence[tuple[int, list[int]]],
        batch_size: int,
        progress: Callable[[int], None] | None = None,
    ) -> list[np.ndarray]:
        """Logits per variable, shape (windows, codes), in the order of ``windows``."""
        import numpy as np
        import torch

        from narratives.network import batches, pad

        results = [np.zeros((len(windows), len(variable.codes))) for variable in self.codebook.variables]
        numbered = [(place, ids) for place, (_, ids) in enumerate(windows)]
        device = next(self.network.parameters()).device
        with torch.inference_mode():
            for batch in batches(numbered, batch_size):
                ids, mask = pad([tokens for _, tokens in batch], self.tokenizer.pad_token_id or 0)
                places = [place for place, _ in batch]
                for result, scores in zip(results, self.network(ids.to(device), mask.to(device)), strict=True):
                    result[places] = scores.float().cpu().numpy()
                if progress is not None:
                    progress(len(batch))
        return results


def load_classifier(name: str | Path = DEFAULT_MODEL) -> Classifier:
    """Load a shipped model by name, a local folder, or a Hugging Face repository in our layout.

    Raises:
        ModelError: if nothing is found, or it is not a model of ours.
    """
    return Classifier.load(find_model(name))


def find_model(name: str | Path) -> Path:
    """The folder of a model: a local folder, a shipped name, or a hub repository ("owner/name").

    Only the last touches the network, and only because the user named it.

    Raises:
        ModelError: if there is none.
    """
    local = Path(name)
    if local.is_dir():
        return local
    shipped = shipped_folder("models") / str(name)
    if shipped.is_dir() and Path(name).name == str(name):
        return shipped
    if str(name).count("/") == 1 and not str(name).startswith((".", "~", "/")):
        return _from_hub(str(name))
    raise ModelError(say("model.not_found", name=name, shipped=", ".join(shipped_models())))


def model_revision(folder: Path) -> str:
    """Digest of all files that decide a saved model's codes, without loading it.

    Raises:
        ModelError: if one of them is missing.
    """
    _read_settings(folder)
    names = ("narratives.json", "config.json", "model.safetensors", "heads.safetensors", "tokenizer.json")
    return sha256_of(*((folder / name).read_bytes() for name in names if (folder / name).is_file()))


def read_model_codebook(folder: Path) -> Codebook:
    """The codebook a saved model codes by, without loading the model.

    Raises:
        ModelError: if the folder holds no valid model.
    """
    return parse_codebook(_read_settings(folder)["codebook"], str(folder / "narratives.json"))


def _from_hub(repository: str) -> Path:
    """Download a repository's safe files to the hub's own cache."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(repository, allow_patterns=_HUB_PATTERNS))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise ModelError(say("model.hub_failed", name=repository, shipped=", ".join(shipped_models()))) from error


def _read_settings(folder: Path) -> dict[str, Any]:
    """The content of ``narratives.json``, checked for what loading needs."""
    path = folder / "narratives.json"
    if not path.is_file():
        raise ModelError(say("model.no_settings", folder=folder))
    if not (folder / "model.safetensors").is_file() or not (folder / "heads.safetensors").is_file():
        raise ModelError(say("model.no_safetensors", folder=folder))
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
        codebook = parse_codebook(settings["codebook"], str(path))
    except (ValueError, KeyError, TypeError, CodebookError) as error:
        raise ModelError(say("model.bad_settings", file=path, reason=error)) from error
    if settings.get("format") != _FORMAT:
        raise ModelError(say("model.bad_format", folder=folder, found=settings.get("format"), wanted=_FORMAT))
    labels = {variable.name: list(variable.labels) for variable in codebook.variables}
    if settings.get("labels") != labels:
        raise ModelError(say("model.labels_differ", folder=folder))
    return dict(settings)


def _load_network(folder: Path, codebook: Codebook) -> tuple[MultiHead, PreTrainedTokenizerBase]:
    """Body, heads and tokenizer of a saved model; every weight must be there and no other."""
    from safetensors.torch import load_file

    from narratives.encoder import load_encoder
    from narratives.network import MultiHead

    body, tokenizer = load_encoder(folder)
    network = MultiHead(body, [len(variable.codes) for variable in codebook.variables])
    try:
        heads = {name: tensor.float() for name, tensor in load_file(folder / "heads.safetensors").items()}
        network.heads.load_state_dict(heads, strict=True)
    except (RuntimeError, OSError, ValueError) as error:
        raise ModelError(say("model.heads_differ", folder=folder)) from error
    return network, tokenizer


def _half_copy(body: Any) -> Any:
    """A copy of the body in half precision; the one in use keeps its own."""
    import copy

    return copy.deepcopy(body).half()


def _softmax(scores: np.ndarray) -> np.ndarray:
    """Softmax over the last axis."""
    import numpy as np

    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))
