"""What is asked before something is done to a run."""

from contextlib import suppress
from pathlib import Path

from tui.screens.choice import Answer, ChoiceScreen
from tui.screens.line_prompt import LinePrompt

REMOVE = "remove"
"""The answer of who wants it removed."""


def whether_to_remove(name: str) -> ChoiceScreen:
    """Asks whether to remove a run; gives `REMOVE` or something else."""
    text = "Its model, its checkpoints and its story are gone then. This cannot be taken back."
    answers = [Answer("k", "Keep it", "keep"), Answer("r", "Remove it", REMOVE)]
    return ChoiceScreen(f"Remove {name}?", text, answers)


def where_to_export(run: str) -> LinePrompt:
    """Asks for a new or empty folder."""
    text = "A new folder for the weights, the tokenizer, the template and a model card."
    return LinePrompt("Export to", text, f"~/{run}", wrong=no_folder)


def what_to_call(name: str) -> LinePrompt:
    """Asks for a run's name."""
    return LinePrompt("Name", "What to call this run. Left empty, it goes by its tuning.", name)


def what_to_note(note: str) -> LinePrompt:
    """Asks for a note on a run."""
    return LinePrompt("Note", "What to remember about this run.", note)


def no_folder(text: str) -> str:
    """What is wrong with a folder to export to; empty if nothing is. What only shows on writing is told then."""
    if not text.strip():
        return "✗ A folder is needed."
    with suppress(OSError, RuntimeError):  # RuntimeError: `~` of somebody who is not there
        folder = Path(text).expanduser()
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            return "✗ It is there already. A new or an empty folder is needed."
    return ""
