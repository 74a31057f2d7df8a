"""A scenario: which examples, which model, which ways of tuning it. One TOML file, as typed structs.

Every struct refuses unknown keys and checks its values; `engine.scenario_file` reads and writes the file and reports
all that is wrong with it, each with its line. `docs/scenarios.md` explains every key with an example. Tables about
examples stand in `engine.example_sources`, those about models in `engine.architectures`.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from engine.architectures import Model, Tokenizer, Transformer, suiting
from engine.example_sources import DataFile, Family, Row, Task
from engine.scenario_table import (
    Count,
    Devices,
    Fraction,
    Matrix,
    Optimizer,
    Positive,
    Precision,
    ProperFraction,
    Rate,
    Seed,
    Size,
    Table,
    Text,
    Weight,
)

PRETRAINING = "pretraining"
"""What the run that makes a base is called in place of a tuning's name."""


# --- tunings ----------------------------------------------------------------------------------------------------------


class Lora(Table, kw_only=True):
    """Low-rank adapters instead of all weights (Hu et al. 2021, arXiv 2106.09685)."""

    rank: Size = 8
    """Numbers that a matrix's change is squeezed through: fewer train less and can change less."""
    alpha: Rate = 16.0
    """The change is multiplied by `alpha / rank`."""
    layers: list[Matrix] = []
    """Which matrices get an adapter: those of attention, `up` and `down` of the feed-forward network. Left out: all."""


class Tuning(Table, kw_only=True):
    """One way to change the base model."""

    method: Literal["fine-tune", "instruction-tune"] = "instruction-tune"
    """`fine-tune` is on one task, `instruction-tune` on many."""
    tasks: list[Text] | dict[str, Rate] = []
    """Tasks to train on, or a table of their weights in the mixture, `"*"` for all that it does not name. Left out: all
    that are not held out."""
    start: str = ""
    """Where it goes on from in place of the base: another tuning of this scenario, or a run."""
    fresh: bool = False
    """Fresh weights in the shape of the base, with its tokenizer: what comes without pre-training, for contrast."""
    replay: ProperFraction = 0.0
    """Share of each step's rows that is text as the base has read it, so that it is not forgotten."""
    replay_tokens: Size = 24
    """Tokens of such a row."""
    model: Model | None = None
    """Another model than the scenario's, for contrast."""
    tokenizer: Tokenizer | None = None
    """Another tokenizer than the scenario's."""
    steps: Positive | None = None
    """Optimizer steps at most. Left out: `epochs`, or 1,000 steps."""
    epochs: Positive | None = None
    """Passes over the training examples, instead of `steps`."""
    batch_size: Count = 64
    """Rows in a step: examples, and what `replay` adds of text. 0 takes all examples."""
    optimizer: Optimizer = "muon"
    """`muon`: Muon on the matrices, AdamW on the rest."""
    learning_rate: Rate = 0.003
    """Of Adam or AdamW."""
    muon_learning_rate: Rate = 0.01
    """Of Muon's matrices; `learning_rate` is then for the rest."""
    weight_decay: Annotated[float, Meta(ge=0)] = 0.0
    """How strongly weights are drawn to zero; 0 not at all."""
    betas: tuple[ProperFraction, ProperFraction] = (0.9, 0.98)
    """How slowly Adam forgets past gradients and their squares."""
    gradient_clip: Annotated[float, Meta(ge=0)] = 1.0
    """Largest gradient norm; 0 does not clip."""
    label_smoothing: ProperFraction = 0.0
    """Share of the target probability that is spread over all tokens, so that the model is never quite sure."""
    schedule: Literal["constant", "linear", "hold"] = "hold"
    """`hold` keeps the rate until the validation score reaches `decay_at`, then decays over `decay_steps`."""
    warmup_steps: Count = 20
    """Steps in which the learning rate rises from near zero."""
    decay_steps: Positive = 100
    """`hold`: steps from the full rate to the final one."""
    decay_at: Fraction = 0.97
    """`hold`: the exact match on the validation sample at which the decay starts."""
    final_rate: Fraction = 0.05
    """What is left of the learning rate at the end of the decay."""
    goal: Fraction | None = None
    """Stop when every trained task's exact match on the validation sample reaches this. `hold` decays first."""
    lora: Lora | None = None
    """Train low-rank adapters only. Left out: all weights."""
    frozen: list[Text] = []
    """Parts of the model that stay as they are, such as `embedding`, `layers.0` or `layers.1.attention`."""
    evaluate_every: Count = 100
    """Steps between evaluations; 0 evaluates only at the end."""
    evaluate_examples: Positive = 200
    """Examples of each task and split in such an evaluation. The one at the end takes all."""
    checkpoint_every: Count = 500
    """Steps between checkpoints; 0 saves only at the end."""
    precision: Precision = "auto"
    """`auto` takes bfloat16 only where the hardware is fast at it."""
    threads: Count = 0
    """CPU threads; 0 lets a short probe choose."""
    devices: Devices = 1
    """Processes that train together, each on a GPU of its own, or on the CPU where there is none."""
    shard: bool = False
    """Each of them holds only a part of the model, of its gradient and of what the optimizer remembers."""


# --- pre-training -----------------------------------------------------------------------------------------------------


