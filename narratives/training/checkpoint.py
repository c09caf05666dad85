"""A training run on disk, so that one that was killed goes on to the same result.

Tensors in safetensors, everything else in JSON; nothing that could run code when opened.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from narratives.errors import ModelError
from narratives.files import write_atomically, writing
from narratives.messages import say

if TYPE_CHECKING:
    from narratives.training.loop import Run

__all__ = ["has_run", "load_run", "save_run", "save_weights"]

_STATE = "state.json"


def save_run(run: Run, folder: Path, fingerprint: str) -> None:
    """Write the whole state of ``run``; the JSON goes last and names the tensors that belong to it.

    Args:
        fingerprint: of data, base model and settings; only a run with the same one may go on from here.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"step-{run.total_steps}.safetensors"
    _save(folder / name, {**_network(run), **_optimiser(run), **_chance()})
    state = {**run.progress(), "fingerprint": fingerprint, "tensors": name}
    write_atomically(folder / _STATE, json.dumps(state, indent=1))
    for old in folder.glob("step-*.safetensors"):
        if old.name != name:
            old.unlink()


def save_weights(weights: dict[str, Tensor], path: Path) -> None:
    """Write the network's weights as they are after an epoch."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _save(path, weights)


def has_run(folder: Path | None) -> bool:
    """Whether a run lies in ``folder``, finished or not."""
    return folder is not None and (folder / _STATE).is_file()


def load_run(run: Run, folder: Path, fingerprint: str) -> bool:
    """Put the state found in ``folder`` into ``run``; returns whether there was one.

    Raises:
        ModelError: if the unfinished run there had other data, settings or base model.
    """
    if not has_run(folder):
        return False
    state = json.loads((folder / _STATE).read_text(encoding="utf-8"))
    if state["fingerprint"] != fingerprint:
        raise ModelError(say("training.other_run", folder=folder))
    tensors = load_file(folder / state["tensors"])
    _restore_network(run, tensors)
    _restore_optimiser(run, tensors)
    _restore_chance(tensors)
    epochs = {int(file.stem.split("-")[1]): load_file(file) for file in folder.glob("epoch-*.safetensors")}
    run.restore(state, epochs)
    return True


def _save(path: Path, tensors: dict[str, Tensor]) -> None:
    with writing(path) as temporary:
        save_file({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}, temporary)


def _network(run: Run) -> dict[str, Tensor]:
    return {f"network.{name}": tensor for name, tensor in run.network.state_dict().items()}


def _restore_network(run: Run, tensors: dict[str, Tensor]) -> None:
    weights = {name[8:]: tensor for name, tensor in tensors.items() if name.startswith("network.")}
    run.network.load_state_dict(weights)


def _optimiser(run: Run) -> dict[str, Tensor]:
    state: dict[int, dict[str, Any]] = run.optimiser.state_dict()["state"]
    return {f"optimiser.{index}.{key}": value for index, kept in state.items() for key, value in kept.items()}


def _restore_optimiser(run: Run, tensors: dict[str, Tensor]) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith("optimiser."):
            _, index, key = name.split(".", 2)
            state.setdefault(int(index), {})[key] = tensor
    run.optimiser.load_state_dict({**run.optimiser.state_dict(), "state": state})


def _chance() -> dict[str, Tensor]:
    states = {"chance.cpu": torch.get_rng_state()}
    return states | ({"chance.cuda": torch.cuda.get_rng_state()} if torch.cuda.is_available() else {})


def _restore_chance(tensors: dict[str, Tensor]) -> None:
    torch.set_rng_state(tensors["chance.cpu"])
    if torch.cuda.is_available() and "chance.cuda" in tensors:
        torch.cuda.set_rng_state(tensors["chance.cuda"])
