"""Where a font has nothing but ASCII, the app draws nothing else."""

from pathlib import Path

from textual._compositor import LayoutUpdate

from tests.tui.apps import app_on, press, running
from tests.tui.stage import TUI
from tui.ascii_only import SIGNS


def test_every_sign_of_the_app_has_one_ascii_character() -> None:
    used = {sign for source in TUI.rglob("*.py") for sign in source.read_text(encoding="utf-8") if not sign.isascii()}
    assert [sign for sign in sorted(used) if ord(sign) not in SIGNS] == []
    assert all(len(text) == 1 and text.isascii() for text in SIGNS.values())


async def test_the_setting_holds_at_once_and_for_everything(tmp_path: Path) -> None:
    async with running(app_on(tmp_path), (80, 24)) as pilot:
        await press(pilot, "comma", "down")
        drawn: list[object] = []
        pilot.app._display = lambda screen, renderable: drawn.append(renderable)  # type: ignore[method-assign]
        await press(pilot, "left")
        assert any(isinstance(each, LayoutUpdate) for each in drawn)  # all lines, not those alone that changed
        lines = ["".join(segment.text for segment in strip) for strip in pilot.app.screen._compositor.render_strips()]
        assert "ascii" in "".join(lines)
        assert all(map(str.isascii, lines))
