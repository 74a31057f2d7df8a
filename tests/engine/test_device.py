import os
from typing import Any

import pytest
import torch

from engine import device as device_module
from engine.device import make_deterministic, probe_threads, resolve_device, resolve_precision
from engine.errors import InputError
from engine.scenario import Tuning
from tests.engine.small import answerer, identical, trainer, weights

CPU, CUDA = torch.device("cpu"), torch.device("cuda")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets which devices the machine has."""

    def has(*, cuda: int = 0, mps: bool = False, bfloat16: bool = False) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda > 0)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: cuda)
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: bfloat16)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)

    return has


@pytest.mark.parametrize(
    ("parts", "best"),
    [({}, "cpu"), ({"mps": True}, "mps"), ({"cuda": 2}, "cuda:0"), ({"cuda": 1, "mps": True}, "cuda:0")],
)
def test_auto_takes_the_best_device_there_is(machine: Any, parts: dict[str, Any], best: str) -> None:
    machine(**parts)
    assert resolve_device("auto") == torch.device(best)
    assert resolve_device("cpu") == CPU


def test_one_of_several_gpus_can_be_named(machine: Any) -> None:
    machine(cuda=2)
    assert resolve_device("cuda:1") == torch.device("cuda:1")
    assert resolve_device("cuda") == CUDA


@pytest.mark.parametrize("name", ["cuda", "mps", "cuda:7", "gpu", ""])
def test_a_device_that_is_not_there_is_an_error_that_names_those_that_are(machine: Any, name: str) -> None:
    machine()
    with pytest.raises(InputError, match=rf"'{name}' is not there; this machine has cpu") as caught:
        resolve_device(name)
    assert "auto" in str(caught.value)


def test_auto_precision_is_bfloat16_only_where_the_hardware_has_it(machine: Any) -> None:
    machine(cuda=1, bfloat16=True)
    assert resolve_precision(Tuning(), CUDA) == "bfloat16"
    assert resolve_precision(Tuning(precision="float32"), CUDA) == "float32"
    assert resolve_precision(Tuning(), CPU) == "float32"
    machine(cuda=1, bfloat16=False)
    assert resolve_precision(Tuning(), CUDA) == "float32"


def test_bfloat16_where_there_is_none_is_an_error() -> None:
    with pytest.raises(InputError, match="cpu has no hardware for it"):
        resolve_precision(Tuning(precision="bfloat16"), CPU)


def test_the_same_seed_draws_the_same_numbers() -> None:
    make_deterministic(3, torch.device("cpu"))
    drawn = torch.rand(3)
    make_deterministic(3, torch.device("cpu"))
    assert torch.equal(torch.rand(3), drawn)


# --- threads ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "best"),
    [
        ({1: 1.0, 2: 0.9, 4: 0.1}, 1),
        ({1: 1.0, 2: 0.7, 4: 0.65, 8: 0.1}, 2),
        ({1: 1.0, 2: 0.7, 4: 0.5, 8: 0.3}, 8),
    ],
)
def test_more_threads_are_taken_only_as_long_as_they_win_by_a_fifth(
    seconds: dict[int, float], best: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(torch, "set_num_threads", asked.append)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 77)
    monkeypatch.setattr(device_module, "_step_seconds", lambda trainer: seconds[asked[-1]])
    assert probe_threads(trainer(answerer()), most=8) == best
    assert asked[-1] == 77


def test_threads_are_never_more_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_module, "_step_seconds", lambda trainer: 1 / torch.get_num_threads())
    assert probe_threads(trainer(answerer()), most=3) == 2
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {5}, raising=False)
    assert probe_threads(trainer(answerer())) == 1, "the process was given one core"
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert probe_threads(trainer(answerer())) == 1, "a system that tells nothing"


def test_trying_leaves_weights_training_random_numbers_and_threads_as_they_are() -> None:
    model = answerer()
    training = trainer(model)
    training.train_step()
    before, (tensors, place), threads = weights(model.model), training.state(), torch.get_num_threads()
    assert probe_threads(training, most=2) in (1, 2)
    assert identical(weights(model.model), before)
    assert identical(training.state()[0], tensors)
    assert training.state()[1] == place
    assert torch.get_num_threads() == threads


def test_training_that_breaks_off_in_the_trial_gets_one_thread() -> None:
    model = answerer()
    with torch.no_grad():
        model.model.get_parameter("norm.weight")[0] = float("nan")
    threads = torch.get_num_threads()
    assert probe_threads(trainer(model), most=4) == 1
    assert torch.get_num_threads() == threads
