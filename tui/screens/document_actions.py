"""The document on the main screen: opened, kept in a journal, looked at, and the place in it remembered."""

import asyncio
import time
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from engine.document import Document
from engine.document_files import open_document
from engine.document_parts import Snapshot
from engine.edit_plans import insert
from engine.edits import Edit
from engine.errors import EngineError, InputError
from engine.examples import Example
from engine.inspection import Inspection, inspect
from engine.journal import Journal, LeftBehind, left_behind
from engine.workspace import Workspace
from tui.forgiving import Forgiving
from tui.panes.dataset import DatasetPane
from tui.plain_text import plain_lines
from tui.remembered import remember, remembered
from tui.screens.choice import Answer, ChoiceScreen
from tui.screens.quiet_screen import QuietScreen
from tui.widgets.top_line import TopLine

MOST_KNOWN = 50_000
"""Examples by which prompts are completed and answers judged; more would take memory for little."""

PAUSE = 0.3
"""Seconds without an edit after which the examples are looked at again."""


class DocumentActions(QuietScreen[None], Forgiving):
    """The part of the main screen that owns the document."""

    workspace: Workspace
    document: Document | None = None
    journal: Journal | None = None
    tuning = ""
    """The tuning that is chosen; empty: the first."""
    _looking: "asyncio.Future[Inspection] | None" = None

    def __init__(self) -> None:
        super().__init__()
        self.opened = asyncio.Event()
        """A scenario was read, or could not be."""

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
        """Open a scenario; its files are read in a thread. What is open is not edited from this moment on."""
        if self.examples.busy("listed", "read"):
            return
        self.examples.being.add("read")
        self.in_background(partial(self._open, path), "open")

    async def _open(self, path: Path) -> None:
        pane = self.examples
        pane.say("Reading the scenario…")
        try:
            document = await pane.meanwhile("reading the scenario", partial(open_document, path))
        except (InputError, EngineError, OSError) as error:
            pane.being.discard("read")
            # What to do stands first: of many mistakes a small terminal shows some.
            found = str(error).replace(f"{path}:", f"{path.name}:")
            pane.say(f"E edits this scenario, o opens another one.\n\n{found}")
            self.document = pane.document = None
            self.failed_path = path
            self.query_one(TopLine).title = path.stem
            self.opened.set()
            return
        pane.being.discard("read")
        self.take(document)
        self.opened.set()
        if self.focused is None:  # the list was hidden meanwhile
            self.call_after_refresh(self.set_focus, pane.rows)
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
            find = partial(left_behind, self.workspace.folder / "journals", document.path)
            journals = await self.examples.meanwhile("reading edits that were not saved", find)
        except EngineError as error:
            self.say(str(error), "warning")
            return
        self.call_after_refresh(self._offer, journals, document)  # covered before, it would stay half laid out

    def _offer(self, journals: list[LeftBehind], document: Document) -> None:
        """One after the other: what one brings back is there when the next is asked about."""
        if not journals or document is not self.document:
            return
        journal, *others = journals
        when = time.strftime("%d %B, %H:%M", time.localtime(journal.head.time))
        count = len(journal.edits) + len(journal.behind)
        if not count:
            self.say(f"Edits that were not saved cannot be read. They are in {journal.path}.", "warning")
            self._offer(others, document)
            return
        edits = "An edit was" if count == 1 else f"{count:,} edits were"
        text = f"{edits} not saved when tunetui ended (begun on {when})."
        restore = Answer("r", "Restore them", "restore")
        if journal.damaged:
            text += " Their file is damaged: there may have been more."
        if not journal.fits(document):
            text += " The examples have changed since, so only the texts can be had back, as new examples."
            restore = Answer("r", "Add the texts as new examples", "texts")
        elif journal.behind:
            restore = Answer("r", "Restore them (later ones as new examples)", "restore")
        answers = [restore, Answer("l", "Later: ask again next time", "later"), Answer("d", "Delete them", "delete")]

        def answered(answer: str | None) -> None:
            self.in_background(partial(self._take_back, journal, answer or "later", others, document), "restore")

        self.app.push_screen(ChoiceScreen("Edits to restore", text, answers), answered)

    async def _take_back(self, journal: LeftBehind, answer: str, others: list[LeftBehind], document: Document) -> None:
        pane = self.examples
        pane.being.add("restored")
        try:
            as_texts = journal.behind
            if answer == "restore":
                for edit in journal.edits:
                    await pane.make_meanwhile(document, partial(document.check, edit))
            elif answer == "texts":
                as_texts = [*journal.edits, *journal.behind]
            if as_texts and answer in ("restore", "texts"):
                await pane.make_meanwhile(document, lambda: insert(document, len(document), journal.texts(as_texts)))
            if journal.damaged and answer in ("restore", "texts"):
                self.say(f"What could not be read stays in {journal.put_aside()}.")
            elif answer != "later":
                journal.remove()
        except (ValueError, EngineError) as error:
            self.say(f"They cannot be restored: {error}. They stay in {journal.path}.", "warning")
        finally:
            pane.being.discard("restored")
        pane.after_edit()
        self._offer(others, document)

    def on_editing_pane_edited(self) -> None:
        """Mark the document as edited, and look at it again soon."""
        self._show_title()
        self.inspect_soon()

    def _show_title(self) -> None:
        line = self.query_one(TopLine)
        line.title = self.document.scenario.title if self.document else ""
        edited = self.document is not None and self.document.dirty
        if edited != line.edited:
            line.edited = edited
            self.refresh_bindings()

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
        snapshot = document.snapshot()
        self._looking = asyncio.ensure_future(asyncio.to_thread(inspect, snapshot, self.tuning))
        try:
            found = await asyncio.shield(self._looking)
        except (InputError, EngineError, ValueError) as error:
            self.say(str(error), "warning")
            return
        if document is self.document:
            self.examples.inspected(found)
            await self.know_answers(await asyncio.to_thread(first_examples, snapshot))

    async def know_answers(self, rows: list[Example]) -> None:
        """For the other half of the screen: these are the examples now."""

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

    async def keep_place_if_moved(self) -> None:
        """Do so now and then, for whoever is killed."""
        if (place := (self.document, self.examples.rows.place, self.tuning)) != self._kept_place:
            self._kept_place = place
            await asyncio.to_thread(self.keep_place)

    _kept_place: object = None

    def say(self, text: str, severity: Any = "information") -> None:
        """A short message at the edge of the screen."""
        self.notify(plain_lines(text), severity=severity, markup=False, timeout=8)


def first_examples(document: Snapshot) -> list[Example]:
    """Those by which prompts are completed and answers judged."""
    return [row for _, row in islice(document.kept(), MOST_KNOWN)]
