"""What one can do to examples: add, edit, delete, duplicate, move, give another task, replace words; undo and redo."""

from collections.abc import Callable

import msgspec
from textual.binding import Binding
from textual.containers import Container
from textual.message import Message

from engine.document import Document, ReadOnly
from engine.edits import Edit
from engine.examples import Example, counted
from tui.external_editor import edited_in_editor
from tui.plain_text import plain_text
from tui.screens.example_form import ExampleForm
from tui.screens.line_prompt import LinePrompt
from tui.screens.replace_form import ReplaceForm
from tui.widgets.example_list import ExampleList


class ExampleActions(Container):
    """The editing half of the examples pane; the other half shows them."""

    BINDINGS = [
        Binding("a", "add", "Add", id="examples.add", tooltip="Add an example before this one."),
        Binding("e,enter", "edit", "Edit", id="examples.edit", tooltip="Edit this example in a form."),
        Binding("v", "edit_outside", "Edit in $EDITOR", id="examples.edit_outside", show=False,
                tooltip="Edit this example in the editor that $EDITOR names."),
        Binding("d,delete", "delete", "Delete", id="examples.delete", show=False,
                tooltip="Delete the selected examples, or take that back."),
        Binding("D", "duplicate", "Duplicate", id="examples.duplicate", show=False,
                tooltip="Put a copy behind each selected example."),
        Binding("K", "move(-1)", "Move up", id="examples.move_up", show=False, tooltip="Move the example up."),
        Binding("J", "move(1)", "Move down", id="examples.move_down", show=False, tooltip="Move the example down."),
        Binding("m", "set_task", "Set task", id="examples.set_task", show=False,
                tooltip="Give the selected examples another task."),
        Binding("b", "replace", "Replace words", id="examples.replace", show=False,
                tooltip="Replace words in all selected or listed examples."),
        Binding("w", "screen.save", "Save", id="examples.save", tooltip="Write the edits to their files."),
        Binding("u", "undo", "Undo", id="examples.undo", tooltip="Take the last edit back."),
        Binding("U,ctrl+y", "redo", "Redo", id="examples.redo", show=False, tooltip="Do again what was undone."),
    ]  # fmt: skip

    class Edited(Message):
        """The document was changed."""

    document: Document | None
    being: set[str]
    """What happens to all examples at the moment, so that none can be edited: `listed` anew, `read`, `saved`."""

    @property
    def rows(self) -> ExampleList:
        """The list of examples."""
        return self.query_one(ExampleList)

    def relist(self, at: int | None = None) -> None:
        """Make the list anew."""
        raise NotImplementedError

    # --- one example --------------------------------------------------------------------------------------------------

    def action_add(self) -> None:
        """Type a new example; its task is that of the one at the cursor."""
        if (document := self.ready()) is None:
            return
        place = self.rows.place
        before = 0 if place is None else place
        task = "" if place is None or document.why_not(place) else document[place].task

        def typed(example: Example | None) -> None:
            if example is not None:
                self.insert([example], before)

        self.app.push_screen(ExampleForm(Example("", "", task, ""), document.tasks(), "New example"), typed)

    def insert(self, examples: list[Example], before: int | None = None) -> bool:
        """Put new examples into the document and go to the first. Whether it was done; if not, it is said why."""
        document = self.document if self.being <= {"listed"} else self.ready()
        if document is None:
            return False
        if examples:
            self._after_edit(document.insert(len(document) if before is None else before, examples))
        return True

    def action_edit(self) -> None:
        """Edit the example at the cursor in a form."""
        if (place := self._editable()) is None or (document := self.document) is None:
            return

        def typed(example: Example | None) -> None:
            if example not in (None, document[place]):
                document.change({place: example})
                self._after_edit(place)

        form = ExampleForm(document[place], document.tasks(), f"Example {place + 1:,}")
        self.app.push_screen(form, typed)

    def action_edit_outside(self) -> None:
        """Edit the example at the cursor in $EDITOR."""
        if (place := self._editable()) is None or (document := self.document) is None:
            return
        edited = edited_in_editor(self.app, document[place])
        if edited is not None:
            document.change({place: edited})
            self._after_edit(place)

    def _editable(self) -> int | None:
        """Where the cursor stands, if that example can be edited; else it is said why not."""
        if (document := self.ready()) is None or (place := self.rows.place) is None:
            return None
        if reason := document.why_not(place):
            self._say(reason)
            return None
        return place

    # --- all that is selected -----------------------------------------------------------------------------------------

    def action_delete(self) -> None:
        """Delete the selected examples; where all are deleted already, take that back."""
        if (document := self.ready()) is None:
            return
        places = self.rows.places()
        restore = bool(places) and all(document.mark(document[place]) == "deleted" for place in places)
        self._carry_out(lambda: document.restore(places) if restore else document.delete(places))

    def action_duplicate(self) -> None:
        """Put a copy behind each selected example."""
        if (document := self.ready()) is not None:
            places = self.rows.places()
            self._carry_out(lambda: document.duplicate(places))

    def action_move(self, by: int) -> None:
        """Move the selected examples, which must lie together, or the one at the cursor."""
        if (document := self.ready()) is None or not (places := self.rows.places()):
            return
        if len(places) != places[-1] - places[0] + 1:
            self._say("Only examples that lie together can be moved.")
            return
        chosen = bool(self.rows.chosen)

        def move() -> None:
            if document.move(places[0], places[-1], -1 if by < 0 else 1) and chosen:
                self.rows.chosen = {place + by for place in places}

        at = self.rows.place
        self._carry_out(move, at=None if at is None else max(0, at + by))

    def action_set_task(self) -> None:
        """Give the selected examples another task."""
        if (document := self.ready()) is None or not (places := self.rows.places()):
            return

        def named(task: str | None) -> None:
            if task is not None:
                self._carry_out(lambda: document.set_task(places, task.strip()))

        what = counted(len(places))
        known = document.tasks()
        text = f"For {what}. A new name makes a new task."
        self.app.push_screen(LinePrompt("Task", text, document[places[0]].task, known=known), named)

    def action_replace(self) -> None:
        """Replace words in all selected examples, or in all that are listed."""
        if (document := self.ready()) is None:
            return
        places = sorted(self.rows.chosen or self.rows.order)

        def asked(words: tuple[str, str] | None) -> None:
            if words is None:
                return
            old, new = words
            changes = {
                place: msgspec.structs.replace(
                    row, instruction=row.instruction.replace(old, new), response=row.response.replace(old, new)
                )
                for place in places
                if old in (row := document[place]).instruction or old in row.response
                if not document.why_not(place)
            }
            if changes:
                self._carry_out(lambda: document.change(changes))
                self._say(f"Replaced in {counted(len(changes))}; u takes it back.")
            else:
                self._say("No example that can be edited has these words.")

        self.app.push_screen(ReplaceForm(len(places)), asked)

    # --- back and forth -----------------------------------------------------------------------------------------------

    def action_undo(self) -> None:
        """Take the last edit back."""
        if (document := self.ready()) is not None:
            self._went(document.undo(), "Undone", "There is nothing to undo.")

    def action_redo(self) -> None:
        """Do again what was undone last."""
        if (document := self.ready()) is not None:
            self._went(document.redo(), "Done again", "There is nothing to do again.")

    def _went(self, edit: Edit | None, how: str, nothing: str) -> None:
        if edit is None or self.document is None:
            self._say(nothing)
            return
        first = edit.splices[0]
        self.rows.chosen.clear()
        self._after_edit(self.document.start_of(first.part) + first.at)
        self._say(f"{how}: {edit.label}")

    def _carry_out(self, edit: Callable[[], object], at: int | None = None) -> None:
        document = self.document
        before = document.revision if document else 0
        try:
            edit()
        except ReadOnly as refusal:
            self._say(str(refusal))
            return
        if document and document.revision != before:
            self._after_edit(self.rows.place if at is None else at)

    def _after_edit(self, place: int | None) -> None:
        self.relist(place)
        self.post_message(self.Edited())

    def ready(self) -> Document | None:
        """The document, unless there is none or it cannot be edited just now."""
        if self.document and self.being:
            self._say(f"The examples are being {' and '.join(self.being)}: one moment.")
            return None
        return self.document

    def _say(self, text: str) -> None:
        self.notify(plain_text(text), markup=False)
