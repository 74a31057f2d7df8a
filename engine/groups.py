"""What every model of `tunetui compare` is asked, group by group; the same questions for the same seed.

    trained        instructed tasks, held-out arguments, training wordings
    new_wording    the same in wordings that training never meets, name first and argument first
    new_name       the same by names that no instruction of the training has
    unseen_task    tasks that are never instructed
    composition    two tasks in one instruction; no instruction of the training has two
    chain          the same by two calls: what the first one answers is put into the second
    longer         words one letter longer than in any instruction of the training
    plain_text     all of these tasks, asked in the form of the base's text
    known_form     all of these tasks, instructed as in training, but with an arrow where the answer mark would be

A scenario without a family has the first, second and fourth group at most: its held-out rows.
"""

from collections.abc import Iterator, Sequence
from itertools import islice, permutations
from random import Random

import msgspec

from engine.example_sources import Family
from engine.examples import Example
from engine.family import INSTRUCTED_NAMES, arguments, split_of
from engine.matrix import Group
from engine.scenario import Scenario
from engine.tasks import RULES, Rule
from engine.tasks.arguments import written
from engine.tasks.plain_text import PlainText
from engine.tasks.rule import Argument
from engine.tasks.templates import DEVELOPMENT, REPORT, Wordings, held_out, name_first, training

ARROW = "->"
"""What stands for the answer mark in `known_form`: one of the delimiters that the base has read."""

COMPOSITIONS = 12
"""Pairs of tasks in `composition` and `chain`."""

ANSWER = "{answer}"
"""In the second instruction of a chain: what the first one answered."""


class Question(msgspec.Struct, frozen=True):
    """One thing that a model is asked, and the right answer."""

    group: Group
    task: str
    text: str
    """An instruction, or plain text that the model is to go on with."""
    response: str
    wording: str = ""
    argument: Argument | None = None
    """What a rule was asked about."""
    then: str = ""
    """Of a chain: the second instruction."""

    @property
    def is_plain(self) -> bool:
        """Whether it is plain text: no prompt template, no answer mark."""
        return self.group in ("plain_text", "known_form")


def questions(
    scenario: Scenario, examples: Sequence[Example], *, count: int, development: bool = False, seed: int = 0
) -> list[Question]:
    """What to ask the models of a scenario.

    Args:
        scenario: as it was run.
        examples: all of its examples; a family does not need them.
        count: questions of each task, group and wording.
        development: unseen tasks and new wordings that choices are made on, in place of those for the report.
        seed: draws the questions. The scenario's own seed has no part in it: runs of several seeds are asked the same.
    """
    if scenario.family:
        return list(_family_questions(scenario.family, count, development, seed))
    return _held_out_rows(examples, count, seed)


def answers_of_other_tasks(question: Question) -> dict[str, str]:
    """The right answer of every other rule that takes this question's argument, by the rule's name."""
    if question.argument is None or question.task not in RULES:
        return {}
    kind = RULES[question.task].kind
    return {
        name: rule.apply(*question.argument)
        for name, rule in RULES.items()
        if rule.kind == kind and name != question.task
    }


def _family_questions(family: Family, count: int, development: bool, seed: int) -> Iterator[Question]:
    split = split_of(family)
    unseen = split.development if development else split.report
    wordings = DEVELOPMENT if development else REPORT
    for name in split.trained:
        yield from _of_trained_task(family, RULES[name], wordings, count, seed)
    for name in unseen:
        yield from _instructions("unseen_task", family, RULES[name], count, seed)
    yield from _compositions(family, split.trained, count, seed)
    plain_text = PlainText([RULES[name] for name in (*split.trained, *unseen)], words=family.words)
    for name in (*split.trained, *unseen):
        yield from _instructions("known_form", family, RULES[name], count, seed)
        rng = Random(f"{seed} plain_text {name}")
        for _ in range(count):
            text, response = plain_text.question(RULES[name], rng)
            yield Question("plain_text", name, text, response)


def _of_trained_task(family: Family, rule: Rule, wordings: Wordings, count: int, seed: int) -> Iterator[Question]:
    yield from _instructions("trained", family, rule, count, seed)
    for wording, templates in (("name first", wordings.name_first), ("argument first", wordings.argument_first)):
        yield from _instructions("new_wording", family, rule, count, seed, wording, templates)
    yield from _instructions("new_name", family, rule, count, seed)
    if rule.kind == "word":
        longer = family.words[1] + 1
        stretched = msgspec.structs.replace(family, words=(longer, longer))
        yield from _instructions("longer", stretched, rule, count, seed)


def _instructions(
    group: Group,
    family: Family,
    rule: Rule,
    count: int,
    seed: int,
    wording: str = "",
    templates: tuple[str, ...] = (),
) -> Iterator[Question]:
    """Instructions in these wordings, or else in those of the training."""
    rng = Random(f"{seed} {group} {rule.name} {wording}")
    names = rule.names[INSTRUCTED_NAMES:] if group == "new_name" else rule.names[:INSTRUCTED_NAMES]
    for argument in islice(arguments(family, rule, rng, trained=False), count):
        name, asked = rng.choice(names), written(argument)
        text = held_out(rng, templates, name, asked) if templates else training(rng, name, asked)
        if group == "known_form":
            text = f"{text} {ARROW}"
        yield Question(group, rule.name, text, rule.apply(*argument), wording, argument)


def _compositions(family: Family, tasks: Sequence[str], count: int, seed: int) -> Iterator[Question]:
    """Pairs of tasks on words in which both matter: neither alone gives the answer of the two."""
    rng = Random(f"{seed} composition")
    pairs = list(permutations([RULES[name] for name in tasks if RULES[name].kind == "word"], 2))
    rng.shuffle(pairs)
    found = 0
    for first, second in pairs:
        candidates = islice(arguments(family, first, rng, trained=False), 4 * count)
        fitting = [argument for argument in candidates if _both_matter(first, second, argument, family)][:count]
        if len(fitting) < count:
            continue
        found += 1
        for argument in fitting:
            yield from _composition(first, second, argument, rng)
        if found == COMPOSITIONS:
            return


def _composition(first: Rule, second: Rule, argument: Argument, rng: Random) -> Iterator[Question]:
    one, two = (rng.choice(rule.names[:INSTRUCTED_NAMES]) for rule in (first, second))
    task, response = f"{first.name} then {second.name}", second.apply(first.apply(*argument))
    asked = written(argument)
    yield Question("composition", task, name_first(rng, f"{one} then {two}", asked), response)
    yield Question("chain", task, training(rng, one, asked), response, then=training(rng, two, ANSWER))


def _both_matter(first: Rule, second: Rule, argument: Argument, family: Family) -> bool:
    """Whether the two differ from each alone, and the second has to do with a word as instructions have it."""
    between = first.apply(*argument)
    is_word = between.isascii() and between.isalpha() and between.islower() and 2 <= len(between) <= family.words[1]
    return is_word and second.apply(between) not in (between, second.apply(*argument), *argument)


def _held_out_rows(examples: Sequence[Example], count: int, seed: int) -> list[Question]:
    trained = {example.task for example in examples if example.split == "train"}
    rows = [example for example in examples if example.split != "train"]
    Random(seed).shuffle(rows)
    asked: dict[tuple[Group, str], list[Question]] = {}
    for row in rows:
        unseen: Group = "new_wording" if row.task in trained else "unseen_task"
        group: Group = "trained" if row.split == "validation" else unseen
        asked.setdefault((group, row.task), []).append(Question(group, row.task, row.instruction, row.response))
    return [question for group in sorted(asked) for question in asked[group][:count]]
