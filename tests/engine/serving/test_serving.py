"""The engine process, asked by clients over its socket."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from engine import headless
from engine.architectures import Transformer
from engine.client import Client
from engine.errors import EngineError, InputError
from engine.protocol import Checkpoint, Failed, Finished, LearningRate, Paused, Resumed, Started, Step, Stopped
from engine.requests import ModelAnswer, StreamedToken
from engine.workspace import Workspace
from tests.engine.serving.runs import client_of, final_weights, queued, scenario, story, until


@pytest.fixture
async def client(workspace: Workspace) -> AsyncIterator[Client]:
    async with client_of(workspace) as client:
        yield client


async def test_a_queued_run_is_trained_to_the_weights_of_the_same_run_in_the_foreground(
    workspace: Workspace, client: Client
) -> None:
    run = queued(workspace, steps=30, evaluate_every=10)
    await client.queue([run.id])
    events = await story(client, run.id)
    assert [event.n for event in events] == list(range(len(events)))
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Finished)
    other = headless.train(
        scenario(evaluate_every=10), "digits", workspace.folder, "it", workspace=workspace, device="cpu", steps=30
    )
    assert final_weights(run) == final_weights(other)


async def test_runs_are_worked_on_in_their_order_and_queueing_again_changes_nothing(
    workspace: Workspace, client: Client
) -> None:
    first, second = (queued(workspace, steps=5) for _ in range(2))
    await client.queue([first.id, second.id])
    await client.queue([first.id])
    await asyncio.gather(story(client, first.id), story(client, second.id))
    ended, began = list(first.events())[-1], next(second.events())
    assert isinstance(ended, Finished)
    assert ended.time <= began.time
    assert [type(event).__name__ for event in first.events()].count("Started") == 1


async def test_a_paused_run_steps_when_told_and_goes_on_when_told(workspace: Workspace, client: Client) -> None:
    run = queued(workspace)
    await client.queue([run.id])
    await until(client, run.id, Step)
    await client.pause(run.id)
    await client.pause(run.id)
    paused = await until(client, run.id, Paused)
    assert (await client.runs())[0].state == "paused"
    await client.step(run.id)
    await client.step(run.id)
    assert [event.step for event in run.events(after=paused.n) if isinstance(event, Step)] == [
        paused.step + 1,
        paused.step + 2,
    ]
    await client.resume(run.id)
    await client.resume(run.id)
    assert (await until(client, run.id, Resumed)).step == paused.step + 2
    await until(client, run.id, Step, paused.step + 3)
    with pytest.raises(EngineError, match="pause it first"):
        await client.step(run.id)
    await client.stop(run.id)


async def test_a_stopped_run_is_saved_and_ended_for_good(workspace: Workspace, client: Client) -> None:
    run = queued(workspace)
    await client.queue([run.id])
    await until(client, run.id, Step)
    await client.stop(run.id)
    await client.stop(run.id)
    *_, saved, stopped = await story(client, run.id)
    assert isinstance(saved, Checkpoint)
    assert isinstance(stopped, Stopped)
    assert saved.step == stopped.step
    assert (await client.runs())[0].state == "stopped"


async def test_a_run_in_line_can_be_stopped_before_it_begins(workspace: Workspace, client: Client) -> None:
    first, second = (queued(workspace) for _ in range(2))
    await client.queue([first.id, second.id])
    await until(client, first.id, Step)
    assert (await client.status()).runs == [first.id, second.id]
    assert [run.state for run in (await client.runs())[:2]] == ["queued", "running"]
    await client.stop(second.id)
    assert second.state() == "stopped"
    assert (await client.status()).runs == [first.id]
    await client.stop(first.id)


async def test_a_run_that_waits_leaves_the_line_when_it_is_paused_until_it_is_resumed(
    workspace: Workspace, client: Client
) -> None:
    first, second, third = (queued(workspace).id for _ in range(3))
    await client.queue([first, second, third])
    await until(client, first, Step)
    await client.pause(second)
    assert (await client.status()).runs == [first, third]
    await client.resume(second)
    assert (await client.status()).runs == [first, third, second]
    for run in (second, third, first):
        await client.stop(run)


async def test_the_learning_rate_can_be_changed_and_a_resumed_run_keeps_it(
    workspace: Workspace, client: Client
) -> None:
    run = queued(workspace, learning_rate=0.004, schedule="constant")
    await client.queue([run.id])
    await until(client, run.id, Step, 5)
    await client.set_learning_rate(run.id, 0.001)
    changed = await until(client, run.id, LearningRate)
    step = await until(client, run.id, Step, changed.step + 1)
    assert changed.rate == 0.001
    assert step.learning_rate == pytest.approx(0.001)
    await client.stop(run.id)
    end = list(run.events())[-1]
    await client.resume(run.id)
    again = await until(client, run.id, Step, after=end.n)
    assert again.learning_rate == pytest.approx(0.001)
    await client.stop(run.id)


async def test_a_checkpoint_can_be_asked_for(workspace: Workspace, client: Client) -> None:
    run = queued(workspace, checkpoint_every=0)
    await client.queue([run.id])
    await until(client, run.id, Step)
    step = await client.save(run.id)
    saved = await until(client, run.id, Checkpoint)
    assert (saved.step, bool(saved.weights)) == (step, True)
    await client.stop(run.id)


async def test_a_run_that_cannot_begin_fails_with_a_sentence(workspace: Workspace, client: Client) -> None:
    run = queued(workspace, tasks=["typo"])
    await client.queue([run.id])
    (failed,) = await story(client, run.id)
    assert isinstance(failed, Failed)
    assert "no example to train on in typo" in failed.message
    assert (await client.runs())[0].error == failed.message


async def test_what_to_do_about_a_failure_is_said_once(workspace: Workspace, client: Client) -> None:
    run = queued(workspace, model=Transformer(width=16, layers=1, heads=2, context=4))
    await client.queue([run.id])
    (failed,) = await story(client, run.id)
    assert isinstance(failed, Failed)
    assert "raise the context" in failed.hint
    assert failed.hint not in failed.message


async def test_a_loss_that_is_no_number_fails_the_run_and_the_next_one_is_trained(
    workspace: Workspace, client: Client
) -> None:
    wrong = queued(workspace, learning_rate=1e30, muon_learning_rate=1e30, gradient_clip=0)
    right = queued(workspace, steps=2)
    await client.queue([wrong.id, right.id])
    failed = (await story(client, wrong.id))[-1]
    assert isinstance(failed, Failed)
    assert "in its batch of 4 are example " in failed.message
    assert isinstance((await story(client, right.id))[-1], Finished)


async def test_a_model_is_asked_while_it_is_trained_and_answers_token_by_token(
    workspace: Workspace, client: Client
) -> None:
    run = queued(workspace)
    await client.queue([run.id])
    before = await until(client, run.id, Step)
    told = [each async for each in client.ask([run.id, "base:skills", "nobody"], "2 up", length=3)]
    answers = {each.model: each for each in told if isinstance(each, ModelAnswer)}
    tokens = [each.token for each in told if isinstance(each, StreamedToken) and each.model == run.id]
    live = answers[run.id].answer
    assert live is not None
    assert live.tokens == tokens
    assert answers["base:skills"].answer is not None
    assert "no run 'nobody'" in answers["nobody"].error
    await until(client, run.id, Step, before.step + 1)
    await client.stop(run.id)


async def test_an_answer_that_nobody_wants_any_more_is_given_up(workspace: Workspace, client: Client) -> None:
    run = queued(workspace, steps=2)
    await client.queue([run.id])
    await story(client, run.id)
    answers = client.ask([run.id], "2 up", temperature=9.0)
    async for _ in answers:
        break
    await answers.aclose()
    assert (await client.status()).pid


async def test_scores_are_those_of_the_end_and_models_are_compared(workspace: Workspace, client: Client) -> None:
    run = queued(workspace, steps=3)
    await client.queue([run.id])
    finished = (await story(client, run.id))[-1]
    assert isinstance(finished, Finished)
    scores = await client.evaluate(run.id)
    for split, tasks in finished.scores.items():
        for task, score in tasks.items():
            assert scores[split][task].exact_match == score.exact_match
            assert scores[split][task].loss == pytest.approx(score.loss)
    with pytest.raises(InputError, match="no example is of that split"):
        await client.evaluate(run.id, splits=["unseen"])
    matrix = await client.compare([run.id, "base:skills"])
    assert [model.run for model in matrix.models] == [run.id, "base:skills"]


async def test_models_are_loaded_and_let_go(workspace: Workspace, client: Client) -> None:
    await client.load(["base:skills"])
    assert "base:skills" in (await client.status()).models
    await client.unload(["base:skills"])
    assert "base:skills" not in (await client.status()).models
    with pytest.raises(InputError, match="there is no base 'nothing'"):
        await client.load(["base:nothing"])


async def test_a_run_is_removed_unless_it_is_at_work(workspace: Workspace, client: Client) -> None:
    run = queued(workspace)
    await client.queue([run.id])
    await until(client, run.id, Step)
    with pytest.raises(EngineError, match="stop it first"):
        await client.remove(run.id)
    await client.stop(run.id)
    await client.remove(run.id)
    assert run.id not in [each.id for each in await client.runs()]


async def test_what_is_not_there_or_done_is_not_queued(workspace: Workspace, client: Client) -> None:
    run = queued(workspace, steps=1)
    await client.queue([run.id])
    await story(client, run.id)
    with pytest.raises(InputError, match="is finished"):
        await client.queue([run.id])
    with pytest.raises(InputError, match="no run"):
        await client.queue(["nobody"])
    with pytest.raises(EngineError, match="is not at work in the engine: it is finished"):
        await client.pause(run.id)


async def test_a_run_of_another_process_is_told_of_but_not_touched(workspace: Workspace, client: Client) -> None:
    run = queued(workspace)
    with run.lock(), run.log() as log:
        log.append(Step(step=1, loss=1.0, learning_rate=0.1, gradient_norm=1.0, tokens=4, seconds=0.1))
        log.append(Paused(step=1))
        assert (await until(client, run.id, Paused)).step == 1
        with pytest.raises(EngineError, match="another process"):
            await client.queue([run.id])
        with pytest.raises(EngineError, match="another process"):
            await client.stop(run.id)


async def test_two_clients_see_the_same_story_and_may_command_at_once(workspace: Workspace, client: Client) -> None:
    run = queued(workspace)
    async with client_of(workspace) as other:
        await asyncio.gather(client.queue([run.id]), other.queue([run.id]))
        await asyncio.gather(until(client, run.id, Step), until(other, run.id, Step))
        await asyncio.gather(client.pause(run.id), other.pause(run.id))
        await asyncio.gather(client.stop(run.id), other.stop(run.id))
        assert await story(client, run.id) == await story(other, run.id)
    kinds = [type(event).__name__ for event in run.events()]
    assert [kinds.count(kind) for kind in ("Started", "Paused", "Stopped")] == [1, 1, 1]


async def test_the_story_can_be_told_from_any_event(workspace: Workspace, client: Client) -> None:
    run = queued(workspace, steps=5)
    await client.queue([run.id])
    events = await story(client, run.id)
    assert await story(client, run.id, after=events[2].n) == events[3:]
