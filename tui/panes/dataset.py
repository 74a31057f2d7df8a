"""The examples pane: the list with its search, order and counts, and how the model sees the example at the cursor."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input, Static

from engine.document import Document
from engine.examples import counted
from engine.inspection import Inspection
from engine.packed_rows import MANY
from engine.seen import seen
from tui.example_counts import count_line, split_counts
from tui.example_query import SORTS, Query, arranged, parse, term
from tui.panes.example_actions import ExampleActions
from tui.plain_text import plain_lines
from tui.screens.choice import Answer, ChoiceScreen
from tui.screens.line_prompt import LinePrompt
from tui.widgets.example_list import ExampleList
from tui.widgets.model_view import ModelView
from tui.widgets.pane_title import pane_title, put_subtitle, put_title
from tui.widgets.search_line import SearchLine

LETTERS = "123456789abcdefghijklmnopqrstuvwxyz"

UNKNOWN = Inspection(None, {})
"""Before the examples of a document are looked through."""
BEING_FOUND = "It is being found out."
FROM_BASE = "It is not shown: the base that this tuning starts from brings its own way of making tokens."


class DatasetPane(ExampleActions):
    """Shows a document and edits it. `show` gives it one; edits are told upward with `Edited`."""

    DEFAULT_CSS = """
    DatasetPane {
        layout: vertical;
        & SearchLine { display: none; }
        &.-finding SearchLine { display: block; }
        & #no-examples { display: none; height: 1fr; content-align: center middle; color: $text-muted; }
        &.-empty #no-examples { display: block; }
        &.-empty ExampleList, &.-empty ModelView { display: none; }
    }
    """
    BINDINGS = [
        Binding("slash", "find", "Find", id="examples.find", tooltip="Show only examples with these words."),
        Binding("f", "filter", "Filter", id="examples.filter", show=False,
                tooltip="Show only one task, or only edited or doubtful examples."),
        Binding("s", "sort", "Sort", id="examples.sort", show=False,
                tooltip="Sort by the next column, or as in the files."),
        Binding("S", "reverse", "Reverse order", id="examples.reverse", show=False, tooltip="Turn the order round."),
        Binding("colon", "jump", "Go to row", id="examples.jump", show=False, tooltip="Go to a row by its number."),
        Binding("escape", "back", "Clear", id="examples.back", show=False,
                tooltip="Select nothing; then show all examples again."),
    ]  # fmt: skip

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id, classes="pane")
        self.document: Document | None = None
        self.query_now = Query()
        self.inspection = UNKNOWN
        self._facts = Content("")
        self._could_edit = False
        self.being = set()

    def compose(self) -> ComposeResult:
        yield SearchLine("words, task:add, is:problem, is:changed, split:train", "find")
        yield ExampleList()
        yield Static("", id="no-examples", markup=False)
        yield ModelView()

    def on_mount(self) -> None:
        """Say at once that something is on its way."""
        self.say("Reading the scenario…")

    # --- what is shown ------------------------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Show sentences in place of the list."""
        self.query_one("#no-examples", Static).update(plain_lines(text))
        self.add_class("-empty")
        self.refresh_bindings()

    def show(self, document: Document, place: int = 0) -> None:
        """Show a document from its beginning, with the cursor at a place."""
        self.document, self.query_now, self.inspection = document, Query(), UNKNOWN
        self.refresh_bindings()
        self.rows.clear_chosen()
        self.query_one("#find", Input).value = ""
        self.remove_class("-finding", "-empty")
        self.relist(place)

    def inspected(self, inspection: Inspection) -> None:
        """Take in what the chosen tuning makes of the examples."""
        self.inspection = inspection
        if self.query_now.state == "problem":
            self.relist(self.rows.place)
        else:
            self.rows.problems = inspection.problems
            self.rows.refresh()
        self._show_seen()

    def relist(self, at: int | None = None) -> None:
        """Make the list anew: the examples that are asked for, in their order, with the cursor at a place."""
        at = self.rows.place if at is None else at
        if self.document is None:
            return
        if len(self.document) > MANY and (self.query_now.filters or self.query_now.sort):
            self.being.add("listed")
            put_subtitle(self, Content("looking through the examples…"))
        self.in_background(partial(self._relist, self.document, at), "list")

    async def _relist(self, document: Document, at: int | None) -> None:
        order = await arranged(document, self.query_now, self.inspection.problems)
        self.being.discard("listed")
        self.rows.show(document, order, self.inspection.problems, at)
        self._say_counts(order)
        nothing = not order
        self.set_class(nothing, "-empty")
        if nothing:
            found = "No example yet. a adds one."
            if self.query_now.filters:
                found = "No example fits. Escape shows all again."
            elif document.scenario.pretraining:
                found = f"It is for making a base from plain text: see tunetui pretrain.\n\n{found}"
            self.say(found)

    def _say_counts(self, order: Sequence[int]) -> None:
        document = self.document
        if document is None:
            return
        facts = [counted(len(document))]
        if self.query_now.filters:
            facts.append(f"{len(order):,} shown")
        if self.rows.chosen:
            facts.append(f"{len(self.rows.chosen):,} selected")
        if document.edited:
            facts.append(f"{document.edited:,} edited")
        if self.query_now.sort:
            facts.append(f"by {self.query_now.sort}{' ↑' if self.query_now.reverse else ''}")
        self._facts = Content(" · ".join(facts))
        self.retitle()

    def retitle(self) -> None:
        """The key and the name of the pane, and its facts; below, how many examples there are of what."""
        put_title(self, pane_title(self, "examples", self._facts))
        if self.document is not None and not self.doing and "listed" not in self.being:
            put_subtitle(self, Content(count_line(self.document.counts(), max(self.size.width - 6, 20))))

    def _show_seen(self) -> None:
        view, document, place = self.query_one(ModelView), self.document, self.rows.place
        if self._could_edit != (could := self._can_edit()):
            self._could_edit = could
            self.refresh_bindings()
        if document is None or place is None or place >= len(document):
            view.seen = None
            return
        row = document[place]
        view.border_title = f" row {place + 1:,} · how the model sees it "
        view.problem = self.inspection.problems.get(place, "")
        if self.inspection.reader is None:
            view.reason = BEING_FOUND if self.inspection is UNKNOWN else FROM_BASE
            view.seen = None
        else:
            view.seen = seen(self.inspection.reader, row)

    def on_example_list_moved(self) -> None:
        """Show the tokens of the example at the cursor."""
        self._show_seen()

    def on_example_list_chosen(self) -> None:
        """Say how many are selected."""
        self._say_counts(self.rows.order)

    def on_example_list_opened(self) -> None:
        """Edit what was clicked twice."""
        self.action_edit()

    # --- keys ---------------------------------------------------------------------------------------------------------

    def key_word(self, binding: Binding) -> str:
        """What a key does at this moment: not every example can be edited, and not always is there an edit to save."""
        match binding.action:
            case "edit":
                works = self._can_edit()
            case "undo" | "screen.save":
                works = self.document is not None and self.document.dirty
            case _:
                works = self.document is not None
        return binding.description if works else ""

    def _can_edit(self) -> bool:
        document, place = self.document, self.rows.place
        return document is not None and place is not None and place < len(document) and not document.why_not(place)

    # --- finding ------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the search line, `/` is a letter."""
        return action != "find" or not self.query_one("#find").has_focus

    def action_find(self) -> None:
        """Type what to look for."""
        self.add_class("-finding")
        self.query_one("#find", Input).focus()

    def on_input_changed(self, message: Input.Changed) -> None:
        """Show what fits while it is typed."""
        message.stop()
        self._ask(parse(message.value, self.query_now.sort, self.query_now.reverse))

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Go to what was found."""
        message.stop()
        self.set_class(bool(message.value), "-finding")
        self.rows.focus()

    def _ask(self, query: Query) -> None:
        if query != self.query_now:
            self.query_now = query
            self.relist()

    def action_filter(self) -> None:
        """Choose a task, or a state, from a list."""
        if self.document is None:
            return
        terms = [("everything", "")]
        each = split_counts(self.document.counts())
        for name in self.document.tasks():
            train, held = each.get(name, (0, 0))
            label = f"task {name or 'without a name'} ({train:,} to train on, {held:,} held out)"
            terms.append((label, term("task", name)))
        terms += [("new examples", "is:new"), ("changed examples", "is:changed"), ("deleted examples", "is:deleted")]
        count = len(self.inspection.problems)
        terms += [(f"examples that may be wrong ({count:,})", "is:problem")]
        answers = [
            Answer(LETTERS[number] if number < len(LETTERS) else " ", label, value)
            for number, (label, value) in enumerate(terms)
        ]

        def chosen(value: str | None) -> None:
            if value is not None:
                self.set_class(bool(value), "-finding")
                self.query_one("#find", Input).value = value

        self.app.push_screen(ChoiceScreen("Show only", "Which examples are listed.", answers), chosen)

    def action_sort(self) -> None:
        """Sort by the next column."""
        following = SORTS[(SORTS.index(self.query_now.sort) + 1) % len(SORTS)]
        self._ask(replace(self.query_now, sort=following))

    def action_reverse(self) -> None:
        """Turn the order round."""
        self._ask(replace(self.query_now, reverse=not self.query_now.reverse))

    def action_jump(self) -> None:
        """Go to a row by its number."""
        if self.document is None:
            return
        rows = len(self.document)

        def wrong(text: str) -> str:
            number = text.replace(",", "").strip()
            return "" if number.isdecimal() and 1 <= int(number) <= rows else f"A number from 1 to {rows:,}."

        def jump(text: str | None) -> None:
            if text is not None:
                self.go_to(int(text.replace(",", "")) - 1)

        self.app.push_screen(LinePrompt("Go to row", f"1 to {rows:,}", wrong=wrong), jump)

    def go_to(self, place: int) -> None:
        """Put the cursor at a place of the document; all examples are shown if it is not listed."""
        if place not in self.rows.order:
            self.query_one("#find", Input).value = ""
            self.remove_class("-finding")
            self.query_now = replace(self.query_now, words=(), task=None, split=None, state=None)
        self.relist(place)

    def action_back(self) -> None:
        """One step back: out of the search line, out of the selection, out of the search."""
        find = self.query_one("#find", Input)
        if find.has_focus:
            self.set_class(bool(find.value), "-finding")
            self.rows.focus()
        elif self.rows.chosen:
            self.rows.clear_chosen()
        elif self.has_class("-finding"):
            find.value = ""
            self.remove_class("-finding")
            self.rows.focus()
