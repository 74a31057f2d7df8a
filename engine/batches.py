"""Examples as tensors: the whole data once, in memory, and batches cut from it.

Every row is one example. Prompts end at the same column, the **mark**: prompts are padded at the left, responses at
the right. A batch is the rows asked for, trimmed at both sides to its longest prompt and response.

Shapes: N examples, B examples of a batch, T columns of input, A columns of targets. The targets of column `mark + i`
stand in column i; IGNORE is what does not count in the loss.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.architectures import GruClassifier, GruTagger
from engine.examples import Example
from engine.models import ModelSpec
from engine.prompt import Prompter
from engine.tokenizer import PAD, UNKNOWN

IGNORE = -100


@dataclass(frozen=True)
class Batch:
    """Some examples, ready for a model."""

    tokens_BT: Tensor
    targets_BA: Tensor
    mark: int
    padding_B: Tensor | None
    """Padding columns at the left of each row; None when no row has any."""
    tokens: int
    """Input tokens that are not padding."""
    rows_B: Tensor | None = None
    """Which examples they are; None for rows that are made anew for each step."""
    weights_BA: Tensor | None = None
    """How much each target counts in the loss; None: all alike."""


@dataclass(frozen=True)
class Data:
    """Encoded examples. `left_N` and `right_N` count the columns in use up to and including the mark, and after it."""

    tokens_NT: Tensor
    targets_NA: Tensor
    mark: int
    left_N: Tensor
    right_N: Tensor

    def __len__(self) -> int:
        return len(self.tokens_NT)

    def batch(self, rows: Tensor) -> Batch:
        """The examples of these row numbers, on the device of the data."""
        left_B, right_B = self.left_N[rows], self.right_N[rows]
        left, right = int(left_B.max()), int(right_B.max())
        padding_B = left - left_B
        return Batch(
            tokens_BT=self.tokens_NT[rows, self.mark + 1 - left : self.mark + 1 + right],
            targets_BA=self.targets_NA[rows, : right + 1],
            mark=left - 1,
            padding_B=padding_B if padding_B.any() else None,
            tokens=int(left_B.sum() + right_B.sum()),
            rows_B=rows,
        )

    def token_ids(self) -> set[int]:
        """Every token that stands in an example, as input or as target."""
        return {*self.tokens_NT.flatten().tolist(), *self.targets_NA.flatten().tolist()} - {IGNORE, PAD}

    def to(self, device: torch.device) -> "Data":
        """The same data on another device."""
        moved = (self.tokens_NT.to(device), self.targets_NA.to(device), self.mark)
        return Data(*moved, self.left_N.to(device), self.right_N.to(device))


def encode(spec: ModelSpec, prompter: Prompter, examples: Sequence[Example]) -> Data:
    """Encode examples the way the model reads them."""
    match spec.config:
        case GruTagger(length=length):
            return _encode_letters(prompter, examples, length)
        case GruClassifier(length=length):
            return _encode_labels(prompter, examples, length, spec.labels)
        case _:
            prompts = [prompter.prompt(example.instruction) for example in examples]
            return _encode_sequences(prompts, [prompter.response(example.response) for example in examples])


def _encode_sequences(prompts: list[list[int]], responses: list[list[int]]) -> Data:
    left, right = max(map(len, prompts)), max(map(len, responses))
    tokens = [
        [PAD] * (left - len(prompt)) + prompt + response[:-1] + [PAD] * (right - len(response))
        for prompt, response in zip(prompts, responses, strict=True)
    ]
    targets = [response + [IGNORE] * (right - len(response)) for response in responses]
    return Data(
        torch.tensor(tokens),
        torch.tensor(targets),
        left - 1,
        torch.tensor([len(prompt) for prompt in prompts]),
        torch.tensor([len(response) - 1 for response in responses]),
    )


def _fixed(prompter: Prompter, texts: Sequence[str], length: int) -> list[list[int]]:
    """Exactly `length` ids a text, cut or padded with 0; the notebook's models read pad and unknown as the same."""
    encoded = (
        [0 if i == UNKNOWN and prompter.tokenizer.kind != "letters" else i for i in prompter.tokenizer.encode(text)]
        for text in texts
    )
    return [(ids + [0] * length)[:length] for ids in encoded]


def _encode_letters(prompter: Prompter, examples: Sequence[Example], length: int) -> Data:
    tokens = torch.tensor(_fixed(prompter, [prompter.text(example.instruction) for example in examples], length))
    targets = torch.tensor(_fixed(prompter, [example.response for example in examples], length))
    left, right = torch.ones(len(examples), dtype=torch.long), torch.full((len(examples),), length - 1)
    return Data(tokens, targets, 0, left, right)


def _encode_labels(prompter: Prompter, examples: Sequence[Example], length: int, labels: Sequence[str]) -> Data:
    tokens = torch.tensor(_fixed(prompter, [prompter.text(example.instruction) for example in examples], length))
    # A label that training never met can only be answered wrongly: it counts in no loss.
    targets = torch.tensor([[labels.index(e.response) if e.response in labels else IGNORE] for e in examples])
    left, right = torch.full((len(examples),), length), torch.zeros(len(examples), dtype=torch.long)
    return Data(tokens, targets, length - 1, left, right)


