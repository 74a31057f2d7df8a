"""How well a model does: exact match, "right but did not stop" and loss, for each task and split.

Exact match is about greedy decoding: the answer equals the response, up to and including the end token. One pass over
prompt and response decides it, with no decoding: greedy decoding reproduces the response exactly when each of its
tokens is the likeliest after those before it. Nothing here draws from torch's global generator, so looking at a run
never changes it.
"""

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.batches import IGNORE, Data, encode, loss_sum
from engine.examples import SPLITS, Example
from engine.inference.answer import Answerer
from engine.models import LanguageModel
from engine.protocol import Score, Scores
from engine.scenario import GruClassifier, GruTagger
from engine.tokenizer import END, UNKNOWN

CHUNK = 256
"""Examples read at once."""


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
    targets: int


def score(answerer: Answerer, examples: Sequence[Example]) -> Score:
    """The score of some examples taken together; there must be at least one."""
    found = judge_examples(answerer, examples)
    count = len(examples)
    exact, unstopped = int(found.exact_N.sum()), int(found.unstopped_N.sum())
    return Score(exact / count, unstopped / count, found.loss / max(found.targets, 1), count)


def judge_examples(answerer: Answerer, examples: Sequence[Example]) -> Judgement:
    """Judge every example by itself, asked as an instruction; there must be at least one."""
    data = encode(answerer.spec, answerer.prompter, examples)
    return judge(answerer, data, _sayable(answerer, data, examples))


@torch.inference_mode()
def judge(answerer: Answerer, data: Data, sayable_N: Tensor, ends: Collection[int] = (END,)) -> Judgement:
    """Judge every example by itself, in whatever form it was encoded.

    Args:
        answerer: the model, which is put into evaluation mode.
        data: the examples, encoded.
        sayable_N: which responses the model has the means to give.
        ends: the tokens that an answer may end with; more than one only for language models.
    """
    answerer.model.eval()
    data, sayable_N = data.to(answerer.device), sayable_N.to(answerer.device)
    ends_E = torch.tensor(list(ends), device=answerer.device)
    exact_N, unstopped_N = torch.zeros_like(sayable_N), torch.zeros_like(sayable_N)
    loss, targets = 0.0, 0
    for rows in torch.split((data.left_N + data.right_N).argsort(stable=True), CHUNK):
        batch = data.batch(rows)
        logits_BAV = answerer.model(batch.tokens_BT, mark=batch.mark, padding_B=batch.padding_B)
        chunk_loss, chunk_targets = loss_sum(logits_BAV, batch.targets_BA)
        best_BA, end_BA = logits_BAV.argmax(-1), batch.targets_BA == END
        hit_BA = (best_BA == batch.targets_BA) | (batch.targets_BA == IGNORE) | (end_BA & torch.isin(best_BA, ends_E))
        exact_N[rows] = hit_BA.all(-1) & sayable_N[rows]
        if isinstance(answerer.model, LanguageModel):
            unstopped_N[rows] = (hit_BA | end_BA).all(-1) & sayable_N[rows] & ~exact_N[rows]
        loss += chunk_loss.item()
        targets += chunk_targets
    return Judgement(exact_N, unstopped_N, loss, targets)


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
            return torch.tensor(known)
        case GruClassifier():
            return (data.targets_NA != IGNORE).any(-1)
        case _:
            return (data.targets_NA != UNKNOWN).all(-1)
