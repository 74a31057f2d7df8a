"""The user's own keys: what is wrong with them, in words.

Textual passes over what it does not know, and of two actions with one key it keeps one.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import _normalize_key_list, key_to_character
from textual.screen import Screen

from engine.errors import Problem, did_you_mean
from tui import screens
from tui.plain_text import plain_text
from tui.settings import settings_of

NAMED = {key.value for keys in ANSI_SEQUENCES_KEYS.values() if isinstance(keys, tuple) for key in keys}
"""Keys for which terminals send something of their own."""

ARRIVES_AS = {"ctrl+h": "Backspace", "ctrl+i": "Tab", "ctrl+m": "Enter"}
"""Keys for which terminals send the same as for another."""

EXPECTED = "one as `n`, `f5` or `ctrl+n`"

MOST_SAID = 3
"""Findings in one message: it has to fit on a small screen."""

Keys = Mapping[str, set[str]]
"""Id of an action -> its keys."""


async def say_wrong_keys(main: Screen[Any], file: Path) -> None:
    """Say what is wrong with the keys that the settings in this file give to actions."""
    if not (chosen := settings_of(main.app).keys):
        return
    await asyncio.to_thread(screens.import_all)
    if problems := [plain_text(str(each)) for each in wrong_keys(chosen, list(_together(main)))]:
        more = [f"And {len(problems) - MOST_SAID} more."] * (len(problems) > MOST_SAID)
        text = "\n".join([plain_text(f"{file}, [keys]:"), *problems[:MOST_SAID], *more])
        main.notify(text, severity="warning", markup=False, timeout=20)


def wrong_keys(chosen: Mapping[str, str], together: Sequence[Keys]) -> Iterator[Problem]:
    """Actions that there are not, keys that no terminal sends, keys that two actions would have at one time.

    Args:
        chosen: keys with commas between, by the id of an action.
        together: the actions that work at one time, with the keys that they come with; for every such time.
    """
    known = {name for keys in together for name in keys}
    own = _split(chosen)
    for name, keys in own.items():
        if name not in known:
            yield Problem(key=f'"{name}"', found="no such action", hint=did_you_mean(name, known))
            continue
        for key in sorted(keys):
            if not _is_sent(key):
                yield Problem(key=f'"{name}"', found=_unsent(key), expected=EXPECTED, hint=_instead(key))
            elif others := {other for at_once in together for other in _rivals(name, key, at_once, own)}:
                also = " and ".join(f'"{other}"' for other in sorted(others))
                yield Problem(key=f'"{name}"', found=f"`{key}` is also the key of {also}", hint="only one can have it")


def _rivals(name: str, key: str, at_once: Keys, own: Keys) -> Iterator[str]:
    """Other actions with this key at the same time, but for those that the app itself gives the same key."""
    if name in at_once:
        for other, keys in at_once.items():
            if other != name and key in own.get(other, keys) and not keys & at_once[name]:
                yield other


def _together(main: Screen[Any]) -> Iterator[Keys]:
    """What works at one time on the main screen, and on every other screen and widget by itself."""
    for node in main.walk_children(with_self=True):
        yield _keys_of(type(each) for each in node.ancestors_with_self)
    yield from (_keys_of([each]) for each in _ours(DOMNode))


def _ours(kind: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for each in kind.__subclasses__():
        if each.__module__.startswith("tui."):
            yield each
        yield from _ours(each)


def _keys_of(kinds: Iterable[type]) -> Keys:
    bindings = [each for kind in kinds for base in kind.__mro__ for each in vars(base).get("BINDINGS", ())]
    return _split({each.id: each.key for each in bindings if isinstance(each, Binding) and each.id})


def _split(keys: Mapping[str, str]) -> Keys:
    return {name: set(_normalize_key_list(each).split(",")) for name, each in keys.items()}


def _is_sent(key: str) -> bool:
    return key in NAMED or key_to_character(key.removeprefix("alt+")) is not None


def _unsent(key: str) -> str:
    return f"terminals send no `{key}`" if key else "a key is missing"


def _instead(key: str) -> str:
    if key in ARRIVES_AS:
        return f"it arrives as {ARRIVES_AS[key]}"
    return did_you_mean(key.lower(), NAMED) if key else "a comma is written as `comma`"
