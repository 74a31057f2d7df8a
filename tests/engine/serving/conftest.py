"""An engine process that the tests of a module share: starting one imports torch, which takes seconds."""

import asyncio
from collections.abc import Iterator

import pytest

from engine.client import Client
from engine.workspace import Workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace whose engine is started by the first client, and ended after the last test."""
    workspace = Workspace(tmp_path_factory.mktemp("served") / "workspace")
    yield workspace
    asyncio.run(end_engine(workspace))


async def end_engine(workspace: Workspace) -> None:
    """Shut the workspace's engine down, if there is one."""
    client = Client(workspace)
    if await client.connect_if_there():
        await client.shutdown()
    await client.close()
