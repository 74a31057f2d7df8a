from tests.tui.stage import Stage
from tui.widgets.engine_word import EngineWord


async def test_an_engine_that_is_there_is_no_trouble() -> None:
    word = EngineWord()
    async with Stage(word).run_test():
        word.show("connecting", "")
        assert word.display
        assert str(word.render()) == "… The engine starts."

        word.show("connected", "The engine is there.")
        assert not word.display
        assert "✗" not in str(word.render())
