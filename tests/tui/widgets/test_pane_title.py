from textual.content import Content
from textual.widgets import Static

from tests.tui.stage import Stage
from tui.widgets.pane_title import put_subtitle, put_title


class Counted(Static):
    """Counts how often it is to be drawn."""

    draws = 0

    def refresh(self, *args: object, **options: object) -> "Counted":
        self.draws += 1
        return super().refresh(*args, **options)  # type: ignore[arg-type]


async def test_a_title_that_stays_the_same_draws_nothing_anew() -> None:
    pane = Counted()
    async with Stage(pane).run_test():
        for title in ("1 Examples [red] · 3", "1 Examples [red] · 4"):
            put_title(pane, Content(title))
            put_subtitle(pane, Content("loss"))
            drawn = pane.draws
            put_title(pane, Content(title))
            put_subtitle(pane, Content("loss"))

            assert pane.draws == drawn
            assert pane._border_title is not None
            assert pane._border_title.plain == title
        put_subtitle(pane, None)
        assert pane.border_subtitle is None
