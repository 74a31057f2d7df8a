"""One of the processes that train a run together, as `torchrun` starts them:

    torchrun --nproc-per-node=2 -m engine.training.rank RUN_FOLDER

The first one works on the run as if it were alone; the others only ever take the steps that it takes. A signal is for
the first one, too: it finishes the step, saves, and dismisses the others.
"""

import argparse
import os
import signal
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import FrameType

import torch
import torch.distributed as dist

from engine.errors import EngineError, InputError, Problem
from engine.launch import SAID
from engine.memory import OutOfMemory
from engine.runs import Run
from engine.training.at_work import work_until_stopped
from engine.training.ranks import Apart, Dismissed, Ranks
from engine.training.run_job import job_of
from engine.training.sitting import sitting
from engine.training.trainer import NonFiniteError
from engine.workspace import Workspace

PATIENCE = timedelta(days=7)
"""How long a process waits for the others: one may evaluate, or wait for room on its disk."""

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def main() -> int:
    """The command line. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, metavar="RUN_FOLDER")
    parser.add_argument("--device", help="cpu, cuda or auto; left out: as the run was begun")
    arguments = parser.parse_args()
    rank = int(os.environ["RANK"])
    try:
        run = Run.open(arguments.run.absolute())
        device = own_device(arguments.device or run.info.device)
        dist.init_process_group("cpu:gloo,cuda:nccl" if device.startswith("cuda") else "gloo", timeout=PATIENCE)
        ranks = Ranks(rank, dist.get_world_size())
        work = lead if rank == 0 else follow
        work(run, Workspace(run.folder.parent.parent), device, ranks)
    except (InputError, EngineError) as error:
        print(f"{'' if rank else SAID}{error}", file=sys.stderr)
        return 1
    return 0


def own_device(name: str) -> str:
    """The device of this process among those of its machine.

    Raises:
        InputError: there are not enough of them.
    """
    kind = name.partition(":")[0]
    if kind == "cpu" or (kind == "auto" and not torch.cuda.is_available()):
        return "cpu"
    wanted, found = int(os.environ["LOCAL_WORLD_SIZE"]), torch.cuda.device_count()
    if wanted > found:
        hint = "a lower number of `devices` will do, or --device cpu"
        raise InputError(Problem(key="devices", found=str(wanted), expected=f"at most {found} GPUs", hint=hint))
    index = int(os.environ["LOCAL_RANK"])
    torch.cuda.set_device(index)
    return f"cuda:{index}"


def lead(run: Run, workspace: Workspace, device: str, ranks: Ranks) -> None:
    """Work on the run, until it ends or a signal comes.

    Raises:
        InputError, EngineError: as `sitting` does.
    """
    caught: list[str] = []

    def catch(number: int, frame: FrameType | None) -> None:
        caught.append(signal.Signals(number).name)

    for number in _SIGNALS:
        signal.signal(number, catch)
    with sitting(run, workspace, device=device, ranks=ranks) as work:
        try:
            work_until_stopped(work, lambda: caught[0] if caught else "")
        except Apart:
            raise  # the others end when this one does
        except EngineError:
            with suppress(EngineError):
                ranks.dismiss()
            raise
        ranks.dismiss()


def follow(run: Run, workspace: Workspace, device: str, ranks: Ranks) -> None:
    """Take every step that the first process takes.

    Raises:
        InputError, EngineError: as `sitting` does.
    """
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    trainer = job_of(run, workspace, device, ranks).trainer
    with suppress(Dismissed):
        while True:
            # What goes wrong in a step goes wrong in all processes. The first one says so, and dismisses the others.
            with suppress(NonFiniteError, OutOfMemory):
                trainer.train_step()


if __name__ == "__main__":
    sys.exit(main())
