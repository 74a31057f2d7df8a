"""Prompts in the console: typed, pasted, completed, remembered."""

from pathlib import Path

from textual.events import Paste
from textual.pilot import Pilot

from tests.tui.answers import ConsoleApp, app_of, ask
from tests.tui.picture import settled
from tui.plain_text import plain_text
from tui.prompt_history import PromptHistory


async def test_up_and_down_walk_through_former_prompts_and_keep_what_was_typed(console: Pilot[None]) -> None:
    for prompt in ("one", "two", "one"):
        await ask(console, prompt)
    prompt_line = app_of(console).prompt
    await console.press("x")
    seen = []
    for key in ("up", "up", "up", "down", "down", "down"):
        await console.press(key)
        seen.append(prompt_line.value)
    assert seen == ["one", "two", "two", "one", "x", "x"]


async def test_prompts_are_remembered_in_the_workspace(tmp_path: Path) -> None:
    for number in range(2):
        app = ConsoleApp(PromptHistory(tmp_path))
        async with app.run_test() as pilot:
            await settled(pilot)
            await ask(pilot, f"prompt {number}")
            await settled(pilot)
    assert PromptHistory(tmp_path).read() == ["prompt 0", "prompt 1"]
    app = ConsoleApp(PromptHistory(tmp_path))
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("up", "up")
        assert app.prompt.value == "prompt 0"


async def test_a_workspace_that_cannot_be_written_is_told_and_prompts_can_still_be_recalled(tmp_path: Path) -> None:
    (tmp_path / "workspace").write_text("a file")
    app = ConsoleApp(PromptHistory(tmp_path / "workspace"))
    async with app.run_test() as pilot:
        await ask(pilot, "one")
        await settled(pilot)
        assert [note.severity for note in app._notifications] == ["warning"]
        await pilot.press("up")
        assert app.prompt.value == "one"


async def test_the_right_arrow_completes_from_the_dataset(console: Pilot[None]) -> None:
    await console.press("R", "e")
    await settled(console)
    await console.press("right")
    assert app_of(console).prompt.value == "Reverse hello"


async def test_what_is_pasted_stays_whole_and_is_asked_as_it_is(console: Pilot[None]) -> None:
    app = app_of(console)
    app.prompt.post_message(Paste("two\r\nlines \x1b[31m\n"))
    await console.pause()
    assert app.prompt.render_line(0).text.startswith(plain_text("two\nlines \x1b[31m"))
    await console.press("enter")
    await console.pause()
    assert app.asked[0].prompt == "two\nlines \x1b[31m"
