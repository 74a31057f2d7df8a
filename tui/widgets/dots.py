"""Dots in character cells: braille, quarter blocks or ASCII letters.

A cell has one pen, the last that drew in it.
"""

from itertools import pairwise
from typing import Literal

Marks = Literal["braille", "block", "ascii"]
Line = Literal["solid", "dashed", "dotted"]

_DOTS_OF_CELL: dict[Marks, tuple[int, int]] = {"braille": (2, 4), "block": (2, 2), "ascii": (1, 1)}
"""Across and down."""

_BRAILLE_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_QUARTERS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""Bit 1 is top left, 2 top right, 4 bottom left, 8 bottom right."""

ASCII_PENS = "*o+x#%"
"""In ASCII a pen is a letter: there are no dots that could be dashed."""

_DASHES: dict[Line, tuple[int, int]] = {"solid": (1, 1), "dashed": (5, 8), "dotted": (1, 3)}
"""Dots drawn, of so many along the line."""


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

    def draw(self, path: list[tuple[int, int]], pen: int, line: Line = "solid") -> None:
        """Connect the dots of the path, from left to right."""
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
        return (_QUARTERS[bits] if self.marks == "block" else ASCII_PENS[pen % len(ASCII_PENS)]), pen

    def _connect(self, start: tuple[int, int], end: tuple[int, int], pen: int, line: Line) -> None:
        across, down = end[0] - start[0], end[1] - start[1]
        length = max(abs(across), abs(down))
        for number in range(1, length + 1):
            x, y = start[0] + across * number / length, start[1] + down * number / length
            self._dot(round(x), round(y), pen, line)

    def _dot(self, x: int, y: int, pen: int, line: Line) -> None:
        shown, period = _DASHES[line]
        self._drawn += 1
        if (self._drawn - 1) % period >= shown and self.marks != "ascii":
            return
        if 0 <= x < self.width and 0 <= y < self.height:
            column, row = x // self._across, y // self._down
            in_column, in_row = x % self._across, y % self._down
            bit = _BRAILLE_BITS[in_row][in_column] if self.marks == "braille" else 1 << (in_row * 2 + in_column)
            self._cells[row][column] |= bit
            self._pens[row][column] = pen
