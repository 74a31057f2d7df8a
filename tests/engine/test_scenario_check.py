"""What does not fit together in a scenario is told, though each value has the right type."""

from pathlib import Path
from typing import Any

import pytest

from engine.architectures import Gru, GruClassifier, GruTagger, Tokenizer, Transformer
from engine.example_sources import DataFile, Family, Row, Task
from engine.family import split_of
from engine.scenario import Lora, Pretraining, Scenario, Tuning
from engine.scenario_check import check

ADD = Task(rule="add", templates=["Add {a} and {b}"])
ROW = Row(instruction="1 + 1", response="2", task="sums")


def told(folder: Path = Path(), **keys: Any) -> list[str]:
    """Keys and findings of a scenario that is right but for these keys."""
    scenario = Scenario(**{"title": "x", "tasks": {"add": ADD}, **keys})
    return [".".join(map(str, mistake.path)) + ": " + mistake.found for mistake in check(scenario, folder)]


def test_a_scenario_that_fits_together_has_no_mistakes() -> None:
    tunings = {
        "all": Tuning(),
        "one": Tuning(tasks=["add"], epochs=3),
        "mixed": Tuning(tasks={"add": 1.0, "sums": 2.0}),
    }
    assert told(tunings=tunings, examples=[ROW]) == []


def test_without_examples_there_is_nothing_to_do() -> None:
    assert told(tasks={}) == ["examples: there are no examples"]


@pytest.mark.parametrize(
    "keys",
    [
        {"tasks": {"add": Task(rule="add", templates=["{a} {b}"], held_out=True)}},
        {"tasks": {"add": Task(rule="add", templates=["{a} {b}"], train=0)}},
        {"tasks": {}, "examples": [Row(instruction="x", response="y", split="unseen")]},
        {"tasks": {"sums": Task(held_out=True)}, "examples": [ROW]},
    ],
)
def test_something_must_be_left_to_train_on(keys: dict[str, Any]) -> None:
    assert told(**keys) == ["examples: every example is held out"]


def test_a_task_needs_a_rule_or_examples() -> None:
    assert told(tasks={"add": ADD, "poems": Task()}) == ["tasks.poems: no example has this task"]
    assert told(tasks={"sums": Task()}, examples=[ROW]) == []


def test_what_a_file_holds_is_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "poems.jsonl").touch()
    keys = {"tasks": {"poems": Task()}, "tunings": {"mine": Tuning(tasks=["verses"])}}
    assert told(tmp_path, files=[DataFile(path="poems.jsonl")], **keys) == []


@pytest.mark.parametrize("name", ["absent.jsonl", "nul\0.jsonl", "long" * 200, ".."])
def test_a_file_must_be_there(tmp_path: Path, name: str) -> None:
    (found,) = told(tmp_path, files=[DataFile(path=name)])
    assert found.startswith("files.0.path: ")


@pytest.mark.parametrize(
    ("task", "found"),
    [
        (Task(rule="ad", templates=["x"]), "rule: there is no rule 'ad'"),
        (Task(rule="add"), "templates: missing"),
        (Task(rule="add", templates=["{a} {b}", "{a} {b} {word}"]), "templates.1: the rule has no {word}"),
        (Task(rule="add", templates=["{a} {b} {a.real}"]), "templates.0: the rule has no {a.real}"),
        (Task(rule="add", templates=["Add {a}"]), "templates.0: 'Add {a}' lacks {b}"),
        (Task(rule="add", templates=["{a} {b} }"]), "templates.0: '{a} {b} }' has a single brace"),
        (
            Task(rule="add", templates=["{a} {b}"], unseen_templates=["{name}"]),
            "unseen_templates.0: '{name}' lacks {a} and {b}",
        ),
        (Task(rule="add", templates=["{a} {b}"], template_weights=[1, 2]), "template_weights: 2 weights"),
        (Task(rule="add", templates=["{a} {b}"], numbers=(9, 1)), "numbers: [9, 1]"),
        (Task(rule="add", templates=["{a} {b}"], words=(5, 4)), "words: [5, 4]"),
    ],
)
def test_a_made_task_needs_a_rule_that_exists_and_wordings_that_suit_it(task: Task, found: str) -> None:
    assert told(tasks={"add": ADD, "mine": task}) == ["tasks.mine." + found]


def test_a_task_that_is_held_out_may_have_unseen_wordings_alone() -> None:
    assert told(tasks={"add": ADD, "mine": Task(rule="copy", unseen_templates=["{word}"], held_out=True)}) == []


def test_templates_need_a_rule() -> None:
    assert told(tasks={"sums": Task(templates=["x"])}, examples=[ROW]) == ["tasks.sums: templates without a rule"]


def test_a_tuning_trains_on_tasks_that_exist_and_are_not_held_out() -> None:
    held_out = Task(rule="copy", templates=["Copy {word}"], held_out=True)
    tunings = {"list": Tuning(tasks=["ad", "copy"]), "table": Tuning(tasks={"ad": 1.0})}
    assert told(tasks={"add": ADD, "copy": held_out}, tunings=tunings) == [
        "tunings.list.tasks.0: there is no task 'ad'",
        "tunings.list.tasks.1: the task 'copy' is held out",
        "tunings.table.tasks.ad: there is no task 'ad'",
    ]


def test_a_tuning_has_steps_or_epochs() -> None:
    assert told(tunings={"mine": Tuning(steps=1, epochs=1)}) == ["tunings.mine.epochs: both `steps` and `epochs`"]


def test_adapters_need_a_base() -> None:
    tunings = {"mine": Tuning(lora=Lora())}
    assert told(tunings=tunings) == ["tunings.mine.lora: adapters for a model that knows nothing yet"]
    assert told(tunings=tunings, base="latest") == []


