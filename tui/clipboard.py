"""Text for the clipboard of whoever sits at the terminal, also through tmux and SSH."""

import base64
import os

from textual.app import App


def through_tmux(text: str) -> str:
    """What tmux must be sent so that the terminal around it puts a text on its clipboard (OSC 52).

    tmux passes it on if its option `allow-passthrough` is `on`.
    """
    wish = f"\x1b]52;c;{base64.b64encode(text.encode('utf-8', 'replace')).decode()}\a"
    return "\x1bPtmux;" + wish.replace("\x1b", "\x1b\x1b") + "\x1b\\"


class CopiesThroughTmux(App[None]):
    """An app whose `copy_to_clipboard` also reaches the terminal around tmux.

    Textual sends the plain wish. Of a program inside tmux that is heeded only if `set-clipboard` is `on`, which is not
    the default; the wrapped wish needs `allow-passthrough`. Both are sent: either setting is enough.
    """

    def copy_to_clipboard(self, text: str) -> None:
        """Put a text on the clipboard."""
        text = text.encode("utf-8", "replace").decode()  # a lone surrogate cannot be sent
        super().copy_to_clipboard(text)
        if os.environ.get("TMUX") and self._driver is not None:
            self._driver.write(through_tmux(text))
