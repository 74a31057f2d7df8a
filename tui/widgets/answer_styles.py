"""What answers look like wherever they are shown."""

from typing import ClassVar

from textual.widget import Widget

NAMES = (
    *("prompt", "prompt-sign", "name", "name-in-hand", "mark", "quiet", "right", "wrong", "cursor"),
    *("shade-1", "shade-2", "shade-3", "shade-4"),
)


class AnswerStyles(Widget):
    """The component classes that `tui.widgets.exchange_text` names. What is unlikely is underlined, not only shaded."""

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
        & .answers--cursor { background: $accent; color: $background; text-style: bold; }
        & .answers--shade-1 { background: $warning 15%; }
        & .answers--shade-2 { background: $warning 30%; }
        & .answers--shade-3 { background: $warning 45%; text-style: underline; }
        & .answers--shade-4 { background: $warning 60%; text-style: underline; }
        &:focus .answers--mark { color: $accent; }
    }
    """
