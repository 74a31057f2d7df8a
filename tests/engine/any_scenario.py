"""Hypothesis strategies for scenarios, drawn from the types of their structs."""

from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from engine.architectures import Gru
from engine.example_sources import Row
from engine.scenario import Scenario


def values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """Every value that a type of `engine.scenario` allows."""
    match kind:
        case inspect.StructType(cls=cls, fields=fields):
            parts = {field.name: values(field.type) for field in fields}
            required = {field.name: parts.pop(field.name) for field in fields if field.required}
            return st.fixed_dictionaries(required, optional=parts).map(lambda found: cls(**found))
        case inspect.UnionType(types=types):
            return st.one_of([values(member) for member in types])
        case inspect.ListType(item_type=item):
            return st.lists(values(item), max_size=4)
        case inspect.DictType(key_type=name, value_type=item):
            return st.dictionaries(values(name), values(item), max_size=3)
        case inspect.TupleType(item_types=items):
            return st.tuples(*map(values, items))
        case inspect.LiteralType(values=words):
            return st.sampled_from(words)
        case inspect.StrType(min_length=least):
            return st.text(min_size=least or 0, max_size=12) | st.just("two\nlines")
        case inspect.BoolType():
            return st.booleans()
        case inspect.IntType(ge=least, le=most):
            return st.integers(least, most or 2**63 - 1)
        case inspect.FloatType(ge=least, gt=above, le=most, lt=below):
            low = next(bound for bound in (above, least) if bound is not None)
            high = most if below is None else below
            return st.floats(
                low, high, exclude_min=above is not None, exclude_max=below is not None, allow_infinity=False
            )
    return st.none()


any_scenario: st.SearchStrategy[Scenario] = values(inspect.type_info(Scenario))
"""Right types; what it says need not fit together."""


def _fitting(scenario: Scenario) -> Scenario:
    tunings = {
        name: msgspec.structs.replace(
            tuning, tasks=[], epochs=None, model=None, tokenizer=None, start="", fresh=False, replay=0.0, shard=False
        )
        for name, tuning in scenario.tunings.items()
    }
    rows = [*scenario.examples, Row(instruction="1 + 1", response="2", split="train")]
    return msgspec.structs.replace(
        scenario,
        prompt_template="{instruction}",
        examples=rows,
        files=[],
        tasks={},
        family=None,
        tokenizer=None,
        model=Gru(),
        base="latest",
        pretraining=None,
        tunings=tunings,
    )


sound_scenario = any_scenario.map(_fitting)
"""A scenario that `load` accepts."""
