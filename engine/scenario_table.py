"""A table of a scenario file, and the kinds of values in it."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Positive = Annotated[int, Meta(ge=1)]
Count = Annotated[int, Meta(ge=0)]
Rate = Annotated[float, Meta(gt=0)]
Weight = Annotated[float, Meta(ge=0)]
Fraction = Annotated[float, Meta(ge=0, le=1)]
ProperFraction = Annotated[float, Meta(ge=0, lt=1)]
Size = Annotated[int, Meta(ge=1, le=4096)]
"""Of a model's parts: what is larger is no tiny model, and most likely a slip of the keyboard."""
Seed = Annotated[int, Meta(ge=0, le=2**32 - 1)]
Devices = Annotated[int, Meta(ge=1, le=64)]
Text = Annotated[str, Meta(min_length=1)]
Optimizer = Literal["adam", "adamw", "muon"]
Matrix = Literal["query", "key", "value", "output", "up", "down"]
Precision = Literal["auto", "float32", "bfloat16"]


class Table(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A table of the scenario file."""
