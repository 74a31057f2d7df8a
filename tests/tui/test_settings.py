from pathlib import Path

import pytest

from engine.errors import InputError
from tests.tui.apps import app_on, pane, press, running, said
from tui.screens.example_form import ExampleForm
from tui.settings import Settings, fitting, load, save


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load(tmp_path / "settings.toml") == Settings()


def test_changing_a_setting_keeps_comments_and_order(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('# My colours.\ntheme = "dark"  # at night\n\n[keys]\n"examples.add" = "n"\n')

    save(path, theme="light", chart_marks="ascii")

    assert path.read_text().startswith('# My colours.\ntheme = "light"  # at night\n')
    assert load(path) == Settings(theme="light", chart_marks="ascii", keys={"examples.add": "n"})


async def test_a_file_that_is_no_toml_stays_as_it_is(tmp_path: Path) -> None:
    broken = '# My keys.\n[keys\n"examples.add" = "n"\n'
    (tmp_path / "settings.toml").write_text(broken)
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "comma", "right", "escape")

        assert pilot.app.theme == "tunetui-light"
        assert "It holds until you leave" in said(pilot)
    assert (tmp_path / "settings.toml").read_text() == broken


async def test_a_folder_that_cannot_be_made_is_said_and_the_setting_holds(tmp_path: Path) -> None:
    app = app_on(tmp_path)
    (tmp_path / "a file").touch()
    app.settings_path = tmp_path / "a file" / "settings.toml"
    async with running(app) as pilot:
        await press(pilot, "comma", "right", "escape")

        assert app.theme == "tunetui-light"
        assert "cannot be written" in said(pilot)


@pytest.mark.parametrize(("encoding", "marks"), [("utf-8", "block"), ("ascii", "ascii"), ("iso-8859-1", "ascii")])
def test_where_a_terminal_has_nothing_but_ascii_nothing_else_is_drawn(encoding: str, marks: str) -> None:
    assert fitting(Settings(chart_marks="block"), encoding).chart_marks == marks


@pytest.mark.parametrize("text", ['theme = "pink"', "updates = 0", "colour = 1", "theme ="])
def test_what_is_wrong_is_said_with_the_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.toml").write_text(text)

    with pytest.raises(InputError, match=r"settings\.toml"):
        load(tmp_path / "settings.toml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('theme = "drak"\nupdates = 0', 'settings.toml:1: theme: \'drak\'; expected one of "ansi-dark", "ansi-light"'),
        ('theme = "drak"\nupdates = 0', "settings.toml:2: updates: 0; expected a whole number from 1 to 30"),
        ("chart_mark = 'block'", "settings.toml:1: chart_mark: unknown key (did you mean `chart_marks`?)"),
        ("[keys]\na = 1", "settings.toml:2: keys.a: 1; expected text"),
    ],
)
def test_each_wrong_setting_is_said_with_its_line_and_what_is_expected(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "settings.toml").write_text(text)

    with pytest.raises(InputError) as error:
        load(tmp_path / "settings.toml")
    assert words in str(error.value)


def test_settings_that_are_no_text_or_no_file_are_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b"\xff")
    with pytest.raises(InputError, match="not text in UTF-8"):
        load(tmp_path / "settings.toml")
    with pytest.raises(InputError, match="Is a directory"):
        load(tmp_path)


async def test_wrong_settings_are_said_and_the_app_opens_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('theme = "pink"')
    async with running(app_on(tmp_path)) as pilot:
        assert "settings.toml" in said(pilot)
        assert pane(pilot).document is not None


async def test_several_wrong_settings_stand_one_on_a_line(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('theme = "pink"\nupdates = 0')
    async with running(app_on(tmp_path)) as pilot:
        assert len(said(pilot).splitlines()) == 3


async def test_a_setting_holds_at_once_and_is_kept(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "comma", "right", "escape")

        assert pilot.app.theme == "tunetui-light"
    assert load(tmp_path / "settings.toml").theme == "light"


async def test_an_action_may_have_another_key(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[keys]\n"examples.add" = "n"\n')
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "n")

        assert isinstance(pilot.app.screen, ExampleForm)


async def test_reduced_motion_can_be_turned_on_and_off_again(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        levels = []
        await press(pilot, "comma", "down", "down", "down", "down")
        for _ in range(2):
            await press(pilot, "right")
            levels.append(pilot.app.animation_level)

        assert levels == ["none", "full"]
