"""What is wrong with a scenario although every value has the right type: things that do not fit together."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from inspect import signature
from pathlib import Path

from engine.architectures import Gru, GruClassifier, GruTagger, Model, Transformer, suiting
from engine.errors import did_you_mean
from engine.example_sources import Task
from engine.scenario import ALL_OTHERS, PRETRAINING, Pretraining, Scenario, Tuning, model_of, tokenizer_of, tunings_of
from engine.struct_reader import Mistake, shown
from engine.toml_lines import KeyPath

PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def check(scenario: Scenario, folder: Path) -> list[Mistake]:
    """Everything that does not fit together. `folder` holds the scenario: its files are looked up there."""
    mistakes = [
        *_prompt_template(scenario),
        *_files(scenario, folder),
        *_examples(scenario),
        *_family(scenario),
        *_model(scenario.model, ("model",)),
    ]
    if scenario.pretraining:
        mistakes += _pretraining(scenario, scenario.pretraining)
    for name, task in scenario.tasks.items():
        mistakes += _task(name, task, scenario)
    for name, tuning in tunings_of(scenario).items():
        mistakes += _tuning(name, tuning, scenario)
    return list(dict.fromkeys(mistakes))


def _prompt_template(scenario: Scenario) -> Iterator[Mistake]:
    if "{instruction}" not in scenario.prompt_template:
        yield Mistake(("prompt_template",), shown(scenario.prompt_template), "{instruction} somewhere in it")


def _files(scenario: Scenario, folder: Path) -> Iterator[Mistake]:
    for i, file in enumerate(scenario.files):
        path = folder / (file.path or "")
        if os.path.isfile(path) or not file.path:
            continue
        found = f"{shown(file.path)} is a folder" if os.path.isdir(path) else f"there is no file {shown(file.path)}"
        names: list[str] = []
        with suppress(OSError, ValueError):
            names = os.listdir(path.parent)
        hint = did_you_mean(path.name, names) or "files are looked up beside the scenario"
        yield Mistake(("files", i, "path"), found, "a file of examples", hint)


def _examples(scenario: Scenario) -> Iterator[Mistake]:
    if scenario.files or scenario.family:
        return  # what files hold is known once they are read, and a family always has something to train on
    about: tuple[KeyPath, ...] = (("files",), ("tasks",), ("family",))
    rules = [task for task in scenario.tasks.values() if task.rule]
    if scenario.pretraining and not scenario.examples and not scenario.tasks:
        return  # a scenario that makes a base and nothing else
    if not scenario.examples and not rules:
        hint = "write [[examples]], name a file under [[files]], give a task a rule, or write [family]"
        yield Mistake(("examples",), "there are no examples", "at least one", hint, about)
    elif not any(task.train for task in rules if not task.held_out) and not any(
        (row.split or "train") == "train" and not scenario.tasks.get(row.task, Task()).held_out
        for row in scenario.examples
    ):
        yield Mistake(("examples",), "every example is held out", "at least one to train on", about=about)


def _family(scenario: Scenario) -> Iterator[Mistake]:
    if not (family := scenario.family):
        return
    from engine.family import MOST_UNSEEN
    from engine.tasks import RULES

    for key, (low, high) in {"words": family.words, "numbers": family.numbers}.items():
        if low > high:
            yield Mistake(("family", key), f"[{low}, {high}]", "the smaller one first")
    if (unseen := family.unseen_development + family.unseen_report) > MOST_UNSEEN:
        about: tuple[KeyPath, ...] = (("family", "unseen_development"),)
        found = f"{unseen} unseen rules with those for development"
        yield Mistake(("family", "unseen_report"), found, f"at most {MOST_UNSEEN} in all", about=about)
    for name in scenario.tasks:
        if name in RULES:
            hint = "give the task another name"
            yield Mistake(("tasks", name), "the family has a task of this name", hint=hint, about=(("family",),))


def _pretraining(scenario: Scenario, pretraining: Pretraining) -> Iterator[Mistake]:
    from engine.tasks import RULES

    path: KeyPath = ("pretraining",)
    for i, rule in enumerate(pretraining.rules):
        if rule not in RULES:
            hint = did_you_mean(rule, RULES) or "the rules are " + ", ".join(RULES)
            yield Mistake((*path, "rules", i), f"there is no rule {shown(rule)}", hint=hint)
    yield from _sharding(path, pretraining)
    if scenario.base:
        yield Mistake(
            path, "in a scenario that starts from a base", hint="leave one of the two out", about=(("base",),)
        )
    if not isinstance(scenario.model, Transformer | Gru):
        yield Mistake(("model", "architecture"), "a model that cannot continue text", "a transformer or a gru")
    elif pretraining.row_tokens > scenario.model.context:
        found, most = (
            f"{pretraining.row_tokens} tokens a row",
            f"{scenario.model.context}, the model's context, at most",
        )
        yield Mistake((*path, "row_tokens"), found, most, about=(("model", "context"),))
    if scenario.tokenizer and scenario.tokenizer.kind != "mixed":
        yield Mistake(("tokenizer", "kind"), f'"{scenario.tokenizer.kind}" in a scenario that makes a base', '"mixed"')


def _task(name: str, task: Task, scenario: Scenario) -> Iterator[Mistake]:
    path: KeyPath = ("tasks", name)
    for key, (low, high) in {"numbers": task.numbers, "words": task.words}.items():
        if low > high:
            yield Mistake((*path, key), f"[{low}, {high}]", "the smaller one first")
    if task.template_weights and len(task.template_weights) != len(task.templates):
        expected = f"one for each of the {len(task.templates)} templates"
        found = f"{len(task.template_weights)} weights"
        yield Mistake((*path, "template_weights"), found, expected, about=((*path, "templates"),))
    if task.rule:
        yield from _ruled_task(path, task)
        return
    if not scenario.files and all(row.task != name for row in scenario.examples):
        hint = "give it a rule, or rows under [[examples]] that name it"
        yield Mistake(path, "no example has this task", hint=hint, about=(("examples",), ("files",)))
    elif task.templates or task.unseen_templates:
        yield Mistake(path, "templates without a rule", hint="rows have wordings of their own")


def _ruled_task(path: KeyPath, task: Task) -> Iterator[Mistake]:
    from engine.tasks import RULES

    if task.rule not in RULES:
        hint = did_you_mean(task.rule, RULES) or "the rules are " + ", ".join(RULES)
        yield Mistake((*path, "rule"), f"there is no rule {shown(task.rule)}", hint=hint)
        return
    arguments = [f"{{{name}}}" for name in signature(RULES[task.rule].function).parameters]
    if not task.templates and not (task.held_out and task.unseen_templates):
        example = " and ".join(arguments)
        yield Mistake(
            (*path, "templates"), "missing", "wordings for the rule", f'such as "{task.rule.capitalize()} {example}"'
        )
    for key, templates in {"templates": task.templates, "unseen_templates": task.unseen_templates}.items():
        for i, template in enumerate(templates):
            yield from _template((*path, key, i), template, arguments)


def usual_case(placeholder: str, arguments: list[str]) -> str:
    """`{Word}` and `{WORD}` stand for `{word}`, in capitals."""
    lower = placeholder.lower()
    return lower if lower in arguments and placeholder in (lower.title(), lower.upper()) else placeholder


def _template(path: KeyPath, template: str, arguments: list[str]) -> Iterator[Mistake]:
    used = [usual_case(placeholder, arguments) for placeholder in PLACEHOLDER.findall(template)]
    allowed = ", ".join([*arguments, "{name}"])
    for placeholder in used:
        if placeholder not in [*arguments, "{name}"]:
            yield Mistake(path, f"the rule has no {shown(placeholder)[1:-1]}", f"only {allowed}")
    if missing := [argument for argument in arguments if argument not in used]:
        yield Mistake(path, f"{shown(template)} lacks {' and '.join(missing)}", " and ".join(arguments))
    if set("{}") & set(PLACEHOLDER.sub("", template)):
        yield Mistake(path, f"{shown(template)} has a single brace", f"braces only in {allowed}")


def _tuning(name: str, tuning: Tuning, scenario: Scenario) -> Iterator[Mistake]:
    path: KeyPath = ("tunings", name)
    if name == PRETRAINING:
        yield Mistake(path, "a tuning of this name", hint="the run that makes a base is called so")
    if tuning.steps and tuning.epochs:
        yield Mistake((*path, "epochs"), "both `steps` and `epochs`", "one of them")
    if not tuning.lora:  # whose optimizer is never Muon
        yield from _sharding(path, tuning)
    yield from _beginning(path, name, tuning, scenario)
    if tuning.replay and tuning.batch_size < 2:
        found = f"{tuning.batch_size} rows a step"
        yield Mistake((*path, "batch_size"), found, "at least 2, for examples and replay", about=((*path, "replay"),))
    if tuning.lora and not (scenario.base or tuning.start):
        hint = "name a base, or leave lora out"
        yield Mistake((*path, "lora"), "adapters for a model that knows nothing yet", "a base", hint, (("base",),))
    if tuning.model:
        yield from _model(tuning.model, (*path, "model"))
    yield from _tokenizer(path, tuning, scenario)
    of_family, unseen = _family_tasks(scenario)
    known = dict.fromkeys([*scenario.tasks, *(row.task for row in scenario.examples if row.task), *of_family])
    for i, task in enumerate(tuning.tasks):
        place: KeyPath = (*path, "tasks", i if isinstance(tuning.tasks, list) else task)
        if task in unseen:
            hint = "let the tuning leave it out, or draw others by `unseen_seed`"
            yield Mistake(place, f"the task {shown(task)} is unseen", "a task to train on", hint, (("family",),))
        elif task in scenario.tasks and scenario.tasks[task].held_out:
            hint = "let the tuning leave it out, or the task be seen"
            yield Mistake(place, f"the task {shown(task)} is held out", "a task to train on", hint)
        elif task not in (*known, ALL_OTHERS) and not scenario.files:
            hint = did_you_mean(task, known) or "the tasks are " + ", ".join(known)
            about: tuple[KeyPath, ...] = (("tasks", task), ("examples",), ("files",), ("family",))
            yield Mistake(place, f"there is no task {shown(task)}", hint=hint, about=about)


def _sharding(path: KeyPath, training: Tuning | Pretraining) -> Iterator[Mistake]:
    if training.shard and training.optimizer == "muon":
        hint = "Muon needs every matrix whole; name another optimizer, or leave shard out"
        yield Mistake((*path, "optimizer"), '"muon" with shard', '"adamw" or "adam"', hint, ((*path, "shard"),))


def _family_tasks(scenario: Scenario) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tasks of the family that can be trained on, and its unseen ones."""
    if not scenario.family or any(_family(scenario)):
        return (), ()
    from engine.family import split_of

    split = split_of(scenario.family)
    return split.trained, split.development + split.report


