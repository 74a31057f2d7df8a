import base64

import pytest
from textual.app import App

from tui.clipboard import CopiesThroughTmux, through_tmux


@pytest.fixture
async def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    texts: list[str] = []
    monkeypatch.setattr("textual.drivers.headless_driver.HeadlessDriver.write", lambda self, data: texts.append(data))
    return texts


async def copied(app: App[None], text: str, written: list[str]) -> list[str]:
    async with app.run_test():
        written.clear()
        app.copy_to_clipboard(text)
        return list(written)


async def test_the_terminal_is_asked_to_take_the_text(written: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    (sequence,) = await copied(CopiesThroughTmux(), "olleh 好", written)
    assert sequence == f"\x1b]52;c;{base64.b64encode('olleh 好'.encode()).decode()}\a"


async def test_in_tmux_the_terminal_around_it_is_asked_too(written: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMUX", "/somewhere,1,0")
    plain, wrapped = await copied(CopiesThroughTmux(), "olleh", written)
    assert wrapped == through_tmux("olleh")
    assert wrapped.startswith("\x1bPtmux;\x1b\x1b]52;c;")
    assert wrapped.removeprefix("\x1bPtmux;").removesuffix("\x1b\\").replace("\x1b\x1b", "\x1b") == plain


async def test_what_cannot_be_encoded_is_copied_as_well_as_it_can(written: list[str]) -> None:
    sequence = (await copied(CopiesThroughTmux(), "a\ud800b", written))[0]
    assert base64.b64decode(sequence.removeprefix("\x1b]52;c;").removesuffix("\a")) == b"a?b"
