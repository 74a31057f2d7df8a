from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from engine.protocol import Paused, Step
from engine.requests import RunSummary
from tests.tui import trainings
from tests.tui.fake_engine import CREATED, recording
from tests.tui.heard import Heard
from tests.tui.stage import Stage
from tests.tui.trainings import RUN
from tui.curves import MOST_CURVES, TOO_MANY
from tui.panes.training import TrainingPane
from tui.panes.training_keys import wrong_rate
from tui.run_wishes import OfRun, Pause, Resume
from tui.state import RunView, apply
from tui.training_state import Training, in_front, view_of
from tui.widgets.loss_chart import LossChart
from tui.widgets.quiet_static import QuietStatic
from tui.widgets.run_list import RunList

POSTED = (TrainingPane.Train, TrainingPane.QueueAll, OfRun)
"""What the pane posts to the screen above it, but for what is in hand."""


@asynccontextmanager
async def stage(shown: Training) -> AsyncIterator[tuple[TrainingPane, Pilot[None], Heard]]:
    pane, heard = TrainingPane(), Heard()
    async with Stage(pane).run_test(size=(60, 30), message_hook=heard) as pilot:
        pane.show(shown)
        pane.query_one(RunList).focus()
        await pilot.pause()
        yield pane, pilot, heard


async def test_t_trains_the_tuning_in_hand_and_a_all() -> None:
    async with stage(Training(tunings=("one", "two"))) as (_, pilot, heard):
        await pilot.press("j", "t", "a")
        await pilot.pause()
        train, every = heard.of(*POSTED)
        assert isinstance(train, TrainingPane.Train) and train.tuning == "two"
        assert isinstance(every, TrainingPane.QueueAll)


@pytest.mark.parametrize(
    ("state", "keys", "wanted"),
    [
        ("running", ["space"], Pause),
        ("paused", ["space"], Resume),
        ("paused", ["full_stop"], TrainingPane.StepOnce),
        ("running", ["w"], TrainingPane.Save),
        ("running", ["s", "s"], TrainingPane.Stop),
    ],
)
async def test_keys_say_what_is_wanted_of_the_run(state: str, keys: list[str], wanted: type[OfRun]) -> None:
    async with stage(await getattr(trainings, state)()) as (_, pilot, heard):
        await pilot.press(*keys)
        await pilot.pause()
        (message,) = heard.of(*POSTED)
        assert type(message) is wanted
        assert message.run == RUN


async def test_a_key_means_the_run_at_work_also_when_another_tuning_is_in_hand() -> None:
    async with stage(await trainings.running()) as (pane, pilot, heard):
        await pilot.press("j", "space")
        await pilot.pause()
        assert pane.current and pane.current.tuning == "fine-tune-add"
        (message,) = heard.of(*POSTED)
        assert isinstance(message, Pause) and message.run == RUN


async def test_a_run_that_waits_is_taken_out_of_the_line_where_none_is_at_work() -> None:
    runs = (summary(id="b", tuning="two", state="queued"),)
    async with stage(Training(tunings=("one", "two"), runs=runs)) as (pane, pilot, heard):
        assert pane.word_of("hold", "") == "Take out"
        await pilot.press("space")
        await pilot.pause()
        (message,) = heard.of(*POSTED)
        assert isinstance(message, Pause) and message.run == "b"


async def test_where_nothing_goes_on_the_keys_say_so_instead() -> None:
    async with stage(await trainings.finished()) as (pane, pilot, heard):
        await pilot.press("space", "full_stop", "s", "w", "l")
        await pilot.pause()
        assert heard.of(*POSTED) == []
        assert len(pane.app._notifications) == 5


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("finished", ["", "", ""]),
        ("running", ["Pause", "", "Stop"]),
        ("paused", ["Go on", "Step", "Stop"]),
        ("failed", ["Go on", "", "Stop"]),  # beside the failed run lies an interrupted one
    ],
)
async def test_the_keys_are_worded_by_how_it_stands_with_the_runs(state: str, told: list[str]) -> None:
    async with stage(await getattr(trainings, state)()) as (pane, _, _):
        words = {binding.action: pane.key_word(binding) for _, binding in pane._bindings}
        assert [words[action] for action in ("hold", "step", "stop")] == told


async def test_the_learning_rate_is_asked_for_and_a_wrong_one_is_refused() -> None:
    async with stage(await trainings.running()) as (pane, pilot, heard):
        await pilot.press("l")
        asked = pane.app.screen.query_one(Input)
        assert asked.value == "", "the rate of this moment is not the tuning's, so it is not proposed"
        asked.value = "fast"
        await pilot.press("enter")
        assert pane.app.screen.query(Input)
        asked.value = "0.0005"
        await pilot.press("enter")
        await pilot.pause()
        (message,) = heard.of(*POSTED)
        assert isinstance(message, TrainingPane.SetRate)
        assert (message.run, message.rate) == (RUN, 0.0005)


