"""`tunetui train`."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
import msgspec

from tui.options import RunName, device_option, json_option, scenario_argument, workspace_option

if TYPE_CHECKING:
    from engine.client import Client
    from engine.protocol import Answer
    from engine.runs import Run
    from engine.scenario import Scenario
    from engine.workspace import Workspace
    from tui.follow import Job


@click.command("train")
@scenario_argument(required=False)
@click.option(
    "--tuning",
    "tunings",
    multiple=True,
    metavar="NAME",
    help="Only this tuning; may be given several times. Without it: all, in the order of the file.",
)
@device_option()
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), metavar="N", help="In place of the scenario's seed.")
@click.option("--steps", type=click.IntRange(min=1), metavar="N", help="In place of the tuning's steps.")
@workspace_option()
@click.option("--resume", metavar="RUN", type=RunName(), help="Go on with this run from its last checkpoint.")
@click.option("--detach", is_flag=True, help="Let the engine train in the background, and return at once.")
@json_option("Print the events of the runs and nothing else, one JSON object a line; with --detach: `run` of each.")
@click.pass_context
def command(
    ctx: click.Context,
    scenario: str | None,
    tunings: tuple[str, ...],
    device: str | None,
    seed: int | None,
    steps: int | None,
    workspace: Path | None,
    resume: str | None,
    detach: bool,
    as_json: bool,
) -> None:
    """Train the tunings of a scenario.

    They are trained one after the other. Then their scores and their answers to the scenario's prompts are printed.
    SCENARIO is the name of a scenario or the path of a scenario file. Ctrl-C finishes the step and saves; --resume goes
    on from there, to the very weights that the run would have had without the break. With --detach they outlive the
    terminal: `tunetui watch` follows them, `tunetui stop` ends them.
    """
    from engine.workspace import Workspace
    from tui.follow import follow

    home = Workspace(workspace)
    if detach:
        if resume or not scenario:
            raise click.UsageError("--detach is for new runs of a SCENARIO; `tunetui resume RUN` goes on with one")
        begin_in_background(home, scenario, tunings, device=device, seed=seed, steps=steps, as_json=as_json)
        return
    if resume:
        if tunings or seed is not None or steps is not None:
            raise click.UsageError("a run goes on as it was begun: --resume takes no --tuning, --seed or --steps")
        jobs = [resumed_run(home, resume, scenario, device)]
    elif scenario:
        jobs = new_runs(home, scenario, tunings, device=device, seed=seed, steps=steps)
    else:
        raise click.UsageError("say which SCENARIO to train (`tunetui scenarios` lists them), or which run to --resume")
    ctx.exit(follow(jobs, answers_to_prompts, as_json=as_json, workspace=workspace))


def answers_to_prompts(run: "Run") -> "Iterator[Answer]":
    """What the run's model says to its scenario's prompts."""
    from engine import headless

    return headless.ask(run, run.info.scenario.prompts, device=run.info.device)


def new_runs(
    workspace: "Workspace",
    scenario: str,
    names: tuple[str, ...] = (),
    *,
    device: str | None = None,
    seed: int | None = None,
    steps: int | None = None,
) -> "list[Job]":
    """One job for each of the named tunings; for all of them when none is named. What others start from comes first.

    Raises:
        InputError: the scenario is wrong, or has no tuning of such a name.
    """
    asked = asked_tunings(workspace, scenario, names, seed)

    from engine import headless

    return [
        partial(
            headless.train,
            asked.scenario,
            asked.path.stem,
            asked.path.parent,
            name,
            workspace=workspace,
            device=device or "auto",
            steps=steps,
        )
        for name in asked.tunings
    ]


def begin_in_background(
    workspace: "Workspace",
    scenario: str,
    names: tuple[str, ...],
    *,
    device: str | None,
    seed: int | None,
    steps: int | None,
    as_json: bool,
) -> None:
    """Make the runs, hand them to the engine, and say which they are.

    Raises:
        InputError: the scenario is wrong, or has no tuning of such a name.
        EngineError: the engine cannot be started.
    """
    from engine.queueing import queue
    from tui.engine_calls import with_engine
    from tui.json_output import print_json_line

    asked = asked_tunings(workspace, scenario, names, seed)
    path = asked.path

    async def hand_over(engine: "Client") -> list[str]:
        # Made only now that the engine is there: without it they would stay behind.
        runs = [
            queue(
                asked.scenario, path.stem, path.parent, name, workspace=workspace, device=device or "auto", steps=steps
            ).id
            for name in asked.tunings
        ]
        await engine.queue(runs)
        return runs

    runs = with_engine(workspace, hand_over)
    for run in runs:
        if as_json:
            print_json_line({"run": run})
        else:
            click.echo(f"{run} is in line. `tunetui watch {run}` follows it.")


class AskedTunings(NamedTuple):
    """What of which scenario is to be trained."""

    scenario: "Scenario"
    path: Path
    tunings: list[str]


def asked_tunings(workspace: "Workspace", scenario: str, names: tuple[str, ...], seed: int | None) -> AskedTunings:
    """The named tunings of a scenario, or all; what others start from comes first.

    Raises:
        InputError: the scenario is wrong, or has no tuning of such a name.
    """
    from engine.scenario import tunings_of
    from engine.scenario_file import load
    from engine.scenario_library import find
    from engine.tuning_order import in_order

    path = find(scenario)
    loaded = load(path)
    asked = loaded if seed is None else msgspec.structs.replace(loaded, seed=seed)
    ordered = in_order(asked, names or tunings_of(asked), lambda name: workspace.finished(asked, name) is not None)
    return AskedTunings(asked, path, ordered)


def resumed_run(workspace: "Workspace", name: str, scenario: str | None, device: str | None) -> "Job":
    """The job that goes on with a run.

    Raises:
        InputError: there is no such run, or it is one of another scenario.
    """
    from engine.errors import InputError, Problem

    run = workspace.find(name)
    if scenario and Path(scenario).stem != run.info.name:
        raise InputError(Problem(key="SCENARIO", found=scenario, expected=f"{run.info.name}, that of run {run.id}"))

    from engine import headless

    return partial(headless.resume, run, workspace=workspace, device=device)
