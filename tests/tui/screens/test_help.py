"""Help, and what every key must have to stand in it."""

import re
from pathlib import Path

import pytest

from tests.tui.apps import app_on, press, running
from tests.tui.stage import TUI
from tui.screens.example_form import ExampleForm
from tui.screens.help import GROUPS, HelpScreen


async def test_help_lists_the_keys_of_the_pane_in_hand(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "f1")
        screen = pilot.app.screen
        assert isinstance(screen, HelpScreen)
        text = " ".join(str(each.render()) for each in screen.query("Static"))

    assert "Write the edits to their files." in text
    assert "Train the chosen tuning, with your edits." in text


@pytest.mark.parametrize(("key", "own"), [("o", "Make a scenario of your own"), ("r", "Show the runs whose words")])
async def test_help_lists_the_keys_of_other_screens_and_none_that_lead_nowhere(
    tmp_path: Path, key: str, own: str
) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, key, "f1")
        assert isinstance(pilot.app.screen, HelpScreen)
        text = " ".join(" ".join(str(each.render()) for each in pilot.app.screen.query("Static")).split())

        assert own in text
        assert "Open another scenario" not in text


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (("a", "f1"), "Take the example as it stands here."),
        (("f", "question_mark"), "Change nothing."),
        (("m", "f1"), "Change nothing."),
        (("b", "f1"), "One undo takes all of it back."),
        (("comma", "question_mark"), "The next value."),
        (("3", "f2", "f1"), "Ask the ticked models from now on."),
        (("3", "f3", "f1"), "Ask with these from now on."),
    ],
)
async def test_a_window_has_its_help_and_comes_back_from_it(tmp_path: Path, keys: tuple[str, ...], told: str) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, *keys[:-1])
        window = pilot.app.screen
        await press(pilot, keys[-1])
        assert isinstance(pilot.app.screen, HelpScreen)
        assert told in " ".join(" ".join(str(each.render()) for each in pilot.app.screen.query("Static")).split())

        await press(pilot, "escape")
        assert pilot.app.screen is window


async def test_a_question_mark_that_is_typed_is_no_call_for_help(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "a", "question_mark")

        assert isinstance(pilot.app.screen, ExampleForm)
        assert pilot.app.screen.edited().instruction == "?"


async def test_every_action_has_an_id_and_says_what_it_does(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        for key in ("1", "2", "3"):
            await press(pilot, key)
            for active in pilot.app.screen.active_bindings.values():
                own = active.node.__class__.__module__.startswith("tui.") and active.binding.description
                if own and active.binding.id:
                    assert active.binding.tooltip, active.binding
            await press(pilot, "escape")


async def test_no_action_needs_a_key_that_terminals_cannot_send(tmp_path: Path) -> None:
    taken = {"ctrl+enter", "ctrl+a", "ctrl+b", "ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m"}
    async with running(app_on(tmp_path)) as pilot:
        for key in ("1", "2", "3"):
            await press(pilot, key)
            bound = {
                active.binding.key
                for active in pilot.app.screen.active_bindings.values()
                if active.binding.id and "." in active.binding.id
            }
            assert not bound & taken
            await press(pilot, "escape")


def test_every_key_of_a_screen_with_help_has_a_heading() -> None:
    sources = (source.read_text("utf-8") for source in TUI.rglob("*.py"))
    named = {name for source in sources for name in re.findall(r'\bid="([a-z-]+)\.[a-z_]+"', source)}
    assert named - {"help"} <= set(GROUPS)
