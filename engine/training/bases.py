"""Where a model comes from: a base by the name that a scenario gives it, and the newest checkpoint of a run."""

import logging
from pathlib import Path
from typing import NamedTuple

import torch

from engine.base_library import built_in
from engine.device import resolve_device
from engine.errors import EngineError, InputError, Problem, did_you_mean
from engine.runs import Run
from engine.scenario import Scenario, tunings_of
from engine.training import checkpoint
from engine.training.checkpoint import Loaded
from engine.workspace import Workspace

logger = logging.getLogger(__name__)

CPU = torch.device("cpu")


class Base(NamedTuple):
    """What a run starts from."""

    loaded: Loaded
    run: str = ""
    """Id of the run that made it, if it is one of the workspace."""


def find_start(scenario: Scenario, tuning: str, folder: Path, workspace: Workspace, *, parent: str = "") -> Base | None:
    """What a tuning starts from: the run that its `start` names, or the scenario's base; None: fresh weights.

    Args:
        scenario: as it is run.
        tuning: the name of one of its tunings.
        folder: where checkpoints' folders are looked up.
        workspace: where runs are.
        parent: the run that it is known to start from, if so.

    Raises:
        InputError: there is nothing of that name, or the tuning that it names has not been trained.
        EngineError: it is damaged, or the run has no checkpoint.
    """
    known = tunings_of(scenario)
    start = known[tuning].start if tuning in known else ""
    if parent:
        run = _parent(parent, workspace)
    elif start in known:
        done = workspace.finished(scenario, start)
        if not done:
            hint = f"train {start!r} first, with the same seed"
            found = f"no finished run of the tuning {start!r} of this scenario"
            raise InputError(Problem(key=f"tunings.{tuning}.start", found=found, hint=hint))
        run = done
    elif start:
        run = workspace.find(start)
    else:
        return find_base(scenario.base, folder, workspace) if scenario.base else None
    return Base(newest(run, "cpu"), run.id)


def _parent(name: str, workspace: Workspace) -> Run:
    try:
        return workspace.find(name)
    except InputError as error:
        found = f"the run {name} that it starts from is gone"
        raise InputError(Problem(key="base", found=found, hint="start a new run")) from error


def find_base(name: str, folder: Path, workspace: Workspace) -> Base:
    """The base of that name: one that comes with tunetui, else a checkpoint's folder, else a run.

    Args:
        name: as a scenario gives it.
        folder: where checkpoints' folders are looked up.
        workspace: where runs are.

    Raises:
        InputError: there is none.
        EngineError: it is damaged, or the run has no checkpoint.
    """
    known = built_in()
    if name in known:
        return Base(checkpoint.load(known[name], CPU))
    if (folder / name).is_dir():
        return Base(checkpoint.load(folder / name, CPU))
    try:
        run = workspace.find(name)
    except InputError as error:
        found = f"{name!r} is neither a built-in base nor a folder beside the scenario nor a run"
        hint = did_you_mean(name, known) or (f"built in: {', '.join(known)}" if known else "")
        raise InputError([Problem(key="base", found=found, hint=hint), *error.problems]) from error
    return Base(newest(run, "cpu"), run.id)


def newest(run: Run, device: str) -> Loaded:
    """A run's newest checkpoint that is whole; a damaged one is passed over, and said so.

    Raises:
        EngineError: it has none.
    """
    problem = EngineError(f"{run.id} has no checkpoint yet")
    for path in reversed(run.checkpoints()):
        try:
            return checkpoint.load(path, resolve_device(device))
        except EngineError as error:
            problem = error
            logger.warning("%s", error)
    raise problem
