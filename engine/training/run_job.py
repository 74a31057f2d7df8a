"""The job of a run, at the place that the run had come to."""

import msgspec

from engine.runs import Run
from engine.scenario import PRETRAINING
from engine.training.bases import newest, start_of
from engine.training.job import Job
from engine.training.prepare import prepare
from engine.training.prepare_pretraining import prepare_pretraining
from engine.training.ranks import ALONE, Ranks
from engine.workspace import Workspace


def job_of(run: Run, workspace: Workspace, device: str | None = None, ranks: Ranks = ALONE) -> Job:
    """The job from the run's last whole checkpoint, or from the start.

    What only torch can tell is written to `run.json`, by the first of the processes that train together.

    Raises:
        InputError: scenario, examples, base and device do not go together; the base is gone.
        EngineError: what the run needs is damaged.
    """
    info, examples, where = run.info, workspace.examples(run), device or run.info.device
    saved = newest(run, where) if run.checkpoints() else None
    base = None
    if info.tuning == PRETRAINING:
        job = prepare_pretraining(
            info.scenario, examples, device=where, saved=saved, steps=info.steps, threads=info.threads
        )
    else:
        base = None if saved else start_of(run, workspace)
        job = prepare(
            info.scenario,
            info.tuning,
            examples,
            device=where,
            base=base.loaded if base else None,
            saved=saved,
            steps=info.steps,
            threads=info.threads,
        )
    job.trainer.ranks = ranks
    job.threads = ranks.agree_on_start(job.answerer.model, job.threads)
    if job.tuning.shard and ranks.size > 1:
        from engine.training.sharded import ShardedTrainer  # which takes a second to import

        job.trainer = ShardedTrainer(job.trainer)
    if not info.precision and ranks.rank == 0:
        kept = None if job.tuning.fresh else base
        settled = msgspec.structs.replace(
            info,
            device=str(job.device),
            threads=job.threads,
            precision=job.precision,
            steps=job.trainer.steps,
            base=kept.loaded.weights if kept else "",
            parent=kept.run if kept else "",
        )
        run.settle(settled)
    return job
