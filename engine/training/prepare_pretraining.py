"""From a scenario's `pretraining` to a `Job`: tokenizer, fresh model, rows of plain text, trainer, threads."""

from collections.abc import Sequence

from engine.device import choose_threads, make_deterministic, resolve_device, resolve_precision
from engine.examples import Example
from engine.inference.answer import Answerer
from engine.models import ModelSpec, build
from engine.pretraining import as_tuning, pretraining_of, tokenizer_of_base, writer
from engine.prompt import PlainPrompter
from engine.reading import reading_of_base
from engine.scenario import PRETRAINING, Scenario, spelled_out
from engine.text_rows import TextRows
from engine.training.checkpoint import Loaded
from engine.training.job import Job
from engine.training.prepare import require_room
from engine.training.trainer import Trainer


def prepare_pretraining(
    scenario: Scenario,
    questions: Sequence[Example],
    *,
    device: str = "auto",
    saved: Loaded | None = None,
    steps: int | None = None,
    threads: int = 0,
) -> Job:
    """Everything that making a base needs, with nothing trained yet.

    Args:
        scenario: one with a `pretraining`.
        questions: as `engine.pretraining.questions` made them; the evaluations ask them.
        device: `auto`, `cpu`, `cuda`, `mps`.
        saved: a checkpoint of this very job, to go on from.
        steps: at most; None: as the pretraining says.
        threads: CPU threads; 0: as the pretraining says, or by a short probe.

    Raises:
        InputError: the scenario has no pretraining, or the device is not there, or a question is too long.
    """
    pretraining = pretraining_of(scenario)
    tuning = as_tuning(pretraining)
    where = resolve_device(device)
    precision = resolve_precision(tuning, where)
    make_deterministic(pretraining.seed, where)
    tokenizer = tokenizer_of_base(scenario)
    spec = ModelSpec(scenario.model, len(tokenizer))
    model = saved.answerer.model if saved else build(spec)
    answerer = Answerer(model, spec, PlainPrompter(tokenizer), reading_of_base(pretraining, tokenizer))
    require_room(answerer, questions)
    answerer.model.to(where)
    rows = TextRows(
        writer(pretraining),
        tokenizer,
        spelled_out(pretraining.weights),
        rows=pretraining.batch_size,
        tokens=pretraining.row_tokens,
        seed=pretraining.seed,
        device=where,
    )
    trainer = Trainer(
        answerer.model,
        [rows],
        tuning,
        steps=steps or pretraining.steps,
        autocast=precision == "bfloat16",
    )
    threads = choose_threads(trainer, where, threads or pretraining.threads)
    tasks = frozenset(question.task for question in questions)
    job = Job(scenario, PRETRAINING, tuning, questions, tasks, answerer, trainer, where, threads, precision)
    if saved:
        saved.restore(trainer)
        job.progress, job.saved_step = saved.manifest.progress, trainer.step
    return job
