"""From a scenario and one of its tunings to a `Job`: tokenizer, model, base weights, data, trainer, threads."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import torch
from torch import Tensor

from engine import tokenizer as tokenizers
from engine.architectures import GruClassifier, GruTagger
from engine.batches import encode
from engine.device import choose_threads, make_deterministic, resolve_device, resolve_precision
from engine.errors import InputError, Problem
from engine.examples import Example
from engine.inference.answer import Answerer, Foundation
from engine.models import ModelSpec, build, labels_of
from engine.prompt import longest, prompter_for
from engine.protocol import Warning
from engine.queueing import DEFAULT_STEPS, tuning_of
from engine.reading import Reading
from engine.scenario import ALL_OTHERS, Scenario, Tuning, model_of, tokenizer_of, trains_on
from engine.training.checkpoint import Loaded
from engine.training.foundation import begun_from, with_adapters
from engine.training.frozen import freeze
from engine.training.job import Job
from engine.training.new_words import hold_new_words
from engine.training.replay import replay, replayed_rows
from engine.training.streams import ExampleStream, Stream
from engine.training.trainer import Trainer


def prepare(
    scenario: Scenario,
    tuning_name: str,
    examples: Sequence[Example],
    *,
    device: str = "auto",
    base: Loaded | None = None,
    saved: Loaded | None = None,
    steps: int | None = None,
    threads: int = 0,
) -> Job:
    """Everything that a run needs, with nothing trained yet.

    Args:
        scenario: its seed decides weights and order.
        tuning_name: which of its tunings.
        examples: as `engine.dataset.build` made them.
        device: `auto`, `cpu`, `cuda`, `mps`.
        base: the checkpoint to start from; None: fresh weights.
        saved: a checkpoint of this very job, to go on from.
        steps: at most; None: as the tuning says.
        threads: CPU threads; 0: as the tuning says, or by a short probe.

    Raises:
        InputError: the tuning, the examples, the base and the device do not go together; the problems say why.
        EngineError: the saved checkpoint is damaged.
    """
    tuning = tuning_of(scenario, tuning_name)
    where = resolve_device(device)
    precision = resolve_precision(tuning, where)
    training = _training_examples(tuning, tuning_name, examples)
    make_deterministic(scenario.seed, where)
    if saved:
        answerer = saved.answerer
    elif base and tuning.fresh:
        answerer = _shaped_like(base.answerer, scenario)
    elif base:
        answerer = _started_from(base, scenario, tuning, training)
    else:
        answerer = _fresh(scenario, tuning, training)
    warnings = require_room(answerer, examples, training)
    freeze(answerer.model, tuning.frozen)
    answerer.model.to(where)
    data = encode(answerer.spec, answerer.prompter, training).to(where)
    answerer = replace(answerer, reading=answerer.reading.followed_by(data.token_ids()))
    replayed = replayed_rows(tuning)
    batch_size = tuning.batch_size - replayed
    steps_per_epoch = -(-len(data) // (batch_size or len(data)))
    tasks_N, shares = _mixture(tuning, training)
    streams: list[Stream] = [
        ExampleStream(data, batch_size=batch_size, seed=scenario.seed, tasks_N=tasks_N, shares=shares)
    ]
    if replayed:
        streams.append(replay(answerer, tuning, scenario.seed, where))
    trainer = Trainer(
        answerer.model,
        streams,
        tuning,
        steps=steps or tuning.steps or (tuning.epochs or 0) * steps_per_epoch or DEFAULT_STEPS,
        autocast=precision == "bfloat16",
        after_step=hold_new_words(answerer, data.token_ids()),
    )
    threads = choose_threads(trainer, where, threads or tuning.threads)
    trained_tasks = frozenset(example.task for example in training)
    job = Job(
        scenario, tuning_name, tuning, examples, trained_tasks, answerer, trainer, where, threads, precision, warnings
    )
    if saved:
        saved.restore(trainer)
        job.progress, job.saved_step = saved.manifest.progress, trainer.step
    return job


def _fresh(scenario: Scenario, tuning: Tuning, training: Sequence[Example]) -> Answerer:
    """A model with weights drawn by the seed, and a tokenizer made for the examples."""
    config = model_of(scenario, tuning)
    if tuning.lora:
        hint = "name a base, or leave lora out"
        raise InputError(Problem(key="lora", found="adapters for a model that knows nothing yet", hint=hint))
    tokenizer = tokenizers.build(tokenizer_of(scenario, tuning), training)
    spec = ModelSpec(config, len(tokenizer), labels_of(config, [example.response for example in training]))
    return Answerer(build(spec), spec, prompter_for(config, tokenizer, scenario.prompt_template))


def _started_from(loaded: Loaded, scenario: Scenario, tuning: Tuning, training: Sequence[Example]) -> Answerer:
    """The base's model and tokenizer, this scenario's prompt template, and new adapters if the tuning has them."""
    base = loaded.answerer
    stated = tuning.tokenizer or scenario.tokenizer
    kind = base.prompter.tokenizer.kind
    if stated and stated.kind != kind:
        hint = "leave the tokenizer out: the base brings its own"
        raise InputError(Problem(key="tokenizer.kind", found=f"{stated.kind!r}, but the base has {kind!r}", hint=hint))
    if tuning.model and tuning.model != base.spec.config:
        hint = "leave the tuning's model out: the base brings its own"
        raise InputError(Problem(key="model", found="another model than the base's", hint=hint))
    spec = base.spec
    labels = labels_of(spec.config, [example.response for example in training])
    if new := [label for label in labels if label not in spec.labels]:
        found = f"responses that are no labels of the base: {', '.join(map(repr, new[:5]))}"
        raise InputError(Problem(key="base", found=found, expected=f"one of {', '.join(map(repr, spec.labels))}"))
    begun = begun_from(base)
    if tuning.lora:
        begun = with_adapters(begun, tuning.lora, Foundation(loaded.name, loaded.weights) if loaded.name else None)
        if not any(weight.requires_grad for weight in begun.model.parameters()):
            found = "the base has no layer that takes an adapter"
            raise InputError(Problem(key="lora", found=found, hint="leave lora out"))
    prompter = prompter_for(spec.config, base.prompter.tokenizer, scenario.prompt_template)
    return replace(begun, prompter=prompter)


def _shaped_like(base: Answerer, scenario: Scenario) -> Answerer:
    """The base's tokenizer, and a model of its shape that has read nothing."""
    spec = msgspec.structs.replace(base.spec, lora=None)
    prompter = prompter_for(spec.config, base.prompter.tokenizer, scenario.prompt_template)
    return Answerer(build(spec), spec, prompter, Reading(base.reading.pretraining))


