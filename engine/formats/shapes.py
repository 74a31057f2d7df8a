"""The ways in which rows hold an example, and how an example becomes such a row again.

A shape has fields of its own, and every shape may have `task` and `split` besides. All other fields of a row are kept
in `Example.extra` and written again.
"""

from abc import ABC, abstractmethod
from sys import intern
from typing import Any, Literal, cast

import msgspec

from engine.examples import SPLITS, Example, Split
from engine.formats.wrong_row import WrongRow, described

ShapeName = Literal["own", "alpaca", "prompt-completion", "messages", "sharegpt"]
Row = dict[str, Any]

_decode_row = msgspec.json.Decoder(Row).decode


class JsonRow(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, gc=False):
    """A row as a line of JSON has it: read without a dict in between, unless it has fields that are not the shape's."""

    task: str = ""
    split: Split | Literal[""] = ""


class Shape(ABC):
    """A way of writing an example as a row of named fields."""

    name: ShapeName
    fields: tuple[str, ...]
    """Fields that a row must have; a row that has them all is taken for this shape."""
    optional: tuple[str, ...] = ("task", "split")

    @abstractmethod
    def parts(self, row: Row) -> tuple[str, str, Row]:
        """Instruction, response, and what has to be kept in `extra` for `own_fields` to restore the row."""

    @abstractmethod
    def own_fields(self, example: Example, extra: Row) -> Row:
        """The shape's own fields. Takes out of `extra` what `parts` has put there."""

    def example(self, row: Row) -> Example:
        """The example of a row. It takes the row over: what is left of it becomes `extra`.

        Raises:
            WrongRow: a field is missing or is not what it should be.
        """
        instruction, response, kept = self.parts(row)
        task = text_of(row, "task", optional=True)
        split = text_of(row, "split", optional=True)
        if split and split not in SPLITS:
            raise WrongRow(described(split), field="split", expected="train, validation or unseen")
        for field in self.fields + self.optional:
            row.pop(field, None)
        row.update(kept)
        return Example(instruction, response, intern(task), cast(Split, split), row or None)

    def decode(self, line: bytes) -> Example:
        """The example of a row written in JSON.

        Raises:
            WrongRow: as `example`.
            ValueError: it is not a JSON object.
            RecursionError: it is nested too deeply.
        """
        return self.example(_decode_row(line))

    def row(self, example: Example) -> Row:
        """The row of an example: the shape's fields, `task` and `split` where the example has them, then `extra`.

        Raises:
            WrongRow: `extra` has a field that means something else in this shape.
        """
        extra = dict(example.extra or {})
        row = self.own_fields(example, extra)
        for field in self.fields + self.optional:
            if field in extra:
                raise WrongRow(
                    "the example has an extra field of this name, which means something else in this shape",
                    field=field,
                    hint=f"rename the extra field, or write another shape than {self.name}",
                )
        if example.task:
            row["task"] = example.task
        if example.split:
            row["split"] = example.split
        return row | extra


class OwnRow(JsonRow, kw_only=True, gc=False):
    """{"instruction": ..., "response": ...}"""

    instruction: str
    response: str


class PromptRow(JsonRow, kw_only=True, gc=False, rename={"instruction": "prompt", "response": "completion"}):
    """{"prompt": ..., "completion": ...}"""

    instruction: str
    response: str


class PairShape(Shape):
    """Instruction and response are a field each: our own shape, and prompt with completion."""

    def __init__(self, name: ShapeName, fields: tuple[str, str], row_type: type[OwnRow] | type[PromptRow]) -> None:
        self.name = name
        self.fields = fields
        self._read = msgspec.json.Decoder(row_type).decode

    def parts(self, row: Row) -> tuple[str, str, Row]:
        return text_of(row, self.fields[0]), text_of(row, self.fields[1]), {}

    def own_fields(self, example: Example, extra: Row) -> Row:
        return {self.fields[0]: example.instruction, self.fields[1]: example.response}

    def decode(self, line: bytes) -> Example:
        try:
            row = self._read(line)
        except ValueError:
            return super().decode(line)
        return Example(row.instruction, row.response, intern(row.task), row.split)


class AlpacaRow(JsonRow, kw_only=True, gc=False):
    """{"instruction": ..., "input": ..., "output": ...}"""

    instruction: str
    output: str
    input: str = ""


class AlpacaShape(Shape):
    """Instruction, input and output. The example's instruction is instruction and input with a line break between.

    `extra["input"]` remembers the input: the row is written as it was, unless the end of the instruction was edited.
    """

    name = "alpaca"
    fields = ("instruction", "output")
    optional = ("input", *Shape.optional)

    def __init__(self) -> None:
        self._read = msgspec.json.Decoder(AlpacaRow).decode

    def parts(self, row: Row) -> tuple[str, str, Row]:
        instruction, kept = self._joined(text_of(row, "instruction"), text_of(row, "input", optional=True))
        return instruction, text_of(row, "output"), kept

    def own_fields(self, example: Example, extra: Row) -> Row:
        instruction, text = example.instruction, extra.pop("input", None)
        if not (isinstance(text, str) and text and instruction.endswith("\n" + text)):
            return {"instruction": instruction, "input": "", "output": example.response}
        return {"instruction": instruction.removesuffix("\n" + text), "input": text, "output": example.response}

    def decode(self, line: bytes) -> Example:
        try:
            row = self._read(line)
        except ValueError:
            return super().decode(line)
        instruction, kept = self._joined(row.instruction, row.input)
        return Example(instruction, row.output, intern(row.task), row.split, kept or None)

    @staticmethod
    def _joined(instruction: str, text: str) -> tuple[str, Row]:
        return (f"{instruction}\n{text}", {"input": text}) if text else (instruction, {})


def text_of(row: Row, field: str, *, optional: bool = False) -> str:
    """The text in a field; "" where an optional one is absent or null.

    Raises:
        WrongRow: the field is missing or does not hold text.
    """
    value = row.get(field)
    if isinstance(value, str):
        return value
    if value is None and optional:
        return ""
    found = described(value) if field in row else "this field is missing"
    raise WrongRow(found, field=field, expected="text")
