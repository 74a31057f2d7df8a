from tests.tui.stage import Stage
from tui.widgets.model_view import ModelView


async def test_a_reason_for_showing_nothing_is_told_whole_and_with_it_what_may_be_wrong() -> None:
    view = ModelView()
    async with Stage(view).run_test(size=(30, 8)):
        view.reason = "It is not shown: the base brings its own way of making tokens."
        view.problem = "the same as example 3"

        assert str(view.render()).splitlines() == [
            "! the same as example 3",
            "It is not shown: the base",
            "brings its own way of making",
            "tokens.",
        ]
