"""Keys, resizes and events in any order: no crash, and no example lost."""

from pathlib import Path
from random import Random

import pytest

from tests.tui.apps import app_on, document, press, running
from tests.tui.fake_engine import FakeEngine, Told, recording

KEYS = [
    *"123adDeEJKmbuUwxXisSf/:*tT crojkgG?,y.l",
    "enter", "escape", "escape", "escape", "tab", "shift+tab", "up", "down", "left", "right", "home", "end", "pageup",
    "pagedown", "backspace", "delete", "f1", "f2", "f3", "ctrl+s", "ctrl+p", "ctrl+r",
]  # fmt: skip
NAMES = {
    "/": "slash",
    ":": "colon",
    "*": "asterisk",
    " ": "space",
    "?": "question_mark",
    ",": "comma",
    ".": "full_stop",
}
SIZES = [(120, 40), (80, 24), (60, 16), (50, 12), (100, 28), (200, 60)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
async def test_any_keys_do_no_harm(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.delenv("VISUAL", raising=False)
    random = Random(seed)
    story = recording("finished", "ab12-tuning")
    engine = FakeEngine({"ab12-tuning": Told(story[:5], story[5:])}, scenario="greetings")
    async with running(app_on(tmp_path, engine)) as pilot:
        for number in range(150):
            key = random.choice(KEYS)
            await pilot.press(NAMES.get(key, key))
            if number % 10 == 0:
                await pilot.resize_terminal(*random.choice(SIZES))
                if engine.told["ab12-tuning"].to_come:
                    await engine.advance("ab12-tuning", 3)
        assert pilot.app.return_code is None
        while len(pilot.app.screen_stack) > 1:
            pilot.app.pop_screen()
        await press(pilot)
        edited = document(pilot)
        while edited.undo():
            pass

        original = [edited[place].instruction for place in range(len(edited))]
        assert original[:5] == ["Hello", "Bye", "Good morning", "Take care", "So long"]
