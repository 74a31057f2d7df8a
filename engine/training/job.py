"""One run's work: a trainer at it, evaluations and checkpoints at their times, told as events.

`Job.events` is an iterator like the trainer's. It writes checkpoints where it is told to and nothing else; whoever
iterates keeps the log and decides, after each step, whether to go on. `engine.training.prepare` makes jobs.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch

from engine.dataset import counts
from engine.evaluate import evaluate, sample
from engine.examples import Example
from engine.inference.answer import Answerer
from engine.memory import OutOfMemory
from engine.protocol import Answer, AnyEvent, Checkpoint, Evaluation, Finished, Scores, Started, Step, Warning
from engine.scenario import Scenario, Tuning
from engine.storage import StorageError
from engine.training import checkpoint
from engine.training.checkpoint import Progress
from engine.training.failure import no_memory, not_finite
from engine.training.trainer import NonFiniteError, Trainer

FINAL_TRAINING_EXAMPLES = 300
"""Training examples of each task that the evaluation at the end looks at; of the held-out ones it takes all."""


@dataclass
class Job:
    """A tuning in progress."""

    scenario: Scenario
    tuning_name: str
    tuning: Tuning
    examples: Sequence[Example]
    trained_tasks: frozenset[str]
    answerer: Answerer
    trainer: Trainer
    device: torch.device
    threads: int
    precision: str
    warnings: Sequence[Warning] = ()
    progress: Progress = field(default_factory=Progress)
    saved_step: int = -1

    def events(self, checkpoints: Path) -> Iterator[AnyEvent | StorageError]:
        """What happens, one event after another, until the run is finished or failed. Checkpoints go into the folder.

        Where the disk is too full for a checkpoint, the error is given in its place; asking for more tries once more.

        Raises:
            StorageError: a checkpoint could not be written for another reason.
        """
        yield self._started()
        yield from self.warnings
        try:
            yield from self._trained(checkpoints)
            yield self._finished()
        except NonFiniteError as error:
            yield not_finite(error, self.examples, self.trained_tasks)
        except OutOfMemory:
            yield no_memory(self.trainer.step)

    def _trained(self, checkpoints: Path) -> Iterator[AnyEvent | StorageError]:
        while True:
            if self._due(self.tuning.evaluate_every, self.progress.evaluated_step):
                yield self.evaluate()
            if self._due(self.tuning.checkpoint_every, self.saved_step):
                yield from self._saved(checkpoints)
            if self.progress.reached_goal or self.trainer.step >= self.trainer.steps:
                break
            at_once = self.trainer.micro_batch
            step = self._count(self.trainer.train_step())
            if self.trainer.micro_batch != at_once:
                yield self._reads_less_at_once()
            yield step
        if self.saved_step != self.trainer.step:
            yield from self._saved(checkpoints)

    def _saved(self, checkpoints: Path) -> Iterator[Checkpoint | StorageError]:
        saved: Checkpoint | None = None
        while not saved:
            try:
                saved = self.save(checkpoints)
            except StorageError as error:
                if not error.full:
                    raise
                yield error
        yield saved

    def evaluate(self) -> Evaluation:
        """Scores on a sample of the held-out examples, and answers to the prompts; decides on decay and goal."""
        began = time.perf_counter()
        self.trainer.gather()
        validated = {example.task for example in self.examples if example.split == "validation"}
        shown = [e for e in self.examples if e.split != "train" or e.task not in validated]
        scores = evaluate(self.answerer, sample(shown, self.tuning.evaluate_examples, self.scenario.seed))
        answers = self._answers()
        seconds = time.perf_counter() - began
        self.progress.evaluation_seconds += seconds
        self.progress.evaluated_step = self.trainer.step
        worst = self._worst(scores)
        if worst >= self.tuning.decay_at:
            self.trainer.schedule.begin_decay(self.trainer.step)
        if self.tuning.goal and worst >= self.tuning.goal and self.trainer.schedule.settled(self.trainer.step):
            self.progress.reached_goal = True
        return Evaluation(step=self.trainer.step, scores=scores, answers=answers, seconds=seconds)

    def _answers(self) -> list[Answer]:
        """To the scenario's prompts."""
        return [self.answerer.answer(prompt) for prompt in self.scenario.prompts]

    def save(self, checkpoints: Path) -> Checkpoint:
        """Write a checkpoint of this moment.

        Raises:
            StorageError: it could not be written; nothing is left of it.
        """
        name = f"step-{self.trainer.step:08d}"
        self.trainer.gather()
        manifest = checkpoint.save(checkpoints / name, self.answerer, self.trainer, self.progress)
        self.saved_step = self.trainer.step
        return Checkpoint(step=self.trainer.step, name=name, weights=manifest.weights)

    def _due(self, every: int, done: int) -> bool:
        """Whether something that happens every so many steps is to happen now, between first and last step."""
        step = self.trainer.step
        return every > 0 and 0 < step < self.trainer.steps and step % every == 0 and step != done

    def _worst(self, scores: Scores) -> float:
        """The lowest exact match of a trained task, on its validation examples or else on its training examples."""
        found: dict[str, float] = {}
        for split in ("train", "validation"):
            found |= {task: score.exact_match for task, score in scores.get(split, {}).items()}
        return min((found[task] for task in self.trained_tasks if task in found), default=0.0)

    def _count(self, step: Step) -> Step:
        self.progress.seconds += step.seconds
        self.progress.tokens += step.tokens
        return step

    def _reads_less_at_once(self) -> Warning:
        step, rows = self.trainer.step, self.trainer.micro_batch
        return Warning(
            message=f"memory is short: from step {step} on, each step reads its batch in parts of {rows} rows",
            hint="the batch as a whole is the same, and so is what is learnt; steps take longer",
        )

    def _started(self) -> Started:
        weights = list(self.answerer.model.parameters())
        return Started(
            tuning=self.tuning_name,
            scenario=self.scenario.title,
            step=self.trainer.step,
            steps=self.trainer.steps,
            parameters=sum(weight.numel() for weight in weights),
            trainable=sum(weight.numel() for weight in weights if weight.requires_grad),
            device=str(self.device),
            threads=self.threads,
            precision=self.precision,
            examples=counts(e for e in self.examples if e.split != "train" or e.task in self.trained_tasks),
        )

    def _finished(self) -> Finished:
        began = time.perf_counter()
        self.trainer.gather()
        training = [e for e in self.examples if e.split == "train" and e.task in self.trained_tasks]
        held_out = [e for e in self.examples if e.split != "train"]
        shown = sample(training, FINAL_TRAINING_EXAMPLES, self.scenario.seed) + held_out
        scores, answers = evaluate(self.answerer, shown), self._answers()
        return Finished(
            tuning=self.tuning_name,
            step=self.trainer.step,
            seconds=self.progress.seconds,
            evaluation_seconds=self.progress.evaluation_seconds + time.perf_counter() - began,
            tokens_per_second=self.progress.tokens / max(self.progress.seconds, 1e-9),
            reason="goal" if self.progress.reached_goal else "steps",
            scores=scores,
            answers=answers,
        )
