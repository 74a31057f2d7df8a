"""A device's memory: how much is in use, and what the device says when it is full, put into words."""

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from engine.errors import EngineError

ADVICE = "use a smaller model, a shorter context or another device"

_SAID = ("out of memory", "can't allocate memory", "ALLOC_FAILED")
"""Where it is no error of its own: by a CPU, by Apple's GPUs, by libraries of Nvidia's."""


class OutOfMemory(EngineError):
    """Not even the smallest piece of the work fits into the device's memory."""

    def __init__(self) -> None:
        super().__init__(f"The device has no memory for even one example; {ADVICE}.")


def is_full(error: RuntimeError) -> bool:
    """Whether the error says that the device's memory is full."""
    return isinstance(error, torch.OutOfMemoryError) or any(words in str(error) for words in _SAID)


@contextmanager
def explained() -> Iterator[None]:
    """Turn what a device says when its memory is full into a sentence. Also a decorator.

    Raises:
        OutOfMemory: in place of the device's error.
    """
    try:
        yield
    except RuntimeError as error:
        if not is_full(error):
            raise
        raise OutOfMemory from error


def peak(device: torch.device) -> int:
    """Most bytes that were in use at once: of a GPU's memory, or on a CPU of this process's."""
    match device.type:
        case "cuda":
            return torch.cuda.max_memory_allocated(device)
        case "mps":
            return torch.mps.driver_allocated_memory()
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024
