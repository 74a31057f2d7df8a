"""Where a model comes from: a base by the name that a scenario gives it, and the newest checkpoint of a run."""

import logging
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import torch

from engine.base_library import built_in, locate
from engine.device import resolve_device
from engine.errors import EngineError, InputError, Problem
from engine.inference.answer import Answerer, Foundation
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
        run = workspace.find(start, with_model=True)
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
    """The base that `engine.base_library.locate` finds under a name.

    Raises:
        InputError: there is none.
        EngineError: it is damaged, or the run has no checkpoint.
    """
    place = locate(name, folder, workspace)
    if isinstance(place, Run):
        return _base_of(place)
    return Base(replace(checkpoint.load(place, CPU), name=name if name in built_in() else Path(name).name))


def start_of(run: Run, workspace: Workspace) -> Base | None:
    """What a run starts from, or did start from: `find_start`, with the copy of a base that the run keeps.

    Raises:
        InputError: it is gone, or is no longer what it was.
        EngineError: it is damaged.
    """
    info = run.info
    if run.base_folder.is_dir():
        base: Base | None = Base(replace(checkpoint.load(run.base_folder, CPU), name=Path(info.scenario.base).name))
    else:
        base = find_start(info.scenario, info.tuning, run.folder, workspace, parent=info.parent)
    if base and info.base and base.loaded.weights != info.base:
        raise InputError(Problem(key="base", found="it is no longer what it was", hint="start a new run from it"))
    return base


def newest(run: Run, device: str) -> Loaded:
    """A run's newest checkpoint that is whole; a damaged one is passed over, and said so.

    Raises:
        EngineError: it has none.
    """
    problem = EngineError(
        f"{run.id} has no checkpoint yet: nothing was saved so far. `tunetui runs` shows how it stands"
    )
    for path in reversed(run.checkpoints()):
        try:
            return checkpoint.load(path, resolve_device(device), partial(_foundation, run))
        except EngineError as error:
            problem = EngineError(f"{error}. No other checkpoint of {run.id} is whole: train it anew")
            logger.warning("%s", error)
    raise problem


def _foundation(run: Run, wanted: Foundation) -> Answerer:
    """The base that a run's adapters need.

    Raises:
        EngineError: it is gone, or is another one now.
    """
    owner = run
    places = [run.base_folder, *(path for name, path in built_in().items() if name == wanted.name)]
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
