"""The file that a transcript is written to."""

from pathlib import Path

NAME = "console.txt"
ASK = "The name of the file, in the folder where tunetui was started or with a folder of its own."


class FileName:
    """Says what is wrong with a file's name. A file that is there is replaced when it is named twice."""

    def __init__(self) -> None:
        self._agreed = ""

    def wrong(self, name: str) -> str:
        """What is wrong with it; empty if it can be written."""
        try:
            path = path_of(name)
            is_folder, is_there = path.is_dir(), path.exists()
        except (OSError, RuntimeError, ValueError) as error:
            return f"This cannot be the name of a file: {error}"
        if is_folder:
            return "This is a folder; expected the name of a file."
        if is_there and name != self._agreed:
            self._agreed = name
            return f"{name} is there already. Enter once more replaces it."
        return ""


def path_of(name: str) -> Path:
    """The file of this name; ~ is the home folder."""
    return Path(name.strip()).expanduser()
