"""Warnings and errors of a run: what to do about them stays in sight."""

import pytest
from textual.geometry import Size

from tests.tui.stage import Stage
from tui.state import Notice, RunView
from tui.widgets.quiet_static import QuietStatic
from tui.widgets.run_display import RunDisplay, notices

LONG = Notice("error", 2, "no finite loss " * 20, "lower the learning rate")
SHORT = Notice("warning", 1, "cut to 64 tokens", "raise context")


def told(*shown: Notice, width: int = 40, room: int = 6) -> list[str]:
    return str(notices(RunView(notices=shown), width, room)).splitlines()


def test_each_notice_stands_with_what_to_do() -> None:
    assert told(SHORT, SHORT._replace(message="and another", hint="")) == [
        "! cut to 64 tokens",
        "  → raise context",
        "! and another",
    ]


@pytest.mark.parametrize("room", [2, 3, 6])
def test_of_a_long_message_the_end_goes_and_not_what_to_do(room: int) -> None:
    lines = told(SHORT, LONG, room=room)

    assert len(lines) == room and max(map(len, lines)) <= 40
    assert lines[0].startswith("✗ no finite") and lines[-2].endswith("…")
    assert lines[-1] == "  → lower the learning rate"


def test_a_long_hint_hangs_beside_its_arrow() -> None:
    *_, first, second = told(LONG._replace(hint="lower the learning rate, or look at them"), width=30)

    assert (first, second) == ("  → lower the learning rate,", "    or look at them")


async def test_where_there_is_hardly_room_a_failed_run_says_why_in_place_of_its_curves() -> None:
    display = RunDisplay()
    failed = RunView(run="a", state="failed", step=2, steps=9, notices=(LONG,))
    async with Stage(display).run_test(size=(40, 8)) as pilot:
        display.show(failed, drawn={"a": failed})
        await pilot.pause()
        assert "lower the learning rate" in str(display.query_one(".notices", QuietStatic).content)
        assert display.query_one(".notices").size == Size(40, 3)
        assert not display.query_one("LossChart").display
