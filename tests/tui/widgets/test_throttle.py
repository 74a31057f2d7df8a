from textual.app import App

from tui.widgets.throttle import Throttle


async def test_calls_that_come_fast_become_one_now_and_one_later() -> None:
    app: App[None] = App()
    calls: list[int] = []
    async with app.run_test() as pilot:
        throttle = Throttle(app, 0.05, lambda: calls.append(1))
        for _ in range(5):
            throttle.ask()
        assert len(calls) == 1

        while len(calls) < 2:
            await pilot.pause(0.02)
        await pilot.pause(0.1)
        assert len(calls) == 2


async def test_what_a_person_did_is_drawn_without_waiting() -> None:
    app: App[None] = App()
    calls: list[int] = []
    async with app.run_test():
        throttle = Throttle(app, 60, lambda: calls.append(1))
        throttle.ask()
        throttle.ask()
        throttle.now()
        assert len(calls) == 2
