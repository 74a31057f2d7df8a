"""Clients that behave badly, slowly or strangely: no harm to the engine, to runs, or to others."""

import os
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from engine.client import Client
from engine.messages import LARGEST_REQUEST
from engine.place import Place
from engine.protocol import Evaluation, Step, Stopped, encode
from engine.runs import Run
from engine.workspace import Workspace
from tests.engine.serving.raw import HELLO, Raw
from tests.engine.serving.runs import client_of, queued, story, until

STEPS = 100_000


@pytest.fixture
async def client(workspace: Workspace) -> AsyncIterator[Client]:
    async with client_of(workspace) as client:
        yield client


def long_story(workspace: Workspace) -> Run:
    """A run that was stopped after very many steps, with an evaluation in the middle."""
    run = queued(workspace)
    lines = bytearray()
    for n in range(STEPS):
        step = Step(n=n, run=run.id, step=n, loss=1.5, learning_rate=0.01, gradient_norm=1.5, tokens=640, seconds=0.01)
        event = Evaluation(n=n, run=run.id, step=n, scores={}, answers=[], seconds=0.1) if n == STEPS // 2 else step
        lines += encode(event)
    lines += encode(Stopped(n=STEPS, run=run.id, step=STEPS))
    run.events_file.write_bytes(lines)
    return run


@pytest.mark.parametrize(
    ("message", "code", "words"),
    [
        (b"hello?\n", -32700, "not JSON"),
        (b"\x00\xff\xfe\n", -32700, "not JSON"),
        (b'{"params":' + b"[" * 100_000 + b"\n", -32700, "not JSON"),
        (b"[]\n", -32600, "not a JSON-RPC 2.0 request"),
        ({"method": "runs", "id": 1}, -32600, "not a JSON-RPC 2.0 request"),
        ({"jsonrpc": "2.0", "id": 1, "method": "runs"}, -32600, "`hello` comes first"),
        ({"jsonrpc": "2.0", "id": 1, "method": "dance"}, -32601, "no method 'dance'"),
        ({"jsonrpc": "2.0", "id": 1, "method": "hello", "params": {"protocol": "one"}}, -32602, "hello: "),
        ({"jsonrpc": "2.0", "id": 1, "method": "status", "params": {"more": 1}}, -32602, "status: "),
    ],
)
async def test_what_cannot_be_understood_is_answered_with_its_code(
    message: bytes | dict[str, Any], code: int, words: str, workspace: Workspace, client: Client
) -> None:
    with Raw(workspace) as raw:
        error = raw.answer(message)["error"]
        assert error["code"] == code
        assert words in error["message"]
        assert raw.answer(HELLO)["result"]["protocol"] == 1


async def test_a_message_without_end_is_refused_and_others_go_on(workspace: Workspace, client: Client) -> None:
    with Raw(workspace) as raw:
        assert "too long" in raw.answer(b"x" * (LARGEST_REQUEST + 2))["error"]["message"]
        assert raw.is_closed()
    assert (await client.status()).pid


async def test_another_version_is_told_what_to_do_and_may_end_the_engine(workspace: Workspace, client: Client) -> None:
    with Raw(workspace) as raw:
        error = raw.answer(HELLO | {"params": {"protocol": 99, "version": "9.9"}})["error"]
        assert error["code"] == -32002
        assert "tunetui 9.9 and speaks 99. `tunetui engine stop` ends the engine" in error["message"]
        assert raw.answer({"jsonrpc": "2.0", "id": 2, "method": "status"})["result"]["pid"]
        assert "hello" in raw.answer({"jsonrpc": "2.0", "id": 3, "method": "runs"})["error"]["message"]


async def test_a_notification_is_never_answered(workspace: Workspace, client: Client) -> None:
    with Raw(workspace) as raw:
        raw.send({"jsonrpc": "2.0", "method": "dance"})
        raw.send({"jsonrpc": "2.0", "method": "status"})
        assert raw.answer(HELLO)["id"] == 1


async def test_a_very_long_story_is_told_in_short(workspace: Workspace, client: Client) -> None:
    run = long_story(workspace)
    lists = [events async for events in client.events(run.id)]
    events = [event for events in lists for event in events]
    assert 1000 < sum(isinstance(event, Step) for event in events) < 4000
    assert [type(event) for event in events if not isinstance(event, Step)] == [Evaluation, Stopped]
    assert [event.n for event in events] == sorted({event.n for event in events})
    assert len(lists) < 100


async def test_a_client_that_never_reads_costs_little_and_hinders_nobody(workspace: Workspace, client: Client) -> None:
    stories = [long_story(workspace) for _ in range(3)]
    run = queued(workspace, steps=2)
    await client.queue([run.id])
    await story(client, run.id)  # torch is there now, and has taken its memory
    before = (await client.status()).memory
    with Raw(workspace) as raw:
        raw.answer(HELLO)
        for number in range(2000):
            params = {"run": stories[number % 3].id}
            raw.send({"jsonrpc": "2.0", "id": number, "method": "subscribe", "params": params})
        run = queued(workspace, steps=20)
        await client.queue([run.id])
        assert (await story(client, run.id))[-1].n > 20
        assert (await client.status()).memory < before + (100 << 20)


async def test_a_client_killed_in_the_middle_leaves_the_run_going(workspace: Workspace, client: Client) -> None:
    run = queued(workspace)
    await client.queue([run.id])
    code = (
        "import asyncio, sys; from pathlib import Path; from engine.client import Client\n"
        "from engine.workspace import Workspace\n"
        "async def follow():\n"
        "    client = Client(Workspace(Path(sys.argv[1])))\n"
        "    async for events in client.events(sys.argv[2]): print(len(events), flush=True)\n"
        "asyncio.run(follow())"
    )
    command = [sys.executable, "-c", code, str(workspace.folder), run.id]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
    last = list(run.events())[-1]
    await until(client, run.id, Step, after=last.n)
    await client.stop(run.id)


async def test_nobody_else_can_open_the_socket_or_the_workspace(workspace: Workspace, client: Client) -> None:
    socket = Path((await client.status()).socket)
    place = Place(workspace.folder)
    for folder in (socket.parent, place.folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(socket.stat().st_mode) & 0o077 == 0
    if os.getuid() == 0:
        code = "import os, socket, sys; os.setuid(65534); socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
        command = [sys.executable, "-c", code, str(socket)]
        tried = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "Permission" in tried.stderr


async def test_a_second_engine_leaves_the_workspace_to_the_first(workspace: Workspace, client: Client) -> None:
    pid = (await client.status()).pid
    command = [sys.executable, "-P", "-m", "engine.server", "--workspace", str(workspace.folder)]
    second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert second.returncode == 0
    assert "another engine serves" in second.stderr
    async with client_of(workspace) as other:
        assert (await other.status()).pid == pid


async def test_an_engine_whose_socket_was_cleared_away_is_found_again(workspace: Workspace, client: Client) -> None:
    status = await client.status()
    Path(status.socket).unlink()
    async with client_of(workspace) as other:
        assert (await other.status()).pid == status.pid
    assert (await client.status()).pid == status.pid
