"""Pictures of what is asked over the main screen, and of the help where it says something else than on the examples."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.engine.documents import written
from tests.tui.apps import app_on, fill, press
from tests.tui.picture import Picture, at

ODD = "[red]o\u202ed你d[_]"


@pytest.mark.parametrize("keys", ["2 f1", "3 f1", "e f1", "3 f2", "3 f3", "b", "m", "ctrl+p"])
@at((80, 24))
def test_a_question(picture: Picture, tmp_path: Path, size: tuple[int, int], keys: str) -> None:
    assert picture(app_on(tmp_path), size, *keys.split())


@at((80, 24))
def test_leaving_with_edits(picture: Picture, tmp_path: Path, size: tuple[int, int]) -> None:
    assert picture(app_on(tmp_path), size, "d", "q")


@at((80, 24))
def test_a_file_with_an_odd_name_is_saved(picture: Picture, tmp_path: Path, size: tuple[int, int]) -> None:
    scenario = written(tmp_path).rename(tmp_path / f"{ODD}.toml")

    async def edit(pilot: Pilot[None]) -> None:
        await press(pilot, "e")
        await fill(pilot, response="[/] \u0007 bell")
        await press(pilot, "ctrl+s", "w")

    assert picture(app_on(tmp_path, scenario=scenario), size, before=edit)


@pytest.mark.parametrize("keys", ["f1", "e", "o down down", "comma"])
@at((80, 24))
def test_in_the_light_theme(picture: Picture, tmp_path: Path, size: tuple[int, int], keys: str) -> None:
    (tmp_path / "settings.toml").write_text('theme = "light"\n')
    assert picture(app_on(tmp_path), size, *keys.split())
