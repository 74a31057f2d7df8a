"""What the engine promises when something is killed: tested on real processes, and really killed."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from engine import headless
from engine.client import Client
from engine.lock import hold
from engine.place import Address, Place
from engine.protocol import Checkpoint, Finished, Interrupted, Started, Step
from engine.requests import Connection
from engine.workspace import Workspace
from tests.engine.serving.conftest import end_engine
from tests.engine.serving.runs import client_of, final_weights, queued, scenario, story, until

STEPS = 60


@pytest.mark.slow
async def test_an_engine_killed_again_and_again_loses_nothing(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    run = queued(workspace, steps=STEPS, checkpoint_every=1)
    client = Client(workspace)
    lost = asyncio.Event()

    def hear(connection: Connection, sentence: str) -> None:
        if connection == "gone":
            lost.set()

    client.on_connection = hear
    await client.queue([run.id])
    for step in (15, 35):
        seen = await until(client, run.id, Step, step)
        lost.clear()
        os.kill((await client.status()).pid, signal.SIGKILL)
        await lost.wait()
        assert run.state() == "interrupted"
        assert headless.load_run(run).answer("2 up").prompt == "2 up"
        assert [each.state for each in await client.runs()] == ["interrupted"]
        await client.resume(run.id)
        again = await until(client, run.id, Started, after=seen.n)
        assert again.step >= seen.step
    assert isinstance((await story(client, run.id))[-1], Finished)
    await client.close()
    await end_engine(workspace)
    other = headless.train(
        scenario(checkpoint_every=1), "digits", tmp_path, "it", workspace=workspace, device="cpu", steps=STEPS
    )
    assert final_weights(run) == final_weights(other)


@pytest.mark.slow
async def test_a_signal_to_end_finishes_the_step_saves_and_says_so_and_a_hangup_does_nothing(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    run = queued(workspace, checkpoint_every=0)
    async with client_of(workspace) as client:
        await client.queue([run.id])
        seen = await until(client, run.id, Step)
        pid = (await client.status()).pid
        os.kill(pid, signal.SIGHUP)
        await until(client, run.id, Step, after=seen.n + 1)
        os.kill(pid, signal.SIGTERM)
        *_, saved, interrupted = await story(client, run.id)
    assert isinstance(saved, Checkpoint)
    assert isinstance(interrupted, Interrupted)
    assert (interrupted.step, interrupted.reason) == (saved.step, "SIGTERM")
    assert run.state() == "interrupted"


@pytest.mark.slow
async def test_what_a_restart_of_the_machine_leaves_is_cleared_and_nobody_is_killed(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    place = Place(workspace.folder)
    place.prepare()
    place.lock_file.touch()
    stale = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(stale))
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as innocent:
        async with client_of(workspace, "--idle", "0.2") as client:
            since = (await client.status()).since
        place.write_address(Address(socket=str(stale), pid=innocent.pid, since=since))
        await end_engine(workspace)
        async with client_of(workspace) as client:
            assert (await client.status()).pid != innocent.pid
        assert innocent.poll() is None
        innocent.kill()
    await end_engine(workspace)


@pytest.mark.slow
async def test_an_engine_that_nobody_needs_leaves_by_itself_and_is_started_again(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    heard: list[str] = []
    client = Client(workspace, "--idle", "0.2")
    client.on_connection = lambda connection, sentence: heard.append(connection)
    await client.connect()
    pid = (await client.status()).pid
    await client.close()
    with hold(Place(workspace.folder).lock_file, wait=True):
        pass
    assert Place(workspace.folder).address() is None
    assert (await client.status()).pid != pid
    await client.shutdown()
    await client.close()
    assert heard[:3] == ["connecting", "connected", "gone"]
