import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from engine.errors import EngineError
from engine.protocol import Failed
from engine.run_label import RunLabel, label_of, write_label
from engine.summary import Summaries
from engine.workspace import Workspace
from tests.tui.fake_engine import recording
from tests.tui.heard import Heard
from tests.tui.picture import Picture, at, at_both_sizes, settled
from tests.tui.runs_on_disk import add_run, recorded_workspace
from tests.tui.stage import Stage
from tui.run_wishes import OfRun, Pause, Resume
from tui.screens import run_in_hand
from tui.screens.replay import ReplayScreen
from tui.screens.run_questions import no_folder
from tui.screens.runs import RunsScreen
from tui.widgets.key_line import KeyLine
from tui.widgets.loss_chart import LossChart
from tui.widgets.prompt_table import PromptTable
from tui.widgets.run_table import RunTable

INTERRUPTED, FAILED, ADD, FINISHED, TORN = range(5)
"""Places in the list: newest first, what cannot be read last."""


@asynccontextmanager
async def opened(
    workspace: Workspace, row: int = 0, *, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[RunsScreen, Pilot[None], Heard]]:
    screen = RunsScreen(workspace, Summaries(workspace).read())
    heard = Heard()
    async with Stage(screen).run_test(size=size, message_hook=heard) as pilot:
        await settled(pilot)
        await pilot.press(*["down"] * row)
        await settled(pilot)
        yield screen, pilot, heard


@pytest.fixture
def recorded(tmp_path: Path) -> Workspace:
    return recorded_workspace(tmp_path / "workspace")


def listed(screen: RunsScreen) -> list[str]:
    table = screen.query_one(RunTable)
    names = [re.search(r"[▶✓·✗‖!■] (\S+)", str(option.prompt)) for option in table.options]
    return [name[1] for name in names if name] if table.display else []


def facts(screen: RunsScreen) -> str:
    return str(screen.query_one(".facts Static", Static).content)


def drawn(screen: RunsScreen) -> list[str]:
    return [curve.name for curve in screen.query_one(LossChart).curves()]


async def test_the_run_at_work_stands_above_those_that_wait(recorded: Workspace) -> None:
    states = {"bbbb-fine-tune-add": "running", "dddd-instruction-tune": "queued"}
    async with opened(recorded) as (screen, pilot, _):
        runs = Summaries(recorded).read()
        screen.show([msgspec.structs.replace(run, state=states.get(run.id, run.state)) for run in runs])
        await settled(pilot)
        assert listed(screen)[:2] == ["fine-tune-add", "instruction-tune"]


async def test_live_runs_come_first_then_the_newest(recorded: Workspace) -> None:
    run = add_run(recorded, "eeee-old", [], hour=0)
    with run.lock():
        async with opened(recorded) as (screen, _, _):
            assert listed(screen) == [
                "old",
                "instruction-tune",
                "too-fast",
                "fine-tune-add",
                "instruction-tune",
                "zzzz-torn",
            ]


async def test_the_search_looks_at_names_tunings_scenarios_and_states(recorded: Workspace) -> None:
    async with opened(recorded) as (screen, pilot, _):
        await pilot.press("slash", *"two_ fin")
        assert listed(screen) == ["fine-tune-add", "instruction-tune"]
        await pilot.press(*" x")
        assert listed(screen) == []
        await pilot.press("escape")
        assert len(listed(screen)) == 5


async def test_the_facts_tell_what_one_wants_to_know_later(recorded: Workspace) -> None:
    async with opened(recorded, ADD) as (screen, pilot, _):
        told = facts(screen)
        assert "seed        3" in told
        assert "made with   tunetui 1.0 · torch 2.13 · Python 3.12" in told
        await pilot.press("d")
        assert 'title = "Sums and words turned round"' in facts(screen)


async def test_chosen_runs_are_drawn_together_with_the_one_in_hand(recorded: Workspace) -> None:
    async with opened(recorded, ADD) as (screen, pilot, _):
        await pilot.press("x", "down")
        await settled(pilot)
        assert drawn(screen) == ["bbbb-fine-tune-add", "aaaa-instruction-tune"]


async def test_a_name_and_a_note_are_kept_with_the_run(recorded: Workspace) -> None:
    async with opened(recorded, FINISHED) as (screen, pilot, _):
        await pilot.press("n", *"best", "enter")
        await settled(pilot)
        await pilot.press("i", *"so far", "enter")
        await settled(pilot)
        assert label_of(recorded.find("aaaa")) == RunLabel(name="best", note="so far")
        assert "best" in listed(screen)
        assert "note        so far" in facts(screen)


