"""Where training computes, and in which precision."""

from __future__ import annotations

import subprocess
import sys
from contextlib import AbstractContextManager, nullcontext
from functools import cache

import torch

__all__ = ["choose_device", "fast_precision", "seed_everything"]

_TRIAL = """
import time, torch
layer, data = torch.nn.Linear(384, 1536), torch.randn(2048, 384)
def seconds(fast):
    began = time.perf_counter()
    for _ in range(10):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast):
            result = layer(data)
        result.float().sum().backward()
    return time.perf_counter() - began
seconds(True)
seconds(False)
print(seconds(True) < 0.8 * seconds(False))
"""


def choose_device() -> torch.device:
    """A GPU where there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def fast_precision(device: torch.device) -> AbstractContextManager[object]:
    """Autocast to bfloat16 where the device computes it, and faster; elsewhere nothing changes.

    bfloat16 keeps float32's range, so no loss scaling is needed.
    """
    if device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.autocast("cuda", dtype=torch.bfloat16)
    if device.type == "cpu" and _cpu_gains():
        return torch.autocast("cpu", dtype=torch.bfloat16)
    return nullcontext()


@cache
def _cpu_gains() -> bool:
    """Whether bfloat16 pays on this processor, tried out in a process of its own.

    Some virtual machines list the instructions and then kill the process that uses them.
    """
    trial = subprocess.run(  # noqa: S603 - our own interpreter and our own text
        [sys.executable, "-c", _TRIAL], capture_output=True, text=True, check=False, timeout=120
    )
    return trial.returncode == 0 and trial.stdout.strip() == "True"


def seed_everything(seed: int) -> None:
    """Seed torch on all devices; the order of texts has a generator of its own."""
    torch.manual_seed(seed)
