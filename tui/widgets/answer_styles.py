"""What answers look like wherever they are shown."""

from typing import ClassVar

from textual.widget import Widget

from tui.widgets.exchange_text import LINES, SHADES, Shades

NAMES = ("prompt", "prompt-sign", "name", "name-in-hand", "mark", "quiet", "right", "wrong")


class AnswerStyles(Widget):
    """The component classes that `tui.widgets.exchange_text` names."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"answers--{name}" for name in NAMES}
    DEFAULT_CSS = """
    AnswerStyles {
        & .answers--prompt { text-style: bold; }
        & .answers--prompt-sign { color: $accent; }
        & .answers--name { color: $foreground 60%; }
        & .answers--name-in-hand { text-style: bold; }
        & .answers--mark { color: $border-blurred; }
        & .answers--quiet { color: $foreground 60%; }
        & .answers--right { color: $text-success; text-style: bold; }
        & .answers--wrong { color: $text-error; }
        &:focus .answers--mark { color: $accent; }
    }
    """

    @property
    def shades(self) -> Shades:
        """How certainty is shown in this theme."""
        return LINES if self.app.native_ansi_color else SHADES
