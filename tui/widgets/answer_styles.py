"""What answers look like wherever they are shown."""

from typing import ClassVar

from textual.widget import Widget

NAMES = ("prompt", "prompt-sign", "name", "name-in-hand", "mark", "quiet", "right", "wrong")


class AnswerStyles(Widget):
    """The component classes that `tui.widgets.exchange_text` names."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"answers--{name}" for name in NAMES}
    DEFAULT_CSS = """
    AnswerStyles {
        & .answers--prompt { text-style: bold; }
        & .answers--prompt-sign { color: $accent; }
        & .answers--name { color: $text-muted; }
        & .answers--name-in-hand { text-style: bold; }
        & .answers--mark { color: $border-blurred; }
        & .answers--quiet { color: $text-muted; }
        & .answers--right { color: $text-success; text-style: bold; }
        & .answers--wrong { color: $text-error; }
        &:focus .answers--mark { color: $accent; }
    }
    """
