"""What the tests of several commands train, and where."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.protocol import Event, Step
from tui.cli import main

SCENARIO = """
title = "Sums"
prompts = ["Add 1 and 2"]
validation = 0.25
examples = [
    { instruction = "Add 1 and 2", response = "3", task = "add" },
    { instruction = "Add 3 and 4", response = "7", task = "add" },
    { instruction = "Add 1 and 3", response = "4", task = "add" },
    { instruction = "Add 2 and 5", response = "7", task = "add" },
]

[tunings.small]
steps = 3
model = { architecture = "transformer", width = 8, layers = 1, heads = 1, context = 24 }

[tunings.endless]
steps = 1000000
evaluate_every = 0
checkpoint_every = 0
model = { architecture = "transformer", width = 8, layers = 1, heads = 1, context = 24 }
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a scenario, and the workspace of the commands in it, whose engine is ended after the last test."""
    folder = tmp_path_factory.mktemp("commands")
    (folder / "sums.toml").write_text(SCENARIO)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TUNETUI_WORKSPACE", str(folder / "runs"))
        yield folder
        main(["engine", "stop"])


def press_ctrl_c_after_a_step(self: object, event: Event) -> None:
    """In place of what shows events."""
    if isinstance(event, Step):
        signal.raise_signal(signal.SIGINT)
