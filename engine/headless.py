"""The engine without a server: pretrain, train, resume, ask, evaluate and export, for the command line and for scripts.

for name in tunings_of(scenario):
    run = train(scenario, "arithmetic_reversal", folder, name, workspace=Workspace())
print(next(ask(run, ["Add 1 and 2"])).response)
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from engine.device import devices as devices
from engine.errors import EngineError, InputError, Problem
from engine.evaluate import evaluate as evaluate_examples
from engine.examples import Example
from engine.export import write_model
from engine.inference.answer import Answerer, OnToken
from engine.inference.generate import Sampling
from engine.protocol import Answer, OnEvent, Scores
from engine.queueing import queue
from engine.runs import Run
from engine.scenario import PRETRAINING, Scenario
from engine.storage import writing_to
from engine.training.at_work import ShouldStop, at_work, work_until_stopped
from engine.training.bases import newest
from engine.workspace import Workspace


def train(
    scenario: Scenario,
    name: str,
    folder: Path,
    tuning: str,
    *,
    workspace: Workspace,
    device: str = "auto",
    seed: int | None = None,
    steps: int | None = None,
    on_event: OnEvent = lambda event: None,
    should_stop: ShouldStop = lambda: "",
) -> Run:
    """Train one tuning of a scenario as a new run, from the first step to the last.

    Args:
        scenario: what `engine.scenario_file.load` gave.
        name: of the scenario, for the list of runs.
        folder: where the files that the scenario names are looked up.
        tuning: the tuning's name.
        workspace: where the run's folder is made.
        device: `auto`, `cpu`, `cuda` or `mps`.
        seed: in place of the scenario's.
        steps: at most, in place of the tuning's.
        on_event: called with each event, after it is logged.
        should_stop: see `ShouldStop`; the run is saved and can be resumed.

    Raises:
        InputError: scenario, examples, base and device do not go together.
        EngineError: the run failed; its folder tells why.
    """
    run = queue(scenario, name, folder, tuning, workspace=workspace, device=device, seed=seed, steps=steps)
    return _begin(run, workspace, on_event, should_stop)


def pretrain(
    scenario: Scenario,
    name: str,
    *,
    workspace: Workspace,
    device: str = "auto",
    steps: int | None = None,
    on_event: OnEvent = lambda event: None,
    should_stop: ShouldStop = lambda: "",
) -> Run:
    """Make a base as a scenario's `pretraining` says, as a new run. `train` explains the arguments.

    Raises:
        InputError: the scenario has no pretraining, or asks for what does not go together.
        EngineError: the run failed; its folder tells why.
    """
    run = queue(scenario, name, Path(), PRETRAINING, workspace=workspace, device=device, steps=steps)
    return _begin(run, workspace, on_event, should_stop)


def resume(
    run: Run,
    *,
    workspace: Workspace,
    device: str | None = None,
    on_event: OnEvent = lambda event: None,
    should_stop: ShouldStop = lambda: "",
) -> Run:
    """Go on with an interrupted run from its last whole checkpoint, or from the start if it has none.

    On the same device the weights become those of a run that was never interrupted, bit for bit.

    Raises:
        InputError: the run is finished, or has no checkpoint and its base is gone or is another one now.
        EngineError: the run is going on in another process, or failed.
    """
    _work(run, workspace, device, on_event, should_stop)
    return run


def load_run(run: Run, device: str = "auto") -> Answerer:
    """The model of a run's newest checkpoint that is whole, ready to answer.

    Raises:
        EngineError: the run has no checkpoint, or none that can be read.
    """
    return newest(run, device).answerer


def ask(
    run: Run,
    prompts: Iterable[str],
    *,
    device: str = "auto",
    temperature: float = 0.0,
    top_k: int = 0,
    top_p: float = 1.0,
    seed: int = 0,
    length: int | None = None,
    on_token: OnToken = lambda token: None,
) -> Iterator[Answer]:
    """Answer prompts one after another, by a run's newest checkpoint.

    Args:
        run: whose model to ask.
        prompts: instructions; read only as far as they are answered.
        device: `auto`, `cpu`, `cuda` or `mps`.
        temperature: 0 always takes the likeliest token.
        top_k: choose among this many likeliest tokens; 0: all.
        top_p: choose among the likeliest tokens that make up this much probability.
        seed: of the choice, the same for every prompt.
        length: tokens at most; None: as many as the model's context holds.
        on_token: called with each token as soon as it is chosen.

    Raises:
        EngineError: the run has no readable checkpoint.
    """
    answerer = load_run(run, device)
    sampling = Sampling(temperature, top_k, top_p, seed)
    for prompt in prompts:
        yield answerer.answer(prompt, sampling, most=length, on_token=on_token)


def evaluate(
    run: Run,
    *,
    workspace: Workspace,
    device: str = "auto",
    splits: Sequence[str] = (),
    tasks: Sequence[str] = (),
) -> Scores:
    """Score a run's newest checkpoint again, on all examples of the given splits and tasks; none given: all.

    Raises:
        InputError: no example is of these splits and tasks.
        EngineError: the run has no readable checkpoint, or its examples are gone.
    """
    return evaluate_examples(load_run(run, device), chosen_examples(workspace.examples(run), splits, tasks))


def chosen_examples(examples: Sequence[Example], splits: Sequence[str], tasks: Sequence[str]) -> list[Example]:
    """Those of the given splits and tasks; none given: all.

    Raises:
        InputError: there is none.
    """
    chosen = [e for e in examples if (not splits or e.split in splits) and (not tasks or e.task in tasks)]
    if not chosen:
        known = ", ".join(sorted({f"{example.split} {example.task}" for example in examples}))
        raise InputError(Problem(found="no example is of that split and task", hint=f"there are: {known}"))
    return chosen


def export(run: Run, folder: Path, *, half: bool = False) -> None:
    """Write a run's newest model as a folder of its own: weights, tokenizer, template, config and a model card.

    Args:
        run: whose model.
        folder: new or empty.
        half: write the weights with half the bits, in float16.

    Raises:
        InputError: the folder is there and is not empty.
        EngineError: the run has no readable checkpoint, or the folder cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(Problem(file=str(folder), found="it is there already", expected="a new or an empty folder"))
    answerer = load_run(run, "cpu")
    with writing_to(folder.parent):
        folder.parent.mkdir(parents=True, exist_ok=True)
    write_model(folder, answerer, run, half=half)


def _begin(run: Run, workspace: Workspace, on_event: OnEvent, should_stop: ShouldStop) -> Run:
    """Train a new run. One that cannot even begin is removed again."""
    try:
        _work(run, workspace, None, on_event, should_stop)
    except (InputError, EngineError):
        if run.state() == "queued":
            workspace.remove(run)
        raise
    return run


def _work(run: Run, workspace: Workspace, device: str | None, on_event: OnEvent, should_stop: ShouldStop) -> None:
    """Train to the end or until asked to stop."""
    with at_work(run, workspace, device=device, on_event=on_event) as work:
        work_until_stopped(work, should_stop)
