"""Opening a scenario, and making one of one's own."""

import json
from pathlib import Path

import pytest
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Markdown, OptionList, Static

from engine import scenario_library
from engine.examples import Example
from tests.engine.documents import written
from tests.tui.apps import app_on, document, keys, main_screen, press, running, said
from tests.tui.picture import settled
from tui.plain_text import plain_text
from tui.screens.open import OpenScreen


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of one's own scenarios."""
    folder = tmp_path / "own" / "scenarios"
    monkeypatch.setattr(scenario_library, "own_folder", lambda: folder)
    return folder


def rows_of(pilot: Pilot[None]) -> list[Example]:
    """All examples of the open document."""
    return [document(pilot)[place] for place in range(len(document(pilot)))]


async def test_a_scenario_from_the_template_is_written_and_opened(tmp_path: Path, own: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "o", "N", "enter")

        assert document(pilot).path == own / "my_scenario.toml"
        assert [row.response for row in rows_of(pilot)] == ["green", "white", "cold", "small"]


async def test_a_scenario_from_another_one_is_its_copy(tmp_path: Path, own: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        rows = rows_of(pilot)
        await press(pilot, "o", "n", "enter")

        assert document(pilot).path == own / "my_greetings.toml"
        assert rows_of(pilot) == rows


@pytest.mark.parametrize("key", ["n", "N"])
async def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path, own: Path, key: str) -> None:
    own.parent.write_text("a file is in the way")
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "o", key, "enter")

        assert isinstance(pilot.app.screen, OpenScreen)
        assert "cannot be written" in said(pilot) and "Errno" not in said(pilot)


@pytest.mark.parametrize("path", scenario_library.built_in().values(), ids=lambda path: path.stem)
async def test_commands_in_the_text_of_a_scenario_stand_on_lines_of_their_own(tmp_path: Path, path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        pilot.app.push_screen(OpenScreen([path], path))
        await press(pilot)

        written = [line.strip() for line in path.read_text("utf-8").split("\n") if line.strip().startswith("tunetui ")]
        while not (blocks := pilot.app.screen.query_one(Markdown).query(Static)):
            await settled(pilot)  # Markdown is taken apart in a thread
        shown = [str(block.render()) for block in blocks]
        assert set(written) <= {line.strip() for text in shown for line in text.split("\n")}


ODD = (
    "[red]markup[/red] [link=x]here[/link] [@click=app.quit]there[/]",
    "<b>bold</b> and <script>alert(1)</script>",
    "[a word](https://example.org/target) <https://example.org> https://example.org",
    "![a picture](picture.png) &lt;&amp; \\* a | b",
    "[hidden]: https://example.org/nowhere",
    "<div>\n\nleft out\n\n</div>",
    "| a | b |\n|---|---|\n| c | d |",
    "```python\nprint()\n```",
    "> quoted\n\n***",
    "\x1b[31mred\x07",
)
"""What Markdown knows and a file's text does not mean, or should not do."""


async def test_the_text_of_a_scenario_is_there_in_full_and_does_nothing(tmp_path: Path) -> None:
    scenario, text = written(tmp_path / "odd"), "\n\n".join(ODD)
    scenario.write_text(f"about = {json.dumps(text)}\n" + scenario.read_text())
    async with running(app_on(tmp_path)) as pilot:
        pilot.app.push_screen(OpenScreen([scenario], scenario))
        await press(pilot)
        while not (blocks := pilot.app.screen.query_one(Markdown).query(Static)):
            await settled(pilot)  # Markdown is taken apart in a thread
        contents = [content for block in blocks if isinstance(content := block.render(), Content)]
        shown = " ".join(content.plain for content in contents)

        assert all(plain_text(word) in shown for word in text.replace("```", "").split())
        assert not any("click" in str(span.style) for content in contents for span in content.spans)


async def test_what_comes_with_tunetui_is_not_edited_where_it_is_opened(tmp_path: Path) -> None:
    built_in = Path("scenarios/greeting_farewell.toml").absolute()
    async with running(app_on(tmp_path, scenario=built_in)) as pilot:
        await press(pilot, "o")
        assert "Edit file" not in keys(pilot)
        await press(pilot, "E")
        assert "stays as it is" in said(pilot)


async def test_recent_scenarios_of_one_name_are_told_apart(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        for folder in ("here", "there"):
            main_screen(pilot).open(written(tmp_path / folder))
            await press(pilot)
        await press(pilot, "o")
        listed = [str(option.prompt) for option in pilot.app.screen.query_one("#scenarios", OptionList).options]
        assert listed[1:3] == [" greetings  there", " greetings  here"]