@pytest.mark.parametrize(("text", "wrong"), [("0.1", False), ("1e-4", False), ("0", True), ("nan", True), ("x", True)])
def test_a_learning_rate_is_a_number_above_0(text: str, wrong: bool) -> None:
    assert bool(wrong_rate(text)) == wrong


async def test_going_to_a_tuning_tells_which_run_is_in_hand() -> None:
    async with stage(await trainings.running()) as (_, pilot, heard):
        await pilot.press("down", "down")
        await pilot.pause()
        chosen = [(m.tuning, m.run) for m in heard.of(TrainingPane.Selected)]
        assert chosen[-2:] == [("fine-tune-add", "addx-fine-tune-add"), ("too-fast", "")]


async def test_overlaid_curves_are_drawn_together() -> None:
    async with stage(await trainings.running()) as (pane, pilot, _):
        await pilot.press("x", "down")
        names = {curve.name for curve in pane.query_one(LossChart).curves()}
        assert names == {"instruction-tune", "fine-tune-add"}
        await pilot.press("up", "x", "down")
        assert {curve.name for curve in pane.query_one(LossChart).curves()} == {"training", "held out"}


async def test_no_more_runs_are_overlaid_than_can_be_told_apart() -> None:
    async with stage(await trainings.many()) as (pane, pilot, _):
        await pilot.press(*["x", "down"] * 6)
        assert len({curve.line for curve in pane.query_one(LossChart).curves()}) == MOST_CURVES
        assert [notice.message for notice in pilot.app._notifications] == [TOO_MANY]


async def test_new_events_move_the_figures_and_not_the_row_in_hand() -> None:
    shown = await trainings.running()
    async with stage(shown) as (pane, pilot, _):
        await pilot.press("down", "up")
        further = shown.views[RUN]
        for event in recording("finished", RUN):
            if isinstance(event, Step) and event.step > 430:
                further = apply(further, event)
        pane.show(msgspec.structs.replace(shown, views={**shown.views, RUN: further}))
        assert pane.current is not None
        assert (pane.current.tuning, pane.current.view.step) == ("instruction-tune", 700)


async def test_rows_that_come_keep_the_tuning_in_hand() -> None:
    async with stage(Training(tunings=("one", "two"))) as (pane, pilot, _):
        await pilot.press("down")
        pane.show(Training(tunings=("zero", "one", "two")))
        assert pane.current is not None
        assert pane.current.tuning == "two"


def summary(**changes: object) -> RunSummary:
    known = RunSummary(
        id="a", name="n", tuning="one", state="running", step=7, steps=9, created=CREATED, seconds=1.0, scores={},
        parent="", title="t",
    )  # fmt: skip
    return msgspec.structs.replace(known, **changes)


def test_a_run_that_was_not_heard_is_known_from_the_list() -> None:
    view = view_of(summary(state="failed", error="no number"), None)

    assert (view.state, view.step, view.notices[0].message) == ("failed", 7, "no number")


def test_a_run_that_was_killed_is_interrupted_whatever_it_said_last() -> None:
    heard = RunView(run="a", state="running", step=7)

    assert view_of(summary(state="interrupted"), heard).state == "interrupted"
    assert view_of(summary(state="running"), heard).state == "running"


def test_of_each_tuning_the_newest_run_counts_and_damaged_ones_do_not() -> None:
    runs = (summary(id="x", damaged="torn"), summary(id="b"), summary(id="a"), summary(id="c", tuning="gone"))

    rows = Training(tunings=("zero", "one"), runs=runs).rows()

    assert [(row.tuning, row.run) for row in rows] == [("zero", ""), ("one", "b"), ("gone", "c")]


def test_of_several_runs_of_a_tuning_the_one_at_work_is_shown() -> None:
    waiting, running = summary(id="b", state="queued"), summary(id="a", state="running")

    assert in_front([waiting, running]) == {"one": running}
    assert in_front([summary(id="d", state="paused"), running])["one"].id == "d"


async def test_a_run_behind_a_paused_one_says_so() -> None:
    runs = (summary(id="b", tuning="two", state="queued"), summary(id="a", state="paused"))
    async with stage(Training(tunings=("one", "two"), runs=runs)) as (pane, pilot, _):
        await pilot.press("down")
        await pilot.pause()
        words = str(pane.query_one(".word", QuietStatic).content)
        assert words == "It waits for its turn. one is paused and keeps its place: space lets it go on."


def test_a_run_that_is_held_before_it_begins_keeps_its_name_and_length() -> None:
    held = view_of(summary(state="paused", steps=400), apply(RunView(), Paused(run="a", step=0)))
    assert (held.state, held.tuning, held.steps) == ("paused", summary().tuning, 400)
