"""The scale of one axis: where a value stands, and which values are written beside it."""

import math
from typing import NamedTuple

_ROUND = (1, 2, 5, 10)


class Axis(NamedTuple):
    """From `low` to `high`, linear or logarithmic. A logarithmic one is above 0."""

    low: float
    high: float
    log: bool = False

    def place(self, value: float) -> float:
        """0 at the low end, 1 at the high end."""
        if self.log:
            value = max(value, self.low)
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def ticks(self, most: int) -> list[float]:
        """Round values inside, evenly spread, at least one and about `most`."""
        return self._powers(most) if self.log else self._multiples(most)

    def _multiples(self, most: int) -> list[float]:
        step = round_up((self.high - self.low) / max(1, most))
        if self.low + 2 * step > self.high * 1.5:
            step /= 2  # one tick alone tells no scale
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [round(number * step, 12) for number in range(first, last + 1)]

    def _powers(self, most: int) -> list[float]:
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        for leading in ((1, 2, 5), (1, 3), (1,)):
            found = [digit * 10.0**power for power in range(first, last + 1) for digit in leading]
            inside = [value for value in found if self.low * 0.999 <= value <= self.high * 1.001]
            if len(inside) <= most:
                return inside
        return inside[:: math.ceil(len(inside) / max(1, most))]


def round_up(value: float) -> float:
    """The next 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(digit * power for digit in _ROUND if digit * power >= value * (1 - 1e-9))


def spanning(values: list[float], *, log: bool = False) -> Axis:
    """The axis that holds these finite values: from 0, or for a logarithmic one from the smallest above 0."""
    if log:
        above = [value for value in values if value > 0] or [0.1, 1.0]
        low, high = min(above), max(above)
        return Axis(low / 1.1, high * 1.1, log=True)
    high = max(values, default=1.0)
    low = min(0.0, min(values, default=0.0))
    return Axis(low, high if high > low else low + 1.0)
