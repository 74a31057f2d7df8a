"""Replay: some rows of each step are text as the base has read it, so that a tuning does not forget what it knew."""

import torch

from engine.errors import InputError, Problem
from engine.inference.answer import Answerer
from engine.pretraining import rules
from engine.scenario import Tuning
from engine.tasks.plain_text import PlainText, Role
from engine.text_rows import TextRows
from engine.tokenizer import Mixed

WEIGHTS: dict[Role, float] = {"answer": 1.0, "name": 0.3, "end": 0.0, "argument": 0.0, "rest": 0.0}
END_WEIGHT = 0.5
LISTS = 0.2
"""Share of lists. The other documents are single sentences, which are nearest to instructions."""


def replayed_rows(tuning: Tuning) -> int:
    """How many rows of a step are replay: at least one if any, and never all."""
    return min(max(1, round(tuning.batch_size * tuning.replay)), tuning.batch_size - 1) if tuning.replay else 0


def replay(answerer: Answerer, tuning: Tuning, seed: int, device: torch.device) -> TextRows:
    """The rows of text that a tuning mixes in.

    Raises:
        InputError: what the tuning starts from was not made from plain text.
    """
    pretraining, tokenizer = answerer.reading.pretraining, answerer.prompter.tokenizer
    if not pretraining or not isinstance(tokenizer, Mixed):
        hint = "leave replay out, or start from a base that `tunetui pretrain` made"
        raise InputError(
            Problem(key="replay", found="the base has read no plain text that could be replayed", hint=hint)
        )
    return TextRows(
        PlainText(rules(pretraining), lists=LISTS, sentences=1),
        tokenizer,
        WEIGHTS,
        end=END_WEIGHT,
        rows=replayed_rows(tuning),
        tokens=tuning.replay_tokens,
        seed=seed,
        device=device,
    )
