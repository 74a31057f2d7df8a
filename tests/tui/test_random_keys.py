"""Keys, resizes and events of the engine in any order: no mistake, and no example lost."""

from pathlib import Path

import pytest

from tests.tui.random_walk import Walk


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
async def test_any_keys_do_no_harm(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = Walk(tmp_path, seed, monkeypatch)
    try:
        await walk.go(300)
    except BaseException as error:
        error.add_note(" ".join(walk.steps))
        raise
