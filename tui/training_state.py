"""What the training pane shows, as plain data: the screen makes it, the pane draws it."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from engine.requests import Connection, RunSummary
from tui.known_answers import RightAnswers
from tui.state import Evaluated, Notice, RunView


class TuningRow(NamedTuple):
    """A tuning of the scenario with the run that is in front."""

    tuning: str
    run: str
    """Id; empty where it was never trained."""
    view: RunView


class Training(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario's tunings, their runs, and the engine behind them."""

    tunings: tuple[str, ...] = ()
    """In the order of the scenario."""
    runs: tuple[RunSummary, ...] = ()
    """Of this scenario, newest first."""
    views: Mapping[str, RunView] = {}
    """Run -> what its events tell, for those that are listened to."""
    known: RightAnswers = {}
    memory: int = 0
    """Bytes that the engine holds; 0 where it is not known."""
    in_hand: str = ""
    """The tuning that was in hand when the scenario was left."""
    connection: Connection = "connected"
    engine: str = ""
    """A sentence about the engine where it is not connected."""

    def rows(self) -> list[TuningRow]:
        """One for each tuning; runs of tunings that the scenario no longer has come last."""
        runs = in_front(self.runs)
        return [
            TuningRow(run.tuning, run.id, view_of(run, self.views.get(run.id)))
            if (run := runs.get(name))
            else TuningRow(name, "", RunView(tuning=name))
            for name in dict.fromkeys((*self.tunings, *runs))
        ]


def in_front(runs: Iterable[RunSummary]) -> dict[str, RunSummary]:
    """Tuning -> which of its runs, newest first, is shown: the one at work, else the newest."""
    found: dict[str, RunSummary] = {}
    for run in runs:
        if not run.damaged and (run.tuning not in found or (at_work(run) and not at_work(found[run.tuning]))):
            found[run.tuning] = run
    return found


def at_work(run: RunSummary) -> bool:
    """Whether somebody works on the run, or holds it."""
    return run.state in ("running", "paused")


def view_of(summary: RunSummary, view: RunView | None) -> RunView:
    """What is known of a run: its events where they were heard, else its summary."""
    if view is None or not view.run:
        evaluations = (Evaluated(summary.step, summary.scores, ()),) if summary.scores else ()
        notices = (Notice("error", summary.step, summary.error, ""),) if summary.error else ()
        return RunView(
            run=summary.id,
            tuning=summary.tuning,
            title=summary.title,
            state=summary.state,
            step=summary.step,
            steps=summary.steps,
            seconds=summary.seconds,
            evaluations=evaluations,
            best=summary.scores,
            notices=notices,
        )
    if not view.tuning:  # held before its first word, which is what it is called and how long it is
        view = msgspec.structs.replace(view, tuning=summary.tuning, title=summary.title, steps=summary.steps)
    # Whoever is killed says nothing, nor who waits once more: then only the list of runs knows how it stands.
    if summary.state in ("interrupted", "queued") and (view.live or view.state == "interrupted"):
        return msgspec.structs.replace(view, state=summary.state)
    return view
