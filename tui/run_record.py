"""A run as it is on disk: what was asked, what happened, what would have been right. Read in a thread."""

from itertools import chain
from typing import NamedTuple

import msgspec

from engine.errors import EngineError
from engine.event_log import last
from engine.protocol import AnyEvent, Checkpoint, Evaluation, Finished
from engine.run_label import RunLabel
from engine.runs import Run, RunInfo
from engine.story import MOST_STEPS, Story
from engine.workspace import Workspace
from tui.known_answers import KnownAnswers, RightAnswers
from tui.state import RunView, apply_all, without_tokens

MOST_PLAYED = 5000
"""Steps of a replay: going to its end applies them all at once."""


class RunRecord(NamedTuple):
    """All that the screen of all runs can tell about one of them."""

    info: RunInfo
    view: RunView
    weights: str
    """SHA-256 of the newest checkpoint's tensors; empty where there is none."""
    scenario: str
    """As run, in TOML."""
    known: RightAnswers


class Recording(NamedTuple):
    """What is played back."""

    events: list[AnyEvent]
    known: RightAnswers


def read_record(workspace: Workspace, run: str) -> RunRecord:
    """Read a run. Takes a moment for one of many steps.

    Raises:
        EngineError, InputError: it is not there, or cannot be read.
    """
    # Writing TOML is only needed here, and its library is slow to load.
    from engine.toml_update import updated

    found = workspace.find(run)
    saved = last(found.events_file, Checkpoint)
    return RunRecord(
        info=found.info,
        view=apply_all(RunView(), chain.from_iterable(Story(found).news(MOST_STEPS))),
        weights=saved.weights if saved else "",
        scenario=updated("", found.info.scenario),
        known=right_answers(workspace, found),
    )


def read_story(workspace: Workspace, run: str) -> Recording:
    """Read what happened in a run, step by step; of very many steps, those that a replay can show.

    Raises:
        EngineError, InputError: it is not there, or cannot be read.
    """
    found = workspace.find(run)
    events = [_light(event) for portion in Story(found).news(MOST_PLAYED) for event in portion]
    return Recording(events, right_answers(workspace, found))


def _light(event: AnyEvent) -> AnyEvent:
    if isinstance(event, Evaluation | Finished):
        return msgspec.structs.replace(event, answers=list(without_tokens(event.answers)))
    return event


def right_answers(workspace: Workspace, run: Run) -> RightAnswers:
    """The right answers to the run's fixed prompts, as its own examples and tasks have them."""
    scenario = run.info.scenario
    try:
        examples = workspace.examples_with(run, scenario.prompts)
    except EngineError:  # a run of which only the examples are lost can still be looked at
        examples = []
    return KnownAnswers(examples, scenario.tasks).to(scenario.prompts)


def facts(record: RunRecord, label: RunLabel) -> list[tuple[str, str]]:
    """What one wants to know about a run later, by name; what is empty is left out."""
    info, view = record.info, record.view
    versions = info.versions
    threads = f" · {info.threads} thread{'s' * (info.threads != 1)}" if info.threads and info.device == "cpu" else ""
    trained = "" if view.trainable == view.parameters else f", {view.trainable:,} of them trained"
    found = [
        ("note", label.note),
        ("scenario", f"{info.scenario.title} ({info.name})"),
        ("tuning", info.tuning),
        ("run", info.id),
        ("begun", f"{info.created.astimezone():%Y-%m-%d %H:%M}"),
        ("seed", str(info.seed)),
        ("parameters", f"{view.parameters:,}{trained}" if view.parameters else ""),
        ("on", f"{info.device}{threads} · {info.precision}".rstrip(" ·")),
        ("made with", f"tunetui {versions.tunetui} · torch {versions.torch} · Python {versions.python}"),
        ("starts from", info.parent),
        ("data hash", short(info.data)),
        ("base hash", short(info.base)),
        ("model hash", short(record.weights)),
        *((notice.kind, f"{notice.message} → {notice.hint}".removesuffix(" → ")) for notice in view.notices),
    ]
    return [(name, value) for name, value in found if value]


def short(digest: str) -> str:
    """The beginning of a hash, enough to tell it from others; `tunetui show` has all of it."""
    return f"{digest[:16]}…" if digest else ""
