"""Keys, resizes and events of the engine in any order: no mistake, and no example lost.

The walks of the suite are short. `RANDOM_WALKS=20 RANDOM_KEYS=500` in the environment makes twenty of them, each of
five hundred keys.
"""

import os
from pathlib import Path

import pytest

from tests.tui.random_walk import Walk

WALKS = int(os.environ.get("RANDOM_WALKS", 2))
KEYS = int(os.environ.get("RANDOM_KEYS", 120))


@pytest.mark.slow
@pytest.mark.timeout(60 + KEYS)
@pytest.mark.parametrize("seed", range(WALKS))
async def test_any_keys_do_no_harm(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if seed % 2:  # every edit as one of many examples, with a thread
        monkeypatch.setattr("tui.panes.editing.AT_ONCE", -1)
    walk = Walk(tmp_path, seed, monkeypatch)
    try:
        await walk.go(KEYS)
    except Exception as error:
        error.add_note(f"What was done: {' '.join(walk.steps)}")
        raise
