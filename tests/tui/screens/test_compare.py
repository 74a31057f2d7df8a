import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import DataTable, Static

from engine.errors import EngineError, InputError
from engine.matrix import AskedQuestion, Cell, ComparedModel, GivenAnswer, Group, Matrix, means
from tests.tui.answers import ODD
from tests.tui.matrices import GENERALIST, SMALL, WIDE, asked, cells, matrix_of, mixtures
from tests.tui.picture import settled
from tui.matrix_grid import GridColumn
from tui.plain_text import plain_text
from tui.screens.compare import CompareScreen
from tui.screens.curve import CurveScreen
from tui.widgets.heat_map import HeatMap

Open = Callable[..., Awaitable[CompareScreen]]


async def answers(group: Group, task: str) -> list[AskedQuestion]:
    return asked(task)


@pytest.fixture
async def pilot() -> AsyncIterator[Pilot[None]]:
    app: App[None] = App()
    async with app.run_test(size=(120, 30)) as pilot:
        yield pilot


@pytest.fixture
def opened(pilot: Pilot[None]) -> Open:
    async def open_screen(matrix: Matrix | Callable[[], Awaitable[Matrix]], get=answers) -> CompareScreen:  # type: ignore[no-untyped-def]
        screen = CompareScreen(matrix, get, title="A scenario")
        await pilot.app.push_screen(screen)
        await pilot.pause()
        await pilot.pause()
        return screen

    return open_screen


def shown(pilot: Pilot[None]) -> list[str]:
    return [strip.text.rstrip() for strip in pilot.app.screen._compositor.render_strips()]


def heat_map(pilot: Pilot[None]) -> HeatMap:
    return pilot.app.screen.query_one(HeatMap)


def row(pilot: Pilot[None], name: str) -> list[str]:
    """The numbers of a model in the heat map, which stands above all else that names it."""
    lines = (line.replace("▌", " ").split() for line in shown(pilot))
    return next(line[1:] for line in lines if line[:1] == [name])


# --- the heat map -----------------------------------------------------------------------------------------------------


async def test_where_no_change_is_known_the_view_of_changes_says_why(pilot: Pilot[None], opened: Open) -> None:
    matrix = matrix_of(cells("trained", ["add"], (0.1, 0.2, 0.3)))
    await opened(matrix)
    why = "no change is known"
    assert why not in " ".join(shown(pilot))

    await pilot.press("v")
    await settled(pilot)
    assert why in " ".join(shown(pilot))


async def test_every_cell_has_its_number_and_what_was_forgotten_stands_beside(pilot: Pilot[None], opened: Open) -> None:
    await opened(SMALL)
    assert row(pilot, "base") == ["0", "0", "0", "0", "0", "0", "0", "98", "98", "98", "98"]
    assert row(pilot, "fine-tune-reverse")[:5] == ["31…", "0…", "95", "0", "0"]
    assert "−62" in row(pilot, "fine-tune-reverse")
    assert "−1" in row(pilot, "instruction-tune")


async def test_the_views_show_the_change_and_what_did_not_stop(pilot: Pilot[None], opened: Open) -> None:
    await opened(SMALL)
    await pilot.press("v")
    assert row(pilot, "base")[0] == "–"
    assert row(pilot, "fine-tune-reverse")[:4] == ["+32", "±0", "+95", "±0"]
    await pilot.press("v")
    assert row(pilot, "fine-tune-reverse")[:4] == ["3", "10", "0", "0"]
    await pilot.press("v")
    assert row(pilot, "fine-tune-reverse")[:4] == ["31…", "0…", "95", "0"]


async def test_groups_that_do_not_fit_are_means_until_they_are_opened(pilot: Pilot[None], opened: Open) -> None:
    await opened(WIDE)
    assert "palindrome" not in "\n".join(shown(pilot))
    await pilot.press("space")
    assert "palindrome" in "\n".join(shown(pilot))
    await pilot.press("right", "right", "space")
    assert "palindrome" not in "\n".join(shown(pilot))
    assert heat_map(pilot).column == GridColumn("trained")


async def test_the_names_stay_in_sight_when_the_matrix_scrolls(pilot: Pilot[None], opened: Open) -> None:
    await opened(WIDE)
    await pilot.press("space", "end")
    assert heat_map(pilot).scroll_offset.x > 0
    assert heat_map(pilot).column == GridColumn("known_form")
    assert row(pilot, "instruction-tune")[-1] == "85"


async def test_the_cell_in_hand_is_told_in_words(pilot: Pilot[None], opened: Open) -> None:
    await opened(SMALL)
    await pilot.press("j", "l", "l")
    await pilot.pause()
    text = "\n".join(shown(pilot))
    assert "fine-tune-reverse   trained: reverse" in text
    assert "19 of 20 answers are right." in text
    assert "Trained on 1 task: reverse. On its own: 95 %." in text


async def test_a_click_takes_a_cell_in_hand(pilot: Pilot[None], opened: Open) -> None:
    await opened(SMALL)
    lines = shown(pilot)
    y = next(i for i, line in enumerate(lines) if "instruction-tune" in line)
    x = next(line for line in lines if "reverse" in line).index("reverse")
    await pilot.click(offset=(x, y))
    assert (heat_map(pilot).model, heat_map(pilot).column) == (GENERALIST, GridColumn("trained", task="reverse"))


# --- getting it -------------------------------------------------------------------------------------------------------


