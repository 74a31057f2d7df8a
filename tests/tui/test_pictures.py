"""Pictures of the main screen in its states."""

from engine.workspace import Workspace
from tests.tui.fake_engine import FakeEngine
from tests.tui.picture import Picture, at
from tui.app import TunetuiApp


@at((80, 24), (120, 40), (60, 16), (50, 12))
def test_the_main_screen(picture: Picture, workspace: Workspace, size: tuple[int, int]) -> None:
    assert picture(TunetuiApp(workspace=workspace, engine=FakeEngine()), size)
