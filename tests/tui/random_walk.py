"""A walk at random through the app, and what must hold at every stop: no mistake, and no example lost."""

from pathlib import Path
from random import Random
from shutil import copy

import pytest
from textual import events
from textual.pilot import Pilot

from engine.document import Document
from engine.document_files import open_document
from engine.errors import EngineError, InputError
from engine.examples import Example
from engine.journal import left_behind
from engine.lock import is_held
from engine.marks import mark
from engine.requests import EngineStatus, RunSummary
from engine.workspace import Workspace
from tests.engine.documents import redo, restore, rows, undo, unmarked, written
from tests.tui.apps import app_on, main_screen, running
from tests.tui.fake_engine import FakeEngine, Told, recording
from tests.tui.matrices import mixtures
from tests.tui.picture import settled
from tests.tui.runs_on_disk import add_run

KEYS = [
    *"123adDeEJKmbuUUwxXisSf/:*tT crojkgG?,.lvynNp0+-[]<>hk",
    "enter", "enter", "escape", "escape", "escape", "escape", "tab", "shift+tab", "up", "down", "left", "right", "home",
    "end", "pageup", "pagedown", "backspace", "delete", "f1", "f2", "f3", "ctrl+s", "ctrl+p", "ctrl+r", "ctrl+x",
    "ctrl+y", "ctrl+a", "ctrl+z",
]  # fmt: skip
NAMES = {
    "/": "slash", ":": "colon", "*": "asterisk", " ": "space", "?": "question_mark", ",": "comma", ".": "full_stop",
    "+": "plus", "-": "minus", "[": "left_square_bracket", "]": "right_square_bracket", "<": "less_than_sign",
    ">": "greater_than_sign", "_": "underscore", "'": "apostrophe", "\\": "backslash", "~": "tilde", "$": "dollar_sign",
    "é": "é", "漢": "漢", "\"": "quotation_mark", "{": "left_curly_bracket", "}": "right_curly_bracket",
}  # fmt: skip
SIZES = [(120, 40), (80, 24), (60, 16), (50, 12), (100, 28), (200, 60), (20, 5)]
WORDS = ["Hello", "e", "greeting", "task:greet", "is:changed", "is:problem", "漢é", "[red]x", '"{', "7", "99", ""]
HOME = ("escape",) * 4 + ("1",)
TRIPS = [
    ("a", "n", "e", "w", "tab", "r", "ctrl+s"),
    ("e", "z", "ctrl+s"),
    ("e", "y", "escape", "k"),
    ("e", "enter", "enter", "x", "escape", "d"),
    ("b", "e", "tab", "o", "enter"),
    ("m", "t", "enter"),
    ("asterisk", "d"),
    ("x", "X", "D"),
    ("u", "u", "u"),
    ("w",),
    ("w", "a", "n", "ctrl+s"),
    ("d", "w", "e", "q", "ctrl+s"),
    ("slash", "e", "enter"),
    ("f", "down", "enter"),
    ("colon", "5", "enter"),
    ("W", "end", *("backspace",) * 5, "s", "full_stop", "t", "o", "m", "l", "enter"),
    ("i", *"imported.csv", "enter"),
    ("ctrl+x", "enter"),
    ("o",),
    ("o", "enter"),
    ("o", "enter", "l"),
    ("o", "enter", "r"),
    ("o", "down", "down", "enter"),
    ("o", "N", "enter"),
    ("o", "n", "enter"),
    ("r",),
    ("r", "p"),
    ("r", "p", "end", "home"),
    ("r", "D", "r"),
    ("r", "n", "enter"),
    ("c",),
    ("c", "right", "enter", "right", "enter", "down"),
    ("c", "n"),
    ("3", "H", "e", "l", "l", "o", "enter"),
    ("3", "H", "enter", "escape", "a", "ctrl+s"),
    ("3", "f2", "enter"),
    ("3", "f3", "enter"),
    ("2",),
    ("2", "t"),
    ("2", "enter"),
    ("comma", "right", "down", "right"),
    ("f1",),
    ("ctrl+p", "d", "u", "p", "enter"),
    ("ctrl+p", "down", "down", "enter"),
    ("q",),
]
"""Ways to every screen, from the examples."""


