"""What the training pane shows, as plain data: the screen makes it, the pane draws it."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from engine.requests import Connection, RunSummary
from tui.state import Evaluated, Notice, RunView


class TuningRow(NamedTuple):
    """A tuning of the scenario with its newest run."""

    tuning: str
    run: str
    """Id; empty where it was never trained."""
    view: RunView
    older: int
    """How many other runs it has."""


class Training(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario's tunings, their runs, and the engine behind them."""

    tunings: tuple[str, ...] = ()
    """In the order of the scenario."""
    runs: tuple[RunSummary, ...] = ()
    """Of this scenario, newest first."""
    views: Mapping[str, RunView] = {}
    """Run -> what its events tell, for those that are listened to."""
    known: Mapping[str, str] = {}
    """Prompt -> the right response, where an example says it."""
    memory: int = 0
    """Bytes that the engine holds; 0 where it is not known."""
    connection: Connection = "connected"
    engine: str = ""
    """A sentence about the engine where it is not connected."""

    def rows(self) -> list[TuningRow]:
        """One for each tuning; runs of tunings that the scenario no longer has come last."""
        names = dict.fromkeys((*self.tunings, *(run.tuning for run in self.runs if not run.damaged)))
        return [self._row(name) for name in names]

    def _row(self, tuning: str) -> TuningRow:
        runs = [run for run in self.runs if run.tuning == tuning and not run.damaged]
        if not runs:
            return TuningRow(tuning, "", RunView(tuning=tuning), 0)
        return TuningRow(tuning, runs[0].id, view_of(runs[0], self.views.get(runs[0].id)), len(runs) - 1)


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
            notices=notices,
        )
    # Whoever is killed says nothing: then only the list of runs knows that nobody works on it any more.
    if view.live and summary.state == "interrupted":
        return msgspec.structs.replace(view, state="interrupted")
    return view