def _beginning(path: KeyPath, name: str, tuning: Tuning, scenario: Scenario) -> Iterator[Mistake]:
    base: KeyPath = ("base",)
    if tuning.fresh and tuning.start:
        yield Mistake((*path, "fresh"), "both `fresh` and `start`", "one of them", about=((*path, "start"),))
    if tuning.fresh and not scenario.base:
        yield Mistake((*path, "fresh"), "no base that could be left out", hint="leave fresh out, too", about=(base,))
    if tuning.fresh and tuning.lora:
        yield Mistake((*path, "lora"), "adapters for a model that knows nothing yet", hint="leave fresh or lora out")
    if tuning.replay and not (scenario.base or tuning.start):
        found = "nothing has been read that could be replayed"
        yield Mistake((*path, "replay"), found, "a base", "name a base, or leave replay out", (base,))
    chain = [name]
    while (start := scenario.tunings.get(chain[-1], Tuning()).start) in scenario.tunings:
        if start in chain:
            yield Mistake((*path, "start"), f"a circle: {' from '.join([*chain, start])}", "a first tuning")
            return
        chain.append(start)


def _tokenizer(path: KeyPath, tuning: Tuning, scenario: Scenario) -> Iterator[Mistake]:
    model = model_of(scenario, tuning)
    kind, needed = tokenizer_of(scenario, tuning).kind, suiting(model).kind
    if isinstance(model, GruTagger | GruClassifier) and kind != needed:
        place: KeyPath = (*path, "tokenizer", "kind") if tuning.tokenizer else ("tokenizer", "kind")
        hint = "leave the tokenizer out"
        if tuning.model and not tuning.tokenizer:
            hint = f'state tokenizer = {{ kind = "{needed}" }} in the tuning'
        architecture = type(model).__struct_config__.tag
        yield Mistake(place, f'"{kind}" with the model {architecture}', f'"{needed}"', hint)


def _model(model: Model, path: KeyPath) -> Iterator[Mistake]:
    if not isinstance(model, Transformer):
        return
    width, heads, about = model.width, model.heads, ((*path, "heads"),)
    if width % heads:
        yield Mistake((*path, "width"), f"{width} with {heads} heads", "a multiple of `heads`", about=about)
    elif "rotary" in model.positions and width // heads % 2:
        found = f"{width} with {heads} heads is {width // heads} a head"
        yield Mistake((*path, "width"), found, "an even number a head for rotary positions", about=about)