async def test_names_and_notes_are_there_before_a_run_is_looked_at(recorded: Workspace) -> None:
    write_label(recorded.find("aaaa"), RunLabel(name="best", note="slow rate"))
    async with opened(recorded) as (screen, pilot, _):
        assert listed(screen)[FINISHED] == "best"
        await pilot.press("slash", *"slow")
        assert listed(screen) == ["best"]


async def test_answers_are_judged_by_the_examples_and_rules_of_the_run_itself(recorded: Workspace) -> None:
    async with opened(recorded, FINISHED) as (screen, pilot, _):
        (prompts,) = screen.query(PromptTable)
        assert re.search("Add 1 and 2 .* ✓", str(prompts.content))

        await pilot.press("p")
        await settled(pilot)
        replay = pilot.app.screen
        assert isinstance(replay, ReplayScreen)
        replay.play(1000.0)
        await settled(pilot)
        assert re.search("Add 1 and 2 .* ✓", str(replay.query_one(PromptTable).content))


async def test_a_long_fact_goes_on_below_its_beginning(recorded: Workspace) -> None:
    write_label(recorded.find("bbbb"), RunLabel(note="many words " * 9))
    async with opened(recorded, ADD) as (screen, _, _):
        first, second, *_ = facts(screen).splitlines()
        assert first.startswith("note        many") and second.startswith("            words")


async def test_two_runs_of_one_name_keep_their_curves(recorded: Workspace) -> None:
    for run in ("aaaa", "bbbb"):
        write_label(recorded.find(run), RunLabel(name="same"))
    async with opened(recorded, ADD) as (screen, pilot, _):
        await pilot.press("x", "down")
        await settled(pilot)
        assert drawn(screen) == ["same", "aaaa-instruction-tune"]


async def test_space_pauses_a_run_that_is_running(recorded: Workspace) -> None:
    with recorded.find("dddd").lock():
        runs = [msgspec.structs.replace(run, state="running") for run in Summaries(recorded).read()[:1]]
        async with opened(recorded) as (screen, pilot, heard):
            screen.show(runs)
            await pilot.press("space")
            await pilot.pause()
            assert [pause.run for pause in heard.of(Pause)] == ["dddd-instruction-tune"]


async def test_space_takes_a_run_that_waits_out_of_the_line(recorded: Workspace) -> None:
    runs = [msgspec.structs.replace(run, state="queued") for run in Summaries(recorded).read()[:1]]
    async with opened(recorded) as (screen, pilot, heard):
        screen.show(runs)
        assert "space Take out" in str(screen.query_one(KeyLine).render())
        await pilot.press("space")
        await pilot.pause()
        assert [pause.run for pause in heard.of(Pause)] == ["dddd-instruction-tune"]


async def test_space_lets_an_interrupted_run_go_on_and_no_other(recorded: Workspace) -> None:
    async with opened(recorded) as (_, pilot, heard):
        await pilot.press("space", "down", "space")
        await pilot.pause()
        (message,) = heard.of(OfRun)
        assert isinstance(message, Resume) and message.run == "dddd-instruction-tune"
        (said,) = pilot.app._notifications
        assert said.message.startswith("This run is over.")


async def test_the_last_line_has_the_keys_that_do_something_with_the_run_in_hand(recorded: Workspace) -> None:
    async with opened(recorded, size=(140, 40)) as (screen, pilot, _):
        line = screen.query_one(KeyLine)
        assert "space Go on  p Replay  x Overlay  d Details  del Remove" in str(line.render())
        await pilot.press("down")
        assert "Find  p Replay" in str(line.render())
        await pilot.press("end")
        assert "Find  del Remove" in str(line.render())


async def test_a_workspace_without_runs_offers_the_way_back(workspace: Workspace) -> None:
    async with opened(workspace) as (screen, _, _):
        assert str(screen.query_one(KeyLine).render()).split() == ["esc", "Back", "^p", "Palette"]


@pytest.mark.parametrize(("answer", "removed"), [("r", ["bbbb-fine-tune-add"]), ("k", []), ("escape", [])])
async def test_removing_asks_first(recorded: Workspace, answer: str, removed: list[str]) -> None:
    async with opened(recorded, ADD) as (_, pilot, heard):
        await pilot.press("delete", answer)
        await pilot.pause()
        assert [remove.run for remove in heard.of(RunsScreen.Remove)] == removed


async def test_a_run_that_goes_on_cannot_be_removed(recorded: Workspace) -> None:
    run = recorded.find("dddd")
    with run.lock():
        async with opened(recorded) as (screen, pilot, _):
            await pilot.press("delete")
            assert screen.app.screen is screen


async def test_a_folder_that_cannot_be_read_says_why_and_can_be_removed(recorded: Workspace) -> None:
    async with opened(recorded, TORN) as (screen, pilot, heard):
        assert "has no run.json" in facts(screen)
        await pilot.press("delete", "r")
        await pilot.pause()
        assert heard.of(RunsScreen.Remove)


