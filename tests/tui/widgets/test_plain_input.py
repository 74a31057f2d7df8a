import pytest
from textual.app import App, ComposeResult
from textual.suggester import SuggestFromList

from tests.tui.answers import ODD
from tests.tui.picture import settled
from tui.plain_text import plain_text
from tui.widgets.plain_input import PlainInput


class OneLine(App[None]):
    def __init__(self, value: str, suggestions: list[str]) -> None:
        super().__init__()
        self.value, self.suggestions = value, suggestions

    def compose(self) -> ComposeResult:
        yield PlainInput(self.value, suggester=SuggestFromList(self.suggestions), select_on_focus=False, compact=True)


async def test_every_character_of_the_value_is_drawn_and_the_value_stays() -> None:
    app = OneLine(ODD, [])
    async with app.run_test():
        line = app.query_one(PlainInput)
        assert line.render_line(0).text.startswith(plain_text(ODD))
        assert line.value == ODD


@pytest.mark.parametrize(("known", "completed"), [("reverse", "reverse"), ("re\x1b[31mverse", "re")])
async def test_a_completion_is_offered_only_if_it_can_be_drawn(known: str, completed: str) -> None:
    app = OneLine("r", [known])
    async with app.run_test() as pilot:
        await pilot.press("e")
        await settled(pilot)
        await pilot.press("right")
        assert app.query_one(PlainInput).value == completed
