"""What several tests of the command line need."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from pytest_textual_snapshot import SVGImageExtension
from textual.app import App
from textual.pilot import Pilot

from tests.tui.picture import Before, Picture, settled
from tests.tui.shared_styles import share_styles
from tests.tui.stillness import all_handled
from tui.cli import main
from tui.widgets.throttle import Throttle

# The name that newer versions of syrupy look for; without it the pictures are not called .svg.
SVGImageExtension.file_extension = "svg"


class Outcome(NamedTuple):
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str


Tunetui = Callable[..., Outcome]


@pytest.fixture
def tunetui(capfd: pytest.CaptureFixture[str]) -> Iterator[Tunetui]:
    """`tunetui ARGUMENTS` in this process; the workspace is the test's own."""
    former = signal.getsignal(signal.SIGTERM)

    def run(*arguments: str | Path) -> Outcome:
        capfd.readouterr()
        status = main([str(argument) for argument in arguments])
        return Outcome(status, *capfd.readouterr())

    yield run
    signal.signal(signal.SIGTERM, former)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at edits at once, not when no more of them come."""
    monkeypatch.setattr("tui.screens.document_actions.PAUSE", 0.0)


@pytest.fixture(scope="session", autouse=True)
def shared_styles() -> Iterator[None]:
    """Read each style sheet once."""
    with pytest.MonkeyPatch.context() as patch:
        share_styles(patch)
        yield


@pytest.fixture(autouse=True)
def no_sleeping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Go on as soon as a key is handled."""
    for module in ("textual.pilot", "textual.app"):
        monkeypatch.setattr(f"{module}.wait_for_idle", all_handled)


@pytest.fixture
def picture(snap_compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch) -> Picture:
    """`picture(app, (80, 24), "down", "e")`: press the keys, wait until all is still, compare with the picture.

    `before` may do more than press keys. Nothing moves: no animation, no blinking cursor. `make snapshots` draws anew.
    """
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setattr(Throttle, "ask", Throttle.now)

    def compare(app: App[None], size: tuple[int, int], *keys: str, before: Before | None = None) -> bool:
        app.animation_level = "none"

        async def prepare(pilot: Pilot[None]) -> None:
            await settled(pilot)
            if before:
                await before(pilot)
            for key in keys:
                await pilot.press(key)
                await settled(pilot)
            await settled(pilot)

        same = snap_compare(app, terminal_size=size, run_before=prepare)
        assert not app.return_code, "the app failed; a test without a picture shows why"
        return same

    return compare
