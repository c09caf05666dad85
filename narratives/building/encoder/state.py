"""Training state on disk: weights, optimiser, time used. Written atomically, without pickle."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn, optim

STATE = "state.safetensors"


def _moments(model: "nn.Module", optimiser: "optim.Optimizer") -> dict:
    """The optimiser's tensors under the names of the parameters they belong to."""
    return {
        f"optimiser/{name}/{key}": value
        for name, parameter in model.named_parameters()
        for key, value in optimiser.state.get(parameter, {}).items()
    }


def save_state(folder: Path, model: "nn.Module", optimiser: "optim.Optimizer", progress: dict[str, float]) -> None:
    """Write everything needed to go on into ``folder``.

    Args:
        folder: The run folder.
        model: Its parameters are stored under ``model/``.
        optimiser: Its moments are stored beside them.
        progress: Numbers to find again, as steps and seconds.
    """
    from safetensors.torch import save_file

    tensors = {f"model/{name}": value for name, value in model.state_dict().items()} | _moments(model, optimiser)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{STATE}.part"
    plain = {name: value.detach().cpu().clone().contiguous() for name, value in tensors.items()}
    save_file(plain, unfinished, metadata={"progress": json.dumps(progress)})
    unfinished.replace(folder / STATE)


def load_state(folder: Path, model: "nn.Module", optimiser: "optim.Optimizer") -> dict[str, float] | None:
    """Restore what ``save_state`` wrote; the progress, or None where there is nothing to restore."""
    from safetensors import safe_open

    if not (folder / STATE).exists():
        return None
    with safe_open(folder / STATE, framework="pt") as stored:
        tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
        progress = json.loads(stored.metadata()["progress"])
    model.load_state_dict({name[6:]: value for name, value in tensors.items() if name.startswith("model/")})
    for name, parameter in model.named_parameters():
        prefix = f"optimiser/{name}/"
        moments = {key[len(prefix) :]: value for key, value in tensors.items() if key.startswith(prefix)}
        optimiser.state[parameter] = {
            key: value if key == "step" else value.to(parameter.device) for key, value in moments.items()
        }
    return progress
