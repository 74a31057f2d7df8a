"""What the training pane is shown in tests: the recordings in their states."""

from collections.abc import Sequence

import msgspec

from engine.protocol import AnyEvent, Finished, Scores, Step, Warning
from tests.tui.fake_engine import FakeEngine, Told, recording
from tui.state import RunView
from tui.training_state import Training

TUNINGS = ("instruction-tune", "fine-tune-add", "too-fast")
MANY = ("instruction-tune", "fine-tune-add", "fine-tune-reverse", "on-2-tasks", "on-8-tasks", "on-64-tasks", "gru")
RUN = "runa-instruction-tune"
KNOWN = {
    prompt: (response,)
    for prompt, response in (("Add 1 and 2", "3"), ("Add 3 and 4", "7"), ("Reverse cat", "tac"), ("Reverse dog", "god"))
}


def up_to(step: int) -> list[AnyEvent]:
    """The recorded run up to a step."""
    events = recording("finished", RUN)
    return events[: next(n for n, event in enumerate(events) if isinstance(event, Step) and event.step == step) + 1]


def renamed(events: Sequence[AnyEvent], text: str) -> list[AnyEvent]:
    """The story with this text as what every prompt was answered."""
    for event in events:
        if answers := getattr(event, "answers", None):
            for number, answer in enumerate(answers):
                answers[number] = type(answer)(f"{text} {number}", text, [], stopped=True)
    return list(events)


async def training(**stories: Sequence[AnyEvent]) -> Training:
    """The pane's data where these runs told these stories, the newest last; `_` in a name stands for a hyphen."""
    told = {name.replace("_", "-"): Told(events) for name, events in stories.items()}
    engine = FakeEngine(told)
    views = {run: story.view() for run, story in told.items()}
    runs = tuple(await engine.runs())
    return Training(tunings=TUNINGS, runs=runs, views=views, known=KNOWN, memory=312_000_000)


async def running() -> Training:
    """One run finished, one at work."""
    return await training(addx_fine_tune_add=recording("add"), runa_instruction_tune=up_to(430))


async def paused() -> Training:
    """The same, paused earlier."""
    return await training(addx_fine_tune_add=recording("add"), runa_instruction_tune=recording("paused"))


async def finished() -> Training:
    """All that can finish is finished."""
    return await training(addx_fine_tune_add=recording("add"), runa_instruction_tune=recording("finished"))


async def failed() -> Training:
    """The newest run failed, with a warning before."""
    story = recording("failed")
    story.insert(1, Warning(message="12 responses are cut to 64 tokens", hint="raise `context`"))
    return await training(runa_instruction_tune=recording("interrupted"), fail_too_fast=story)


async def odd() -> Training:
    """Names and texts that a terminal would obey, or that are long."""
    text = "[red]\x1b[31m\r\a‮漢字 e\u0301 " + "long " * 30
    story = renamed([event for event in up_to(330) if not isinstance(event, Finished)], text)
    shown = await training(runa_instruction_tune=story)
    known = {f"{text} 0": (text,)}
    return Training(tunings=(text, *shown.tunings), runs=shown.runs, views=shown.views, known=known)


async def many() -> Training:
    """A finished run of each of many tunings, one better than the next."""
    stories = {f"run{number}_{name.replace('-', '_')}": recording("finished") for number, name in enumerate(MANY)}
    shown = await training(**stories)
    views = {run: worse(view, number) for number, (run, view) in enumerate(shown.views.items())}
    runs = tuple(msgspec.structs.replace(run, tuning=run.id.partition("-")[2]) for run in shown.runs)
    return msgspec.structs.replace(shown, tunings=MANY, runs=runs, views=views)


def worse(view: RunView, by: float) -> RunView:
    """The same run, but that its losses are higher and its scores lower."""

    def of(scores: Scores) -> Scores:
        found = {
            task: msgspec.structs.replace(score, loss=score.loss + by / 2, exact_match=score.exact_match / (1 + by / 4))
            for task, score in scores["validation"].items()
        }
        return {"validation": found}

    losses = tuple(loss._replace(loss=loss.loss + by / 2) for loss in view.losses)
    evaluations = tuple(found._replace(scores=of(found.scores)) for found in view.evaluations)
    return msgspec.structs.replace(view, losses=losses, loss=losses[-1], evaluations=evaluations, best=of(view.best))
