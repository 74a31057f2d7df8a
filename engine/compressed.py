"""Objects that are many and seldom looked at, in few bytes."""

import pickle
import zlib
from typing import Any


def compressed(value: object) -> bytes:
    """A value in little memory. The fastest level: it is made again and again."""
    return zlib.compress(pickle.dumps(value), level=1)


def expanded(data: bytes) -> Any:
    """What was `compressed`, by this process or by one of its own: reading it runs what it says."""
    return pickle.loads(zlib.decompress(data))
