"""Loading a transformer encoder and its tokenizer: the one place that knows transformers' loaders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from narratives.errors import ModelError
from narratives.messages import say

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

__all__ = ["load_encoder", "quiet_transformers"]


def load_encoder(folder: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The encoder of a local folder in the Hugging Face layout, in float32, and its tokenizer.

    Only safetensors are read, nothing is fetched, and no code from the folder is run.

    Raises:
        ModelError: if the weights are missing, incomplete, or not in safetensors.
    """
    if not (folder / "model.safetensors").is_file():
        raise ModelError(say("model.no_safetensors", folder=folder))
    with quiet_transformers():
        return _load(folder)


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Keep transformers' progress bars and load reports off the screen."""
    from transformers.utils import logging

    verbosity = logging.get_verbosity()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        logging.enable_progress_bar()


def _load(folder: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Body and tokenizer; every weight but the pooler's must be in the file."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        body, loaded = AutoModel.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, dtype=torch.float32, output_loading_info=True
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(say("model.encoder_unreadable", folder=folder, reason=str(error).splitlines()[0])) from error
    missing = sorted(name for name in loaded["missing_keys"] if not name.startswith("pooler."))
    if missing:
        raise ModelError(say("model.weights_missing", folder=folder, first=missing[0], count=len(missing)))
    if loaded["missing_keys"]:
        body.pooler = None  # a pooler without weights would be random, and nothing here uses it
    return body, tokenizer
