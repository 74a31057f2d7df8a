"""The models that answer: the one that is being trained as it is, others from their newest checkpoint.

They stay loaded until others need the room, the one asked longest ago goes first.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from engine.base_library import built_in
from engine.compare_runs import NAMED_BASE
from engine.device import resolve_device
from engine.errors import EngineError, InputError
from engine.inference.answer import Answerer
from engine.training.bases import find_base, newest
from engine.workspace import Workspace

MOST_BYTES = 1 << 30
"""Of weights that are held at once, beside those of the run at work."""


class _Loaded(NamedTuple):
    checkpoint: str
    """Name of the checkpoint that it was loaded from."""
    answerer: Answerer


class Models:
    """Models by name: the id of a run, or `base:` and a base's name or folder."""

    def __init__(self, workspace: Workspace, most_bytes: int = MOST_BYTES) -> None:
        self.live: tuple[str, Answerer] | None = None
        """The run at work, and its model as it is now."""
        self._workspace, self._most_bytes = workspace, most_bytes
        self._loaded: dict[str, _Loaded] = {}

    @property
    def names(self) -> list[str]:
        """Those that are loaded, the one asked last at the end."""
        return list(self._loaded)

    def answerer(self, name: str) -> Answerer:
        """The model of that name, loaded if need be.

        Raises:
            InputError: there is no such run or base.
            EngineError: it has no checkpoint yet, or none that can be read.
        """
        if self.live and self.live[0] == name:
            return self.live[1]
        found = self._loaded.pop(name, None)
        if not found or found.checkpoint != self._checkpoint(name):
            found = self._load(name)
        self._loaded[name] = found
        self._make_room()
        return found.answerer

    def unload(self, names: Iterable[str]) -> None:
        """Let models go, if they are loaded."""
        for name in names:
            self._loaded.pop(name, None)

    def _checkpoint(self, name: str) -> str:
        """The newest one. A base is always the same."""
        if name.startswith(NAMED_BASE):
            return ""
        checkpoints = self._workspace.find(name).checkpoints()
        return checkpoints[-1].name if checkpoints else ""

    def _load(self, name: str) -> _Loaded:
        if name.startswith(NAMED_BASE):
            base = name.removeprefix(NAMED_BASE)
            if base not in built_in() and not Path(base).is_absolute():
                raise InputError(f"there is no base {base!r}; built in: {', '.join(built_in())}")
            answerer = find_base(base, Path("/"), self._workspace).loaded.answerer
            answerer.model.to(resolve_device("auto"))
            return _Loaded("", answerer)
        checkpoint = self._checkpoint(name)
        if not checkpoint:
            raise EngineError(f"{name} has no checkpoint yet.")
        return _Loaded(checkpoint, newest(self._workspace.find(name), "auto").answerer)

    def _make_room(self) -> None:
        while len(self._loaded) > 1 and sum(_size(each.answerer) for each in self._loaded.values()) > self._most_bytes:
            del self._loaded[next(iter(self._loaded))]


def _size(answerer: Answerer) -> int:
    """Bytes of a model's weights."""
    return sum(weight.numel() * weight.element_size() for weight in answerer.model.parameters())
