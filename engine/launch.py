"""Processes for a run on several devices: `torchrun` starts one for each, see `engine.training.rank`."""

import os
import subprocess
import sys
from pathlib import Path

from engine.runs import Run
from engine.scenario import PRETRAINING, tunings_of
from engine.storage import reading_from, writing_to

ROOT = Path(__file__).parent.parent
"""Where this very engine can be imported from."""

SAVING_SECONDS = 600
"""For the first process to finish its step or evaluation and save, once it was asked to end."""


SAID = "tunetui: "
"""Begins the line in which the first process says why it ends."""


def devices_of(run: Run) -> int:
    """How many processes train it together."""
    scenario = run.info.scenario
    if run.info.tuning == PRETRAINING:
        return scenario.pretraining.devices if scenario.pretraining else 1
    return tunings_of(scenario)[run.info.tuning].devices


def launch(run: Run, device: str | None = None) -> subprocess.Popen[bytes]:
    """Start the processes that work on a run, new or interrupted. They log its events, and their messages to `log.txt`.

    They need nobody: who started them may end. SIGTERM to the process that is returned lets them finish the step, save
    and end; it ends after them.

    Args:
        run: nobody may work on it.
        device: `cpu`, `cuda` or `auto`; None: as it was begun.

    Raises:
        StorageError: the run's folder cannot be written.
    """
    torchrun = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={devices_of(run)}"]
    worker = ["-m", "engine.training.rank", str(run.folder), *(["--device", device] if device else [])]
    # Nothing in the working folder may stand in for a module of ours or of torch.
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    ours = {"PYTHONPATH": path, "PYTHONSAFEPATH": "1", "TORCH_ELASTIC_SHUTDOWN_TIMEOUT": str(SAVING_SECONDS)}
    with writing_to(run.folder):
        log = run.log_file.open("ab")
    with log:
        return subprocess.Popen(
            [sys.executable, *torchrun, *worker],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={"OMP_NUM_THREADS": "1"} | os.environ | ours,
            start_new_session=True,
        )


def last_words(run: Run, after: int) -> str:
    """Why the processes have ended, as the first one says in `log.txt` behind its first so many bytes; or nothing."""
    with reading_from(run.folder):
        written = run.log_file.read_bytes()[after:].decode(errors="replace")
    return next((line.removeprefix(SAID) for line in reversed(written.splitlines()) if line.startswith(SAID)), "")
