"""The edits of a document in their order, so that each can be undone and redone, and what of them is not on disk."""

from engine.edits import Edit


class History:
    """For each edit that was done the one that takes it back; for each that was undone the one that repeats it."""

    def __init__(self) -> None:
        self._done: list[Edit] = []
        self._undone: list[Edit] = []
        self._saved: int | None = 0
        """How many edits were done when it was saved; None: no way leads back there."""
        self._oldest = self._newest = 0
        """Between these numbers of edits, rows that come back were made before it was saved."""

    @property
    def dirty(self) -> bool:
        """Whether what is done differs from what was saved."""
        return self._saved != len(self._done)

    def to_undo(self) -> Edit | None:
        """What takes the last edit back; None where there is none."""
        return self._done[-1] if self._done else None

    def to_redo(self) -> Edit | None:
        """What repeats the edit that was undone last; None where there is none."""
        return self._undone[-1] if self._undone else None

    def leaves_saved(self, edit: Edit) -> bool:
        """Whether an undo or redo leads away from what was saved, by a step that is older than the saving."""
        done = len(self._done)
        if edit.way == "undo":
            return done <= self._oldest
        return edit.way == "redo" and self._saved is not None and self._saved <= done < self._newest

    def add(self, edit: Edit, back: Edit) -> None:
        """An edit was carried out; `back` leads to where it came from."""
        match edit.way:
            case "undo":
                self._done.pop()
                self._undone.append(back)
            case "redo":
                self._undone.pop()
                self._done.append(back)
            case "do":
                done = len(self._done)
                if self._saved is not None and self._saved > done:
                    self._saved = None
                self._oldest, self._newest = min(self._oldest, done), min(self._newest, done)
                self._undone.clear()
                self._done.append(back)

    def saved(self) -> None:
        """What is done now is on disk."""
        self._saved = self._oldest = len(self._done)
        self._newest = self._saved + len(self._undone)
