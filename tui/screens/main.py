"""The main screen: examples, training and console at one glance, or one at a time where the terminal is small.

It is the only place where the panes meet: they show plain data and post messages upward, which become calls here.
"""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal
from textual.events import DescendantFocus
from textual.widget import Widget
from textual.widgets import Static

from engine.requests import Engine
from engine.workspace import Workspace
from tui.panes.console import ConsolePane
from tui.panes.dataset import DatasetPane
from tui.panes.training import TrainingPane
from tui.prompt_history import PromptHistory
from tui.screens.asking_actions import AskingActions
from tui.screens.opening import PANES, OpeningScreen
from tui.widgets.example_list import ExampleList
from tui.widgets.key_line import KeyLine
from tui.widgets.last_answer import LastAnswer
from tui.widgets.prompt_line import PromptLine
from tui.widgets.run_list import RunList
from tui.widgets.top_line import TopLine

FIRST = (ExampleList, RunList, PromptLine)
"""What gets the focus in each of them."""

TOO_SMALL = (
    "This terminal is too small for tunetui: make it at least 60 columns by 16 lines. Nothing is lost meanwhile."
)


class MainScreen(AskingActions):
    """Three panes: two above, the console below; from 100 columns by 28 lines on. Below that they are tabs."""

    HORIZONTAL_BREAKPOINTS = OpeningScreen.HORIZONTAL_BREAKPOINTS
    VERTICAL_BREAKPOINTS = OpeningScreen.VERTICAL_BREAKPOINTS
    BINDINGS = [
        Binding("1", "show_pane(0)", "Examples", id="pane.examples", show=False, tooltip="Go to the examples."),
        Binding("2", "show_pane(1)", "Training", id="pane.training", show=False, tooltip="Go to the training."),
        Binding("3", "show_pane(2)", "Console", id="pane.console", show=False, tooltip="Go to the console."),
        Binding("escape", "show_pane(0)", "Back", id="pane.back", show=False, tooltip="Back to the examples."),
    ]

    AUTO_FOCUS = ""
    """Textual would take the first that can have the focus, hidden or not."""

    def __init__(self, workspace: Workspace, engine: Engine) -> None:
        """The screen on a workspace with its engine, without a scenario yet: see `open`."""
        super().__init__()
        self.workspace, self._engine = workspace, engine
        self._had_focus: Widget | None = None

    def compose(self) -> ComposeResult:
        yield TopLine(id="top-line")
        with Container(id="panes"):
            with Horizontal(id="upper"):
                yield DatasetPane(id="examples")
                yield TrainingPane(id="training")
            yield ConsolePane(PromptHistory(self.workspace.folder), id="console")
        yield LastAnswer(id="last-answer", markup=False)
        yield KeyLine()
        yield Static(TOO_SMALL, id="too-small")

    def on_mount(self) -> None:
        """Show the examples first."""
        self.begin(self._engine)
        self.show_pane(0)

    def action_show_pane(self, index: int) -> None:
        """Go to a pane: the keys 1 to 3."""
        self.show_pane(index)

    def show_pane(self, index: int) -> None:
        """Bring a pane to the front, where only one fits, and give it the focus."""
        self._bring_forward(PANES[index])
        self.set_focus(self.query_one(FIRST[index]))

    def _bring_forward(self, pane: str) -> None:
        for name in PANES:
            self.query_one(f"#{name}").set_class(name == pane, "-current")
        self.query_one("#panes").set_class(pane == "console", "-console")
        self.query_one(LastAnswer).set_class(pane == "console", "-beside-console")

    # --- whatever size the terminal has -------------------------------------------------------------------------------

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """What has the focus is in front, if there is only room for one pane. In a tiny terminal nothing has it."""
        self._had_focus = event.widget
        for pane in PANES:
            if self.query_one(f"#{pane}") in event.widget.ancestors_with_self:
                self._bring_forward(pane)

    def on_resize(self) -> None:
        """Do what depends on the size when its classes are set."""
        self.call_after_refresh(self._fit)

    def on_screen_resume(self) -> None:
        """The terminal may have had another size meanwhile."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        """Give the focus back, and say in the first line what there is room for."""
        self.show_progress()
        if self.focused is None and self._had_focus and self._had_focus in self.focus_chain:
            self.set_focus(self._had_focus)
