"""Pictures of the compare screen in its states, of one cell, and of the curve."""

from typing import ClassVar

import pytest
from msgspec.structs import replace
from textual.app import App

from engine.errors import EngineError
from engine.matrix import AskedQuestion, Cell, Group, Matrix
from tests.tui.matrices import BASE, SMALL, SPECIALIST, WIDE, asked, matrix_of, mixtures
from tests.tui.picture import Picture, at_both_sizes
from tests.tui.stage import STYLES
from tui import themes
from tui.screens.compare import CompareScreen, GetMatrix

Size = tuple[int, int]


async def answers(group: Group, task: str) -> list[AskedQuestion]:
    return asked(task)


class CompareApp(App[None]):
    """Nothing but a compare screen."""

    CSS_PATH: ClassVar = STYLES
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, matrix: Matrix | GetMatrix, theme: str = themes.DARK.name) -> None:
        super().__init__()
        for own in themes.OWN_THEMES:
            self.register_theme(own)
        self.theme = theme
        self.matrix = matrix

    def get_default_screen(self) -> CompareScreen:
        return CompareScreen(self.matrix, answers, title="Specialist or generalist")


@at_both_sizes
def test_a_small_matrix(picture: Picture, size: Size) -> None:
    assert picture(CompareApp(SMALL), size, "down")


@at_both_sizes
def test_a_wide_matrix(picture: Picture, size: Size) -> None:
    assert picture(CompareApp(WIDE), size, "down", "down")


@pytest.mark.parametrize("keys", ["down", "down right enter"], ids=["matrix", "cell"])
def test_odd_texts(picture: Picture, keys: str) -> None:
    task = "[b]gre\x1b你\u202e-and-a-name-that-is-long"
    model = replace(SPECIALIST, tuning="[red]tune[/]\a你", trained_on=[task])
    cells = [Cell(run, "trained", task, share, 20, 0.1) for run, share in (("base", 0.0), (model.run, 0.5))]
    assert picture(CompareApp(matrix_of(cells, [BASE, model])), (80, 24), *keys.split())


@at_both_sizes
def test_an_opened_group(picture: Picture, size: Size) -> None:
    assert picture(CompareApp(WIDE), size, "down", "right", "space", "right", "right", "right", "right")


@at_both_sizes
def test_the_far_end(picture: Picture, size: Size) -> None:
    assert picture(CompareApp(WIDE), size, "down", "end", "left")


@at_both_sizes
def test_the_change_against_the_parent(picture: Picture, size: Size) -> None:
    assert picture(CompareApp(SMALL), size, "down", "v")


@at_both_sizes
def test_what_did_not_stop(picture: Picture, size: Size) -> None:
    assert picture(CompareApp(SMALL), size, "down", "v", "v")


@at_both_sizes
def test_the_examples_of_a_cell(picture: Picture, size: Size) -> None:
    assert picture(CompareApp(SMALL), size, "right", "right", "enter", "down")


@at_both_sizes
def test_how_many_tasks(picture: Picture, size: Size) -> None:
    assert picture(CompareApp(mixtures()), size, "n")


@at_both_sizes
def test_an_error(picture: Picture, size: Size) -> None:
    async def gone() -> Matrix:
        raise EngineError("The engine is gone: [red]it[/] said \x1b[31m nothing.")

    assert picture(CompareApp(gone), size)


@at_both_sizes
def test_nothing_was_asked(picture: Picture, size: Size) -> None:
    assert picture(CompareApp(Matrix([], [], {}, {}, [])), size)


@pytest.mark.parametrize("theme", [themes.LIGHT.name, themes.ANSI_DARK.name, themes.ANSI_LIGHT.name])
def test_other_themes(picture: Picture, theme: str) -> None:
    assert picture(CompareApp(SMALL, theme), (80, 24), "down", "right")


def test_without_colours(picture: Picture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert picture(CompareApp(SMALL), (80, 24), "down", "right")
