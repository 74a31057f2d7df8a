"""The console: ask one or several models at any time, and see how sure they are of what they say.

The pane knows nothing of the engine. It is given models, known answers and tokens as they come; what the user wants is
posted upward.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label

from engine.examples import Example
from tui.answer_settings import AnswerSettings
from tui.exchange import AskableModel, asked
from tui.known_answers import KnownAnswers
from tui.panes.coming_answers import ComingAnswers
from tui.plain_text import plain_text
from tui.prompt_history import PromptHistory
from tui.screens.answer_settings import AnswerSettingsScreen
from tui.screens.choose_models import ChooseModelsScreen
from tui.token_text import token_facts
from tui.widgets.answer_list import AnswerList
from tui.widgets.pane_title import TitledPane, pane_title, put_subtitle, put_title
from tui.widgets.prompt_line import PromptLine


class ConsolePane(ComingAnswers, TitledPane):
    """A prompt line, and above it what was answered."""

    DEFAULT_CSS = """
    ConsolePane {
        & AnswerList { height: 1fr; }
        & #prompt-row { height: 1; margin-top: 1; }
        & #prompt-row Label { color: $accent; width: 2; }
        & PromptLine { width: 1fr; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "back",
            "Back",
            id="console.back",
            tooltip="Cancel the answer that is coming, or go back to the prompt.",
        ),
        Binding("m,f2", "models", "Models", id="console.models", tooltip="Choose which models are asked."),
        Binding(
            "s,f3",
            "settings",
            "Settings",
            id="console.settings",
            tooltip="Temperature, top-k, top-p, seed and length of answers.",
        ),
        Binding("enter", "again", "Again", id="console.again", tooltip="Put this prompt back in the prompt line."),
        Binding(
            "a",
            "add",
            "Add",
            id="console.add",
            tooltip="Make an example of this prompt, with the right answer where it is known.",
        ),
        Binding("y", "copy", "Copy", id="console.copy", tooltip="Copy this answer to the clipboard."),
        Binding("w", "write", "Write", id="console.write", tooltip="Write all prompts and answers to a file."),
    ]

    @dataclass
    class Ask(Message):
        """A prompt is to be asked; whatever comes of it is told to `add_token`, `add_answer` and `end`."""

        number: int
        prompt: str
        models: tuple[str, ...]
        settings: AnswerSettings

    @dataclass
    class Cancel(Message):
        """Nobody waits for the answers to this prompt any more."""

        number: int

    @dataclass
    class AddExample(Message):
        """An example is to be added, once the user has corrected it. Its response is right where that is known."""

        example: Example

    @dataclass
    class Chosen(Message):
        """Other models are to be asked from now on."""

        models: tuple[str, ...]

    def __init__(self, history: PromptHistory | None = None, *, id: str | None = None, classes: str = "pane") -> None:
        """A console without models yet; `history` is where prompts are kept."""
        super().__init__(id=id, classes=classes)
        self.settings = AnswerSettings()
        self.known = KnownAnswers()
        self._history = history
        self._models: tuple[AskableModel, ...] = ()
        self._chosen: tuple[str, ...] = ()
        self._gone = ""
        self._count = 0

    def compose(self) -> ComposeResult:
        yield AnswerList(id="answers")
        with Horizontal(id="prompt-row"):
            yield Label("›")
            yield PromptLine(self._history, id="prompt")

    def on_mount(self) -> None:
        self.retitle()

    # --- what the pane is given ---------------------------------------------------------------------------------------

    def set_models(self, models: Sequence[AskableModel], chosen: Sequence[str] | None = None) -> None:
        """Take the models that can be asked, and those to ask; None: as before, or the last one."""
        self._models = tuple(models)
        refs = [model.ref for model in models]
        kept = tuple(ref for ref in refs if ref in (self._chosen if chosen is None else chosen))
        self._chosen = kept or tuple(refs[-1:])
        self.query_one(AnswerList).can_ask = bool(models)
        self.retitle()

    def set_known(self, known: KnownAnswers) -> None:
        """Take the dataset's answers: they complete prompts, and say what is right."""
        self.known = known
        self.query_one(PromptLine).set_known(known)

    def set_connection(self, gone: str = "") -> None:
        """Say why nothing can be asked; empty: it can."""
        self._gone = gone
        for number in self.coming if gone else []:
            self.end(number, error=gone)
        self.retitle()

    # --- what the user does -------------------------------------------------------------------------------------------

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Ask what is in the prompt line."""
        event.stop()
        prompt = event.value
        if not prompt.strip():
            return
        if not self._chosen:  # an engine that is gone is started by asking
            self.notify("There is no model to ask yet. Train one, or choose a base.", severity="warning", markup=False)
            return
        self._count += 1
        models = [model for model in self._models if model.ref in self._chosen]
        self.expect(asked(self._count, prompt, models, self.known.about(prompt).responses))
        self.query_one(PromptLine).put("")
        self.query_one(PromptLine).remember(prompt)
        self.post_message(self.Ask(self._count, prompt, self._chosen, self.settings))

    def action_back(self) -> None:
        """Cancel what is coming; otherwise leave the answers for the prompt."""
        if self.coming:
            number = max(self.coming)
            self.post_message(self.Cancel(number))
            self.end(number)
        elif self.query_one(AnswerList).has_focus:
            self.query_one(PromptLine).focus()
        else:
            raise SkipAction()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what there is something to do with."""
        if action == "back":
            return bool(self.coming) or self.query_one(AnswerList).has_focus
        if action in ("again", "add", "copy", "write"):
            return bool(self.query_one(AnswerList).exchanges)
        return True

    def action_models(self) -> None:
        """Choose which models are asked."""

        def chosen(refs: tuple[str, ...] | None) -> None:
            if refs:
                self._chosen = refs
                self.retitle()
                self.post_message(self.Chosen(refs))

        self.app.push_screen(ChooseModelsScreen(self._models, self._chosen), chosen)

    def action_settings(self) -> None:
        """Change how answers are drawn."""

        def changed(settings: AnswerSettings | None) -> None:
            if settings:
                self.settings = settings
                self.retitle()

        self.app.push_screen(AnswerSettingsScreen(self.settings), changed)

    def action_again(self) -> None:
        """Put the prompt in hand back in the prompt line."""
        exchange = self.query_one(AnswerList).exchange
        if exchange:
            self.query_one(PromptLine).put(exchange.prompt)
            self.query_one(PromptLine).focus()

    def action_add(self) -> None:
        """Offer the prompt in hand as an example."""
        answers = self.query_one(AnswerList)
        if answers.exchange and answers.reply:
            known = self.known.about(answers.exchange.prompt)
            response = min(answers.exchange.expected, default=answers.reply.text)
            self.post_message(self.AddExample(Example(answers.exchange.prompt, response, known.task)))

    def on_answer_list_moved(self) -> None:
        """Say what the model might have said in place of the token under the cursor."""
        self._tell_token()
        self.refresh_bindings()

    def retitle(self) -> None:
        """The key and the name of the pane, and its facts."""
        names = [plain_text(model.name) for model in self._models if model.ref in self._chosen]
        facts = (
            [plain_text(self._gone)] if self._gone else [self.settings.described(), ", ".join(names) or "no model yet"]
        )
        put_title(self, pane_title(self, "console", Content(" · ".join(filter(None, facts)))))

    # --- inside -------------------------------------------------------------------------------------------------------

    def _tell_token(self) -> None:
        answers = self.query_one(AnswerList)
        reply = answers.reply
        if not answers.has_focus or reply is None or answers.token is None:
            put_subtitle(self, None)
        else:
            put_subtitle(self, Content(token_facts(reply, answers.token_index)))
