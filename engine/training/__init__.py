"""Training: the trainer, optimizers, schedules, checkpoints, and the job that ties them to a run."""
