"""Pictures of the console in its states."""

import pytest
from textual.pilot import Pilot

from engine.protocol import Token
from tests.tui.answers import ADD, BASE, BOTH, MODELS, ODD, ConsoleApp, said
from tests.tui.picture import Picture, at_both_sizes
from tui import themes
from tui.exchange import AskableModel

Size = tuple[int, int]


async def answered(pilot: Pilot[None]) -> None:
    """A wrong answer that goes on, a wrong one, a right one; then one that is right but goes on, one that fails."""
    app = pilot.app
    assert isinstance(app, ConsoleApp)
    await ask(pilot, "Reverse hello")
    shares = (0.7, 0.9, 0.99, 0.99, 0.99, 0.4, 0.99, 0.96, 0.99, 0.99, 0.99, 0.3, 0.1, 0.5, 0.7, 0.9)
    app.pane.add_answer(1, BASE.ref, said("hello hello hello", *shares, stops=False))
    app.pane.add_answer(1, ADD.ref, said("11", 0.6, 0.45))
    app.pane.add_answer(1, BOTH.ref, said("olleh", 0.99, 0.98))
    await ask(pilot, "Add 1 and 2")
    app.pane.add_answer(2, BASE.ref, said("3 3 3 3", 0.3, stops=False))
    app.pane.add_answer(2, ADD.ref, said("3", 0.999, note="the model does not know: ä"))
    app.pane.add_answer(2, BOTH.ref, None, "This run has no checkpoint yet. Wait for its first one.")


async def ask(pilot: Pilot[None], prompt: str) -> None:
    assert isinstance(pilot.app, ConsoleApp)
    pilot.app.prompt.put(prompt)
    await pilot.press("enter")
    await pilot.pause()


@at_both_sizes
def test_before_the_first_prompt(picture: Picture, size: Size) -> None:
    assert picture(ConsoleApp(), size)


@at_both_sizes
def test_an_instruction_of_the_dataset_is_offered(picture: Picture, size: Size) -> None:
    assert picture(ConsoleApp(), size, "R", "e")


@at_both_sizes
def test_answers_stream_in(picture: Picture, size: Size) -> None:
    async def streaming(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, ConsoleApp)
        await ask(pilot, "Reverse hello")
        pilot.app.pane.add_answer(1, BASE.ref, said("hello", 0.6))
        for letter in "oll":
            pilot.app.pane.add_token(1, ADD.ref, Token(letter, 0.7))
        pilot.app.pane._show_changes()

    assert picture(ConsoleApp(), size, before=streaming)


@at_both_sizes
def test_answers_of_several_models(picture: Picture, size: Size) -> None:
    assert picture(ConsoleApp(), size, before=answered)


@at_both_sizes
def test_a_token_in_hand(picture: Picture, size: Size) -> None:
    assert picture(ConsoleApp(), size, "shift+tab", "home", "right", "right", before=answered)


@at_both_sizes
def test_odd_texts(picture: Picture, size: Size) -> None:
    async def odd(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, ConsoleApp)
        app.pane.set_models(
            [AskableModel("x", "[b]odd[/] \x1b[2J name"), AskableModel("y", "你好 👩\u200d🚀")], ["x", "y"]
        )
        await ask(pilot, ODD)
        app.pane.add_answer(1, "x", said(ODD, *[0.99, 0.3] * 30, stops=False))
        app.pane.add_answer(1, "y", None, "[red]no[/] \x1b[31m")
        app.prompt.put(ODD)

    assert picture(ConsoleApp(), size, "shift+tab", "up", "right", before=odd)


@at_both_sizes
def test_the_engine_is_gone(picture: Picture, size: Size) -> None:
    async def gone(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, ConsoleApp)
        await ask(pilot, "Reverse hello")
        pilot.app.pane.add_answer(1, BASE.ref, said("hello"))
        pilot.app.pane.set_connection("The engine is gone.")

    assert picture(ConsoleApp(), size, before=gone)


@at_both_sizes
def test_settings_that_cannot_be(picture: Picture, size: Size) -> None:
    assert picture(ConsoleApp(), size, "f3", "tab", "tab", "2", "enter")


@at_both_sizes
def test_choosing_models(picture: Picture, size: Size) -> None:
    assert picture(ConsoleApp(), size, "f2", "j", "space")


@pytest.mark.parametrize("theme", [themes.LIGHT.name, themes.ANSI_DARK.name, themes.ANSI_LIGHT.name])
def test_other_themes(picture: Picture, theme: str) -> None:
    assert picture(ConsoleApp(theme=theme), (80, 24), "shift+tab", "home", "right", before=answered)


def test_without_colours(picture: Picture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert picture(ConsoleApp(), (80, 24), "shift+tab", "home", "right", before=answered)


def test_many_models_in_a_small_console(picture: Picture) -> None:
    async def many(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, ConsoleApp)
        models = [*MODELS, *(AskableModel(f"run{n}", f"a-tuning-with-quite-a-long-name-{n}") for n in range(9))]
        app.pane.set_models(models, [model.ref for model in models])
        await ask(pilot, "Reverse hello")
        for model in models:
            app.pane.add_answer(1, model.ref, said("olleh" * 20))

    assert picture(ConsoleApp(), (80, 24), before=many)
