"""Where a model comes from: a base by the name that a scenario gives it, and the newest checkpoint of a run."""

import logging
import shutil
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import torch

from engine import atomic
from engine.base_library import built_in
from engine.device import resolve_device
from engine.errors import EngineError, InputError, Problem, did_you_mean
from engine.inference.answer import Answerer, Foundation
from engine.runs import Run
from engine.scenario import Scenario, tunings_of
from engine.training import checkpoint
from engine.training.checkpoint import Loaded
from engine.workspace import Workspace

logger = logging.getLogger(__name__)

CPU = torch.device("cpu")

FOUNDATION = "base"
"""Of a run with adapters: the folder with a copy of their base, where it could not be found again otherwise."""


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
    return _base_of(run)


def _base_of(run: Run) -> Base:
    return Base(replace(newest(run, "cpu"), name=run.id), run.id)


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
        return Base(replace(checkpoint.load(known[name], CPU), name=name))
    if (folder / name).is_dir():
        return Base(replace(checkpoint.load(folder / name, CPU), name=Path(name).name))
    try:
        run = workspace.find(name)
    except InputError as error:
        found = f"{name!r} is neither a built-in base nor a folder beside the scenario nor a run"
        hint = did_you_mean(name, known) or (f"built in: {', '.join(known)}" if known else "")
        raise InputError([Problem(key="base", found=found, hint=hint), *error.problems]) from error
    return _base_of(run)


def newest(run: Run, device: str) -> Loaded:
    """A run's newest checkpoint that is whole; a damaged one is passed over, and said so.

    Raises:
        EngineError: it has none.
    """
    problem = EngineError(f"{run.id} has no checkpoint yet")
    for path in reversed(run.checkpoints()):
        try:
            return checkpoint.load(path, resolve_device(device), partial(_foundation, run))
        except EngineError as error:
            problem = error
            logger.warning("%s", error)
    raise problem


def keep_foundation(run: Run, base: Base) -> None:
    """Copy a base into the folder of a run whose adapters need it, unless it comes with tunetui or is a run itself.

    Raises:
        StorageError: the folder cannot be written.
    """
    if base.run or base.loaded.path in built_in().values():
        return
    with atomic.folder(run.folder / FOUNDATION) as copy:
        for name in (checkpoint.CONFIG, checkpoint.WEIGHTS):
            shutil.copyfile(base.loaded.path / name, copy / name)


def _foundation(run: Run, wanted: Foundation) -> Answerer:
    """The base that a run's adapters need.

    Raises:
        EngineError: it is gone, or is another one now.
    """
    owner = run
    places = [run.folder / FOUNDATION, *(path for name, path in built_in().items() if name == wanted.name)]
    if (run.folder.parent / wanted.name / "run.json").exists():
        owner = Run.open(run.folder.parent / wanted.name)
        places += owner.checkpoints()
    for place in places:
        with suppress(EngineError):
            if checkpoint.read_manifest(place).weights == wanted.weights:
                return checkpoint.load(place, CPU, partial(_foundation, owner)).answerer
    raise EngineError(
        f"{run.id} holds adapters alone, and their base {wanted.name} (weights {wanted.weights[:12]}…) is gone; "
        "bring it back, or train again"
    )
