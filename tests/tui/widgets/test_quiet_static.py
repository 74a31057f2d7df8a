import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Static

from tui.widgets.quiet_static import QuietStatic


class TwoTexts(App[None]):
    def compose(self) -> ComposeResult:
        yield QuietStatic()
        yield Static("below")


async def test_other_lines_show_and_more_lines_make_room() -> None:
    app = TwoTexts()
    async with app.run_test(size=(20, 5)) as pilot:
        quiet, below = app.query_one(QuietStatic), app.query(Static).last()
        for text, lines in (("one", 1), ("two\nlines", 2), ("two\nothers", 2), ("long " * 10, 3), ("", 0)):
            quiet.show_text(Content(text))
            await pilot.pause()
            assert quiet.render_line(0).text.strip() == (text.split("\n")[0][:20].strip() if text else "")
            assert below.region.y == max(1, lines)


async def test_as_many_lines_leave_the_layout_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    app = TwoTexts()
    async with app.run_test(size=(20, 5)) as pilot:
        quiet = app.query_one(QuietStatic)
        quiet.show_text(Content("step 1"))
        await pilot.pause()
        layouts: list[bool] = []
        monkeypatch.setattr(quiet, "refresh", lambda *regions, layout=False: layouts.append(layout))

        quiet.show_text(Content("step 2"))
        quiet.show_text(Content("step 2"))
        quiet.show_text(Content("step 2\nand more"))

        assert layouts == [False, True]
