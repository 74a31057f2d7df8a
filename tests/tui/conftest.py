"""What several tests of the command line need."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tui.cli import main


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