class LossWeights(Table, kw_only=True):
    """How much each part of plain text counts in the loss of pre-training."""

    answer: Weight = 1.0
    """What a rule answers."""
    end: Weight = 0.5
    """What stands after an answer."""
    name: Weight = 0.3
    """A rule's name."""
    argument: Weight = 0.03
    """What a rule is applied to: random, so there is little to learn."""
    rest: Weight = 0.1
    """All else."""


class Pretraining(Table, kw_only=True):
    """How a base is made: by reading plain text about the rules, which never asks for anything."""

    rules: list[Text] = []
    """What the text is about. Left out: all rules."""
    lists: Fraction = 0.4
    """Share of the documents that are lists under one name; the others are sentences."""
    weights: LossWeights = msgspec.field(default_factory=LossWeights)
    """Of the parts of the text in the loss."""
    seed: Seed = 0
    """Of the first weights and the text."""
    steps: Positive = 3000
    """Optimizer steps."""
    batch_size: Positive = 64
    """Rows in a step."""
    row_tokens: Size = 48
    """Tokens of a row."""
    optimizer: Optimizer = "muon"
    """`muon`: Muon on the matrices, AdamW on the rest."""
    learning_rate: Rate = 0.003
    """Of Adam or AdamW."""
    muon_learning_rate: Rate = 0.015
    """Of Muon's matrices; `learning_rate` is then for the rest."""
    weight_decay: Annotated[float, Meta(ge=0)] = 0.0
    """How strongly weights are drawn to zero; 0 not at all."""
    betas: tuple[ProperFraction, ProperFraction] = (0.9, 0.98)
    """How slowly Adam forgets past gradients and their squares."""
    gradient_clip: Annotated[float, Meta(ge=0)] = 1.0
    """Largest gradient norm; 0 does not clip."""
    warmup_steps: Count = 100
    """Steps in which the learning rate rises from near zero. After them it falls evenly."""
    final_rate: Fraction = 0.03
    """What is left of the learning rate in the last step."""
    evaluate_every: Count = 500
    """Steps between evaluations; 0 evaluates only at the end."""
    evaluate_examples: Positive = 20
    """Held-out arguments of each rule in such an evaluation. The one at the end takes 50."""
    checkpoint_every: Count = 500
    """Steps between checkpoints; 0 saves only at the end."""
    precision: Precision = "auto"
    """`auto` takes bfloat16 only where the hardware is fast at it."""
    threads: Count = 0
    """CPU threads; 0 lets a short probe choose."""
    devices: Devices = 1
    """Processes that train together, each on a GPU of its own, or on the CPU where there is none."""
    shard: bool = False
    """Each of them holds only a part of the model, of its gradient and of what the optimizer remembers."""


class Scenario(Table, kw_only=True):
    """All that the file says."""

    title: Text
    """One line that says what the scenario is."""
    about: str = ""
    """What this scenario shows, in Markdown."""
    seed: Seed = 0
    """Start of every random choice. The same seed on the same device gives the same weights, bit for bit."""
    prompt_template: Text = "{instruction}"
    """How an instruction becomes a prompt. The mark that starts the answer follows by itself."""
    validation: ProperFraction = 0.1
    """Share of the rows and of the files' examples that are held out, where a row does not say itself."""
    examples: list[Row] = []
    """Examples written here."""
    files: list[DataFile] = []
    """Files of examples."""
    tasks: dict[Text, Task] = {}
    """By name."""
    family: Family | None = None
    """Tasks that are made by all the rules there are, instead of one by one."""
    tokenizer: Tokenizer | None = None
    """How text becomes tokens. Left out: what suits the model."""
    model: Model = msgspec.field(default_factory=Transformer)
    """What is trained. Left out: a transformer with every default."""
    base: str = ""
    """Weights that every tuning starts from: a built-in base, a checkpoint's folder, or a run. Left out: fresh ones."""
    pretraining: Pretraining | None = None
    """How `tunetui pretrain` makes a base of the model from plain text."""
    tunings: dict[Text, Tuning] = {}
    """By name. Left out: one, called `tuning`, with every default."""
    prompts: list[Text] = []
    """Prompts to try on every model."""


def tunings_of(scenario: Scenario) -> dict[str, Tuning]:
    """The scenario's tunings by name; the one with every default where it states none."""
    return scenario.tunings or {"tuning": Tuning()}


ALL_OTHERS = "*"
"""In a tuning's `tasks`: every task that is not named there."""


def trains_on(tuning: Tuning, task: str) -> bool:
    """Whether the training examples of a task are for this tuning."""
    return not tuning.tasks or task in tuning.tasks or ALL_OTHERS in tuning.tasks


def model_of(scenario: Scenario, tuning: Tuning) -> Model:
    """The model that a tuning trains."""
    return tuning.model or scenario.model


def tokenizer_of(scenario: Scenario, tuning: Tuning) -> Tokenizer:
    """The tokenizer that a tuning uses: its own, the scenario's, or the one that suits its model."""
    return tuning.tokenizer or scenario.tokenizer or suiting(model_of(scenario, tuning))


def spelled_out(value: Any) -> Any:
    """Structs as tables with every default written out: a later version's defaults change nothing that was saved."""
    if isinstance(value, msgspec.Struct):
        config = value.__struct_config__
        tag = {config.tag_field: config.tag} if config.tag_field else {}
        return tag | {name: spelled_out(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {key: spelled_out(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [spelled_out(item) for item in value]
    return value
