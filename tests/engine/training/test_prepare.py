from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch

from engine.architectures import Gru, GruClassifier, GruTagger, Transformer
from engine.architectures import Tokenizer as TokenizerConfig
from engine.batches import IGNORE
from engine.errors import InputError
from engine.examples import Example
from engine.models.gru import Gru as GruModel
from engine.models.lora import LoraLinear
from engine.scenario import Lora, Scenario, Tuning
from engine.tokenizer import END
from engine.training import checkpoint
from engine.training.checkpoint import Loaded
from engine.training.prepare import prepare
from tests.engine.small import CHARACTERS, EXAMPLES, GRU, TRANSFORMER, answerer, identical, order, shaken, weights

LABELLED = [Example("Hello", "greeting"), Example("Bye", "farewell")]


def scenario(model: Any = TRANSFORMER, *, base: str = "", tokenizer: Any = CHARACTERS, **tuning: Any) -> Scenario:
    """A scenario with one tuning, called `it`."""
    tunings = {"it": Tuning(**({"threads": 1, "steps": 5} | tuning))}
    return Scenario(title="Small", model=model, base=base, tokenizer=tokenizer, tunings=tunings)


def base_of(tmp_path: Path, config: Any = TRANSFORMER, *, lora: Lora | None = None, **settings: Any) -> Loaded:
    """A checkpoint with random weights."""
    model = answerer(config, **settings)
    shaken(model.model, seed=7, std=0.3)
    checkpoint.save(tmp_path / "base", model)
    base = checkpoint.load(tmp_path / "base", torch.device("cpu"))
    if lora:
        job = prepare(scenario(tokenizer=None, base="base", lora=lora), "it", EXAMPLES, base=base)
        shaken(job.answerer.model, seed=8, std=0.3)
        checkpoint.save(tmp_path / "base", job.answerer)
        base = checkpoint.load(tmp_path / "base", torch.device("cpu"))
    return base


def trained_names(model: torch.nn.Module) -> list[str]:
    return [name for name, weight in model.named_parameters() if weight.requires_grad]


def problem(error: InputError) -> str:
    (found,) = error.problems
    return str(found)


# --- fresh models -----------------------------------------------------------------------------------------------------


def test_the_seed_of_the_scenario_decides_the_weights() -> None:
    one, again = (prepare(scenario(), "it", EXAMPLES).answerer.model for _ in range(2))
    other = prepare(msgspec.structs.replace(scenario(), seed=1), "it", EXAMPLES).answerer.model
    assert identical(weights(one), weights(again))
    assert not identical(weights(one), weights(other))


def test_the_tunings_own_model_and_tokenizer_come_first() -> None:
    own = scenario(model=GRU, tokenizer=CHARACTERS, tasks=["add"])
    own.tunings["it"].model, own.tunings["it"].tokenizer = Gru(width=8), TokenizerConfig(kind="bytes")
    model = prepare(own, "it", EXAMPLES).answerer
    assert isinstance(model.model, GruModel)
    assert model.model.config.width == 8
    assert model.prompter.tokenizer.kind == "bytes"


def test_only_training_examples_of_the_tunings_tasks_are_trained_on() -> None:
    held_out = [Example("1+1", "2", "add", "validation"), Example("7+7", "14", "add", "unseen")]
    job = prepare(scenario(tasks=["add"]), "it", [*EXAMPLES, *held_out])
    training = [example for example in EXAMPLES if example.task == "add"]
    assert order(job.trainer).draws == [len(training)]
    assert job.trained_tasks == {"add"}
    assert job.examples == [*EXAMPLES, *held_out]


def test_every_target_ends_with_the_end_token() -> None:
    (stream,) = prepare(scenario(batch_size=0), "it", EXAMPLES).trainer.streams
    targets = stream.batch(0).targets_BA
    assert all([index for index in row if index != IGNORE][-1] == END for row in targets.tolist())


