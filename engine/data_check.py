"""What may be wrong with the examples of a scenario, found before any training."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from engine.errors import Severity
from engine.examples import Example

Kind = Literal["empty", "duplicate", "conflict", "leak", "unknown", "too-long", "few", "none-held-out"]

CASES = 3
"""So many cases of each finding are shown."""


class TextToTokens(Protocol):
    """What the check has to know of a tokenizer and its prompt template."""

    def unknown(self, text: str) -> str:
        """What of a text cannot be encoded; empty if all can."""

    def length(self, example: Example) -> int:
        """Tokens that the model needs for the example: prompt, mark, response and end."""


class Case(msgspec.Struct, frozen=True):
    """One example, or one task, that a finding is about."""

    row: int
    """Place in the list of examples, 1 for the first; 0 for a task."""
    text: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something that may be wrong."""

    kind: Kind
    severity: Severity
    """An error keeps a model from being trained on the examples; a warning does not."""
    count: int
    message: str
    """What is wrong with how many examples or tasks."""
    hint: str
    first: list[Case]
    """The first cases, `CASES` at most."""


def check(
    examples: Sequence[Example],
    tokenizer: TextToTokens | None = None,
    context: int | None = None,
    *,
    cuts: bool = False,
) -> list[Finding]:
    """Look at every example once. One with the instruction of others is compared with the first of them.

    Args:
        examples: with their splits, as `engine.dataset.build` gives them.
        tokenizer: finds what cannot be encoded. This takes about as long as encoding all examples.
        context: how many tokens of an example the model can read; needs `tokenizer`.
        cuts: whether the model cuts longer ones, as the notebook's do. Else they cannot be trained on.
    """
    notes = _Notes()
    for task, size in _look(examples, tokenizer, context, notes).items():
        _count(task, size, notes)
    return notes.findings("warning" if cuts else "error")


def row_problems(
    examples: Sequence[Example], tokenizer: TextToTokens | None = None, context: int | None = None
) -> dict[int, str]:
    """What may be wrong with each example: its place, 0 for the first, and in words. `check` explains the arguments."""
    notes = _EveryRow()
    _look(examples, tokenizer, context, notes)
    return notes.texts


class _Adds(Protocol):
    def add(self, kind: Kind, row: int, text: str) -> None: ...


class _EveryRow:
    """Keeps what is wrong with every row, the first finding of each."""

    def __init__(self) -> None:
        self.texts: dict[int, str] = {}

    def add(self, kind: Kind, row: int, text: str) -> None:
        _, rest, hint = _KINDS[kind]
        self.texts.setdefault(row - 1, f"{rest.removeprefix('with ')}: {hint}")


def _look(
    examples: Sequence[Example], tokenizer: TextToTokens | None, context: int | None, notes: _Adds
) -> dict[str, Counter[str]]:
    """Note what is wrong with each example. Gives the sizes of the tasks by split."""
    first_rows: dict[str, int] = {}
    sizes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row, example in enumerate(examples, 1):
        if not example.instruction.strip() or not example.response.strip():
            notes.add("empty", row, _pair(example))
        first_row = first_rows.setdefault(example.instruction, row)
        if first_row != row:
            _compare(row, example, first_row, examples[first_row - 1], notes)
        sizes[example.task][example.split] += 1
        if tokenizer:
            _encode(row, example, tokenizer, context, notes)
    return sizes


class _Notes:
    """Counts the cases of each kind and keeps the first."""

    def __init__(self) -> None:
        self.counts: Counter[Kind] = Counter()
        self.first: dict[Kind, list[Case]] = {}

    def add(self, kind: Kind, row: int, text: str) -> None:
        self.counts[kind] += 1
        if self.counts[kind] <= CASES:
            self.first.setdefault(kind, []).append(Case(row, text))

    def findings(self, too_long: Severity) -> list[Finding]:
        return [
            Finding(
                kind=kind,
                severity=too_long if kind == "too-long" else "warning",
                count=count,
                message=f"{count:,} {noun if count == 1 else noun + 's'} {rest}",
                hint=hint,
                first=self.first[kind],
            )
            for kind, (noun, rest, hint) in _KINDS.items()
            if (count := self.counts[kind])
        ]


_KINDS: dict[Kind, tuple[str, str, str]] = {
    "empty": ("example", "with an empty instruction or response", "fill it in, or remove the example"),
    "duplicate": ("example", "with the same text as an earlier one", "remove it, unless it is meant to count more"),
    "conflict": (
        "example",
        "with the instruction of an earlier one, but another response",
        "a model gives one answer to an instruction: correct one of the two, or let the instructions differ",
    ),
    "leak": (
        "example",
        "with an instruction that is both trained on and held out",
        "the score on held-out examples comes out too good: remove it from one side",
    ),
    "unknown": (
        "example",
        "with text that the tokenizer does not know",
        'unknown characters all look alike to the model: the tokenizer kind "bytes" knows all',
    ),
    "too-long": ("example", "longer than the model can read", "shorten it, or raise `context` of the model"),
    "few": ("task", "with fewer than two examples to train on", "one example teaches no task: add some"),
    "none-held-out": (
        "task",
        "without a held-out example",
        "the score only says what was learnt by heart: hold some out",
    ),
}
"""What the finding is about, what is wrong with it, and a hint."""


def _compare(row: int, example: Example, first_row: int, first: Example, notes: _Adds) -> None:
    if (example.split == "train") != (first.split == "train"):
        text = f"{_cut(example.instruction)}: {example.split}, and {first.split} in example {first_row}"
        notes.add("leak", row, text)
    elif example.split == first.split and example.response == first.response:
        notes.add("duplicate", row, f"{_pair(example)}: as example {first_row}")
    if example.response != first.response:
        notes.add("conflict", row, f"{_pair(example)}, but {_cut(first.response)} in example {first_row}")


def _encode(row: int, example: Example, tokenizer: TextToTokens, context: int | None, notes: _Adds) -> None:
    if unknown := tokenizer.unknown(example.instruction) or tokenizer.unknown(example.response):
        notes.add("unknown", row, f"{_cut(unknown)} in: {_pair(example)}")
    if context is not None and (length := tokenizer.length(example)) > context:
        notes.add("too-long", row, f"{length} tokens, {context} at most: {_pair(example)}")


def _count(task: str, size: Counter[str], notes: _Notes) -> None:
    name = task or "the task without a name"
    if size["train"] < 2 and (size["train"] or size["validation"]):
        notes.add("few", 0, f"{name}: {size['train']}")
    if size["train"] and not size["validation"] and not size["unseen"]:
        notes.add("none-held-out", 0, name)


def _pair(example: Example) -> str:
    return f"{_cut(example.instruction)} → {_cut(example.response)}"


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + "…"
