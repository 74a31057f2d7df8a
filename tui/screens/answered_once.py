"""Screens that ask something are answered once, however fast the keys come."""

from typing import ClassVar, TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from tui.screens.quiet_screen import QuietScreen

T = TypeVar("T")

HELP = Binding("f1,question_mark", "app.help", "Help", id="app.help", show=False, tooltip="What works here.")
"""The app's own, which does not reach through a window."""


class AnsweredOnce(QuietScreen[T]):
    """A screen whose first answer counts.

    Two keys may be on their way before the first is handled. The second answer would close whatever screen is on top by
    then.
    """

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close this screen with a result, unless it is closed already."""
        return super().dismiss(result) if self.is_active else AwaitComplete()


class Question(ModalScreen[T], AnsweredOnce[T]):
    """The same as a window over the screen. A style sheet knows a screen by its first base: `ModalScreen`."""

    BINDINGS: ClassVar[list[BindingType]] = [HELP]
