"""The line of keys: what finds room, and what stands at the right end in any case."""

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType

from tui.widgets.key_line import KeyLine


class Keys(App[None]):
    """An app with three keys besides that of the help."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,x", "press('a')", "Add"),
        Binding("b", "press('b')", "Break"),
        Binding("c", "press('c')", "Call"),
        Binding("h", "press('h')", "Help", id="app.help"),
        Binding("z", "press('z')", "Hidden", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.pressed: list[str] = []

    def compose(self) -> ComposeResult:
        yield KeyLine()

    def action_press(self, key: str) -> None:
        """Note it."""
        self.pressed.append(key)


class Worded(Keys):
    """One key means nothing for a while."""

    def __init__(self) -> None:
        super().__init__()
        self.words = {"a": "", "x": ""}

    def key_word(self, binding: Binding) -> str:
        """What is in `words`, otherwise what the binding says."""
        return self.words.get(binding.key, binding.description)


async def test_keys_stand_left_and_help_and_palette_right() -> None:
    app = Keys()
    async with app.run_test(size=(60, 5)):
        line = str(app.query_one(KeyLine).render())
        assert line.startswith("a Add  b Break  c Call  ")
        assert line.endswith("  h Help  ^p Palette")
        assert len(line) == 58


async def test_no_key_is_cut_and_help_stays() -> None:
    app = Keys()
    async with app.run_test(size=(26, 5)) as pilot:
        assert str(app.query_one(KeyLine).render()).split() == ["a", "Add", "b", "Break", "h", "Help"]
        await pilot.resize_terminal(14, 5)
        await pilot.pause()
        assert str(app.query_one(KeyLine).render()).split() == ["h", "Help"]


async def test_a_key_is_worded_by_what_it_does_now_and_left_out_while_it_does_nothing() -> None:
    app = Worded()
    async with app.run_test(size=(60, 5)) as pilot:
        assert str(app.query_one(KeyLine).render()).split() == ["b", "Break", "c", "Call", "h", "Help", "^p", "Palette"]

        app.words["a"] = "add two"
        app.refresh_bindings()
        await pilot.pause()
        assert str(app.query_one(KeyLine).render()).startswith("a Add two  b Break")


async def test_a_click_presses_the_key() -> None:
    app = Keys()
    async with app.run_test(size=(60, 5)) as pilot:
        await pilot.click(offset=(10, 4))
        await pilot.click(offset=(45, 4))
        await pilot.click(offset=(7, 4))  # between two
        await pilot.pause()
        assert app.pressed == ["b", "h"]
