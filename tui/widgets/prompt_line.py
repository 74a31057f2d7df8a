"""The line that prompts are typed in: with those of before, and completion from the dataset."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, work
from textual.binding import Binding, BindingType
from textual.suggester import Suggester

from engine.errors import EngineError
from tui.known_answers import KnownAnswers
from tui.plain_text import plain_text
from tui.prompt_history import PromptHistory
from tui.widgets.plain_input import PlainInput


class FromDataset(Suggester):
    """Completes what is typed to an instruction of the dataset."""

    def __init__(self, known: KnownAnswers) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._known = known

    async def get_suggestion(self, value: str) -> str | None:
        return self._known.completion(value)


class PromptLine(PlainInput):
    """`Submitted` says that a prompt is to be asked."""

    DEFAULT_CSS = """
    PromptLine, PromptLine:focus {
        border: none;
        height: 1;
        padding: 0;
        background: transparent;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Ask", id="prompt.ask", tooltip="Ask the chosen models."),
        Binding(
            "right",
            "cursor_right",
            "Complete",
            show=False,
            id="prompt.complete",
            tooltip="At the end of the line: take the instruction that is offered.",
        ),
        Binding("up", "former(-1)", "Earlier prompt", show=False, id="prompt.up", tooltip="What was asked before."),
        Binding(
            "down", "former(1)", "Later prompt", show=False, id="prompt.down", tooltip="What was asked after that."
        ),
    ]

    def __init__(self, history: PromptHistory | None = None, *, id: str | None = None) -> None:
        """A line whose prompts are kept in this history, if in any."""
        super().__init__(placeholder="Ask the models…", id=id, select_on_focus=False)
        self._history = history
        self._former: Sequence[str] = ()
        self._at = 0
        self._draft = ""

    def on_mount(self) -> None:
        """Bring back the prompts of former days."""
        if self._history:
            self._read(self._history)

    def set_history(self, prompts: Sequence[str]) -> None:
        """Take the prompts to go back to, newest last."""
        self._former = prompts
        self._at = len(prompts)

    def set_known(self, known: KnownAnswers) -> None:
        """Take the instructions to complete from."""
        self.suggester = FromDataset(known)

    def put(self, prompt: str) -> None:
        """Let a prompt be edited and asked again."""
        self.value = prompt
        self.cursor_position = len(prompt)

    def _on_paste(self, event: events.Paste) -> None:
        """Take all of what was pasted: line ends stay, drawn as symbols. `Input` would drop all but the first line."""
        event.stop()
        event.prevent_default()
        text = event.text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
        self.replace(text, *self.selection)

    def action_former(self, by: int) -> None:
        """Go so many prompts towards the newest; past it comes what was being typed."""
        at = max(0, min(self._at + by, len(self._former)))
        if at == self._at:
            return
        if self._at == len(self._former):
            self._draft = self.value
        self._at = at
        self.put(self._former[at] if at < len(self._former) else self._draft)

    def remember(self, prompt: str) -> None:
        """Take one more prompt to go back to, and keep it."""
        self.set_history([*(former for former in self._former if former != prompt), prompt])
        if self._history:
            self._keep(self._history, prompt)

    @work(thread=True)
    def _read(self, history: PromptHistory) -> None:
        self.app.call_from_thread(self.set_history, history.read())

    @work(thread=True)
    def _keep(self, history: PromptHistory, prompt: str) -> None:
        try:
            prompts = history.add(prompt)
        except EngineError as error:
            reason = plain_text(f"Prompts are not kept: {error}")
            self.app.call_from_thread(self.notify, reason, severity="warning", markup=False)
        else:
            self.app.call_from_thread(self.set_history, prompts)