class Moody(FakeEngine):
    """Answers nothing while it is gone."""

    async def runs(self) -> list[RunSummary]:
        self._asked("runs")
        return await super().runs()

    async def status(self) -> EngineStatus:
        self._asked("status")
        return await super().status()

    def _asked(self, *call: object) -> None:
        super()._asked(*call)
        if self.connection == "gone" and call[0] not in ("connect", "close"):
            raise EngineError("The engine is gone.")


class Walk:
    """One walk. Everything it does follows from its seed, but for what threads do in between."""

    def __init__(self, folder: Path, seed: int, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.random = folder, Random(seed)
        self.pressed = 0
        self.steps: list[str] = []
        """What was done, for whoever looks for the reason of a failure."""
        self.screens: set[str] = set()
        """The names of those that were seen."""
        self.originals: dict[int, tuple[Document, list[Example]]] = {}
        """Documents by identity, and what they held when they were opened."""
        self.mistakes: list[BaseException] = []
        stories = {f"aa1{n}-{name}": recording(name) for n, name in enumerate(("add", "finished", "failed"))}
        for run, story in stories.items():
            add_run(Workspace(folder / "workspace"), run, story)
        self.engine = Moody(
            {run: Told(story[:5], story[5:]) for run, story in stories.items()},
            answers={"Hello": "greeting"},
            matrix=mixtures(),
            scenario="greetings",
        )
        self.scenario = written(folder)
        (folder / "imported.csv").write_text("instruction,response\nfrom afar,yes\n")
        patch.chdir(folder)
        patch.setenv("HOME", str(folder / "home"))
        patch.setattr("tui.screens.document_actions.open_document", self._open)
        patch.setattr("tui.forgiving.write_traceback", self.mistakes.append)
        patch.setattr("tui.screens.run_in_hand.export_run", _exported)
        patch.setattr("tui.external_editor.opened_in_editor", _edited)
        patch.setattr("tui.screens.saving_actions.opened_in_editor", _edited)

    def _open(self, path: Path) -> Document:
        document = open_document(path)
        self.originals[id(document)] = document, rows(document)
        return document

    # --- walking ------------------------------------------------------------------------------------------------------

    async def go(self, keys: int) -> None:
        """Press so many keys. Where the app ends, it is started anew in the same folder."""
        goal = self.pressed + keys
        while self.pressed < goal:
            self.steps.append("start")
            async with running(app_on(self.folder, self.engine, self.scenario)) as pilot:
                while self.pressed < goal and pilot.app.return_code is None:
                    await self._step(pilot)
                    self.screens.update(type(screen).__name__ for screen in pilot.app.screen_stack)
                    if self.random.random() < 0.15 and pilot.app.return_code is None:
                        await self.check(pilot)
                if pilot.app.return_code is None:
                    await self.check(pilot)

    async def _step(self, pilot: Pilot[None]) -> None:
        doing = self.random.choices(
            [self._key, self._burst, self._trip, self._type, self._resize, self._mood, self._tell],
            [40, 12, 16, 6, 4, 4, 6],
        )[0]
        await doing(pilot)
        if len(pilot.app.screen_stack) > 8:
            await self._press(pilot, "escape", "escape")

    async def _key(self, pilot: Pilot[None]) -> None:
        await self._press(pilot, self.random.choice(KEYS))

    async def _burst(self, pilot: Pilot[None]) -> None:
        """Keys faster than the app handles them."""
        keys = self.random.choices(KEYS, k=self.random.randint(2, 8))
        self._count(*keys)
        for key in keys:
            pilot.app.post_message(events.Key(NAMES.get(key, key), key if len(key) == 1 else None))
        await pilot.pause()

    async def _trip(self, pilot: Pilot[None]) -> None:
        keys = self.random.choice(TRIPS)
        if self.random.random() < 0.8:
            keys = (*HOME, *keys)
        await self._press(pilot, *keys)

    async def _type(self, pilot: Pilot[None]) -> None:
        await self._press(pilot, *self.random.choice(WORDS))

    async def _resize(self, pilot: Pilot[None]) -> None:
        size = self.random.choice(SIZES)
        self.steps.append(f"resize {size}")
        await pilot.resize_terminal(*size)

    async def _mood(self, pilot: Pilot[None]) -> None:
        """The engine is lost, or back, or refuses everything, or no more."""
        mood = self.random.choices(["lost", "back", "refuses", "willing"], [1, 3, 1, 3])[0]
        self.steps.append(f"engine {mood}")
        match mood:
            case "lost":
                self.engine.change("gone", "The engine has ended.")
            case "back":
                self.engine.change("connected")
            case "refuses":
                self.engine.refuse = "No, [b]never[/b]."
            case "willing":
                self.engine.refuse = ""
        await pilot.pause()

    async def _tell(self, pilot: Pilot[None]) -> None:
        """A run's story goes on."""
        if self.engine.told:
            run = self.random.choice(list(self.engine.told))
            self.steps.append(f"tell {run}")
            await self.engine.advance(run, self.random.choice([1, 3, 30]))
        await pilot.pause()

    async def _press(self, pilot: Pilot[None], *keys: str) -> None:
        for key in keys:
            if pilot.app.return_code is not None:
                return
            self._count(key)
            await pilot.press(NAMES.get(key, key))

    def _count(self, *keys: str) -> None:
        self.pressed += len(keys)
        self.steps += keys

    # --- what must hold -----------------------------------------------------------------------------------------------

    async def check(self, pilot: Pilot[None]) -> None:
        """No mistake was made; no example is lost by undoing, nor by a crash."""
        self.steps.append("check")
        await settled(pilot)
        if self.mistakes:
            raise self.mistakes[0]
        main = main_screen(pilot)
        if main.document is not None:
            self._survives_a_crash(main.document)
            self._survives_undoing(main.document)
            self._survives_a_crash(main.document)

    def _survives_undoing(self, document: Document) -> None:
        now, state = rows(document), _state(document)
        undone = 0
        while undo(document):
            undone += 1
        assert unmarked(document) == self.originals[id(document)][1]
        for _ in range(undone):
            assert redo(document)
        assert rows(document) == now
        assert _state(document) == state

    def _survives_a_crash(self, document: Document) -> None:
        """What the journal of the living app would give back, is what there is."""
        journals = self.folder / "workspace" / "journals"
        crashed = self.folder / "crashed"
        crashed.mkdir(exist_ok=True)
        try:
            fresh = open_document(document.path)
        except InputError:
            # Half a scenario is saved, too, but not opened: one whose examples, or all of a task, were deleted.
            assert not document.made
            return
        for path in journals.glob("*.jsonl"):
            if is_held(path.with_suffix(".lock")):
                copy(path, crashed)
        for journal in left_behind(crashed, document.path):
            assert journal.fits(fresh)
            restore(journal, fresh)
        for path in crashed.iterdir():
            path.unlink()
        assert rows(fresh) == rows(document)


def _state(document: Document) -> tuple[object, ...]:
    marks = [mark(row) for row in rows(document)]
    return marks, document.edited, document.dirty, document.counts()


async def _exported(*_: object) -> None:
    raise EngineError("This export fails.")


def _edited(app: object, path: Path) -> bool:
    """As if somebody wrote one more word."""
    if path.suffix == ".txt":
        path.write_text("edited " + path.read_text())
    return True
