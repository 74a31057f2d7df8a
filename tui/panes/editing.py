"""How the examples pane makes an edit: at once where it is about few examples, with a thread where it is about many."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from textual.containers import Container
from textual.content import Content
from textual.message import Message

from engine.document import Document, ReadOnly
from engine.edit_plans import AT_ONCE
from engine.edits import Edit
from engine.progress import hear
from tui.forgiving import Forgiving
from tui.plain_text import plain_text
from tui.widgets.example_list import ExampleList
from tui.widgets.pane_title import TitledPane, put_subtitle

LOOK = 0.25
"""Seconds between two looks how far something is."""

T = TypeVar("T")

Plan = Callable[[], Edit | None]
"""Gives an edit; None where there is nothing to do. It may be called in a thread, and raise `ReadOnly`."""


class EditingPane(Container, Forgiving, TitledPane):
    """A list of the examples of a document that can be edited."""

    class Edited(Message):
        """The document was changed."""

    document: Document | None
    being: set[str]
    """What happens to many examples at the moment, so that none can be edited: they are `listed` anew, `read`,
    `imported`, `restored`, `changed`, `saved`."""

    doing = False
    """Whether the lower border says what is done at the moment."""

    @property
    def rows(self) -> ExampleList:
        """The list of examples."""
        return self.query_one(ExampleList)

    def relist(self, at: int | None = None) -> None:
        """Make the list anew, with the cursor at a place, or where it stands."""
        raise NotImplementedError

    def make(self, plan: Plan, size: int, done: Callable[[Edit | None], None] | None = None) -> None:
        """Plan an edit and carry it out; that it cannot be done is said.

        Args:
            plan: gives the edit.
            size: about how many examples it looks at.
            done: called afterwards; without it the list is made anew if there was an edit.
        """
        if (document := self.document) is None:
            return
        then = done or self._relist_after
        if size > AT_ONCE:
            self.being.add("changed")
            self.in_background(partial(self._make_in_background, document, plan, then), "edit")
            return
        try:
            edit = plan()
            document.do(edit)
        except ReadOnly as refusal:
            self.say_shortly(str(refusal))
        else:
            then(edit)

    async def _make_in_background(self, document: Document, plan: Plan, done: Callable[[Edit | None], None]) -> None:
        edit = None
        try:
            edit = await self.make_meanwhile(document, plan)
        except ReadOnly as refusal:
            self.say_shortly(str(refusal))
        else:
            done(edit)
        if edit is None:
            self.relist()  # which says again what stood there before

    async def make_meanwhile(self, document: Document, plan: Plan) -> Edit | None:
        """Make an edit while the screen goes on: a thread plans it and writes it to the journal.

        It changes the document when all that is done, in a moment. So nobody sees half of it, and who is killed before
        finds either none of it in the journal or all.

        Raises:
            ReadOnly, ValueError: as the plan says.
        """

        def kept() -> Edit | None:
            edit = plan()
            if edit is not None:
                document.on_edit(edit)
            return edit

        self.being.add("changed")
        try:
            edit = await self.meanwhile("changing the examples", kept)
            if edit is not None:
                document.carry_out(edit)
            return edit
        finally:
            self.being.discard("changed")

    async def meanwhile(self, doing: str, work: Callable[[], T]) -> T:
        """Let a thread do something; if it takes long, the lower border says what it is, and how far."""
        far = 0.0

        def heard(share: float) -> None:
            nonlocal far
            far = share

        def done() -> T:
            hear(heard)
            return work()

        self.doing = True
        try:
            making = asyncio.ensure_future(asyncio.to_thread(done))
            while not (await asyncio.wait([making], timeout=LOOK))[0]:
                put_subtitle(self, Content(plain_text(f"{doing}…{f' {far:.0%}' * bool(far)}")))
            return await making
        finally:
            self.doing = False
            self.retitle()

    def _relist_after(self, edit: Edit | None) -> None:
        if edit is not None:
            self.after_edit()

    def go_to_edit(self, edit: Edit | None) -> None:
        """Make the list anew with the cursor where an edit was made."""
        if edit is not None and self.document is not None:
            first = edit.splices[0]
            self.after_edit(self.document.start_of(first.part) + first.at)

    def after_edit(self, place: int | None = None) -> None:
        """Make the list anew, with the cursor at a place or where it stands, and tell that something was edited."""
        self.relist(place)
        self.post_message(self.Edited())

    def ready(self) -> Document | None:
        """The document, unless there is none or it cannot be edited just now."""
        return None if self.document and self.busy() else self.document

    def busy(self, *but: str) -> bool:
        """Whether something happens to many examples that must not be disturbed; if so, it is said.

        Args:
            but: what may be going on nevertheless.
        """
        if doing := sorted(self.being.difference(but)):
            self.say_shortly(f"The examples are being {' and '.join(doing)}: one moment.")
        return bool(doing)

    def say_shortly(self, text: str) -> None:
        """A short message at the edge of the screen."""
        self.notify(plain_text(text), markup=False)
