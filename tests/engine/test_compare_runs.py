"""Runs and a base, found by name and compared. The base is a checkpoint that nobody trained."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from engine import headless
from engine.architectures import Transformer
from engine.compare_runs import Asked, answers_of_cell, ask_each, compare_runs
from engine.dataset import build
from engine.errors import InputError
from engine.example_sources import Family, Row
from engine.matrix import GROUPS
from engine.runs import Run
from engine.scenario import Scenario, Tuning
from engine.training import checkpoint
from engine.workspace import Workspace
from tests.engine.small import CHARACTERS, answerer, shaken

MODEL = Transformer(width=8, layers=1, heads=1, context=80, positions="rotary")
SHORT = {"steps": 1, "threads": 1, "evaluate_every": 0, "batch_size": 4}
TUNINGS = {
    "specialist": Tuning(tasks=["reverse"], **SHORT),  # type: ignore[arg-type]
    "generalist": Tuning(tasks={"*": 1.0, "add": 3.0}, **SHORT),  # type: ignore[arg-type]
}
FAMILY = Scenario(
    title="A family",
    family=Family(per_task=2, validation_per_task=1),
    model=MODEL,
    base="model",
    tunings=TUNINGS,
)
ROWS = Scenario(
    title="Rows",
    examples=[
        Row(instruction=f"{n} up", response=f"{n + 1}", task="up", split="train" if n < 5 else "validation")
        for n in range(9)
    ],
    tokenizer=CHARACTERS,
    model=MODEL,
    tunings={"one": Tuning(**SHORT)},  # type: ignore[arg-type]
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Beside the scenario, with the base in it."""
    folder = tmp_path_factory.mktemp("scenario")
    base = answerer(MODEL, build(FAMILY, folder), tokenizer=CHARACTERS)
    shaken(base.model, seed=1)
    checkpoint.save(folder / "model", base)
    return folder


@pytest.fixture(scope="module")
def workspace(folder: Path) -> Workspace:
    return Workspace(folder / "workspace")


@pytest.fixture(scope="module")
def runs(folder: Path, workspace: Workspace) -> dict[str, Run]:
    return {name: headless.train(FAMILY, "family", folder, name, workspace=workspace) for name in TUNINGS}


@pytest.fixture(scope="module")
def rows_run(folder: Path, workspace: Workspace) -> Run:
    return headless.train(ROWS, "rows", folder, "one", workspace=workspace)


def test_runs_and_their_base_each_answer_with_their_own_weights(
    runs: dict[str, Run], folder: Path, workspace: Workspace
) -> None:
    names = ["base", *(run.id for run in runs.values())]
    matrix = compare_runs(names, workspace=workspace, asked=Asked(FAMILY, folder), count=1)

    base, specialist, generalist = matrix.models
    assert [model.run for model in matrix.models] == names
    assert len({model.weights for model in matrix.models}) == 3
    assert base.weights == runs["specialist"].info.base
    assert (base.parent, specialist.parent, generalist.parent) == ("", "base", "base")
    assert specialist.trained_on == ["reverse"]
    assert len(generalist.trained_on) == 28
    assert set(matrix.summary) == set(names)
    assert set(matrix.lost) == set(names[1:])


def test_all_groups_are_asked_or_those_that_are_wanted(
    runs: dict[str, Run], folder: Path, workspace: Workspace
) -> None:
    asked = Asked(FAMILY, folder)
    every = compare_runs(["base"], workspace=workspace, asked=asked, count=1)
    assert set(every.summary["base"]) == set(GROUPS)
    some = compare_runs(["base"], workspace=workspace, asked=asked, count=2, tasks=["add"], groups=["trained"])
    assert [(cell.group, cell.task, cell.examples) for cell in some.cells] == [("trained", "add", 2)]


def test_the_scenario_of_the_first_run_asks_unless_another_is_named(rows_run: Run, runs: dict[str, Run]) -> None:
    home = Workspace(rows_run.folder.parent.parent)
    names = [rows_run.id, runs["specialist"].id]
    assert {cell.task for cell in compare_runs(names, workspace=home).cells} == {"up"}
    assert "add" in {cell.task for cell in compare_runs(names[::-1], workspace=home, count=1).cells}


def test_without_a_family_the_held_out_rows_are_asked(rows_run: Run, workspace: Workspace) -> None:
    matrix = compare_runs([rows_run.id], workspace=workspace)
    assert [(cell.group, cell.task, cell.examples) for cell in matrix.cells] == [("trained", "up", 4)]
    assert matrix.models[0].parent == ""


def test_a_base_that_is_gone_leaves_nothing_to_compare_with(
    runs: dict[str, Run], folder: Path, workspace: Workspace, tmp_path: Path
) -> None:
    matrix = compare_runs([runs["specialist"].id], workspace=workspace, asked=Asked(FAMILY, tmp_path), count=1)
    assert matrix.lost == {}
    shutil.copytree(folder / "model", tmp_path / "model")
    matrix = compare_runs([runs["specialist"].id], workspace=workspace, asked=Asked(FAMILY, tmp_path), count=1)
    assert set(matrix.lost) == {runs["specialist"].id}


def test_one_prompt_is_answered_by_every_model(runs: dict[str, Run], folder: Path, workspace: Workspace) -> None:
    names = ["base", runs["generalist"].id]
    answers = list(ask_each(names, "reverse cat", workspace=workspace, asked=Asked(FAMILY, folder)))
    assert [model.run for model, _ in answers] == names
    (same,) = headless.ask(runs["generalist"], ["reverse cat"])
    assert answers[1][1] == same


@pytest.mark.parametrize(
    ("names", "keys", "message"),
    [
        (["base"], {}, "a base alone does not say what to ask"),
        (["base"], {"asked": Asked(ROWS, Path())}, "the scenario has no base"),
        (["nobody"], {}, "no run 'nobody'"),
        (["ROWS"], {"tasks": ["upp"]}, "did you mean `up`"),
        (["ROWS"], {"asked": Asked(Scenario(title="x", examples=ROWS.examples[:3]), Path())}, "nothing to ask"),
    ],
)
def test_what_cannot_be_compared_is_told(
    names: list[str], keys: dict[str, object], message: str, rows_run: Run, workspace: Workspace
) -> None:
    with pytest.raises(InputError, match=message):
        compare_runs([rows_run.id if name == "ROWS" else name for name in names], workspace=workspace, **keys)  # type: ignore[arg-type]


def test_the_answers_of_a_cell_are_those_that_its_share_was_counted_from(
    runs: dict[str, Run], folder: Path, workspace: Workspace
) -> None:
    names = ["base", runs["specialist"].id]
    where: dict[str, Any] = {"workspace": workspace, "asked": Asked(FAMILY, folder), "count": 2}
    matrix = compare_runs(names, tasks=["reverse"], **where)
    asked = answers_of_cell(names, "new_wording", "reverse", **where)

    assert {question.wording for question in asked} == {"name first", "argument first"}
    assert [[answer.run for answer in question.answers] for question in asked] == [names] * len(asked)
    counted = [cell for cell in matrix.cells if cell.group == "new_wording" and cell.run == "base"]
    assert len(asked) == sum(cell.examples for cell in counted)
    assert sum(question.answers[0].exact for question in asked) == sum(c.exact_match * c.examples for c in counted)
