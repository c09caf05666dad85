"""The trained body in the Hugging Face layout, in half precision."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import BertModel

FILES = ("tokenizer.json", "tokenizer_config.json")


def export_encoder(body: "BertModel", run: Path, target: Path) -> None:
    """Write config, half-precision weights and tokenizer of ``body`` into ``target``."""
    target.mkdir(parents=True, exist_ok=True)
    body.half().save_pretrained(target)
    for name in FILES:
        shutil.copyfile(run / name, target / name)
