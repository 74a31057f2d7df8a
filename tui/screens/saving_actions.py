"""Saving, importing, exporting and leaving on the main screen: all that puts the document somewhere."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import count
from pathlib import Path

from textual.binding import Binding

from engine import scenario_library
from engine.document import Document
from engine.document_files import read_new
from engine.document_parts import Snapshot, Written
from engine.document_saving import ChangedUnderneath, export, write_copy, write_edits
from engine.edit_plans import insert_new
from engine.errors import EngineError, InputError
from engine.examples import counted
from engine.formats import shape_named
from tui.external_editor import opened_in_editor
from tui.remembered import remember, remembered
from tui.screens.choice import Answer, ChoiceScreen
from tui.screens.document_actions import DocumentActions
from tui.screens.line_prompt import LinePrompt


class SavingActions(DocumentActions):
    """The part of the main screen that writes and reads files other than by opening them."""

    BINDINGS = [
        Binding("ctrl+s", "save", "Save", id="document.save", show=False, tooltip="Write the edits to their files."),
        Binding("W", "save_as", "Save as", id="document.save_as", show=False,
                tooltip="Write scenario and data to another place and go on there."),
        Binding("i", "import_examples", "Import", id="document.import", show=False,
                tooltip="Add the examples of a file: JSONL, JSON, CSV, TSV or Parquet."),
        Binding("ctrl+x", "export_examples", "Export", id="document.export", show=False,
                tooltip="Write the listed examples to a file, also for other tools: Alpaca, ShareGPT, messages."),
        Binding("E", "edit_scenario", "Edit scenario", id="document.edit", show=False,
                tooltip="Edit the scenario file in the editor that $EDITOR names."),
    ]  # fmt: skip

    # --- saving -------------------------------------------------------------------------------------------------------

    def action_save(self) -> None:
        """Write the edits to their files."""
        if (document := self.document) is None or self.examples.busy("listed"):
            return
        if self._is_built_in():
            self.action_save_as()
        elif document.dirty:
            self._while_held(self.save_document)
        else:
            self.say("Everything is saved.")

    def _while_held(self, write: Callable[[], Awaitable[object]]) -> None:
        """Write in the background. Nothing is edited from this moment on: it would be neither written nor kept."""
        examples = self.examples
        if examples.busy("listed"):
            return

        async def held() -> None:
            try:
                await write()
            finally:
                examples.being.discard("saved")

        examples.being.add("saved")
        self.in_background(held, "save")

    async def save_document(self, overwrite: bool = False) -> bool:
        """Save in place. Whether it was done; if not, it is said why, or a way out is offered."""
        if (document := self.document) is None:
            return True
        try:
            written = await self.examples.meanwhile("saving", partial(write_edits, document, overwrite=overwrite))
        except ChangedUnderneath as refusal:
            self._offer_ways_out(refusal)
            return False
        except (InputError, EngineError) as error:
            self.say(str(error), "error")
            return False
        self._saved(document, written, f"Saved {', '.join(path.name for path in written.paths)}")
        return True

    def _saved(self, document: Document, written: Written, text: str) -> None:
        document.saved(written)
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
                self._while_held(partial(self.save_document, overwrite=True))
            elif answer == "as":
                self.action_save_as()

        text = f"{names} was changed or removed by somebody else since it was opened here."
        self.app.push_screen(ChoiceScreen("Not saved", text, answers), answered)

    def action_save_as(self) -> None:
        """Ask for a place and write everything there."""
        self._ask_where(lambda: None)

    def _ask_where(self, then: Callable[[], object]) -> None:
        if (document := self.document) is None:
            return
        built_in = self._is_built_in()
        text = "The path of a scenario file (.toml). Its data files go beside it."
        if built_in:
            text = f"This scenario comes with tunetui and stays as it is; your version is a copy. {text}"

        def named(value: str | None) -> None:
            if value:
                self._while_held(partial(self._save_as, Path(value).expanduser(), then))

        proposed = scenario_library.own_folder() / document.path.name if built_in else free_place(document.path)
        self.app.push_screen(LinePrompt("Save as", text, str(proposed), wrong=wrong_scenario_name), named)

    async def _save_as(self, path: Path, then: Callable[[], object]) -> None:
        if (document := self.document) is None:
            return
        try:
            written = await self.examples.meanwhile("saving", partial(write_copy, document, path.absolute()))
        except (InputError, EngineError) as error:
            self.say(str(error), "error")
            return
        self._saved(document, written, f"Saved as {path}")
        kept = remembered(self.workspace)
        kept.opened(document.path)
        remember(self.workspace, kept)
        self.call_after_refresh(then)

    def _is_built_in(self) -> bool:
        """Whether the scenario comes with tunetui, and so stays as it is."""
        return bool(self.document and scenario_library.is_built_in(self.document.path))

    # --- in and out ---------------------------------------------------------------------------------------------------

    def action_import_examples(self) -> None:
        """Ask for a file and add its examples."""
        text = "A file of examples: .jsonl, .json, .csv, .tsv or .parquet."

        def named(value: str | None) -> None:
            if value and (document := self.examples.ready()):
                self.examples.being.add("imported")
                self.in_background(partial(self._import, document, Path(value).expanduser()), "import")

        if self.document is not None:
            self.app.push_screen(LinePrompt("Import examples", text), named)

    async def _import(self, document: Document, path: Path) -> None:
        try:
            part, _ = document.insertion_place(len(document))
            read = partial(read_new, path, document.parts[part])
            new, wrong = await self.examples.meanwhile(f"reading {path.name}", read)
            edit = await self.examples.make_meanwhile(document, lambda: insert_new(document, len(document), new))
        except InputError as error:
            self.say(str(error), "error")
        else:
            left_out = f"; {wrong:,} rows were wrong and left out" if wrong else ""
            them = "it" if len(new) == 1 else "them"
            self.examples.go_to_edit(edit)
            self.say(f"{counted(len(new))} from {path.name}{left_out}. u takes {them} back.")
        finally:
            self.examples.being.discard("imported")

    def action_export_examples(self) -> None:
        """Ask for a file and write the listed examples to it."""
        if (document := self.document) is None:
            return
        snapshot, places = document.snapshot(), self.examples.rows.order

        def named(value: str | None) -> None:
            if value:
                self.in_background(partial(self._export, snapshot, places, Path(value).expanduser()), "export")

        stem = document.path.stem
        text = (
            f"{counted(len(places))}, in the format that the ending says: .jsonl, .json, .csv, .tsv, .parquet. "
            "For other tools, name the shape of the rows before it: .alpaca, .prompt-completion, .messages or "
            f".sharegpt, as in {stem}.messages.jsonl."
        )
        self.app.push_screen(LinePrompt("Export examples", text, f"{stem}.jsonl", wrong=wrong_export_name), named)

    async def _export(self, snapshot: Snapshot, places: Sequence[int], path: Path) -> None:
        try:
            count = await self.examples.meanwhile("exporting", partial(export, snapshot, places, path))
        except (InputError, EngineError) as error:
            self.say(str(error), "error")
        else:
            shape = shape_named(path)
            self.say(f"{counted(count)} written to {path}{'' if shape == 'own' else f', in the shape {shape}'}")

    def action_edit_scenario(self) -> None:
        """Edit the scenario file and open it again."""
        path = self.document.path if self.document else self.failed_path
        if path is None:
            return
        if self.document and self.document.dirty:
            self.say("Save your edits first (w): the editor would not see them.", "warning")
        elif self._is_built_in():
            self._ask_where(self.action_edit_scenario)
        elif not self.examples.busy("listed") and opened_in_editor(self.app, path):
            self.open(path)

    # --- leaving ------------------------------------------------------------------------------------------------------

    def leave(self) -> None:
        """End the app; ask first where edits are not saved."""
        if self.examples.busy("listed", "read", "imported", "saved"):
            return  # an edit that is being made would be neither done nor left out
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
                self._while_held(self._save_and_go)
            elif answer == "drop" and self.journal:
                self.journal.clear()
            if answer in ("keep", "drop"):
                self._go()

        count = self.document.edited
        text = f"{counted(count)} edited and not saved yet." if count else "Some edits are not saved."
        self.app.push_screen(ChoiceScreen("Leave tunetui?", text, answers), answered)

    async def _save_and_go(self) -> None:
        if self._is_built_in():
            self._ask_where(self._go)
        elif await self.save_document():
            self._go()

    def _go(self) -> None:
        self.keep_place()
        if self.journal:
            self.journal.close()
        self.app.exit()


def free_place(path: Path) -> Path:
    """Where a copy of a scenario finds nothing in its way, nor its data files: a new folder beside it."""
    folders = (path.with_name(f"{path.stem}-{number}") for number in count(2))
    return next(folder for folder in folders if not folder.exists()) / path.name


def wrong_scenario_name(value: str) -> str:
    """What is wrong with a path to save a scenario at; empty if nothing is."""
    path = Path(value).expanduser()
    if path.suffix != ".toml":
        return "The name of a scenario file ends in .toml."
    return "There is a file already: choose another name." if path.exists() else ""


def wrong_export_name(value: str) -> str:
    """What is wrong with a path to export to; empty if nothing is."""
    path = Path(value).expanduser()
    try:
        shape_named(path)
    except InputError as error:
        return str(error)
    return "There is a file already: choose another name." if path.exists() else ""
