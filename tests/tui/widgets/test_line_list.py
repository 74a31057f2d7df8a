from textual.content import Content

from tests.tui.stage import Stage
from tui.widgets.line_list import LineList


class Lines(LineList):
    def on_mount(self) -> None:
        self.add_options(self.written())


class Letters(Lines):
    def written(self) -> list[Content]:
        return [self.sign(number == self.highlighted) + Content(letter) for number, letter in enumerate("abc")]


async def test_the_sign_goes_with_the_line_in_hand() -> None:
    async with Stage(Letters()).run_test() as pilot:
        letters = pilot.app.query_one(Letters)
        await pilot.press("down", "j", "k", "j")
        assert [str(option.prompt) for option in letters.options] == [" a", "›b", " c"]


async def test_a_page_key_does_no_harm_where_there_is_no_room() -> None:
    async with Stage(Letters()).run_test() as pilot:
        letters = pilot.app.query_one(Letters)
        await pilot.press("end")
        letters.styles.height = 0
        await pilot.pause()
        await pilot.press("pageup", "pagedown")
        assert letters.highlighted == 2


class Bars(Lines):
    def written(self) -> list[Content]:
        return [Content("=" * self.room)] * 9


async def test_lines_leave_room_for_the_scroll_bar() -> None:
    async with Stage(Bars()).run_test(size=(20, 20)) as pilot:
        bars = pilot.app.query_one(Bars)
        bars.write()
        bars.styles.height = 5
        await pilot.pause()
        await pilot.pause()
        assert bars.show_vertical_scrollbar
        assert {len(str(option.prompt)) for option in bars.options} == {bars.room} == {19}