async def test_while_the_models_are_asked_the_screen_says_so_and_can_be_left(pilot: Pilot[None], opened: Open) -> None:
    answer: asyncio.Future[Matrix] = asyncio.Future()

    async def get() -> Matrix:
        return await answer

    screen = await opened(get)
    assert "Every model is asked the same questions." in "\n".join(shown(pilot))
    answer.set_result(SMALL)
    await settled(pilot)
    assert row(pilot, "base")[:1] == ["0"]

    waiting = await opened(lambda: asyncio.Future())
    await pilot.press("escape")
    await pilot.pause()
    assert pilot.app.screen is screen
    assert waiting not in pilot.app.screen_stack


@pytest.mark.parametrize("error", [EngineError("The engine is gone. [red]"), InputError("no run 'x' \x1b[31m")])
async def test_an_error_is_told_in_words_and_can_be_tried_again(
    pilot: Pilot[None], opened: Open, error: Exception
) -> None:
    results: list[Matrix | Exception] = [error, SMALL]

    async def get() -> Matrix:
        result = results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    await opened(get)
    assert plain_text(str(error)) in "\n".join(shown(pilot))
    await pilot.press("ctrl+r")
    await settled(pilot)
    assert row(pilot, "base")[:1] == ["0"]


async def test_an_empty_matrix_says_why(pilot: Pilot[None], opened: Open) -> None:
    await opened(Matrix([], [], {}, {}, []))
    assert "the scenario holds no example out" in "\n".join(shown(pilot))


# --- one cell ---------------------------------------------------------------------------------------------------------


async def test_enter_shows_the_examples_of_a_task_and_whose_task_wrong_answers_look_like(
    pilot: Pilot[None], opened: Open
) -> None:
    await opened(SMALL)
    await pilot.press("right", "right", "enter")
    await settled(pilot)
    text = "\n".join(shown(pilot))
    assert "trained: reverse" in text
    assert "2 of 3 right" in text
    assert "HOUSE ✗ upper" in text
    assert "tacx… ✗" in text
    assert "the right answer to upper, copy" in text
    await pilot.press("j", "j", "k")
    assert pilot.app.screen.query_one(DataTable).cursor_row == 1
    await pilot.press("escape")
    assert isinstance(pilot.app.screen, CompareScreen)


async def test_enter_on_a_mean_opens_the_group(pilot: Pilot[None], opened: Open) -> None:
    await opened(WIDE)
    await pilot.press("enter")
    assert "palindrome" in "\n".join(shown(pilot))


async def test_of_a_chain_both_calls_are_told(pilot: Pilot[None], opened: Open) -> None:
    async def chain(group: Group, task: str) -> list[AskedQuestion]:
        answer = GivenAnswer(GENERALIST.run, "TAC", True, False, first="tac")
        return [AskedQuestion("flip cat", "TAC", [answer], then="upper {answer}")]

    await opened(SMALL, chain)
    await pilot.press("right", "enter")
    await settled(pilot)
    text = "\n".join(shown(pilot))
    assert "then: upper {answer}" in text
    assert "tac → TAC ✓" in text


async def test_answers_that_cannot_be_had_are_explained(pilot: Pilot[None], opened: Open) -> None:
    async def gone(group: Group, task: str) -> list[AskedQuestion]:
        raise EngineError("The engine is gone.")

    async def nothing(group: Group, task: str) -> list[AskedQuestion]:
        return []

    for get, words in ((gone, "The engine is gone."), (nothing, "Nothing was asked here.")):
        await opened(SMALL, get)
        await pilot.press("right", "enter")
        await settled(pilot)
        assert words in str(pilot.app.screen.query_one("#state", Static).content)
        await pilot.press("escape")
    await opened(SMALL, None)
    await pilot.press("right", "enter")
    assert isinstance(pilot.app.screen, CompareScreen)


# --- how many tasks ---------------------------------------------------------------------------------------------------


async def test_runs_with_ever_more_tasks_have_a_curve_and_its_table(pilot: Pilot[None], opened: Open) -> None:
    await opened(mixtures())
    await pilot.press("n")
    await pilot.pause()
    assert isinstance(pilot.app.screen, CurveScreen)
    rows = [line.split() for line in shown(pilot)]
    assert ["tasks", "1", "2", "4", "8"] in rows
    assert ["unseen", "tasks", "14", "50", "60", "80"] in rows
    assert ["runs", "1", "1", "2", "1"] in rows


async def test_other_matrices_have_none(pilot: Pilot[None], opened: Open) -> None:
    await opened(SMALL)
    await pilot.press("n")
    assert isinstance(pilot.app.screen, CompareScreen)


# --- texts ------------------------------------------------------------------------------------------------------------


async def test_no_text_acts_as_markup_or_moves_the_cursor(pilot: Pilot[None], opened: Open) -> None:
    models = [ComparedModel("x", ODD, "", "1", [ODD]), ComparedModel("y", "[/]", "", "2", [])]
    cells = [Cell(run, "trained", ODD, 0.5, 20, 0.0) for run in ("x", "y")]

    async def odd(group: Group, task: str) -> list[AskedQuestion]:
        return [AskedQuestion(ODD, ODD, [GivenAnswer("x", ODD, False, False, [ODD], ODD)], then=ODD)]

    await opened(Matrix(models, cells, means(cells), {}, []), odd)
    await pilot.press("right")
    await pilot.pause()
    compare = "\n".join(shown(pilot))
    await pilot.press("enter")
    await settled(pilot)
    cell = "\n".join(shown(pilot))
    assert plain_text(ODD) in compare
    assert plain_text(ODD) in cell
    assert not set("\x1b\x07\r\t\u202e") & set(compare + cell)
