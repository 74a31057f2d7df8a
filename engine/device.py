"""Where tensors live and how they are computed: device, precision, CPU threads, determinism."""

import copy
import os
import time

import torch

from engine.errors import InputError
from engine.memory import OutOfMemory
from engine.scenario import Tuning
from engine.training.trainer import NonFiniteError, Trainer


def devices() -> list[str]:
    """The devices of this machine, best first."""
    found = [f"cuda:{i}" for i in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
    return [*found, *(["mps"] if torch.backends.mps.is_available() else []), "cpu"]


def resolve_device(name: str) -> torch.device:
    """The device of this name; `auto` is the best one there is.

    Raises:
        InputError: this machine has no such device.
    """
    found = devices()
    if name == "auto":
        return torch.device(found[0])
    if name in found or name in {device.partition(":")[0] for device in found}:
        return torch.device(name)
    raise InputError(f"device {name!r} is not there; this machine has {', '.join(found)} (`auto` takes the best one)")


def make_deterministic(seed: int, device: torch.device) -> None:
    """The same seed on the same device gives the same numbers from here on."""
    torch.manual_seed(seed)
    if device.type == "cuda":  # a CPU computes in the same order every time; asking for it takes a second
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.use_deterministic_algorithms(True, warn_only=True)
        # These two kernels sum gradients in an order of their own; the plain one is as fast for small models.
        torch.backends.cuda.enable_mem_efficient_sdp(False)
        torch.backends.cuda.enable_cudnn_sdp(False)


def has_bfloat16(device: torch.device) -> bool:
    """Whether bfloat16 is computed in hardware; on a CPU it is slower for models this small, even where it is."""
    return device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)


def resolve_precision(tuning: Tuning, device: torch.device) -> str:
    """`float32` or `bfloat16`.

    Raises:
        InputError: bfloat16 was asked for and the device has none.
    """
    if tuning.precision == "auto":
        return "bfloat16" if has_bfloat16(device) else "float32"
    if tuning.precision == "bfloat16" and not has_bfloat16(device):
        raise InputError(f'precision = "bfloat16": {device} has no hardware for it; "auto" or "float32" will do')
    return tuning.precision


def choose_threads(trainer: Trainer, device: torch.device, wanted: int) -> int:
    """Set the number of CPU threads, and return it: what is wanted; by `probe_threads` if that is 0."""
    threads = wanted or (probe_threads(trainer) if device.type == "cpu" else torch.get_num_threads())
    torch.set_num_threads(threads)
    return threads


def probe_threads(trainer: Trainer, most: int | None = None) -> int:
    """The number of CPU threads that trains this model fastest, found by trying; takes well under a second.

    Works on a copy: the trainer, its weights and the random generator stay as they are. More threads must win by a
    fifth, so that chance does not decide: small models always get one thread, and with it the same results. So does
    training that breaks off at once; whoever trains in earnest tells why.
    """
    # A process may be given fewer cores than the machine has; macOS does not tell.
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    limit = most or own or 1
    before = torch.get_num_threads()
    best, best_seconds = 1, float("inf")
    threads = 1
    try:
        while threads <= limit:
            torch.set_num_threads(threads)
            seconds = _step_seconds(trainer)
            if seconds > best_seconds * 0.8:
                break
            best, best_seconds = threads, seconds
            threads *= 2
    except (NonFiniteError, OutOfMemory):
        return 1
    finally:
        torch.set_num_threads(before)
    return best


def _step_seconds(trainer: Trainer, tries: int = 3) -> float:
    model = copy.deepcopy(trainer.model)
    twin = Trainer(model, trainer.streams, trainer.tuning, steps=trainer.steps)
    twin.train_step()
    fastest = float("inf")
    for _ in range(tries):
        began = time.perf_counter()
        twin.train_step()
        fastest = min(fastest, time.perf_counter() - began)
    return fastest