def test_mixture_weights_decide_the_shares_and_without_them_the_number_of_examples_does() -> None:
    def adds(tasks: Any) -> float:
        drawn = order(prepare(scenario(tasks=tasks, batch_size=0), "it", EXAMPLES).trainer)
        return float((drawn.tasks_N[drawn.rows(0)] == 0).float().mean())

    assert adds([]) == pytest.approx(9 / 13)
    assert adds({"add": 1.0, "flip": 1.0}) == pytest.approx(0.5, abs=0.05)
    assert adds({"flip": 9.0, "add": 3.0}) == pytest.approx(0.25, abs=0.05)
    assert adds({"*": 9.0, "add": 3.0}) == pytest.approx(0.25, abs=0.05)


@pytest.mark.parametrize(
    ("tuning", "steps"),
    [
        ({"steps": 7}, 7),
        ({"steps": None, "epochs": 3, "batch_size": 5}, 9),
        ({"steps": None, "epochs": 3, "batch_size": 0}, 3),
        ({"steps": None}, 1000),
    ],
)
def test_the_number_of_steps_is_the_tunings(tuning: dict[str, Any], steps: int) -> None:
    assert prepare(scenario(**tuning), "it", EXAMPLES).trainer.steps == steps
    assert prepare(scenario(**tuning), "it", EXAMPLES, steps=4).trainer.steps == 4


def test_the_threads_asked_for_are_used() -> None:
    assert prepare(scenario(threads=1), "it", EXAMPLES).threads == torch.get_num_threads() == 1


# --- from a base ------------------------------------------------------------------------------------------------------


def test_a_base_gives_weights_and_tokenizer_and_the_scenario_the_template(tmp_path: Path) -> None:
    base = base_of(tmp_path, template="base: {instruction}")
    before = weights(base.answerer.model)
    wanted = scenario(base="base", tokenizer=None)
    wanted.prompt_template = "now: {instruction}"
    job = prepare(wanted, "it", EXAMPLES, base=base)
    assert identical(weights(job.answerer.model), before)
    assert job.answerer.prompter.tokenizer is base.answerer.prompter.tokenizer
    assert job.answerer.prompter.text("x") == "now: x"


def test_adapters_are_put_on_a_base_and_alone_are_trained(tmp_path: Path) -> None:
    base = base_of(tmp_path)
    before = base.answerer.answers(["1+2"], most=5)
    job = prepare(scenario(base="base", lora=Lora(rank=2)), "it", EXAMPLES, base=base)
    assert job.answerer.spec.lora == Lora(rank=2)
    assert job.answerer.answers(["1+2"], most=5) == before
    adapters = {name for name, child in job.answerer.model.named_modules() if isinstance(child, LoraLinear)}
    expected = {f"{name}.{part}.weight" for name in adapters for part in ("down", "up")}
    assert set(trained_names(job.answerer.model)) == expected


@pytest.mark.parametrize("lora", [None, Lora(rank=3)])
def test_the_adapters_of_a_base_become_part_of_it(lora: Lora | None, tmp_path: Path) -> None:
    base = base_of(tmp_path, lora=Lora(rank=2))
    before = base.answerer.answers(["1+2", "flip abc"], most=8)
    job = prepare(scenario(base="base", lora=lora), "it", EXAMPLES, base=base)
    model = job.answerer.model
    ranks = {child.down.out_features for child in model.modules() if isinstance(child, LoraLinear)}
    assert ranks == ({3} if lora else set())
    assert bool(lora) == (len(trained_names(model)) < len(list(model.parameters())))
    assert job.answerer.answers(["1+2", "flip abc"], most=8) == before
    checkpoint.save(tmp_path / "next", job.answerer, job.trainer)
    again = checkpoint.load(tmp_path / "next", torch.device("cpu"))
    assert identical(weights(again.answerer.model), weights(model))


def test_adapters_need_a_base() -> None:
    with pytest.raises(InputError) as caught:
        prepare(scenario(lora=Lora()), "it", EXAMPLES)
    assert problem(caught.value) == "lora: adapters for a model that knows nothing yet (name a base, or leave lora out)"


