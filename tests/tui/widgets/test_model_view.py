from engine.seen import Seen
from tests.tui.stage import Stage
from tui.widgets.model_view import ModelView, summary


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


def test_what_is_wrong_and_the_sizes_are_told_before_what_has_less_weight() -> None:
    long = Seen([], tokens=8_607, limit=64, counted=601, unknown="", cuts=False)

    assert str(summary(long, 8_551, 120)) == (
        "✗ too long to train on: shorten it  and 8,551 more; 8,607 of 64 tokens; ═ 601 count in the loss"
    )
    assert str(summary(long, 8_551, 56)) == "✗ too long to train on: shorten it  8,607 of 64 tokens"
