"""The main screen: examples, training and console at one glance, or one at a time where the terminal is small.

It is the only place where the panes meet: they show plain data and post messages upward, which become calls here.
"""

from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal
from textual.widget import Widget
from textual.widgets import Footer, Static

from engine.workspace import Workspace
from tui.panes.dataset import DatasetPane
from tui.screens.document_actions import DocumentActions
from tui.widgets.pane_tabs import PaneTabs
from tui.widgets.top_line import TopLine

PANES = ("examples", "training", "console")
"""Their ids, in the order of the keys 1 to 3."""

TOO_SMALL = (
    "This terminal is too small for tunetui: make it at least 60 columns by 16 lines. Nothing is lost meanwhile."
)


class MainScreen(DocumentActions):
    """Three panes: two above, the console below; from 100 columns by 28 lines on. Below that they are tabs."""

    HORIZONTAL_BREAKPOINTS = [(0, "-tiny-width"), (60, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-tiny-height"), (16, "-low"), (28, "-high")]
    BINDINGS = [
        Binding("1", "show_pane(0)", "Examples", id="pane.examples", show=False, tooltip="Go to the examples."),
        Binding("2", "show_pane(1)", "Training", id="pane.training", show=False, tooltip="Go to the training."),
        Binding("3", "show_pane(2)", "Console", id="pane.console", show=False, tooltip="Go to the console."),
    ]

    def __init__(self, workspace: Workspace, path: Path) -> None:
        """The screen on a workspace; it opens a scenario at once."""
        super().__init__()
        self.workspace, self._first = workspace, path

    def compose(self) -> ComposeResult:
        yield TopLine(id="top-line")
        yield PaneTabs([name.capitalize() for name in PANES], id="pane-tabs")
        with Container(id="panes"):
            with Horizontal(id="upper"):
                yield DatasetPane(id="examples")
                yield placeholder("training", "Nothing was trained yet. Press t to train.")
            yield placeholder("console", "There is no model to ask yet. Press t to train one.")
        yield Static("", id="last-answer", markup=False)
        yield Footer()
        yield Static(TOO_SMALL, id="too-small")

    def on_mount(self) -> None:
        """Show the examples first."""
        self.open(self._first)
        self.show_pane(0)

    def action_show_pane(self, index: int) -> None:
        """Go to a pane: the keys 1 to 3."""
        self.show_pane(index)

    def on_pane_tabs_chosen(self, message: PaneTabs.Chosen) -> None:
        """A tab was clicked."""
        self.show_pane(message.index)

    def show_pane(self, index: int) -> None:
        """Bring a pane to the front, where only one fits, and give it the focus."""
        self.query_one(PaneTabs).current = index
        for position, name in enumerate(PANES):
            self.query_one(f"#{name}").set_class(position == index, "-current")
        self.query_one("#panes").set_class(index == PANES.index("console"), "-console")
        pane = self.query_one(f"#{PANES[index]}")
        inside = [pane, *pane.query("*")]
        target = next((each for each in inside if each.focusable and each.display), None)
        if target is not None:
            self.set_focus(target)


def placeholder(name: str, text: str) -> Widget:
    """An empty pane that says what to press."""
    pane = Static(text, id=name, classes="pane empty", markup=False)
    pane.border_title = name.capitalize()
    pane.can_focus = True
    return pane
