"""The last line of a screen: the keys that matter where the focus is, and how to see all of them."""

from itertools import chain
from typing import Protocol, runtime_checkable

from textual import events
from textual.binding import ActiveBinding, Binding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

LAST = ("engine.reconnect", "app.help")
"""Ids of the bindings that stand at the right end, whatever else finds room."""

GAP = 2
"""Cells between two keys."""


@runtime_checkable
class WordsKeys(Protocol):
    """A widget or a screen whose keys do not always mean the same.

    Every key can be pressed at any time and is in the help; where it would do nothing, pressing it says why. It is not
    here then. Who words its keys calls `refresh_bindings` when another word is due.
    """

    def key_word(self, binding: Binding) -> str:
        """What the key does at this moment, in a word; empty: nothing."""
        ...


class KeyLine(Widget, can_focus=False):
    """`a Add  e Edit  / Find … f1 Help  ^p Palette`: as many keys as fit whole, those of the focused thing first."""

    DEFAULT_CSS = """
    KeyLine { dock: bottom; height: 1; padding: 0 1; text-wrap: nowrap; }
    """

    def on_mount(self) -> None:
        """Other keys stand here whenever other keys work."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def _bindings_changed(self, screen: Screen[object]) -> None:
        if screen is self.screen:
            self.refresh()

    def render(self) -> Content:
        """The keys left, and those at the right end."""
        left, right = (Content(" " * GAP).join(map(self._label, keys)) for keys in self._keys())
        return left.pad_right(self.content_size.width - left.cell_length - right.cell_length) + right

    def on_click(self, event: events.Click) -> None:
        """A click on a key is as good as pressing it."""
        left, right = self._keys()
        at, width = event.x - self.styles.padding.left, self.content_size.width
        for start, keys in ((0, left), (width - self._width(right), right)):
            for active in keys:
                cells = self._label(active).cell_length
                if start <= at < start + cells:
                    self.app.simulate_key(active.binding.key)
                start += cells + GAP

    def _keys(self) -> tuple[list[ActiveBinding], list[ActiveBinding]]:
        """What stands left, and what stands at the right end."""
        active = self.screen.active_bindings
        actions: dict[str, ActiveBinding] = {}
        for each in active.values():
            if each.binding.show and key_word(each):
                actions.setdefault(each.binding.action, each)
        last = [each for name in LAST for each in actions.values() if each.binding.id == name]
        left = [each for each in actions.values() if each.binding.id not in LAST]
        palette = active.get(self.app.COMMAND_PALETTE_BINDING)
        right = [*last, palette] if palette and not self.screen.is_modal else last
        if self._width(left, right) > self.content_size.width:
            right = last
        while left and self._width(left, right) > self.content_size.width:
            left.pop()
        return left, right

    def _label(self, active: ActiveBinding) -> Content:
        dim = "" if active.enabled else " dim"
        return Content.assemble(
            (self.app.get_key_display(active.binding), f"bold $footer-key-foreground{dim}"),
            (f" {key_word(active).capitalize()}", f"$footer-description-foreground{dim}"),
        )

    def _width(self, *parts: list[ActiveBinding]) -> int:
        labels = [self._label(active).cell_length + GAP for active in chain(*parts)]
        return max(0, sum(labels) - GAP)


def key_word(active: ActiveBinding) -> str:
    """What a key does at this moment."""
    node = active.node
    return node.key_word(active.binding) if isinstance(node, WordsKeys) else active.binding.description
