"""How a run is made, before anything computes: examples built, a base beside the scenario copied, a folder made.

The run is then `queued`, in whatever process. `engine.headless` or the engine process begins it; what only torch can
tell (device, threads, precision) is written down then.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine import atomic, dataset
from engine.base_library import built_in, locate
from engine.errors import EngineError
from engine.examples import Example
from engine.pretraining import pretraining_of, questions
from engine.runs import Run, RunInfo
from engine.scenario import PRETRAINING, Scenario, Tuning, tunings_of
from engine.storage import reading_from
from engine.tuning_order import refuse_unknown
from engine.workspace import Workspace

DEFAULT_STEPS = 1000
"""Of a tuning that states neither steps nor epochs."""

_CONFIG, _WEIGHTS = "checkpoint.json", "model.safetensors"


def queue(
    scenario: Scenario,
    name: str,
    folder: Path,
    tuning: str,
    *,
    workspace: Workspace,
    examples: Sequence[Example] | None = None,
    device: str = "auto",
    seed: int | None = None,
    steps: int | None = None,
) -> Run:
    """Make a run that nothing has happened in yet.

    Args:
        scenario: what `engine.scenario_file.load` gave.
        name: of the scenario, for the list of runs.
        folder: where the files that the scenario names are looked up.
        tuning: the tuning's name, or `pretraining`.
        workspace: where the run's folder is made.
        examples: in place of those that the scenario says.
        device: `auto`, `cpu`, `cuda` or `mps`.
        seed: in place of the scenario's.
        steps: at most, in place of the tuning's.

    Raises:
        InputError: there is no such tuning, an example cannot be made, or the base is not there.
        EngineError: the base is damaged, or the workspace cannot be written.
    """
    if tuning == PRETRAINING:
        pretraining = pretraining_of(scenario)
        made = questions(scenario)
        info = RunInfo(
            name=name,
            scenario=scenario,
            tuning=PRETRAINING,
            seed=pretraining.seed,
            device=device,
            steps=steps or pretraining.steps,
        )
        return workspace.create(info, made)
    if seed is not None:
        scenario = msgspec.structs.replace(scenario, seed=seed)
    settings = tuning_of(scenario, tuning)
    made = list(dataset.build(scenario, folder) if examples is None else examples)
    base = None if settings.start or not scenario.base else locate(scenario.base, folder, workspace)
    copied = _read(base) if isinstance(base, Path) and base not in built_in().values() else {}
    info = RunInfo(
        name=name,
        scenario=scenario,
        tuning=tuning,
        seed=scenario.seed,
        device=device,
        steps=steps or settings.steps or (0 if settings.epochs else DEFAULT_STEPS),
    )
    run = workspace.create(info, made)
    if copied:
        with atomic.folder(run.base_folder) as copy:
            for file, data in copied.items():
                (copy / file).write_bytes(data)
    return run


def tuning_of(scenario: Scenario, name: str) -> Tuning:
    """The tuning of that name.

    Raises:
        InputError: there is none.
    """
    refuse_unknown(scenario, [name])
    return tunings_of(scenario)[name]


def _read(base: Path) -> dict[str, bytes]:
    """The files of a base's folder that a model is made of, checked as far as that goes without torch."""
    with reading_from(base):
        try:
            files = {name: (base / name).read_bytes() for name in (_CONFIG, _WEIGHTS)}
        except FileNotFoundError as error:
            raise EngineError(
                f"{base}: there is no checkpoint here ({Path(error.filename).name} is missing)"
            ) from error
    try:
        stated = msgspec.json.decode(files[_CONFIG])["files"][_WEIGHTS]
    except (ValueError, LookupError, TypeError) as error:
        raise EngineError(f"{base}: {_CONFIG} is damaged ({error!r})") from error
    if hashlib.sha256(files[_WEIGHTS]).hexdigest() != stated:
        raise EngineError(f"{base}: {_WEIGHTS} is damaged (its hash is not the one written down)")
    return files
