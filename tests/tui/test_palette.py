"""The command palette."""

from pathlib import Path

from textual.command import CommandList, CommandPalette

from tests.tui.apps import app_on, hurry, keys, press, running
from tui.screens.example_form import ExampleForm


async def test_the_palette_shows_the_ids_by_which_keys_are_changed(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[keys]\n"examples.add" = "n"\n')
    async with running(app_on(tmp_path)) as pilot:
        assert "n Add" in keys(pilot)
        await press(pilot, "ctrl+p")
        shown = [str(option.prompt) for option in pilot.app.screen.query_one(CommandList).options]
        assert any("Add an example before this one.  examples.add" in action for action in shown)
        await press(pilot, "escape", "n")
        assert isinstance(pilot.app.screen, ExampleForm)


async def test_a_page_key_right_after_the_one_that_opens_the_palette_does_nothing(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await hurry(pilot, "ctrl+p", "pageup", "pagedown")

        assert isinstance(pilot.app.screen, CommandPalette)