Export = Callable[[str, Path, Workspace], Awaitable[None]]


@pytest.mark.parametrize(("problem", "said"), [("", "Exported to"), ("The disk is full.", "The disk is full.")])
async def test_an_export_says_how_it_ended(
    recorded: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: str, said: str
) -> None:
    asked = []

    async def export(run: str, folder: Path, workspace: Workspace) -> None:
        asked.append((run, folder))
        if problem:
            raise EngineError(problem)

    monkeypatch.setattr(run_in_hand, "export_run", export)
    async with opened(recorded, FINISHED) as (screen, pilot, _):
        await pilot.press("e")
        screen.app.screen.query_one(Input).value = str(tmp_path / "model")
        await pilot.press("enter")
        await settled(pilot)
        assert asked == [("aaaa-instruction-tune", tmp_path / "model")]
        assert any(said in notice.message for notice in screen.app._notifications)


def test_an_export_needs_a_folder_that_is_new_or_empty(tmp_path: Path) -> None:
    assert no_folder(" ")
    assert not no_folder(str(tmp_path)) and not no_folder(str(tmp_path / "new"))
    (tmp_path / "file").touch()
    assert no_folder(str(tmp_path)) and no_folder(str(tmp_path / "file"))


async def test_a_run_that_was_removed_meanwhile_is_said_to_be_gone(recorded: Workspace) -> None:
    async with opened(recorded) as (screen, pilot, _):
        recorded.remove(recorded.find("bbbb"))
        await pilot.press("down", "down")
        await settled(pilot)
        assert "no run 'bbbb-fine-tune-add'" in facts(screen)


async def test_p_replays_the_run_in_hand(recorded: Workspace) -> None:
    async with opened(recorded, FINISHED) as (screen, pilot, _):
        await pilot.press("p")
        await settled(pilot)
        assert isinstance(screen.app.screen, ReplayScreen)
        await pilot.press("escape")
        stack = screen.app.screen_stack
        assert stack[-1] is screen


@at_both_sizes
@pytest.mark.parametrize(
    "keys", ["", "down down x down", "d", "slash t o o", "slash q q"], ids=lambda keys: keys or "list"
)
def test_pictures(picture: Picture, recorded: Workspace, size: tuple[int, int], keys: str) -> None:
    screen = RunsScreen(recorded, Summaries(recorded).read())
    assert picture(Stage(screen), size, *keys.split())


@at_both_sizes
def test_picture_of_an_empty_workspace(picture: Picture, workspace: Workspace, size: tuple[int, int]) -> None:
    assert picture(Stage(RunsScreen(workspace)), size)


@at_both_sizes
def test_picture_of_many_runs(picture: Picture, workspace: Workspace, size: tuple[int, int]) -> None:
    for number in range(60):
        add_run(workspace, f"r{number:03}-tuning-{number}", [], hour=number)
    assert picture(Stage(RunsScreen(workspace, Summaries(workspace).read())), size, "end")


async def test_the_smallest_terminal_has_room_for_the_curves(recorded: Workspace) -> None:
    async with opened(recorded, size=(60, 16)) as (screen, _, _):
        chart = screen.query_one(LossChart)
        assert "0 steps" in "".join(chart.render_line(y).text for y in range(chart.size.height))


@pytest.mark.parametrize("theme", ["light", "ansi-dark", "ansi-light"])
@at((80, 24))
def test_pictures_in_other_themes(picture: Picture, recorded: Workspace, size: tuple[int, int], theme: str) -> None:
    assert picture(Stage(RunsScreen(recorded, Summaries(recorded).read()), theme), size)


@at((80, 24))
def test_picture_without_colours(
    picture: Picture, recorded: Workspace, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert picture(Stage(RunsScreen(recorded, Summaries(recorded).read())), size)


@at_both_sizes
def test_picture_without_an_engine(picture: Picture, recorded: Workspace, size: tuple[int, int]) -> None:
    screen = RunsScreen(recorded, Summaries(recorded).read())
    screen.show_engine("gone", "The engine has ended. It starts again when something is asked of it. ctrl+r tries now.")
    assert picture(Stage(screen), size)


@at((80, 24))
def test_picture_of_a_long_failure(picture: Picture, workspace: Workspace, size: tuple[int, int]) -> None:
    story = recording("failed")
    message = "the gradient of step 2 is not a finite number; it read the training examples [176, 825, 2261, 376] " * 4
    story[-1] = Failed(step=2, message=message, hint="lower the learning rate, or set a gradient_clip")
    add_run(workspace, "cccc-too-fast", story, 3, 300)
    assert picture(Stage(RunsScreen(workspace, Summaries(workspace).read())), size)
