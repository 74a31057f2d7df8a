"""Pictures of the training pane in its states, alone: full width, and as wide as it is beside the examples."""

import msgspec
import pytest
from textual.pilot import Pilot

from tests.tui import trainings
from tests.tui.picture import Picture, at, settled
from tests.tui.stage import Stage
from tui.panes.training import TrainingPane
from tui.settings import ChartMarks
from tui.training_state import Training
from tui.widgets.run_list import RunList

both = at((80, 20), (60, 27))


async def empty() -> Training:
    return Training()


async def idle() -> Training:
    return Training(tunings=trainings.TUNINGS)


async def disconnected() -> Training:
    sentence = "The engine has ended. Its run was saved; it is started again when something is asked of it."
    return msgspec.structs.replace(await trainings.running(), connection="gone", engine=sentence)


STATES = {
    "empty": empty,
    "idle": idle,
    "training": trainings.running,
    "paused": trainings.paused,
    "finished": trainings.finished,
    "failed": trainings.failed,
    "disconnected": disconnected,
    "odd": trainings.odd,
    "many": trainings.many,
}


def compare(
    picture: Picture, state: str, size: tuple[int, int], *keys: str, theme: str = "dark", marks: ChartMarks = "braille"
) -> bool:
    pane = TrainingPane()

    async def show(pilot: Pilot[None]) -> None:
        pane.show(await STATES[state]())
        pane.query_one(RunList).focus()
        await settled(pilot)

    return picture(Stage(pane, theme, marks), size, *keys, before=show)


@both
@pytest.mark.parametrize("state", [state for state in STATES if state != "many"])
def test_states(picture: Picture, size: tuple[int, int], state: str) -> None:
    keys = {"failed": ("down", "down"), "odd": ("down",)}
    assert compare(picture, state, size, *keys.get(state, ()))


def test_an_odd_tuning_that_was_never_trained(picture: Picture) -> None:
    assert compare(picture, "odd", (80, 20))


@pytest.mark.parametrize("theme", ["light", "ansi-dark"])
def test_themes(picture: Picture, theme: str) -> None:
    assert compare(picture, "training", (60, 27), "x", "down", theme=theme)


@pytest.mark.parametrize("key", ["v", "y", "left", "enter"])
def test_the_chart_after_a_key(picture: Picture, key: str) -> None:
    assert compare(picture, "finished", (60, 27), "enter", key)


SIX_RUNS = ("x", "down") * 5


@both
def test_many_runs_overlaid(picture: Picture, size: tuple[int, int]) -> None:
    assert compare(picture, "many", size, *SIX_RUNS)


@pytest.mark.parametrize("marks", ["braille", "block", "ascii"])
def test_many_runs_overlaid_without_colours(
    picture: Picture, monkeypatch: pytest.MonkeyPatch, marks: ChartMarks
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert compare(picture, "many", (60, 27), *SIX_RUNS, marks=marks)


@pytest.mark.parametrize("keys", ["v", "v v", "left left", "enter"])
def test_the_chart_of_many_runs_after_a_key(picture: Picture, keys: str) -> None:
    assert compare(picture, "many", (80, 30), *SIX_RUNS, "enter", *keys.split())


@pytest.mark.parametrize("marks", ["block", "ascii"])
def test_other_marks(picture: Picture, marks: ChartMarks) -> None:
    assert compare(picture, "training", (60, 27), marks=marks)


def test_a_wide_pane(picture: Picture) -> None:
    assert compare(picture, "finished", (98, 45))


def test_the_smallest_pane(picture: Picture) -> None:
    assert compare(picture, "training", (60, 12))
