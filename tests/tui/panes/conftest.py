"""A console on the screen, for the tests of what is asked, typed and answered in it."""

from collections.abc import AsyncIterator

import pytest
from textual.pilot import Pilot

from tests.tui.answers import ConsoleApp
from tests.tui.picture import settled


@pytest.fixture
async def console() -> AsyncIterator[Pilot[None]]:
    app = ConsoleApp()
    async with app.run_test(size=(120, 20)) as pilot:
        await settled(pilot)
        yield pilot
