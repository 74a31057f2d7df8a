"""How well a model does: exact match, "right but did not stop" and loss, for each task and split.

Exact match is about greedy decoding: the answer equals the response, up to and including the end token. One pass over
prompt and response decides it, with no decoding: greedy decoding reproduces the response exactly when each of its
tokens is the likeliest after those before it. Nothing here draws from torch's global generator, so looking at a run
never changes it.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine import memory
from engine.architectures import GruClassifier, GruTagger
from engine.batches import IGNORE, Data, encode, loss_sum, target_count
from engine.examples import SPLITS, Example
from engine.inference.answer import Answerer
from engine.models import LanguageModel
from engine.protocol import Score, Scores
from engine.tokenizer import END, UNKNOWN

CHUNK = 256
"""Examples read at once, at most: fewer where the device has no memory for so many."""


def evaluate(answerer: Answerer, examples: Iterable[Example]) -> Scores:
    """Scores of all given examples, by split and task."""
    groups: dict[str, dict[str, list[Example]]] = {}
    for example in examples:
        groups.setdefault(example.split, {}).setdefault(example.task, []).append(example)
    return {
        split: {task: score(answerer, groups[split][task]) for task in groups[split]}
        for split in SPLITS
        if split in groups
    }


@dataclass(frozen=True)
class Judgement:
    """How the greedy answers to N examples turned out."""

    exact_N: Tensor
    """Right, and ended there."""
    unstopped_N: Tensor
    """Right, but went on."""
    loss: float
    """Cross-entropy in nats, summed over the target tokens."""
    targets: float
    """How many they are."""


def score(answerer: Answerer, examples: Sequence[Example]) -> Score:
    """The score of some examples taken together; there must be at least one."""
    found = judge(answerer, examples)
    count = len(examples)
    exact, unstopped = int(found.exact_N.sum()), int(found.unstopped_N.sum())
    return Score(exact / count, unstopped / count, found.loss / max(found.targets, 1), count)


@memory.explained()
@torch.inference_mode()
def judge(answerer: Answerer, examples: Sequence[Example], ends: Sequence[int] = ()) -> Judgement:
    """Judge every example by itself; there must be at least one.

    Args:
        answerer: the model, which is put into evaluation mode, and the way it is asked.
        examples: what it is asked, and the right answers.
        ends: the tokens that an answer may end with; none given: those of the prompter.

    Raises:
        OutOfMemory: the device has no room for one example.
    """
    answerer.model.eval()
    data = encode(answerer.spec, answerer.prompter, examples).to(answerer.device)
    sayable_N = _sayable(answerer, data, examples)
    exact_N, unstopped_N = torch.zeros_like(sayable_N), torch.zeros_like(sayable_N)
    loss = targets = 0.0
    waiting = (data.left_N + data.right_N).argsort(stable=True)
    size = CHUNK
    while len(waiting):
        rows = waiting[:size]
        try:
            batch = data.batch(rows)
            logits_BAV = answerer.model(batch.tokens_BT, mark=batch.mark, padding_B=batch.padding_B)
            logits_BAV = _ends_as_one(logits_BAV, ends or answerer.prompter.ends)
            chunk_loss = loss_sum(logits_BAV, batch.targets_BA)
        except RuntimeError as error:
            if not memory.is_full(error) or len(rows) == 1:
                raise
            size = (len(rows) + 1) // 2
            continue
        hit_BA = (logits_BAV.argmax(-1) == batch.targets_BA) | (batch.targets_BA == IGNORE)
        exact_N[rows] = hit_BA.all(-1) & sayable_N[rows]
        if isinstance(answerer.model, LanguageModel):
            said_B = (hit_BA | (batch.targets_BA == END)).all(-1) & sayable_N[rows]
            unstopped_N[rows] = said_B & ~exact_N[rows]
        loss += chunk_loss.item()
        targets += target_count(batch.targets_BA)
        waiting = waiting[size:]
    return Judgement(exact_N, unstopped_N, loss, targets)


def _ends_as_one(logits_BAV: Tensor, ends: Sequence[int]) -> Tensor:
    """All tokens that may end an answer, taken together as the end token."""
    if len(ends) == 1:
        return logits_BAV
    merged_BAV = logits_BAV.clone()
    merged_BAV[..., ends] = -torch.inf
    merged_BAV[..., END] = logits_BAV[..., ends].logsumexp(-1)
    return merged_BAV


def sample(examples: Sequence[Example], most: int, seed: int) -> list[Example]:
    """At most `most` examples of each task and split, the same ones for the same seed."""
    shuffled = list(examples)
    random.Random(seed).shuffle(shuffled)
    taken: dict[tuple[str, str], int] = {}
    kept = []
    for example in shuffled:
        group = (example.split, example.task)
        taken[group] = taken.get(group, 0) + 1
        if taken[group] <= most:
            kept.append(example)
    return kept


def _sayable(answerer: Answerer, data: Data, examples: Sequence[Example]) -> Tensor:
    """Which responses the model has the means to give. What cannot be encoded cannot be answered either."""
    match answerer.spec.config:
        case GruTagger(length=length):
            unknown = answerer.prompter.unknown
            known = [len(e.response) <= length and not unknown(e.response) for e in examples]
            return torch.tensor(known, device=answerer.device)
        case GruClassifier():
            return (data.targets_NA != IGNORE).any(-1)
        case _:
            return (data.targets_NA != UNKNOWN).all(-1)
