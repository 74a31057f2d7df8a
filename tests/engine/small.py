"""Models and examples so small that a test takes milliseconds."""

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.architectures import Gru, Model, Transformer, suiting
from engine.architectures import Tokenizer as TokenizerConfig
from engine.batches import Batch, Order, encode
from engine.examples import Example
from engine.inference.answer import Answerer
from engine.models import LanguageModel, ModelSpec, build, labels_of
from engine.models.gru import Gru as GruModel
from engine.models.gru import State
from engine.prompt import prompter_for
from engine.scenario import Tuning
from engine.tokenizer import END
from engine.tokenizer import build as build_tokenizer
from engine.training.streams import ExampleStream
from engine.training.trainer import Trainer

TRANSFORMER = Transformer(width=16, layers=2, heads=2, context=24)
ANCHORED, ROTARY, BOTH = (
    Transformer(width=16, layers=2, heads=2, context=24, positions=positions)
    for positions in ("anchored", "rotary", "rotary+anchored")
)
GRU = Gru(width=16, layers=2, context=24)
LANGUAGE_MODELS: dict[str, Model] = {"anchored": ANCHORED, "rotary": ROTARY, "rotary+anchored": BOTH, "gru": GRU}

VOCABULARY = 12
"""Tokens of a model that is asked for nothing in particular, the special ones among them."""

CHARACTERS = TokenizerConfig(kind="characters")

EXAMPLES = [
    *(Example(f"{a}+{b}", str(a + b), "add") for a in (1, 5, 9) for b in (2, 7, 94)),
    *(Example(f"flip {word}", word[::-1], "flip") for word in ("ab", "abc", "bcde", "dadcb")),
]


def shaken(model: nn.Module, seed: int, std: float = 0.5) -> nn.Module:
    """The model with every weight drawn at random: in a fresh one some are zero, and much cancels out."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(torch.randn(weight.shape, generator=generator) * std)
    return model


def language_model(config: Model, seed: int = 0) -> LanguageModel:
    """A model over VOCABULARY tokens with random weights."""
    return cast(LanguageModel, shaken(build(ModelSpec(config, VOCABULARY)), seed).eval())


def answerer(
    config: Model = TRANSFORMER,
    examples: Sequence[Example] = EXAMPLES,
    *,
    tokenizer: TokenizerConfig | None = None,
    seed: int = 0,
    template: str = "{instruction}",
) -> Answerer:
    """A fresh model for these examples. Language models spell, unless told otherwise."""
    suited = suiting(config)
    tokens = build_tokenizer(tokenizer or (CHARACTERS if suited.kind == "mixed" else suited), examples)
    spec = ModelSpec(config, len(tokens), labels_of(config, [example.response for example in examples]))
    torch.manual_seed(seed)
    return Answerer(build(spec), spec, prompter_for(config, tokens, template))


def trainer(
    model: Answerer, examples: Sequence[Example] = EXAMPLES, *, steps: int = 10, seed: int = 0, **tuning: object
) -> Trainer:
    """A trainer of this model, by AdamW with four examples a step unless told otherwise."""
    defaults = {"optimizer": "adamw", "batch_size": 4, "warmup_steps": 2, "learning_rate": 0.01}
    data = encode(model.spec, model.prompter, examples)
    settings = Tuning(**(defaults | tuning))  # type: ignore[arg-type]
    stream = ExampleStream(data, batch_size=settings.batch_size, seed=seed)
    return Trainer(model.model, [stream], settings, steps=steps)


def order(training: Trainer) -> Order:
    """Of the examples that it reads."""
    return cast(ExampleStream, training.streams[0]).order


class Rows:
    """A stream of one batch, over and over."""

    def __init__(self, batch: Batch) -> None:
        self.batch = lambda step: batch


def text(targets: list[list[int]], weights: list[list[float]]) -> Batch:
    """A batch of plain text with these weights of its targets."""
    targets_BA = torch.tensor(targets)
    return Batch(targets_BA.roll(1, 1), targets_BA, 0, None, targets_BA.numel(), weights_BA=torch.tensor(weights))


def weights(model: nn.Module) -> dict[str, Tensor]:
    """A copy of all weights."""
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def identical(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    """Whether tensors are the same bit for bit, NaN included."""
    return one.keys() == other.keys() and all(
        one[name].numpy().tobytes() == other[name].numpy().tobytes() for name in one
    )


def with_memory_for(rows: int, model: nn.Module) -> list[int]:
    """Let the model's device have memory for so many rows at once. Gives the numbers of rows that are tried."""
    tried: list[int] = []

    def allocate(module: nn.Module, read: tuple[Tensor, ...]) -> None:
        tried.append(len(read[0]))
        if len(read[0]) > rows:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    model.register_forward_pre_hook(allocate)
    return tried


class Says(GruModel):
    """A language model that says the same whatever it is asked, and then for ever its last token."""

    def __init__(self, tokens: Sequence[int], vocabulary: int, context: int = 24) -> None:
        super().__init__(Gru(width=1, context=context), vocabulary)
        self.tokens = list(tokens)

    def forward(
        self, tokens_BT: Tensor, *, mark: int, padding_B: Tensor | None = None, cache: State | None = None
    ) -> Tensor:
        offset = cache.length if cache else 0
        if cache:
            cache.length = offset + tokens_BT.shape[1]
        columns = range(max(mark, offset), offset + tokens_BT.shape[1])
        said = torch.tensor([self.tokens[min(column - mark, len(self.tokens) - 1)] for column in columns])
        return 9.0 * F.one_hot(said, len(self.embedding.weight)).float().expand(len(tokens_BT), -1, -1)


def saying(text: str, *, stops: bool = True, tokenizer: TokenizerConfig = CHARACTERS, context: int = 24) -> Answerer:
    """An answerer that says this text to everything."""
    tokens = build_tokenizer(tokenizer, [*EXAMPLES, Example("", text)])
    ids = tokens.encode(text) + ([END] if stops else [])
    spec = ModelSpec(Gru(width=1, context=context), len(tokens))
    return Answerer(Says(ids, len(tokens), context), spec, prompter_for(spec.config, tokens, "{instruction}"))
