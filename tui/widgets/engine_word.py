"""The sentence about an engine that is not connected, and about the way on; nothing where it is."""

from textual.content import Content

from engine.requests import Connection
from tui.plain_text import plain_text
from tui.widgets.quiet_static import QuietStatic


class EngineWord(QuietStatic):
    """`✗ The engine has ended. ctrl+r tries to start it now.`"""

    DEFAULT_CSS = """
    EngineWord { height: auto; color: $warning; display: none; }
    """

    def show(self, connection: Connection, sentence: str) -> None:
        """Show how it stands with the engine; `sentence` is for a person, and may be empty."""
        self.display = connection != "connected"
        if self.display:
            sign = "…" if connection == "connecting" else "✗"
            self.show_text(Content(f"{sign} {plain_text(sentence or 'The engine starts.')}"))
