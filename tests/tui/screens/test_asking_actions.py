"""Models that are asked on the main screen, with an engine that replays recordings."""

from pathlib import Path

from engine.examples import Example
from engine.protocol import Interrupted
from tests.tui.apps import app_on, document, fill, main_screen, press, running, said
from tests.tui.fake_engine import FakeEngine, Told, recording, trained, training
from tui.panes.console import ConsolePane
from tui.screens.compare import CompareScreen
from tui.screens.example_form import ExampleForm
from tui.widgets.last_answer import LastAnswer


async def test_a_prompt_is_answered_and_stays_in_sight(tmp_path: Path) -> None:
    engine = trained()
    engine.answers["Hello"] = "greeting"
    async with running(app_on(tmp_path, engine), (80, 24)) as pilot:
        await press(pilot, "3", *"Hello", "enter", "escape")
        await press(pilot, "1")

        exchange = pilot.app.screen.query_one(LastAnswer).exchange
        assert exchange is not None
        assert exchange.replies[0].text == "greeting"
        assert exchange.expected == ("greeting",)


async def test_a_model_is_compared_once_it_is_saved(tmp_path: Path) -> None:
    async with running(app_on(tmp_path, training())) as pilot:
        assert len(main_screen(pilot).models()) == 1
        await press(pilot, "c")
        assert said(pilot) == "There is no model to compare yet: w in the training saves the one that is trained."

    async with running(app_on(tmp_path, trained())) as pilot:
        await press(pilot, "c")
        assert isinstance(pilot.app.screen, CompareScreen)


async def test_a_run_that_ended_before_it_was_saved_is_no_model(tmp_path: Path) -> None:
    events = [*recording("finished", "ab12-tuning")[:20], Interrupted(run="ab12-tuning", step=9, reason="killed")]
    engine = FakeEngine({"ab12-tuning": Told(events)}, scenario="greetings")
    async with running(app_on(tmp_path, engine)) as pilot:
        assert main_screen(pilot).models() == []


async def test_an_answer_becomes_an_example_once_it_is_corrected(tmp_path: Path) -> None:
    async with running(app_on(tmp_path, trained())) as pilot:
        console = pilot.app.screen.query_one(ConsolePane)

        console.post_message(ConsolePane.AddExample(Example("Servus", "farewell", "greet")))
        await press(pilot, "escape")
        assert not document(pilot).dirty

        console.post_message(ConsolePane.AddExample(Example("Servus", "farewell", "greet")))
        await press(pilot)
        assert isinstance(pilot.app.screen, ExampleForm)
        await fill(pilot, response="greeting")
        await press(pilot, "ctrl+s")

        assert [row.response for row in map(document(pilot).__getitem__, range(6)) if row.instruction == "Servus"] == [
            "greeting"
        ]


async def test_an_answer_that_is_not_to_be_an_example_is_not_added(tmp_path: Path) -> None:
    async with running(app_on(tmp_path, trained())) as pilot:
        before = len(document(pilot))
        for key in ("escape", "ctrl+s"):
            pilot.app.screen.query_one(ConsolePane).post_message(
                ConsolePane.AddExample(Example("Servus", "farewell", "greet"))
            )
            await press(pilot, key)
            assert len(document(pilot)) == before + (key == "ctrl+s")
