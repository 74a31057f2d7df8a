"""What one can do to examples: add, edit, delete, duplicate, move, give another task, replace words; undo and redo."""

from collections.abc import Callable, Collection, Sequence
from typing import Literal

from textual.binding import Binding

from engine import edit_plans as plans
from engine.document import Document
from engine.edits import Edit
from engine.examples import Example, counted
from tui.external_editor import edited_in_editor
from tui.panes.editing import EditingPane
from tui.screens.example_form import ExampleForm
from tui.screens.line_prompt import LinePrompt
from tui.screens.replace_form import ReplaceForm
from tui.selection import Selection

PlanFor = Callable[[Document, Sequence[int]], Edit | None]


class ExampleActions(EditingPane):
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

        ExampleForm(Example("", "", task, ""), document.tasks(), "New example", typed).open_on(self.app)

    def insert(self, examples: Collection[Example], before: int | None = None) -> None:
        """Put new examples into the document, at its end or before a place, and go to the first."""
        if (document := self.document) is not None and not self.busy("listed"):
            place = len(document) if before is None else before
            self.make(lambda: plans.insert(document, place, examples), len(examples), self.go_to_edit)

    def action_edit(self) -> None:
        """Edit the example at the cursor in a form."""
        if (place := self._editable()) is None or (document := self.document) is None:
            return

        def typed(example: Example | None) -> None:
            if example is not None:
                self.make(lambda: plans.change(document, {place: example}), 1)

        ExampleForm(document[place], document.tasks(), f"Example {place + 1:,}", typed).open_on(self.app)

    def action_edit_outside(self) -> None:
        """Edit the example at the cursor in $EDITOR."""
        if (place := self._editable()) is None or (document := self.document) is None:
            return
        edited = edited_in_editor(self.app, document[place])
        if edited is not None:
            self.make(lambda: plans.change(document, {place: edited}), 1)

    def _editable(self) -> int | None:
        """Where the cursor stands, if that example can be edited; else it is said why not."""
        if (document := self.ready()) is None or (place := self.rows.place) is None:
            return None
        if reason := document.why_not(place):
            self.say_shortly(reason)
            return None
        return place

    # --- all that is selected -----------------------------------------------------------------------------------------

    def action_delete(self) -> None:
        """Delete the selected examples; where all are deleted already, take that back."""
        self._edit_all(lambda document, places: plans.delete(document, places) or plans.restore(document, places))

    def action_duplicate(self) -> None:
        """Put a copy behind each selected example."""
        self._edit_all(plans.duplicate)

    def action_move(self, by: int) -> None:
        """Move the selected examples, which must lie together, or the one at the cursor."""
        if (document := self.ready()) is None or not (meant := self.rows.meant()):
            return
        first, last = meant.ends()
        if len(meant) != last - first + 1:
            self.say_shortly("Only examples that lie together can be moved.")
            return
        at, chosen = self.rows.place, bool(self.rows.chosen)

        def moved(edit: Edit | None) -> None:
            if edit is not None:
                if chosen:
                    self.rows.chosen = Selection(len(document), range(first + by, last + by + 1))
                self.after_edit(None if at is None else max(0, at + by))

        self.make(lambda: plans.move(document, first, last, -1 if by < 0 else 1), len(meant), moved)

    def action_set_task(self) -> None:
        """Give the selected examples another task."""
        if (document := self.ready()) is None or not (meant := self.rows.meant()):
            return

        def named(task: str | None) -> None:
            if task is not None:
                self._edit_all(lambda document, places: plans.set_task(document, places, task.strip()), meant)

        text = f"For {counted(len(meant))}. A new name makes a new task."
        task = document[meant.ends()[0]].task
        self.app.push_screen(LinePrompt("Task", text, task, known=document.tasks()), named)

    def action_replace(self) -> None:
        """Replace words in all selected examples, or in all that are listed."""
        if (document := self.ready()) is None:
            return
        chosen, listed = self.rows.chosen.copy(), self.rows.order
        count = len(chosen) or len(listed)

        def asked(words: tuple[str, str] | None) -> None:
            if words is not None:
                size = plans.reach(count, chosen or listed)
                self.make(lambda: plan(*words), size, done)

        def plan(old: str, new: str) -> Edit | None:
            meant = chosen if chosen else Selection(len(document), listed)
            return plans.replace(document, meant.places(), old, new)

        def done(edit: Edit | None) -> None:
            if edit is None:
                self.say_shortly("No example that can be edited has these words.")
            else:
                self.after_edit()
                self.say_shortly(f"Done: {edit.label}; u takes it back.")

        self.app.push_screen(ReplaceForm(count), asked)

    def _edit_all(self, plan: PlanFor, meant: Selection | None = None) -> None:
        """Edit these examples: the selected ones, or the one at the cursor, where nothing else is said."""
        if (document := self.ready()) is not None and (chosen := meant or self.rows.meant()):
            self.make(lambda: plan(document, chosen.places()), plans.reach(len(chosen), chosen))

    # --- back and forth -----------------------------------------------------------------------------------------------

    def action_undo(self) -> None:
        """Take the last edit back."""
        self._step("undo", "Undone", "There is nothing to undo.")

    def action_redo(self) -> None:
        """Do again what was undone last."""
        self._step("redo", "Done again", "There is nothing to do again.")

    def _step(self, way: Literal["undo", "redo"], how: str, nothing: str) -> None:
        if (document := self.ready()) is None:
            return
        step = document.next_step(way)
        if step is None:
            self.say_shortly(nothing)
            return

        def gone(edit: Edit | None) -> None:
            self.rows.clear_chosen()
            self.go_to_edit(edit)
            self.say_shortly(f"{how}: {step.label}")

        self.make(lambda: document.as_it_stands(step), step.size, gone)
