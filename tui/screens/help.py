"""Help: what the thing in hand does, and every key that works there, made from the bindings themselves."""

from collections.abc import Iterable
from textwrap import wrap
from typing import NamedTuple

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from tui.screens.quiet_screen import QuietScreen

ABOUT = {
    "examples": "The examples that models are trained on. Each has a task, an instruction and the response to learn. "
    "Below the list is how the model sees the one at the cursor: its tokens, and which of them count in the loss. "
    "Examples that a rule makes cannot be edited here; press a to add your own.",
    "training": "The ways of tuning that the scenario describes, each with its newest run. A run goes on in the engine "
    "process, also when this app is closed. The curves are the loss (how wrong the model is, 0 is best) and the exact "
    "match: the share of held-out examples that it answers exactly. x draws several runs together, each with a colour "
    "and a line of its own. Below: the learning rate, how steep the loss is (gradient), how many tokens it reads in a "
    "second, and the memory that the engine takes. ∅ among the answers is an empty one.",
    "console": "Ask one or several models anything, also while they are trained. Each letter is shaded by how sure the "
    "model was of it. What the examples know is judged: ✓ right, ✗ wrong. Shift+Tab goes from the prompt up to the "
    "answers; there the arrows go from answer to answer and from letter to letter.",
    "OpenScreen": "A scenario is a file: examples, a model, and ways of tuning it. Those that come with tunetui stay "
    "as they are; n makes one of your own from one of them.",
    "RunsScreen": "A run is one training, with the model that came of it. It is kept until you remove it.",
    "ReplayScreen": "What happened while a run was trained, at the speed of your choice.",
    "CompareScreen": "All models are asked the same questions, in groups that stand across. A number says how many "
    "percent a model answers exactly, its end included; … beside it says that some answers were right but went on. "
    "“lost” is what tuning made a model forget of the text that its base has read.",
    "CurveScreen": "One point for each model: across, how many tasks it was instructed with; upward, how many percent "
    "it answers exactly. Below are the same values as a table.",
    "ExampleForm": "One example. A model is shown the instruction and learns to write the response. The task is a name "
    "that groups examples; the split says whether it is learnt from or held out. Tab goes from field to field.",
    "ChooseModelsScreen": "The ticked models answer every prompt, side by side.",
    "AnswerSettingsScreen": "How an answer is drawn, token by token, from what the model holds likely.",
    "ReplaceForm": "Words are replaced in every instruction and response of the examples that are selected; where none "
    "is, of those in the list. One undo takes all of it back.",
    "SettingsScreen": "Each holds at once. The file that keeps them can be edited too: comments in it stay, and its "
    "table [keys] gives an action another key, by the name that stands beside it in the palette.",
    "CellScreen": "What was asked, what is right, and what each model said; beside a wrong answer stands the task that "
    "it would be right for.",
}
"""Pane, or class of a screen -> what it is for."""

TEXTUAL = {
    "app.focus_next": "The next part of the screen: a list, the chart, the answers, the prompt.",
    "app.focus_previous": "The part before.",
    "command_palette": "Find any action by its name.",
}
"""Action of a binding that Textual brings -> what it does."""

GROUPS = {
    **dict.fromkeys(("form", "line", "choice", "replace", "settings", "answer-settings", "choose-models"), "Here"),
    "list": "Moving and selecting",
    "lines": "Moving",
    "examples": "Examples",
    "training": "Training",
    "open": "Scenarios",
    "runs": "Runs",
    "replay": "Replay",
    "compare": "Compare",
    "curve": "Compare",
    "cell": "Compare",
    "chart": "Chart",
    "prompt": "Console",
    "console": "Console",
    "answers": "Answers",
    "run": "Everywhere: runs and models",
    "models": "Everywhere: runs and models",
    "engine": "Everywhere: runs and models",
    "document": "Everywhere: the scenario",
    "pane": "Everywhere: screens",
    "app": "Everywhere: screens",
    "textual": "Everywhere: screens",
}
"""First part of a binding's id -> the heading that it stands under."""


class Key(NamedTuple):
    """One action with its keys."""

    id: str
    keys: str
    label: str
    text: str


def keys_of(screen: Screen[object]) -> list[Key]:
    """Every action that works where the focus is, with all its keys."""
    found: dict[str, Key] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        known = TEXTUAL.get(binding.action, "")
        name = f"textual.{binding.action}" if known else binding.id or ""
        if "." not in name or not binding.description:  # keys of Textual's widgets, which everybody knows
            continue
        shown = screen.app.get_key_display(binding)
        if name in found:
            former = found[name]
            found[name] = former._replace(keys=f"{former.keys} {shown}")
        else:
            found[name] = Key(name, shown, binding.description, known or active.tooltip or binding.tooltip)
    return list(found.values())


class HelpScreen(ModalScreen[None], QuietScreen[None]):
    """All keys of the screen below, in groups."""

    BINDINGS = [
        Binding("escape,question_mark,f1,q", "dismiss(None)", "Back", id="help.back", tooltip="Back."),
        Binding("j", "scroll_keys(1)", "Down", show=False, id="help.down", tooltip="Down."),
        Binding("k", "scroll_keys(-1)", "Up", show=False, id="help.up", tooltip="Up."),
    ]

    def __init__(self, screen: Screen[object]) -> None:
        """The help for a screen, at its focus of this moment."""
        super().__init__()
        self._keys = keys_of(screen)
        panes = [node.id or "" for node in screen.focused.ancestors_with_self] if screen.focused else []
        self._about = next((ABOUT[name] for name in [*panes, type(screen).__name__] if name in ABOUT), "")

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", id="help") as dialog:
            dialog.border_title = "Help"
            dialog.border_subtitle = "Esc goes back"
            if self._about:
                yield Static(self._about, classes="dialog-text", markup=False)
            yield KeyTable(self._keys)

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.query_one("#help").focus()

    def action_scroll_keys(self, lines: int) -> None:
        """By a line."""
        self.query_one("#help").scroll_relative(y=lines, animate=False)


class KeyTable(Static):
    """The keys with what they do; a long sentence goes on below its beginning."""

    def __init__(self, keys: Iterable[Key]) -> None:
        super().__init__()
        self._keys = list(keys)

    def render(self) -> Content:
        """The table in the width that there is."""
        return grouped(self._keys, self.content_size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as it takes in this width."""
        return grouped(self._keys, width).plain.count("\n") + 1


def grouped(keys: Iterable[Key], room: int) -> Content:
    """The keys under their headings, in columns, in so many cells."""
    groups: dict[str, list[Key]] = {}
    for key in keys:
        heading = GROUPS.get(key.id.partition(".")[0])
        if heading:
            groups.setdefault(heading, []).append(key)
    width = max((cell_len(key.keys) for each in groups.values() for key in each), default=0)
    lines: list[Content] = []
    for heading in dict.fromkeys(GROUPS.values()):
        if heading not in groups:
            continue
        lines += [Content("")] * bool(lines) + [Content.styled(heading, "bold")]
        for key in groups[heading]:
            shown = key.keys + " " * (width - cell_len(key.keys))
            first, *more = wrap(key.text or key.label, max(16, room - width - 4))
            lines.append(Content.assemble((f"  {shown}  ", "$accent"), first))
            lines += [Content(" " * (width + 4) + line) for line in more]
    return Content("\n").join(lines)
