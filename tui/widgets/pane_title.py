"""What stands in the upper border of a pane: its key and its name left, its facts right, the line between them."""

from textual.content import Content
from textual.widget import Widget

from tui.screens.opening import PANES, title_of


class TitledPane(Widget):
    """A pane whose title fills its width, with a line in the colour of its border."""

    def retitle(self) -> None:
        """Say the facts in the title. Called whenever the width or the colour may be another."""
        raise NotImplementedError

    def on_descendant_focus(self) -> None:
        """The border has another colour."""
        self.retitle()

    def on_descendant_blur(self) -> None:
        """The border has another colour."""
        self.retitle()

    def on_resize(self) -> None:
        """The width is another."""
        self.retitle()


def pane_title(pane: Widget, name: str, facts: Content) -> Content:
    """The title of one of the `PANES`: `1 Examples ─────────── 16,006 examples`.

    Where only one pane fits on the screen, the others stand beside it, as tabs that can be clicked. Facts are shortened
    where there is little room.
    """
    line = "$accent" if pane.has_focus_within else "$border-blurred"
    shown = PANES if pane.screen.has_class("-narrow") or pane.screen.has_class("-low") else (name,)
    tabs = Content("  ").join(_tab(other, of=name) for other in shown)
    room = pane.outer_size.width - 6 - tabs.cell_length - 4
    if room < 8 or not facts:
        return tabs
    facts = facts.truncate(room, ellipsis=True)
    fill = "─" * (room + 2 - facts.cell_length)
    quiet = Content.assemble((" ", "not bold"), (fill, f"not bold {line}"), (" ", "not bold"))
    return Content.assemble(tabs, quiet, facts.stylize_before("not bold $foreground 60%"))


def put_title(pane: Widget, title: Content) -> None:
    """Set what stands in the upper border. Textual draws the whole pane anew, so the same title is not set again."""
    if pane.border_title != title.markup:
        pane.border_title = title


def put_subtitle(pane: Widget, subtitle: Content | None) -> None:
    """The same for the lower border."""
    if pane.border_subtitle != (None if subtitle is None else subtitle.markup):
        pane.border_subtitle = subtitle


def _tab(name: str, *, of: str) -> Content:
    if name == of:
        return Content(title_of(name))
    return Content.styled(title_of(name), f"not bold $foreground 60% @click=screen.show_pane({PANES.index(name)})")
