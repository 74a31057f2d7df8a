"""Settings: one a line, changed by Enter or the arrows, kept in a file at once."""

import typing
from typing import Any, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.screens.answered_once import HELP
from tui.screens.quiet_screen import QuietScreen
from tui.settings import ChartMarks, Settings, ThemeName


class Choice(NamedTuple):
    """A setting, what it may be, and what that means."""

    name: str
    label: str
    values: tuple[Any, ...]
    text: str


CHOICES = (
    Choice("theme", "theme", typing.get_args(ThemeName), "ansi: the terminal's 16 colours"),
    Choice("chart_marks", "chart marks", typing.get_args(ChartMarks), "ascii: no other signs at all"),
    Choice("updates", "updates a second", (1, 2, 5, 10, 20), "fewer for a slow line"),
    Choice("chart_updates", "charts a second", (1, 2, 5), "fewer for a slow line"),
    Choice("reduced_motion", "reduced motion", (False, True), "nothing moves but what has to"),
)


WHERE = "Kept in settings.toml, where keys can be changed too. `tunetui info` says where that is."


class SettingsScreen(ModalScreen[None], QuietScreen[None]):
    """All settings with their values; each change is told with `Changed`."""

    BINDINGS = [
        HELP,
        Binding("escape,q", "dismiss(None)", "Back", id="settings.back", tooltip="Back; everything is kept already."),
        Binding("right,l", "change(1)", "Next", id="settings.next", tooltip="The next value."),
        Binding("left,h", "change(-1)", "Previous", id="settings.previous", tooltip="The value before."),
    ]

    class Changed(Message):
        """A setting has another value."""

        def __init__(self, name: str, value: Any) -> None:
            self.name, self.value = name, value
            super().__init__()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._values = {choice.name: getattr(settings, choice.name) for choice in CHOICES}

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Settings"
            dialog.border_subtitle = "← → change · Esc goes back"
            yield OptionList(*(Option(self._line(choice)) for choice in CHOICES))
            yield Static(WHERE, id="where", markup=False)

    def _line(self, choice: Choice) -> Content:
        value = self._values[choice.name]
        shown = {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else str(value)
        return Content.assemble(
            f"{choice.label:<17}", (f"◂ {shown:^11} ▸", "bold $accent"), (f"  {choice.text}", "$secondary")
        )

    def on_option_list_option_selected(self) -> None:
        """Enter: the next value."""
        self.action_change(1)

    def action_change(self, by: int) -> None:
        """Another value for the setting in hand."""
        options = self.query_one(OptionList)
        if options.highlighted is None:
            return
        choice = CHOICES[options.highlighted]
        value = self._values[choice.name]
        at = choice.values.index(value) if value in choice.values else 0
        self._values[choice.name] = choice.values[(at + by) % len(choice.values)]
        options.replace_option_prompt_at_index(options.highlighted, self._line(choice))
        self.app.post_message(self.Changed(choice.name, self._values[choice.name]))
