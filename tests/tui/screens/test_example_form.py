from pathlib import Path

import pytest

from tests.tui.apps import app_on, fill, lines, main_screen, press, running
from tui.screens.choice import ChoiceScreen


@pytest.mark.parametrize("key", ["escape", "ctrl+q"])
async def test_no_key_closes_a_form_over_what_was_typed(tmp_path: Path, key: str) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "a")
        await fill(pilot, instruction="Servus")
        await press(pilot, key)
        assert isinstance(pilot.app.screen, ChoiceScreen)

        await press(pilot, "k")
        assert any("Servus" in line for line in lines(pilot))


@pytest.mark.parametrize("key", ["escape", "ctrl+q"])
async def test_a_form_in_which_nothing_was_typed_closes_at_once(tmp_path: Path, key: str) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "e", key)
        assert pilot.app.screen is main_screen(pilot)
