from pathlib import Path

from textual.widgets._toast import ToastRack

from tests.tui.apps import app_on, press, running
from tui.notices import Notice


async def test_every_message_of_the_app_is_a_notice(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        pilot.app.notify("Saved", timeout=3)
        await press(pilot)

        (notice,) = pilot.app._notifications
        assert isinstance(notice, Notice)
        assert (notice.message, notice.timeout) == ("Saved", 3)


async def test_a_newer_message_on_the_same_matter_takes_the_place_of_the_former(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "d", "d", "d", "u", "u", "u")
        assert [notice.message for notice in pilot.app._notifications] == ["Undone: delete 1 example"]
        assert len(pilot.app.screen.get_child_by_type(ToastRack).children) == 1

        pilot.app.notify("Undone: delete 1 example", severity="warning")
        await press(pilot)
        assert len(pilot.app._notifications) == 2


def test_a_message_that_has_expired_still_has_time_left_for_its_timer() -> None:
    late = Notice("Saved", raised_at=0.0)
    assert late.has_expired
    assert late.time_left > 0
