"""Plain data, as a TOML parser gives it, into typed structs: every mistake is found, not only the first.

msgspec's own conversion stops at the first mistake. This one walks the same types and goes on; what is wrong keeps its
default, so that the rest can still be checked further.
"""

import sys
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec import inspect

from engine.errors import closest, did_you_mean
from engine.toml_lines import KeyPath

LARGEST = 2**63 - 1
"""Largest whole number that TOML promises to hold."""

WRONG = msgspec.NODEFAULT
"""Stands for a value that could not be read and has no default."""

S = TypeVar("S", bound=msgspec.Struct)


class Mistake(NamedTuple):
    """Something wrong at one place of the data."""

    path: KeyPath
    found: str
    expected: str = ""
    hint: str = ""
    about: tuple[KeyPath, ...] = ()
    """Other places that it has to do with."""

    def follows_from(self, other: "Mistake") -> bool:
        """Whether it may vanish by itself once the other one is mended: both have to do with the same place."""
        return any(
            one[: len(another)] == another[: len(one)]
            for one in (self.path, *self.about)
            for another in (other.path, *other.about)
        )


def read(data: dict[str, Any], struct: type[S]) -> tuple[S, list[Mistake]]:
    """The struct, and all that is wrong with the data.

    A tagged table that leaves its tag out is of the first struct of its union. With mistakes the struct serves only to
    look for more: required keys that are missing are None in it.
    """
    reader = _Reader(struct)
    return reader.read((), data, inspect.type_info(struct)), reader.mistakes


def shown(value: Any) -> str:
    """A value as an error shows it: short, on one line, without control characters."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return repr(value if len(value) <= 60 else value[:50] + "…")
        case int() if abs(value) > LARGEST:
            return "a number of more than 18 digits"
        case dict():
            return "a table"
        case list():
            return f"a list of {len(value)}"
    return str(value)


class _Reader:
    def __init__(self, root: type[msgspec.Struct]) -> None:
        self.root = root
        self.mistakes: list[Mistake] = []

    def read(self, path: KeyPath, value: Any, kind: inspect.Type, default: Any = WRONG) -> Any:
        kind = _alternative(kind, value)
        match kind:
            case inspect.UnionType(types=(inspect.StructType(tag_field=str()), *_)) if isinstance(value, dict):
                return self._tagged(path, value, kind, default)
            case inspect.StructType() if isinstance(value, dict):
                return self._struct(path, value, kind)
            case inspect.DictType(key_type=name, value_type=item) if isinstance(value, dict):
                for key in value:
                    if not _fits(key, name):
                        self._add((*path, key), f"the name {shown(key)}", _described(name))
                named = {key: self.read((*path, key), part, item) for key, part in value.items()}
                return {key: part for key, part in named.items() if part is not WRONG}
            case inspect.ListType(item_type=item) if isinstance(value, list):
                parts = [self.read((*path, i), part, item) for i, part in enumerate(value)]
                return [part for part in parts if part is not WRONG]
            case inspect.TupleType(item_types=items) if isinstance(value, list) and len(value) == len(items):
                parts = [self.read((*path, i), value[i], item) for i, item in enumerate(items)]
                return default if WRONG in parts else tuple(parts)
        if _fits(value, kind):
            return float(value) if isinstance(kind, inspect.FloatType) else value
        self._add(path, shown(value), _described(kind), _closest(value, kind))
        return self._struct(path, None, kind) if isinstance(kind, inspect.StructType) else default

    def _tagged(self, path: KeyPath, table: dict[str, Any], union: inspect.UnionType, default: Any) -> Any:
        structs = [kind for kind in union.types if isinstance(kind, inspect.StructType)]
        tag_field = str(structs[0].tag_field)
        tag = table.get(tag_field, structs[0].tag)
        for kind in structs:
            if kind.tag == tag:
                return self._struct(path, {key: part for key, part in table.items() if key != tag_field}, kind)
        tags = inspect.LiteralType(tuple(str(kind.tag) for kind in structs))
        self._add((*path, tag_field), shown(tag), _described(tags), _closest(tag, tags))
        return default

    def _struct(self, path: KeyPath, table: dict[str, Any] | None, kind: inspect.StructType) -> Any:
        fields = {field.name: field for field in kind.fields}
        values: dict[str, Any] = {}
        meant = set()
        for key, value in (table or {}).items():
            if key in fields:
                values[key] = self.read((*path, key), value, fields[key].type, fields[key].default)
            else:
                meant.add(self._unknown((*path, key), key, [*fields, *filter(None, [kind.tag_field])]))
        required = {key: None for key, field in fields.items() if field.required}
        for key in required:
            if table is not None and key not in table and key not in meant:
                self._add((*path, key), "missing", _described(fields[key].type))
        return kind.cls(**required | {key: value for key, value in values.items() if value is not WRONG})

    def _unknown(self, path: KeyPath, key: str, known: list[str]) -> str:
        """Report an unknown key. Returns the one that was meant, as far as can be told."""
        if len(path) > 1 and key in self.root.__struct_fields__:
            hint = f"`{key}` belongs at the top of the file, above the first [table]"
            self.mistakes.append(Mistake(path, "unknown key", hint=hint, about=((key,),)))
            return ""
        meant = closest(key, known)
        expected = "" if meant else "one of " + ", ".join(known)
        about = ((*path[:-1], meant),) if meant else ()
        self.mistakes.append(Mistake(path, "unknown key", expected, did_you_mean(key, known), about))
        return meant

    def _add(self, path: KeyPath, found: str, expected: str = "", hint: str = "") -> None:
        self.mistakes.append(Mistake(path, found, expected, hint))


def _alternative(kind: inspect.Type, value: Any) -> inspect.Type:
    """Of a union the member that has the value's shape; the union itself where tags or nothing decide."""
    if not isinstance(kind, inspect.UnionType):
        return kind
    types = tuple(member for member in kind.types if not isinstance(member, inspect.NoneType))
    if len(types) == 1:
        return types[0]
    for member in types:
        match member, value:
            case (inspect.ListType(), list()) | (inspect.DictType(), dict()):
                return member
    return inspect.UnionType(types)


