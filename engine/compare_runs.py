"""Runs and bases side by side: finds them by name, loads each from its own weights, and asks them the same.

matrix = compare_runs(["base", "latest"], workspace=Workspace())
print(matrix.summary["base"]["unseen_task"])
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine import dataset
from engine.compare import BASE, Entrant, cell_answers, compare
from engine.device import resolve_device
from engine.errors import InputError, Problem, did_you_mean
from engine.event_log import last
from engine.examples import Example
from engine.groups import Question, questions
from engine.matrix import AskedQuestion, ComparedModel, Group, Matrix
from engine.protocol import Answer, Started
from engine.runs import Run
from engine.scenario import PRETRAINING, Scenario, trains_on, tunings_of
from engine.training.bases import find_base, newest
from engine.workspace import Workspace

NAMED_BASE = "base:"
"""What the name of a base begins with that need not be the scenario's; its own name or its folder follows."""


@dataclass(frozen=True)
class Asked:
    """The scenario that the questions and the base come from, and the folder where its files are."""

    scenario: Scenario
    folder: Path


def compare_runs(
    names: Sequence[str],
    *,
    workspace: Workspace,
    asked: Asked | None = None,
    device: str = "auto",
    tasks: Collection[str] = (),
    groups: Collection[Group] = (),
    count: int = 20,
    development: bool = False,
) -> Matrix:
    """Ask several models the same questions; `engine.groups` says which.

    Args:
        names: of runs, as `Workspace.find` takes them; `base` for the scenario's base, `base:NAME` for any other.
        workspace: where the runs are.
        asked: None: the scenario of the first run that is not a base.
        device: `auto`, `cpu`, `cuda` or `mps`.
        tasks: only these; none given: all.
        groups: only these; none given: all.
        count: questions of each task, group and wording.
        development: the unseen tasks and wordings that choices are made on, in place of those for the report.

    Raises:
        InputError: there is no such run, no scenario to ask by, no base, or nothing to ask.
        EngineError: a run has no readable checkpoint.
    """
    asked, chosen = _questions(names, workspace, asked, tasks, groups, count, development)
    return compare(names, chosen, lambda name: _entrant(name, asked, workspace, device))


def answers_of_cell(
    names: Sequence[str],
    group: Group,
    task: str,
    *,
    workspace: Workspace,
    asked: Asked | None = None,
    device: str = "auto",
    count: int = 20,
    development: bool = False,
) -> list[AskedQuestion]:
    """The very questions behind the cells of one group and task, and what each model answered.

    Arguments and errors are those of `compare_runs`; with the same ones the questions are the same.
    """
    asked, chosen = _questions(names, workspace, asked, [task], [group], count, development)
    return cell_answers(names, chosen, lambda name: _entrant(name, asked, workspace, device))


def _questions(
    names: Sequence[str],
    workspace: Workspace,
    asked: Asked | None,
    tasks: Collection[str],
    groups: Collection[Group],
    count: int,
    development: bool,
) -> tuple[Asked, list[Question]]:
    """What to ask by, and the questions of these tasks and groups."""
    asked, examples = _settled(names, workspace, asked)
    every = questions(asked.scenario, examples, count=count, development=development)
    if not every:
        raise InputError(
            Problem(
                found="there is nothing to ask",
                hint="the scenario holds no example out; give a task a share for `validation`",
            )
        )
    known = list(dict.fromkeys(question.task for question in every))
    if unknown := [task for task in tasks if task not in known]:
        expected = f"one of {', '.join(known)}"
        raise InputError(
            Problem(key="task", found=task, expected=expected, hint=did_you_mean(task, known)) for task in unknown
        )
    return asked, [q for q in every if (not tasks or q.task in tasks) and (not groups or q.group in groups)]


def ask_each(
    names: Sequence[str], prompt: str, *, workspace: Workspace, asked: Asked | None = None, device: str = "auto"
) -> Iterator[tuple[ComparedModel, Answer]]:
    """The greedy answer of every model to one prompt. Arguments and errors are those of `compare_runs`."""
    asked, _ = _settled(names, workspace, asked)
    for name in names:
        entrant = _entrant(name, asked, workspace, device)
        yield entrant.model, entrant.answerer.answer(prompt)


def _settled(names: Sequence[str], workspace: Workspace, asked: Asked | None) -> tuple[Asked, list[Example]]:
    """What to ask by, and the scenario's examples where the questions come from them."""
    if asked:
        scenario = asked.scenario
        return asked, [] if scenario.family else dataset.build(scenario, asked.folder)
    runs = [workspace.find(name, with_model=True) for name in names if not _is_base(name)]
    runs = [run for run in runs if run.info.tuning != PRETRAINING]  # its scenario is about plain text alone
    if not runs:
        hint = "name a tuned run too, or the scenario"
        raise InputError(Problem(key="RUN", found="a base alone does not say what to ask", hint=hint))
    scenario = runs[0].info.scenario
    return Asked(scenario, runs[0].folder), [] if scenario.family else workspace.examples(runs[0])


def _entrant(name: str, asked: Asked, workspace: Workspace, device: str) -> Entrant:
    """The model of a run, or of a base."""
    if _is_base(name):
        base = name.removeprefix(NAMED_BASE) if name != BASE else asked.scenario.base
        if not base:
            raise InputError(Problem(key="RUN", found="the scenario has no base", hint="name runs alone"))
        loaded = find_base(base, asked.folder, workspace).loaded
        loaded.answerer.model.to(resolve_device(device))
        return Entrant(ComparedModel(name, "", "", loaded.weights, []), loaded.answerer)
    run = workspace.find(name, with_model=True)
    loaded, info = newest(run, device), run.info
    parent = info.parent or (BASE if info.base else "")
    model = ComparedModel(run.id, info.tuning, parent, loaded.weights, _trained_on(run))
    return Entrant(model, loaded.answerer, info.base)


def _is_base(name: str) -> bool:
    return name == BASE or name.startswith(NAMED_BASE)


def _trained_on(run: Run) -> list[str]:
    started = last(run.events_file, Started)
    tasks = list(started.examples.get("train", {})) if started else []
    tuning = tunings_of(run.info.scenario).get(run.info.tuning)
    return [task for task in tasks if tuning and trains_on(tuning, task)]
