"""The edits of a document in their order, so that each can be undone and redone, and what of them is not on disk."""

from collections.abc import Iterator

from engine.edits import Edit, Splice


class History:
    """What was done, and what was undone of it."""

    def __init__(self) -> None:
        self._done: list[Edit] = []
        self._undone: list[Edit] = []
        self._saved: int | None = 0  # how many edits were done when it was saved; None: no way leads back there

    @property
    def dirty(self) -> bool:
        """Whether what is done differs from what was saved."""
        return self._saved != len(self._done)

    def add(self, edit: Edit) -> list[Edit]:
        """An edit was made. Returns those that were undone before, which nobody can redo any more."""
        forgotten, self._undone = self._undone, []
        if self._saved is not None and self._saved > len(self._done):
            self._saved = None
        self._done.append(edit)
        return forgotten

    def undo(self) -> Edit | None:
        """The last edit, which is to be taken back; None where there is none."""
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1]

    def redo(self) -> Edit | None:
        """The edit that was undone last and is to be made again; None where there is none."""
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1]

    def saved(self) -> None:
        """What is done now is on disk."""
        self._saved = len(self._done)

    def splices(self) -> Iterator[Splice]:
        """All that it remembers."""
        return (splice for edit in (*self._done, *self._undone) for splice in edit.splices)