def _fits(value: Any, kind: inspect.Type) -> bool:
    match kind:
        case inspect.StrType(min_length=least):
            return isinstance(value, str) and len(value) >= (least or 0)
        case inspect.BoolType():
            return isinstance(value, bool)
        case inspect.LiteralType(values=values):
            return isinstance(value, str) and value in values
        case inspect.IntType():
            return type(value) is int and abs(value) <= LARGEST and _within(value, kind)
        case inspect.FloatType():
            return type(value) in (int, float) and abs(value) <= sys.float_info.max and _within(value, kind)
    return False


def _within(number: float, kind: inspect.IntType | inspect.FloatType) -> bool:
    return (
        (kind.ge is None or number >= kind.ge)
        and (kind.gt is None or number > kind.gt)
        and (kind.le is None or number <= kind.le)
        and (kind.lt is None or number < kind.lt)
    )


def _described(kind: inspect.Type) -> str:
    match kind:
        case inspect.StrType(min_length=least):
            return "text that is not empty" if least else "text"
        case inspect.BoolType():
            return "true or false"
        case inspect.LiteralType(values=values):
            return "one of " + ", ".join(f'"{value}"' for value in values)
        case inspect.IntType() | inspect.FloatType():
            name = "a whole number" if isinstance(kind, inspect.IntType) else "a number"
            if kind.ge is not None and kind.le is not None:
                return f"{name} from {kind.ge} to {kind.le}"
            bounds = [(" of at least", kind.ge), (" above", kind.gt), (" of at most", kind.le), (" below", kind.lt)]
            return name + " and".join(f"{word} {bound}" for word, bound in bounds if bound is not None)
        case inspect.ListType(item_type=inspect.StructType()):
            return "tables, each with a header in double [[brackets]]"
        case inspect.ListType(item_type=item):
            return "a list, each value " + _described(item)
        case inspect.TupleType(item_types=items):
            return f"a list of {len(items)}, each value " + _described(items[0])
        case inspect.UnionType(types=types):
            return " or ".join(dict.fromkeys(map(_described, types)))
    return "a table"


def _closest(value: Any, kind: inspect.Type) -> str:
    if isinstance(kind, inspect.LiteralType) and isinstance(value, str):
        return did_you_mean(value, map(str, kind.values))
    return ""
