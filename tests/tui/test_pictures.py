"""Pictures of the main screen and of what opens over it. `make snapshots` draws them anew; look at what changed."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from engine.workspace import Workspace
from tests.engine.documents import SCENARIO, written
from tests.tui.apps import app_on, fill, press, running
from tests.tui.fake_engine import FakeEngine, Told, recording
from tests.tui.picture import Picture, at, at_both_sizes
from tests.tui.runs_on_disk import add_run

RUN = "ab12-instruction-tune"
TWO_TASKS = Path(__file__).parent / "recordings" / "two_tasks.toml"


def engine(name: str = "finished", told: int | None = None) -> FakeEngine:
    """One run, as far as it is told."""
    story = recording(name, RUN)
    return FakeEngine({RUN: Told(story[:told], [] if told is None else story[told:])})


@at((120, 40), (80, 24), (60, 16), (50, 12))
def test_nothing_trained_yet(picture: Picture, tmp_path: Path, size: tuple[int, int]) -> None:
    assert picture(app_on(tmp_path), size)


@at_both_sizes
def test_a_run_that_goes_on(picture: Picture, tmp_path: Path, size: tuple[int, int]) -> None:
    assert picture(app_on(tmp_path, engine(told=120), TWO_TASKS), size)


@pytest.mark.parametrize("key", ["2", "3"])
@at((60, 16))
def test_the_other_panes_of_the_smallest_terminal(
    picture: Picture, tmp_path: Path, size: tuple[int, int], key: str
) -> None:
    assert picture(app_on(tmp_path, engine(told=120), TWO_TASKS), size, key)


@at((200, 60))
def test_a_large_terminal(picture: Picture, tmp_path: Path, size: tuple[int, int]) -> None:
    assert picture(app_on(tmp_path, engine(), TWO_TASKS), size)


@at((80, 24))
def test_a_run_that_failed(picture: Picture, tmp_path: Path, size: tuple[int, int]) -> None:
    assert picture(app_on(tmp_path, engine("failed"), TWO_TASKS), size, "2", "down", "down")


@at_both_sizes
def test_a_finished_run_and_its_model_asked(picture: Picture, tmp_path: Path, size: tuple[int, int]) -> None:
    asked = engine()
    asked.answers["Add 1 and 2"] = "3"
    keys = ["space" if key == " " else key for key in "Add 1 and 2"]
    assert picture(app_on(tmp_path, asked, TWO_TASKS), size, "3", *keys, "enter")


@at_both_sizes
def test_edited_examples(picture: Picture, tmp_path: Path, size: tuple[int, int]) -> None:
    async def edit(pilot: Pilot[None]) -> None:
        await press(pilot, "a")
        await fill(pilot, instruction="Good evening", response="greeting")
        await press(pilot, "ctrl+s", "down", "d", "down", "x", "x", "e")
        await press(pilot, "escape", "m")
        await fill(pilot)
        await press(pilot, "escape")

    assert picture(app_on(tmp_path), size, before=edit)


@at_both_sizes
def test_odd_texts(picture: Picture, tmp_path: Path, size: tuple[int, int]) -> None:
    odd = '"[red]markup[/] \\u001b[31mESC\\u0007 \\ttab 你好 e\\u0301 \\u202ertl 👋 ' + "long " * 40 + '"'
    written(tmp_path).write_text(SCENARIO.replace('"Hello"', odd).replace('"greet"', '"[b]gre你et"'))
    assert picture(app_on(tmp_path), size)


@at_both_sizes
def test_the_engine_is_gone(picture: Picture, tmp_path: Path, size: tuple[int, int]) -> None:
    gone = engine(told=120)
    add_run(Workspace(tmp_path / "workspace"), RUN, gone.told[RUN].told)

    async def lose(pilot: Pilot[None]) -> None:
        gone.change("gone", "The engine has ended.")

    assert picture(app_on(tmp_path, gone, TWO_TASKS), size, "2", before=lose)


@pytest.mark.parametrize("theme", ["light", "ansi-dark", "ansi-light"])
@at((120, 40))
def test_other_themes(picture: Picture, tmp_path: Path, size: tuple[int, int], theme: str) -> None:
    (tmp_path / "settings.toml").write_text(f'theme = "{theme}"\n')
    assert picture(app_on(tmp_path, engine(told=120), TWO_TASKS), size)


@at((80, 24))
def test_without_colours(
    picture: Picture, tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert picture(app_on(tmp_path, engine(told=120), TWO_TASKS), size, "2")


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light"])
async def test_the_terminal_s_own_colours_without_colours_are_its_default_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theme: str
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "settings.toml").write_text(f'theme = "{theme}"\n')
    async with running(app_on(tmp_path, engine(told=120), TWO_TASKS)) as pilot:
        compositor = pilot.app.screen._compositor
        styles = [segment.style for strip in compositor.render_strips() for segment in strip if segment.style]
    assert {colour.name for style in styles for colour in (style.color, style.bgcolor) if colour} == {"default"}


@at((80, 24))
def test_in_ascii(picture: Picture, tmp_path: Path, size: tuple[int, int]) -> None:
    (tmp_path / "settings.toml").write_text('chart_marks = "ascii"\n')
    assert picture(app_on(tmp_path, engine(), TWO_TASKS), size, "2")


@at_both_sizes
def test_a_form(picture: Picture, tmp_path: Path, size: tuple[int, int]) -> None:
    assert picture(app_on(tmp_path), size, "e")


@at_both_sizes
def test_the_search(picture: Picture, tmp_path: Path, size: tuple[int, int]) -> None:
    assert picture(app_on(tmp_path), size, "slash", *"task:add", "enter", "x")


@at_both_sizes
@pytest.mark.parametrize("key", ["f1", "comma", "f"])
def test_what_opens_over_it(picture: Picture, tmp_path: Path, size: tuple[int, int], key: str) -> None:
    assert picture(app_on(tmp_path), size, key)


@at_both_sizes
def test_opening_a_scenario(picture: Picture, tmp_path: Path, size: tuple[int, int]) -> None:
    assert picture(app_on(tmp_path), size, "o", "down", "down")


@at((120, 40))
def test_a_scenario_with_mistakes(picture: Picture, tmp_path: Path, size: tuple[int, int]) -> None:
    wrong = written(tmp_path / "wrong")
    wrong.write_text(SCENARIO.replace("validation", "valdation").replace("train = 3", 'train = "three"'))

    async def look(pilot: Pilot[None]) -> None:
        from tui.screens.open import OpenScreen

        pilot.app.push_screen(OpenScreen([wrong], wrong))
        await press(pilot)
        pilot.app.screen.query_one("#facts").display = False  # where it is differs from test to test

    assert picture(app_on(tmp_path), size, before=look)
