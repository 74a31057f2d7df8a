"""The prompts that were asked, kept in the workspace."""

from pathlib import Path
from threading import Lock

import msgspec

from engine import atomic
from engine.storage import writing_to

MOST = 500
"""Prompts that are kept."""


class PromptHistory:
    """A file with a list of prompts, oldest first, each once."""

    def __init__(self, folder: Path) -> None:
        """Name the workspace; nothing is read or made yet."""
        self.path = folder / "prompts.json"
        self._lock = Lock()

    def read(self) -> list[str]:
        """The prompts, newest last; none where the file is missing or no list of texts."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=list[str])
        except (OSError, msgspec.DecodeError):
            return []

    def add(self, prompt: str) -> list[str]:
        """Put a prompt at the end, after what another app added meanwhile; the new list.

        Raises:
            StorageError: the workspace cannot be written, or its disk is full.
        """
        with self._lock:
            prompts = [*(former for former in self.read() if former != prompt), prompt][-MOST:]
            with writing_to(self.path.parent):
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            atomic.write_bytes(self.path, msgspec.json.encode(prompts))
            return prompts
