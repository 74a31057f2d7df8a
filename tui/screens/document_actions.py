"""Opening and saving on the main screen: what happens to the document as a whole, and to its journal."""

import asyncio
import time
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from textual.binding import Binding
from textual.screen import Screen

from engine import scenario_library
from engine.document import Document
from engine.document_files import ChangedUnderneath, open_document, save, save_as
from engine.edits import Edit
from engine.errors import EngineError, InputError
from engine.examples import Example
from engine.formats import read, write
from engine.inspection import Inspection, inspect
from engine.journal import Journal, LeftBehind, left_behind
from engine.workspace import Workspace
from tui.external_editor import opened_in_editor
from tui.forgiving import Forgiving
from tui.panes.dataset import DatasetPane
from tui.plain_text import plain_text
from tui.remembered import remember, remembered
from tui.screens.choice import Answer, ChoiceScreen
from tui.screens.line_prompt import LinePrompt
from tui.widgets.top_line import TopLine

MOST_KNOWN = 50_000
"""Examples by which prompts are completed and answers judged; more would take memory for little."""

PAUSE = 0.3
"""Seconds without an edit after which the examples are looked at again."""


class DocumentActions(Forgiving, Screen[None]):
    """The half of the main screen that owns the document."""

    BINDINGS = [
        Binding("ctrl+s", "save", "Save", id="document.save", show=False, tooltip="Write the edits to their files."),
        Binding("W", "save_as", "Save as", id="document.save_as", show=False,
                tooltip="Write scenario and data to another place and go on there."),
        Binding("i", "import_examples", "Import", id="document.import", show=False,
                tooltip="Add the examples of a file: JSONL, JSON, CSV, TSV or Parquet."),
        Binding("ctrl+x", "export_examples", "Export", id="document.export", show=False,
                tooltip="Write the listed examples to a file."),
        Binding("E", "edit_scenario", "Edit scenario", id="document.edit", show=False,
                tooltip="Edit the scenario file in the editor that $EDITOR names."),
    ]  # fmt: skip

    workspace: Workspace
    document: Document | None = None
    journal: Journal | None = None
    tuning = ""
    """The tuning that is chosen; empty: the first."""
    _looking: "asyncio.Future[Inspection] | None" = None

    @property
    def examples(self) -> DatasetPane:
        """The examples pane."""
        return self.query_one(DatasetPane)

    # --- opening ------------------------------------------------------------------------------------------------------

    def choose_scenario(self) -> None:
        """Let another scenario be chosen. Edits of this one stay in the journal until it is opened again."""
        from tui.screens.open import OpenScreen  # the first frame does not wait for it

        recent = [Path(name) for name in remembered(self.workspace).recent]
        current = self.document.path if self.document else self.failed_path

        def chosen(path: Path | None) -> None:
            if path is None:
                return
            if self.document and self.document.dirty:
                self.say("Your edits are kept; they are offered when you open that scenario again.")
            self.keep_place()
            self.open(path)

        self.app.push_screen(OpenScreen(recent, current), chosen)

    def open(self, path: Path) -> None:
        """Open a scenario; its files are read in a thread."""
        self.in_background(partial(self._open, path), "open")

    async def _open(self, path: Path) -> None:
        pane = self.examples
        pane.say("Reading the scenario…")
        try:
            document = await asyncio.to_thread(open_document, path)
        except (InputError, EngineError, OSError) as error:
            pane.say(f"{error}\n\no opens another scenario, E edits this one.")
            self.document = pane.document = None
            self.failed_path = path
            self.query_one(TopLine).title = path.stem
            return
        self.take(document)
        await self._offer_what_was_left()

    failed_path: Path | None = None
    """The scenario that could not be opened."""

    def take(self, document: Document) -> None:
        """Show a document from now on."""
        if self.journal:
            self.journal.close()
        self.document, self.failed_path = document, None
        self.journal = Journal(self.workspace.folder / "journals", document)
        document.on_edit = self._journal_edit
        kept = remembered(self.workspace)
        kept.opened(document.path)
        remember(self.workspace, kept)
        name = str(document.path.absolute())
        self.tuning = kept.tunings.get(name, "")
        self.examples.show(document, min(kept.rows.get(name, 0), max(len(document) - 1, 0)))
        self._show_title()
        self.document_changed()
        self.inspect_soon()

    def document_changed(self) -> None:
        """For the other half of the screen: another document is open."""

    def _journal_edit(self, edit: Edit) -> None:
        try:
            if self.journal:
                self.journal.add(edit)
        except EngineError as error:
            self.say(f"The edit is made, but not safe from a crash: {error}", "warning")

    async def _offer_what_was_left(self) -> None:
        document = self.document
        if document is None:
            return
        try:
            journals = left_behind(self.workspace.folder / "journals", document.path)
        except EngineError as error:
            self.say(str(error), "warning")
            return
        for journal in journals:
            self._offer(journal, document)

    def _offer(self, journal: LeftBehind, document: Document) -> None:
        when = time.strftime("%d %B, %H:%M", time.localtime(journal.head.time))
        count = len(journal.edits)
        edits = "An edit was" if count == 1 else f"{count:,} edits were"
        text = f"{edits} not saved when tunetui ended (begun on {when})."
        restore = Answer("r", "Restore them", "restore")
        if not journal.fits(document):
            text += " The files have changed since, so only the texts can be had back, as new examples."
            restore = Answer("r", "Add the texts as new examples", "texts")
        answers = [restore, Answer("l", "Later: ask again next time", "later"), Answer("d", "Delete them", "delete")]

        def answered(answer: str | None) -> None:
            try:
                if answer == "restore":
                    journal.restore(document)
                elif answer == "texts":
                    document.insert(len(document), journal.texts())
                if answer in ("restore", "texts", "delete"):
                    journal.remove()
            except (ValueError, EngineError) as error:
                self.say(f"They cannot be restored: {error}. They stay in {journal.path}.", "warning")
            self.examples.relist()
            self._show_title()

        self.app.push_screen(ChoiceScreen("Edits to restore", text, answers), answered)

    # --- saving -------------------------------------------------------------------------------------------------------

    def action_save(self) -> None:
        """Write the edits to their files."""
        if (document := self.document) is None:
            return
        if document.path.is_relative_to(scenario_library.built_in_folder()):
            self.action_save_as()
        elif document.dirty:
            self.in_background(self.save_document, "save")
        else:
            self.say("Everything is saved.")

    async def save_document(self, overwrite: bool = False) -> bool:
        """Save in place. Whether it was done; if not, it is said why, or a way out is offered."""
        if (document := self.document) is None:
            return True
        try:
            paths = await asyncio.to_thread(save, document, overwrite=overwrite)
        except ChangedUnderneath as refusal:
            self._offer_ways_out(refusal)
            return False
        except (InputError, EngineError) as error:
            self.say(str(error), "error")
            return False
        self._saved(f"Saved {', '.join(path.name for path in paths)}")
        return True

    def _saved(self, text: str) -> None:
        if self.journal:
            self.journal.clear()
        self.examples.relist()
        self._show_title()
        self.say(text)

    def _offer_ways_out(self, refusal: ChangedUnderneath) -> None:
        names = ", ".join(path.name for path in refusal.paths)
        answers = [
            Answer("s", "Save my version under another name", "as"),
            Answer("o", "Overwrite it with my version", "overwrite"),
            Answer("b", "Back: change nothing", ""),
        ]

        def answered(answer: str | None) -> None:
            if answer == "overwrite":
                self.in_background(partial(self.save_document, overwrite=True), "save")
            elif answer == "as":
                self.action_save_as()

        text = f"{names} was changed or removed by somebody else since it was opened here."
        self.app.push_screen(ChoiceScreen("Not saved", text, answers), answered)

    def action_save_as(self) -> None:
        """Ask for a place and write everything there."""
        if (document := self.document) is None:
            return
        built_in = document.path.is_relative_to(scenario_library.built_in_folder())
        text = "The path of a scenario file (.toml). Its data files go beside it."
        if built_in:
            text = f"This scenario comes with tunetui and stays as it is; your version is a copy. {text}"

        def named(value: str | None) -> None:
            if value:
                self.in_background(partial(self._save_as, Path(value).expanduser()), "save")

        proposed = scenario_library.own_folder() / document.path.name if built_in else document.path
        self.app.push_screen(LinePrompt("Save as", text, str(proposed), wrong=wrong_scenario_name), named)

    async def _save_as(self, path: Path) -> None:
        if (document := self.document) is None:
            return
        try:
            await asyncio.to_thread(save_as, document, path.absolute())
        except (InputError, EngineError, OSError) as error:
            self.say(str(error), "error")
            return
        self._saved(f"Saved as {path}")
        kept = remembered(self.workspace)
        kept.opened(document.path)
        remember(self.workspace, kept)

    def on_example_actions_edited(self) -> None:
        """Mark the document as edited, and look at it again soon."""
        self._show_title()
        self.inspect_soon()

    def _show_title(self) -> None:
        line = self.query_one(TopLine)
        line.title = self.document.scenario.title if self.document else ""
        line.edited = self.document is not None and self.document.dirty

    # --- looking ------------------------------------------------------------------------------------------------------

    def inspect_soon(self) -> None:
        """Find out what the chosen tuning makes of the examples, when no more edits come."""
        self.in_background(self._inspect, "inspect")

    async def _inspect(self) -> None:
        await asyncio.sleep(PAUSE if self.examples.inspection.reader else 0)
        if self._looking:  # a thread cannot be stopped; the next one waits for it
            await asyncio.wait([self._looking])
        if (document := self.document) is None:
            return
        self._looking = asyncio.ensure_future(asyncio.to_thread(inspect, document.snapshot(), self.tuning))
        try:
            found = await asyncio.shield(self._looking)
        except (InputError, EngineError, ValueError) as error:
            self.say(str(error), "warning")
            return
        if document is self.document:
            self.examples.inspected(found)
            await self.know_answers([row for _, row in islice(document.snapshot().kept(), MOST_KNOWN)])

    async def know_answers(self, rows: list[Example]) -> None:
        """For the other half of the screen: these are the examples now."""

    # --- in and out ---------------------------------------------------------------------------------------------------

    def action_import_examples(self) -> None:
        """Ask for a file and add its examples."""
        text = "A file of examples: .jsonl, .json, .csv, .tsv or .parquet."

        def named(value: str | None) -> None:
            if value:
                self.in_background(partial(self._import, Path(value).expanduser()), "import")

        if self.document is not None:
            self.app.push_screen(LinePrompt("Import examples", text), named)

    async def _import(self, path: Path) -> None:
        try:
            result = await asyncio.to_thread(read, path, wrong_rows="skip")
        except InputError as error:
            self.say(str(error), "error")
            return
        self.examples.insert(result.examples)
        wrong = f"; {len(result.problems):,} rows were wrong and left out" if result.problems else ""
        self.say(f"{len(result.examples):,} examples from {path.name}{wrong}. u takes them back.")

    def action_export_examples(self) -> None:
        """Ask for a file and write the listed examples to it."""
        if (document := self.document) is None:
            return
        examples = [
            document[place] for place in self.examples.rows.order if document.mark(document[place]) != "deleted"
        ]

        def named(value: str | None) -> None:
            if value:
                self.in_background(partial(self._export, Path(value).expanduser(), examples), "export")

        text = f"{len(examples):,} examples, in the format that the ending says: .jsonl, .json, .csv, .tsv, .parquet."
        self.app.push_screen(LinePrompt("Export examples", text, f"{document.path.stem}.jsonl", wrong=taken), named)

    async def _export(self, path: Path, examples: list[Any]) -> None:
        try:
            await asyncio.to_thread(write, path, examples)
        except (InputError, EngineError) as error:
            self.say(str(error), "error")
        else:
            self.say(f"{len(examples):,} examples are in {path}")

    def action_edit_scenario(self) -> None:
        """Edit the scenario file and open it again."""
        path = self.document.path if self.document else self.failed_path
        if path is None:
            return
        if self.document and self.document.dirty:
            self.say("Save your edits first (w): the editor would not see them.", "warning")
        elif opened_in_editor(self.app, path):
            self.open(path)

    # --- leaving ------------------------------------------------------------------------------------------------------

    def on_unmount(self) -> None:
        """Let go of the journal: whatever is in it is offered at the next start."""
        if self.journal:
            self.journal.close()

    def keep_place(self) -> None:
        """Remember where one is, for the next start."""
        if self.document is not None:
            kept = remembered(self.workspace)
            kept.opened(self.document.path)
            name = str(self.document.path.absolute())
            kept.rows[name] = self.examples.rows.place or 0
            kept.tunings[name] = self.tuning
            remember(self.workspace, kept)

    def leave(self) -> None:
        """End the app; ask first where edits are not saved."""
        if self.document is None or not self.document.dirty:
            if self.journal:
                self.journal.clear()
            self._go()
            return
        answers = [
            Answer("s", "Save and leave", "save"),
            Answer("k", "Leave, and offer them again next time", "keep"),
            Answer("d", "Leave and drop them", "drop"),
            Answer("b", "Back", ""),
        ]

        def answered(answer: str | None) -> None:
            if answer == "save":
                self.in_background(self._save_and_go, "save")
            elif answer == "drop" and self.journal:
                self.journal.clear()
            if answer in ("keep", "drop"):
                self._go()

        count = self.document.edited
        text = f"{count:,} examples are edited and not saved." if count else "Some edits are not saved."
        self.app.push_screen(ChoiceScreen("Leave tunetui?", text, answers), answered)

    async def _save_and_go(self) -> None:
        if self.document and self.document.path.is_relative_to(scenario_library.built_in_folder()):
            self.action_save_as()
        elif await self.save_document():
            self._go()

    def _go(self) -> None:
        self.keep_place()
        if self.journal:
            self.journal.close()
        self.app.exit()

    def say(self, text: str, severity: Any = "information") -> None:
        """A short message at the edge of the screen."""
        self.notify(plain_text(text) if "\n" not in text else "\n".join(map(plain_text, text.split("\n"))),
                    severity=severity, markup=False, timeout=8)  # fmt: skip


def wrong_scenario_name(value: str) -> str:
    """What is wrong with a path to save a scenario at; empty if nothing is."""
    path = Path(value).expanduser()
    if path.suffix != ".toml":
        return "The name of a scenario file ends in .toml."
    return "There is a file already: choose another name." if path.exists() else ""


def taken(value: str) -> str:
    """What is wrong with a path to export to; empty if nothing is."""
    return "There is a file already: choose another name." if Path(value).expanduser().exists() else ""
