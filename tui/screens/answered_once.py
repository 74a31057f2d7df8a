"""Screens that ask something are answered once, however fast the keys come."""

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

from tui.screens.quiet_screen import QuietScreen

T = TypeVar("T")


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
