from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot

from tests.tui.fake_engine import recording
from tui.state import RunView, apply_all
from tui.widgets.loss_chart import LossChart

VIEW = apply_all(RunView(), recording("finished"))


class ChartApp(App[None]):
    def compose(self) -> ComposeResult:
        yield LossChart()


@asynccontextmanager
async def chart(*, width: int = 60) -> AsyncIterator[tuple[LossChart, Pilot[None]]]:
    app = ChartApp()
    async with app.run_test(size=(width, 14)) as pilot:
        found = app.query_one(LossChart)
        found.show({"both": VIEW})
        found.focus()
        await pilot.pause()
        yield found, pilot


def text(found: LossChart) -> list[str]:
    return [found.render_line(y).text.rstrip() for y in range(found.size.height)]


async def test_the_legend_names_the_curves() -> None:
    async with chart() as (found, _):
        assert text(found)[0] == f"⠤⠤⠤⠤⠤ training   ⠤⠤ ⠠⠤ held out{'loss':>29}"
        assert text(found)[-1].split() == ["0", "steps", "200", "400", "600"]


async def test_v_turns_to_exact_match_and_y_makes_the_loss_logarithmic() -> None:
    async with chart() as (found, pilot):
        await pilot.press("y")
        assert found.facts == "loss · log"
        await pilot.press("v")
        assert text(found)[0] == f"⠤⠤⠤⠤⠤ add   ⠤⠤ ⠠⠤ reverse{'exact match in %':>35}"


async def test_the_cursor_reads_the_values_of_its_step() -> None:
    async with chart() as (found, pilot):
        await pilot.press("left")
        assert text(found)[0].startswith("step 700   ⠤⠤⠤⠤⠤ training 0.0")
        await pilot.press("left", "left")
        assert found.cursor is not None and found.cursor < 690
        await pilot.press("0")
        assert found.cursor is None


async def test_of_a_run_that_goes_on_the_cursor_reads_no_step_that_is_still_to_come() -> None:
    async with chart() as (found, pilot):
        found.show({"live": replace(VIEW, state="running", step=610, steps=1_000)})
        await pilot.press("left")
        assert found.cursor == 610
        await pilot.press("right")
        assert found.cursor == 610
        await pilot.click(LossChart, offset=(59, 5))
        assert found.cursor == 610


async def test_a_click_reads_the_values_under_the_mouse() -> None:
    async with chart() as (found, pilot):
        await pilot.click(LossChart, offset=(59, 5))
        assert found.cursor == 700


async def test_zoom_shows_the_newest_steps_and_pans_to_earlier_ones() -> None:
    async with chart() as (found, pilot):
        await pilot.press("plus")
        assert found.facts == "loss · zoomed"
        assert text(found)[-1].split()[0] == "400"
        await pilot.press("left_square_bracket")
        assert text(found)[-1].split()[0] == "300"
        await pilot.press("minus", "minus")
        assert found.facts == "loss"


async def test_enter_shows_the_same_as_a_table() -> None:
    async with chart() as (found, pilot):
        await pilot.press("enter")
        head, *rows = text(found)
        assert head.split() == ["step", "training", "held", "out", "loss"]
        assert [row.split()[0] for row in rows][-2:] == ["650", "700"]
        await pilot.press("v")
        assert text(found)[-1].split() == ["700", "100.0", "100.0"]


async def test_smoothing_has_three_grades() -> None:
    async with chart() as (found, pilot):
        facts = []
        for _ in range(3):
            await pilot.press("m")
            facts.append(found.facts)
        assert facts == ["loss · smooth", "loss · very smooth", "loss"]


async def test_as_long_as_there_is_nothing_to_draw_it_says_so() -> None:
    async with chart() as (found, _):
        found.show({"new": RunView()}, empty="The curves begin with the first step.")
        assert [line for line in text(found) if line] == [f"{'The curves begin with the first step.':^60}".rstrip()]


async def test_of_several_runs_v_goes_through_held_out_loss_training_loss_and_exact_match() -> None:
    async with chart() as (found, pilot):
        found.show({"one": VIEW, "two": VIEW})
        facts = []
        for _ in range(3):
            facts.append(found.facts)
            await pilot.press("v")
        assert facts == ["held-out loss", "training loss, smoothed", "exact match in %"]
        await pilot.press("v")
        found.show({"one": VIEW})
        assert found.facts == "loss"


async def test_a_run_keeps_its_line_when_another_one_is_taken_away() -> None:
    async with chart() as (found, _):
        found.show({"one": VIEW, "two": VIEW, "three": VIEW})
        found.show({"two": VIEW, "three": VIEW})
        assert [(curve.name, curve.line) for curve in found.curves()] == [("two", 1), ("three", 2)]


async def test_where_no_answers_were_checked_yet_the_score_says_so() -> None:
    async with chart() as (found, pilot):
        found.show({"new": replace(VIEW, evaluations=())})
        await pilot.press("v")
        assert any("No answers were checked yet. v shows the loss." in line for line in text(found))


async def test_any_keys_at_any_size_leave_a_whole_picture() -> None:
    async with chart() as (found, pilot):
        for size in ((60, 14), (12, 5), (3, 2), (90, 30)):
            await pilot.resize_terminal(*size)
            await pilot.press(
                "plus", "right", "v", "left_square_bracket", "enter", "minus", "y", "right_square_bracket"
            )
            assert all(found.render_line(y).cell_length == found.size.width for y in range(found.size.height))


async def test_lines_of_a_longer_picture_are_wiped_out() -> None:
    async with chart() as (found, _):
        wiped: list[Region] = []
        found.refresh = lambda *regions, **_: wiped.extend(regions)  # type: ignore[method-assign,assignment]

        found.show({}, empty="Nothing has happened yet.")

        assert {region.y for region in wiped} == set(range(found.size.height))