def _training_examples(tuning: Tuning, name: str, examples: Sequence[Example]) -> list[Example]:
    training = [example for example in examples if example.split == "train" and trains_on(tuning, example.task)]
    missing = set(tuning.tasks) - {ALL_OTHERS} - {example.task for example in training}
    if missing or not training:
        found = f"no example to train on in {', '.join(sorted(missing)) or 'any task'}"
        raise InputError(Problem(key=f"tunings.{name}.tasks", found=found, expected="at least one in the split train"))
    return training


def _mixture(tuning: Tuning, training: Sequence[Example]) -> tuple[Tensor, list[float]]:
    """Task number of each example, and each task's share: its weight, or its number of examples if there is none."""
    numbers = {task: number for number, task in enumerate(dict.fromkeys(example.task for example in training))}
    tasks_N = torch.tensor([numbers[example.task] for example in training])
    if isinstance(tuning.tasks, dict):
        return tasks_N, [tuning.tasks.get(task) or tuning.tasks[ALL_OTHERS] for task in numbers]
    return tasks_N, torch.bincount(tasks_N).tolist()


def require_room(answerer: Answerer, examples: Sequence[Example], training: Sequence[Example] = ()) -> list[Warning]:
    """Refuse examples that a language model has no room for; the notebook's models cut them, which is told."""
    config, prompter = answerer.spec.config, answerer.prompter
    most = longest(config)
    cuts = isinstance(config, GruTagger | GruClassifier)
    examples = training if cuts else examples
    too_long = [example for example in examples if prompter.length(example) > most]
    if not too_long:
        return []
    first = too_long[0].instruction[:60]
    if cuts:
        message = (
            f"{len(too_long)} of {len(examples)} training examples are cut to {most} symbols, the first: {first!r}"
        )
        return [Warning(message=message, hint="this model reads no more; a greater model.length lets it")]
    raise InputError(
        Problem(
            key="model.context",
            found=f"{len(too_long)} of {len(examples)} examples need more than {most} tokens, the first: {first!r}",
            expected=f"at least {max(map(prompter.length, too_long))}",
            hint="nothing is cut silently: raise the context or shorten the examples",
        )
    )