def loss_sum(
    logits_BAV: Tensor, targets_BA: Tensor, weights_BA: Tensor | None = None, smoothing: float = 0.0
) -> Tensor:
    """Cross-entropy summed over the target tokens, in nats.

    Args:
        logits_BAV: for each column of targets.
        targets_BA: token ids; IGNORE counts in nothing.
        weights_BA: each target's part in the sum, 0 where the target is IGNORE; None: 1.
        smoothing: share of the probability that is spread over all tokens (Szegedy et al. 2015, arXiv 1512.00567).
    """
    logits, targets = logits_BAV.flatten(0, 1).float(), targets_BA.flatten()
    if weights_BA is None:
        return F.cross_entropy(logits, targets, ignore_index=IGNORE, reduction="sum", label_smoothing=smoothing)
    losses = F.cross_entropy(logits, targets, ignore_index=IGNORE, reduction="none", label_smoothing=smoothing)
    return (losses * weights_BA.flatten()).sum()


def target_count(targets_BA: Tensor, weights_BA: Tensor | None = None) -> float:
    """How many target tokens there are, each counted by its weight: what a `loss_sum` is divided by."""
    return int((targets_BA != IGNORE).sum()) if weights_BA is None else float(weights_BA.sum())


class Order:
    """Which examples each training step reads: a pure function of seed and step, so resuming needs no state.

    An epoch is as many examples as there are, give or take a rounding. Each task has its share of them: its own
    examples in shuffled rounds, so that none is read twice before all are read once. Within a window of some batches
    the examples of each task are sorted by length and dealt out in that order: every batch has the window's mixture,
    and examples of similar length go together, which saves padding. Then the window's batches are shuffled.

    Args:
        lengths_N: length of each example.
        tasks_N: number of each example's task.
        shares: of the epoch, by task number; they need not sum to 1.
        batch_size: 0 takes all examples at once.
    """

    WINDOW = 16

    def __init__(
        self, lengths_N: Tensor, tasks_N: Tensor, shares: Sequence[float], *, batch_size: int, seed: int
    ) -> None:
        count = len(lengths_N)
        self.seed = seed
        self.lengths_N, self.tasks_N = lengths_N, tasks_N
        self.rows_of = [torch.nonzero(tasks_N == task)[:, 0] for task in range(len(shares))]
        self.draws = [max(1, round(count * share / sum(shares))) for share in shares]
        self.size = min(batch_size or sum(self.draws), sum(self.draws))
        self.steps_per_epoch = -(-sum(self.draws) // self.size)
        self._epoch = -1
        self._batches: list[Tensor] = []

    def rows(self, step: int) -> Tensor:
        """Row numbers of step 0, 1, ..."""
        epoch, position = divmod(step, self.steps_per_epoch)
        if epoch != self._epoch:
            self._epoch, self._batches = epoch, self._shuffled(epoch)
        return self._batches[position]

    def _shuffled(self, epoch: int) -> list[Tensor]:
        """The batches of an epoch."""
        drawn = torch.cat([self._drawn(task, epoch) for task in range(len(self.draws))])
        generator = self._generator(epoch, len(self.draws))
        batches: list[Tensor] = []
        for window in torch.split(drawn[torch.randperm(len(drawn), generator=generator)], self.size * self.WINDOW):
            dealt = torch.split(window[self._place(window).argsort(stable=True)], self.size)
            batches.extend(dealt[i] for i in torch.randperm(len(dealt), generator=generator).tolist())
        return batches

    def _drawn(self, task: int, epoch: int) -> Tensor:
        """The rows of a task in this epoch: where the last epoch stopped in the endless rounds through them."""
        rows, draws = self.rows_of[task], self.draws[task]
        first, start = divmod(epoch * draws, len(rows))
        last = (epoch * draws + draws - 1) // len(rows)
        rounds = [
            rows[torch.randperm(len(rows), generator=self._generator(number, task))]
            for number in range(first, last + 1)
        ]
        return torch.cat(rounds)[start : start + draws]

    def _place(self, window: Tensor) -> Tensor:
        """For each row, the share of its task's rows in the window that are not longer: 0 shortest, 1 longest."""
        place = torch.empty(len(window))
        for task in range(len(self.draws)):
            mine = torch.nonzero(self.tasks_N[window] == task)[:, 0]
            ranked = mine[self.lengths_N[window[mine]].argsort(stable=True)]
            place[ranked] = (torch.arange(len(ranked)) + 0.5) / max(len(ranked), 1)
        return place

    def _generator(self, number: int, stream: int) -> torch.Generator:
        """Independent random numbers for each pair, whatever the epoch before drew."""
        digest = hashlib.sha256(f"{self.seed} {stream} {number}".encode()).digest()
        return torch.Generator().manual_seed(int.from_bytes(digest[:8], "little", signed=True))
