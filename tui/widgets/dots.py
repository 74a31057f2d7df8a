"""Lines of dots in character cells: braille, quarter blocks or ASCII letters.

A cell belongs to the line that was drawn there last and holds the dots of no other: a cell has one colour, and what is
dashed stays dashed where it crosses.
"""

from functools import cache
from itertools import pairwise
from typing import Literal

Marks = Literal["braille", "block", "ascii"]

_DOTS_OF_CELL: dict[Marks, tuple[int, int]] = {"braille": (2, 4), "block": (2, 2), "ascii": (1, 1)}
"""Across and down."""

_BRAILLE_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_QUARTERS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""Bit 1 is top left, 2 top right, 4 bottom left, 8 bottom right."""

LINES = ("#", "####   ", "#  ", "##  #  ###", "##    ", "###   ######")
"""Which dots of a line are drawn, over and over: solid, dashed, dotted, dash and dot, dots far apart, long dashes."""

_LETTERS = "*o+x#%"
"""The same in ASCII, where there are no dots that could be left out: each line has a letter."""

SAMPLE = 5
"""Cells of a line that are enough to know it by."""


class Dots:
    """A field of dots. The dot (0, 0) is at the top left."""

    def __init__(self, width: int, height: int, marks: Marks) -> None:
        """Width and height in cells."""
        self.marks = marks
        self._across, self._down = _DOTS_OF_CELL[marks]
        self.width, self.height = width * self._across, height * self._down
        self._cells = [[0] * width for _ in range(height)]
        self._pens = [[-1] * width for _ in range(height)]
        self._drawn = 0

    def draw(self, path: list[tuple[int, int]], pen: int, line: int = 0) -> None:
        """Connect the dots of the path, from left to right, with the line of this number in `LINES`."""
        self._drawn = 0
        for place in path[:1]:
            self._dot(*place, pen, line)
        for start, end in pairwise(path):
            self._connect(start, end, pen, line)

    def cell(self, column: int, row: int) -> tuple[str, int]:
        """The character of a cell and its pen; a space and -1 where nothing is drawn."""
        bits, pen = self._cells[row][column], self._pens[row][column]
        if not bits:
            return " ", -1
        if self.marks == "braille":
            return chr(0x2800 + bits), pen
        return (_QUARTERS[bits] if self.marks == "block" else chr(bits)), pen

    def _connect(self, start: tuple[int, int], end: tuple[int, int], pen: int, line: int) -> None:
        across, down = end[0] - start[0], end[1] - start[1]
        length = max(abs(across), abs(down))
        for number in range(1, length + 1):
            x, y = start[0] + across * number / length, start[1] + down * number / length
            self._dot(round(x), round(y), pen, line)

    def _dot(self, x: int, y: int, pen: int, line: int) -> None:
        self._drawn += 1
        pattern = LINES[line]
        if pattern[(self._drawn - 1) % len(pattern)] == " " and self.marks != "ascii":
            return
        if 0 <= x < self.width and 0 <= y < self.height:
            column, row = x // self._across, y // self._down
            if self._pens[row][column] != pen:
                self._pens[row][column], self._cells[row][column] = pen, 0
            self._cells[row][column] |= self._bits(x % self._across, y % self._down, line)

    def _bits(self, across: int, down: int, line: int) -> int:
        if self.marks == "ascii":
            return ord(_LETTERS[line])
        return _BRAILLE_BITS[down][across] if self.marks == "braille" else 1 << (down * 2 + across)


@cache
def sample(line: int, marks: Marks) -> str:
    """A short piece of a line: for the legend."""
    if marks == "ascii":
        return _LETTERS[line] * 2
    dots = Dots(SAMPLE, 1, marks)
    dots.draw([(0, dots.height // 2), (dots.width - 1, dots.height // 2)], 0, line)
    return "".join(dots.cell(column, 0)[0] for column in range(SAMPLE))
