"""On which line each key of a TOML text stands. No TOML library says, and an error without its line is hard to find."""

import re
import tomllib
from collections.abc import Iterator
from typing import TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]
"""The way to a value: names of keys, and positions in arrays counted from 0."""

TOKEN = re.compile(
    r"""
    (?P<blank>   [ \t\r]++ | \#[^\n]*+ )
  | (?P<newline> \n )
  | (?P<text>    \"{3} (?: [^"\\]++ | \\. | "(?!"") )*+ \"{3,5}
               | '{3}  (?: [^']++         | '(?!'') )*+ '{3,5}
               | " (?: [^"\\]++ | \\. )*+ "
               | ' [^']*+ ' )
  | (?P<mark>    [][{}=,.] )
  | (?P<bare>    [^][{}=,."'\#\s]++ )
    """,
    re.VERBOSE | re.DOTALL,
)


def key_lines(text: str) -> dict[KeyPath, int]:
    """The 1-based line of every key, table and array element; `()` is the whole text.

    `text` must be valid TOML. A table that is named several times stands where it is named first.
    """
    return _Scan().read(text)


class _Scan:
    """One pass over the tokens, keeping the table, the brackets and the key or value that the next token is part of."""

    def __init__(self) -> None:
        self.lines: dict[KeyPath, int] = {(): 1}
        self.counts: dict[KeyPath, int] = {}  # how many `[[...]]` an array of tables has so far
        self.table: KeyPath = ()
        self.open: list[tuple[str, KeyPath]] = []  # brackets within a value: which one, and the path of its content
        self.key: list[str] = []
        self.value: KeyPath | None = None  # None: a key or a header comes next
        self.brackets = 0  # of the header that is being read

    def read(self, text: str) -> dict[KeyPath, int]:
        for kind, token, line in _tokens(text):
            if self.value is None:
                self._key(kind, token, line)
            else:
                self._value(self.value, kind, token, line)
        return self.lines

    def _key(self, kind: str, token: str, line: int) -> None:
        if kind in ("text", "bare"):
            self.key.append(_name(token))
        elif token == "=":
            self.value = self.open[-1][1] if self.open else self.table
            for part in self.key:
                self.value += (part,)
                self.lines.setdefault(self.value, line)
            self.key = []
        elif token == "[":
            self.brackets += 1
        elif token == "]" and self.key:
            self._header(line)
        elif token == "}":
            self.value = self.open.pop()[1]

    def _header(self, line: int) -> None:
        self.table = ()
        for part in self.key:
            if self.table in self.counts:
                self.table += (self.counts[self.table] - 1,)
            self.table += (part,)
            self.lines.setdefault(self.table, line)
        if self.brackets == 2:
            position = self.counts.get(self.table, 0)
            self.counts[self.table] = position + 1
            self.table += (position,)
            self.lines[self.table] = line
        self.key, self.brackets = [], 0

    def _value(self, path: KeyPath, kind: str, token: str, line: int) -> None:
        if kind == "newline":
            if not self.open:
                self.value = None
        elif token in ("]", "}"):
            self.value = self.open.pop()[1]
        elif token == ",":
            bracket, content = self.open[-1]
            self.value = (*content, int(path[-1]) + 1) if bracket == "[" else None
        else:
            self.lines.setdefault(path, line)
            if token in ("[", "{"):
                self.open.append((token, path))
                self.value = (*path, 0) if token == "[" else None


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    line = 1
    for match in TOKEN.finditer(text):
        kind, token = str(match.lastgroup), match[0]
        if kind != "blank":
            yield kind, token, line
        line += token.count("\n")


def _name(token: str) -> str:
    """A key as TOML reads it: quotes and escapes undone."""
    return next(iter(tomllib.loads(f"{token} = 0"))) if token[0] in "\"'" else token
