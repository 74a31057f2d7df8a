"""What a scenario's `pretraining` reads and is tested on: plain text, and the words that a base must know."""

import random

from engine.architectures import Tokenizer
from engine.errors import InputError, Problem
from engine.examples import Example
from engine.scenario import Pretraining, Scenario, Tuning
from engine.tasks import RULES, Rule
from engine.tasks.plain_text import DELIMITERS, FRAMES, SEPARATORS, PlainText
from engine.tasks.vocabulary import FILLERS
from engine.tokenizer import Mixed, with_words

FRAME_WORDS = tuple(dict.fromkeys(word for frame in FRAMES for word in frame.split(" ") if word[0] != "{"))
"""What sentences are made of beside names, arguments and answers."""

QUESTIONS = 50
"""Of each rule, in the evaluation at the end."""


def pretraining_of(scenario: Scenario) -> Pretraining:
    """The scenario's.

    Raises:
        InputError: it has none.
    """
    if not scenario.pretraining:
        hint = "a table [pretraining] says how a base is made from plain text"
        raise InputError(Problem(key="pretraining", found="missing", hint=hint))
    return scenario.pretraining


def writer(pretraining: Pretraining) -> PlainText:
    """Who writes the text."""
    return PlainText(rules(pretraining), lists=pretraining.lists)


def rules(pretraining: Pretraining) -> list[Rule]:
    """What the text is about."""
    return [RULES[name] for name in pretraining.rules or RULES]


def questions(scenario: Scenario) -> list[Example]:
    """Texts about held-out arguments that break off before the answer; the task is the rule's name.

    Raises:
        InputError: the scenario has no pretraining.
    """
    pretraining = pretraining_of(scenario)
    text = writer(pretraining)
    examples = []
    for rule in text.rules:
        rng = random.Random(f"{pretraining.seed} {rule.name} questions")
        examples += [Example(*text.question(rule, rng), rule.name, "validation") for _ in range(QUESTIONS)]
    return examples


def tokenizer_of_base(scenario: Scenario) -> Mixed:
    """Knows the names of all rules, the words and marks of the text, and the words of instructions to come."""
    names = [name for rule in RULES.values() for name in rule.names]
    words = dict.fromkeys([*DELIMITERS, *SEPARATORS, *FRAME_WORDS, *FILLERS, *names])
    return with_words(words, (scenario.tokenizer or Tokenizer()).digit_places)


def as_tuning(pretraining: Pretraining) -> Tuning:
    """The optimizer's settings and the cadence, in the words of a tuning."""
    return Tuning(
        steps=pretraining.steps,
        batch_size=pretraining.batch_size,
        optimizer=pretraining.optimizer,
        learning_rate=pretraining.learning_rate,
        muon_learning_rate=pretraining.muon_learning_rate,
        weight_decay=pretraining.weight_decay,
        betas=pretraining.betas,
        gradient_clip=pretraining.gradient_clip,
        schedule="linear",
        warmup_steps=pretraining.warmup_steps,
        final_rate=pretraining.final_rate,
        evaluate_every=pretraining.evaluate_every,
        evaluate_examples=pretraining.evaluate_examples,
        checkpoint_every=pretraining.checkpoint_every,
        precision=pretraining.precision,
        threads=pretraining.threads,
        devices=pretraining.devices,
        shard=pretraining.shard,
    )