def test_the_width_is_shared_by_the_heads() -> None:
    assert told(model=Transformer(width=50, heads=4)) == ["model.width: 50 with 4 heads"]
    assert told(tunings={"mine": Tuning(model=Transformer(width=9, heads=2))}) == [
        "tunings.mine.model.width: 9 with 2 heads"
    ]


def test_rotary_positions_need_an_even_width_a_head() -> None:
    assert told(model=Transformer(width=12, heads=4, positions="rotary")) == [
        "model.width: 12 with 4 heads is 3 a head"
    ]
    assert told(model=Transformer(width=12, heads=4, positions="anchored")) == []


def test_the_notebooks_models_need_their_tokenizers() -> None:
    assert told(model=GruTagger()) == told(model=GruClassifier()) == []
    mixed = Tokenizer()
    assert told(model=GruTagger(), tokenizer=mixed) == ['tokenizer.kind: "mixed" with the model gru_tagger']
    tunings = {"mine": Tuning(model=GruClassifier(), tokenizer=mixed), "other": Tuning(model=Gru())}
    assert told(tunings=tunings) == ['tunings.mine.tokenizer.kind: "mixed" with the model gru_classifier']


def test_the_prompt_template_holds_the_instruction() -> None:
    assert told(prompt_template="Question: {question}") == ["prompt_template: 'Question: {question}'"]
    assert told(prompt_template='{"q": "{instruction}"}') == []


def test_a_family_is_something_to_train_on() -> None:
    assert told(tasks={}, family=Family(), tunings={"all": Tuning(tasks={"*": 1.0, "add": 2.0})}) == []


@pytest.mark.parametrize(
    ("keys", "finding"),
    [
        ({"words": (6, 3)}, "family.words: [6, 3]"),
        ({"numbers": (9, 0)}, "family.numbers: [9, 0]"),
        ({"unseen_report": 40}, "family.unseen_report: 48 unseen rules with those for development"),
    ],
)
def test_a_family_must_have_room(keys: dict[str, Any], finding: str) -> None:
    assert told(tasks={}, family=Family(**keys)) == [finding]


def test_a_task_cannot_have_the_name_of_one_of_the_family() -> None:
    assert told(family=Family()) == ["tasks.add: the family has a task of this name"]


def test_what_the_family_leaves_unseen_cannot_be_trained_on() -> None:
    unseen = split_of(Family()).report[0]
    tunings = {"a": Tuning(tasks=[unseen]), "b": Tuning(tasks=["nothing"])}
    assert told(tasks={}, family=Family(), tunings=tunings) == [
        f"tunings.a.tasks.0: the task {unseen!r} is unseen",
        "tunings.b.tasks.0: there is no task 'nothing'",
    ]


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        ({"pretraining": Pretraining(rules=["reverse", "revers"])}, ("pretraining", "rules", 1)),
        ({"pretraining": Pretraining(row_tokens=65)}, ("pretraining", "row_tokens")),
        ({"base": "latest"}, ("pretraining",)),
        ({"model": GruTagger()}, ("model", "architecture")),
        ({"tokenizer": Tokenizer(kind="bytes")}, ("tokenizer", "kind")),
        ({"tunings": {"pretraining": Tuning()}}, ("tunings", "pretraining")),
    ],
)
def test_a_base_is_a_language_model_made_from_nothing(keys: dict[str, Any], path: tuple[str | int, ...]) -> None:
    asked = {"pretraining": Pretraining()} | keys
    assert check(Scenario(title="Base", pretraining=Pretraining(row_tokens=64)), Path()) == []
    assert path in [mistake.path for mistake in check(Scenario(title="Base", **asked), Path())]


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ({"start": "it"}, "tunings.it.start: a circle: it from it"),
        ({"start": "other"}, "tunings.it.start: a circle: it from other from it"),
        ({"start": "k3ab", "fresh": True}, "tunings.it.fresh: both `fresh` and `start`"),
        ({"fresh": True, "lora": Lora()}, "tunings.it.lora: adapters for a model that knows nothing yet"),
        ({"replay": 0.5, "batch_size": 0}, "tunings.it.batch_size: 0 rows a step"),
        ({"replay": 0.5, "batch_size": 1}, "tunings.it.batch_size: 1 rows a step"),
    ],
)
def test_what_a_tuning_begins_with_must_make_sense(keys: dict[str, Any], found: str) -> None:
    assert found in told(base="latest", tunings={"it": Tuning(**keys), "other": Tuning(start="it")})


def test_muon_cannot_train_a_sharded_model() -> None:
    adapters = Tuning(shard=True, lora=Lora())
    assert told(tunings={"it": Tuning(shard=True)}) == ['tunings.it.optimizer: "muon" with shard']
    assert told(pretraining=Pretraining(shard=True)) == ['pretraining.optimizer: "muon" with shard']
    assert told(tunings={"it": Tuning(shard=True, optimizer="adamw"), "lora": adapters}, base="some") == []


@pytest.mark.parametrize("key", ["fresh", "replay", "lora"])
def test_without_a_base_there_is_nothing_to_leave_out_replay_or_adapt(key: str) -> None:
    tuning = {"fresh": Tuning(fresh=True), "replay": Tuning(replay=0.5), "lora": Tuning(lora=Lora())}[key]
    assert [line.partition(":")[0] for line in told(tunings={"it": tuning})] == [f"tunings.it.{key}"]
    assert told(tunings={"it": tuning}, base="latest") == []


@pytest.mark.parametrize("tuning", [Tuning(start="other", lora=Lora()), Tuning(start="k3ab", replay=0.5)])
def test_a_tuning_that_goes_on_from_another_needs_no_base(tuning: Tuning) -> None:
    assert told(tunings={"it": tuning, "other": Tuning()}) == []
