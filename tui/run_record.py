"""A run as it is on disk: what was asked, what happened, what a person says about it. Read in a thread."""

from typing import NamedTuple

from engine.protocol import AnyEvent, Checkpoint
from engine.run_label import RunLabel, label_of
from engine.runs import RunInfo
from engine.workspace import Workspace
from tui.state import RunView, apply_all


class RunRecord(NamedTuple):
    """All that the list of runs can tell about one of them."""

    info: RunInfo
    label: RunLabel
    events: list[AnyEvent]
    view: RunView
    weights: str
    """SHA-256 of the newest checkpoint's tensors; empty where there is none."""
    scenario: str
    """As run, in TOML."""


def read_record(workspace: Workspace, run: str) -> RunRecord:
    """Read a run. Takes a moment for one of many steps.

    Raises:
        EngineError, InputError: it is not there, or cannot be read.
    """
    # Writing TOML is only needed here, and its library is slow to load.
    from engine.toml_update import updated

    found = workspace.find(run)
    events = list(found.events())
    weights = next((event.weights for event in reversed(events) if isinstance(event, Checkpoint)), "")
    return RunRecord(
        info=found.info,
        label=label_of(found),
        events=events,
        view=apply_all(RunView(), events),
        weights=weights,
        scenario=updated("", found.info.scenario),
    )


def facts(record: RunRecord) -> list[tuple[str, str]]:
    """What one wants to know about a run later, by name; what is empty is left out."""
    info, view = record.info, record.view
    versions = info.versions
    threads = f" · {info.threads} thread{'s' * (info.threads != 1)}" if info.threads and info.device == "cpu" else ""
    trained = "" if view.trainable == view.parameters else f", {view.trainable:,} of them trained"
    found = [
        ("note", record.label.note),
        ("scenario", f"{info.scenario.title} ({info.name})"),
        ("tuning", info.tuning),
        ("run", info.id),
        ("begun", f"{info.created.astimezone():%Y-%m-%d %H:%M}"),
        ("seed", str(info.seed)),
        ("parameters", f"{view.parameters:,}{trained}" if view.parameters else ""),
        ("on", f"{info.device}{threads} · {info.precision}".rstrip(" ·")),
        ("made with", f"tunetui {versions.tunetui} · torch {versions.torch} · Python {versions.python}"),
        ("starts from", info.parent),
        ("examples", short(info.data)),
        ("base", short(info.base)),
        ("weights", short(record.weights)),
    ]
    return [(name, value) for name, value in found if value]


def short(digest: str) -> str:
    """The beginning of a hash, enough to tell it from others; `tunetui show` has all of it."""
    return f"{digest[:16]}…" if digest else ""
