"""The examples of runs, kept under the SHA-256 of their text, so that a run outlives its scenario's files.

Runs on the same examples share one file. See `docs/runs.md`.
"""

import hashlib
import re
from collections.abc import Collection, Iterable
from pathlib import Path

import msgspec

from engine import atomic
from engine.errors import EngineError
from engine.examples import Example
from engine.storage import reading_from, writing_to

_decoder = msgspec.json.Decoder(Example)
_encoder = msgspec.json.Encoder()
_SHA256 = re.compile("[0-9a-f]{64}")


class ExampleStore:
    """A folder of `SHA256.jsonl` files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, examples: Iterable[Example]) -> str:
        """Keep the examples, in their order. Returns their hash.

        Raises:
            StorageError: they cannot be written.
        """
        text = _encoder.encode_lines(examples)
        digest = hashlib.sha256(text).hexdigest()
        path = self._path(digest)
        if _hash(path) != digest:
            atomic.write_bytes(path, text)
        return digest

    def get(self, digest: str) -> list[Example]:
        """The examples of a hash.

        Raises:
            EngineError: they are not there, or not what they were.
        """
        path = self._path(digest)
        with reading_from(self.folder):
            text = path.read_bytes()
        if hashlib.sha256(text).hexdigest() != digest:
            raise EngineError(f"{path} is damaged: its content does not have the hash in its name. Start the run anew.")
        return _decoder.decode_lines(text)

    def with_instructions(self, digest: str, instructions: Collection[str]) -> list[Example]:
        """Those examples of a hash that have one of a few instructions. The others are read past, and not kept.

        Raises:
            EngineError: they are not there, or cannot be read.
        """
        written = re.compile(b"|".join(re.escape(_encoder.encode(instruction)) for instruction in instructions))
        with reading_from(self.folder), self._path(digest).open("rb") as file:
            near = [line for line in file if instructions and written.search(line)]
        try:
            return [found for found in map(_decoder.decode, near) if found.instruction in instructions]
        except ValueError as error:
            raise EngineError(f"{self._path(digest)} is damaged: {error}.") from error

    def hashes(self) -> list[str]:
        """All that are kept. Other files in the folder are not ours.

        Raises:
            StorageError: the folder cannot be read.
        """
        with reading_from(self.folder):
            return [path.stem for path in self.folder.glob("*.jsonl") if _SHA256.fullmatch(path.stem)]

    def remove(self, digest: str) -> None:
        """Forget the examples of a hash.

        Raises:
            StorageError: they cannot be removed.
        """
        with writing_to(self.folder):
            self._path(digest).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        return self.folder / f"{digest}.jsonl"


def _hash(path: Path) -> str:
    """SHA-256 of a file; nothing where there is none."""
    with reading_from(path.parent):
        try:
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return ""