def test_a_base_without_a_linear_layer_takes_no_adapters(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no layer that takes an adapter"):
        prepare(scenario(base="base", lora=Lora()), "it", EXAMPLES, base=base_of(tmp_path, GRU))


def test_a_base_of_another_tokenizer_is_refused(tmp_path: Path) -> None:
    base = base_of(tmp_path, tokenizer=TokenizerConfig(kind="bytes"))
    with pytest.raises(InputError) as caught:
        prepare(scenario(base="base", tokenizer=CHARACTERS), "it", EXAMPLES, base=base)
    assert "tokenizer.kind: 'characters', but the base has 'bytes'" in problem(caught.value)


def test_a_base_of_another_model_than_the_tunings_is_refused(tmp_path: Path) -> None:
    wanted = scenario(base="base")
    wanted.tunings["it"].model = Gru(width=8)
    with pytest.raises(InputError, match="another model than the base's"):
        prepare(wanted, "it", EXAMPLES, base=base_of(tmp_path))


def test_a_classifier_as_base_knows_no_new_labels(tmp_path: Path) -> None:
    base = base_of(tmp_path, GruClassifier(), examples=LABELLED)
    wanted = scenario(GruClassifier(), base="base", tokenizer=None)
    assert prepare(wanted, "it", LABELLED, base=base).answerer.spec.labels == ("greeting", "farewell")
    with pytest.raises(InputError, match="no labels of the base: 'question'"):
        prepare(wanted, "it", [*LABELLED, Example("Why", "question")], base=base)


# --- what does not go together ----------------------------------------------------------------------------------------


def test_an_unknown_tuning_is_an_error_with_the_closest_name() -> None:
    with pytest.raises(InputError, match="did you mean `it`"):
        prepare(scenario(), "its", EXAMPLES)


def test_a_tuning_without_training_examples_is_an_error() -> None:
    with pytest.raises(InputError) as caught:
        prepare(scenario(), "it", [Example("1", "2", "add", "validation")])
    assert problem(caught.value).startswith("tunings.it.tasks: no example to train on in any task")


@pytest.mark.parametrize("tasks", [["typo"], ["add", "typo"], {"add": 2.0, "typo": 1.0}])
def test_a_task_that_no_training_example_has_is_an_error_that_names_it(tasks: Any) -> None:
    with pytest.raises(InputError, match="no example to train on in typo"):
        prepare(scenario(tasks=tasks), "it", EXAMPLES)


@pytest.mark.parametrize("split", ["train", "validation", "unseen"])
def test_an_example_longer_than_the_context_is_refused_and_never_cut(split: Any) -> None:
    long = Example("x" * 20, "abc", "long", split)
    wanted = scenario(tasks=["add"])
    prepare(wanted, "it", [*EXAMPLES, Example("x" * 19, "abc", "long", split)])
    with pytest.raises(InputError) as caught:
        prepare(wanted, "it", [*EXAMPLES, long])
    assert f"1 of {len(EXAMPLES) + 1} examples need more than 24 tokens" in problem(caught.value)
    assert "at least 25" in problem(caught.value)


def test_the_notebooks_models_cut_and_say_so() -> None:
    job = prepare(scenario(GruTagger(), tokenizer=None), "it", [Example("Add 1 and 2", "3"), Example("Add 1", "1")])
    (warning,) = job.warnings
    assert warning.message == "1 of 2 training examples are cut to 10 symbols, the first: 'Add 1 and 2'"


def test_a_device_that_is_not_there_is_an_error() -> None:
    with pytest.raises(InputError, match="this machine has"):
        prepare(scenario(), "it", EXAMPLES, device="mps:3")


def test_a_context_of_exactly_the_longest_example_is_enough() -> None:
    exact = Transformer(width=16, layers=1, heads=2, context=4)
    prepare(scenario(exact), "it", [Example("a", "b")])
    with pytest.raises(InputError, match="at least 5"):
        prepare(scenario(exact), "it", [Example("a", "bc")])
