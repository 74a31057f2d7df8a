"""A struct as TOML text: a tidy new text, or an old one in which only what differs is changed.

tomlkit keeps comments and order. It counts a comment that stands above a `[header]` to the table before; here it goes
with the table below it, so that it stays or goes with what it is about.
"""

from collections.abc import Hashable, Iterator, MutableMapping
from difflib import SequenceMatcher
from typing import Any, TypeAlias

import msgspec
import tomlkit
from tomlkit.container import Container
from tomlkit.items import AoT, Array, InlineTable, Item, Null, Table, Whitespace

from engine.architectures import Transformer

WIDE = 100
"""Characters from which on a list has a line for each of its values."""

Place: TypeAlias = tuple[Container, int]


def updated(text: str, struct: msgspec.Struct) -> str:
    """The text with every key as `struct` has it; an empty text gives a new one.

    A key that equals its default is left out, unless the text states it.

    Raises:
        tomlkit.exceptions.TOMLKitError: the text is not TOML.
    """
    document = tomlkit.parse(text)
    comments = list(_take_comments(document, []))
    _update(document, struct)
    for table, text in comments:
        table.trivia.indent = text + table.trivia.indent
    return document.as_string()


def _update(table: MutableMapping[str, Any], value: msgspec.Struct | dict[str, Any], new: bool = False) -> None:
    wanted = _entries(value, table, new)
    # From the end: tomlkit loses count of a table's parts when an earlier one goes first.
    for key in reversed([key for key in table if key not in wanted]):
        del table[key]
    for key, part in wanted.items():
        old = table.get(key)
        if isinstance(part, msgspec.Struct | dict) and isinstance(old, MutableMapping):
            _update(old, part)
        elif isinstance(part, list) and isinstance(old, list) and old:
            _update_list(old, part)
        elif old != part:
            item = _item(part, inline=isinstance(table, InlineTable))
            if isinstance(item, Table | AoT):
                table.pop(key, None)  # tables stand below all plain values, wherever the old value stood
            table[key] = item


def _update_list(array: list[Any], values: list[Any]) -> None:
    old, new = ([_comparable(value) for value in part] for part in (array, values))
    # From the end, so that positions further ahead stay true.
    for _, start, end, new_start, new_end in reversed(SequenceMatcher(None, old, new, autojunk=False).get_opcodes()):
        both = min(end - start, new_end - new_start)
        for i in reversed(range(start + both, end)):
            del array[i]
        for value in reversed(values[new_start + both : new_end]):
            item = _item(value, inline=not isinstance(array, AoT))
            if isinstance(item, Table):
                item.trivia.indent = "\n"
            array.insert(start + both, item)
        for i in range(both):
            if old[start + i] != new[new_start + i]:
                if isinstance(array[start + i], MutableMapping):
                    _update(array[start + i], values[new_start + i])
                else:
                    array[start + i] = values[new_start + i]


def _entries(value: msgspec.Struct | dict[str, Any], stated: MutableMapping[str, Any], new: bool) -> dict[str, Any]:
    """What a table holds for a struct: plain values first, tables after them."""
    if isinstance(value, dict):
        return value
    entries: dict[str, Any] = {}
    config = value.__struct_config__
    # A table that does not state its architecture is a transformer already.
    if config.tag_field and (new or config.tag_field in stated or not isinstance(value, Transformer)):
        entries[config.tag_field] = config.tag
    for field in msgspec.structs.fields(value):
        part = getattr(value, field.name)
        default = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
        kept = field.name in stated and not isinstance(stated[field.name], AoT)
        if part is not None and (part != default or kept):
            entries[field.name] = list(part) if isinstance(part, tuple) else part
    return dict(sorted(entries.items(), key=lambda entry: _is_table(entry[1])))


def _is_table(value: Any) -> bool:
    if isinstance(value, list | dict):
        return any(map(_is_table, value.values() if isinstance(value, dict) else value))
    return isinstance(value, msgspec.Struct)


def _item(value: Any, inline: bool = False) -> Item:
    """A new value, laid out to be read."""
    if isinstance(value, msgspec.Struct | dict):
        table = tomlkit.table() if _is_table(value) and not inline else tomlkit.inline_table()
        _update(table, value, new=True)
        return table
    if isinstance(value, list) and _is_table(value):
        rows = tomlkit.aot()
        for row in value:
            rows.append(_item(row))
        return rows
    if isinstance(value, str) and "\n" in value and "\r" not in value:  # tomlkit would let a carriage return get lost
        text = tomlkit.string(value, multiline=True).as_string().removeprefix('"""').removeprefix("\n")
        return tomlkit.value('"""\n' + text)  # a line end right after the quotes is no part of the value
    item: Item = tomlkit.item(value)
    if isinstance(item, Array) and len(item.as_string()) > WIDE:
        item.multiline(True)
    return item


def _comparable(value: Any) -> Hashable:
    """Equal where TOML's values are equal: the order of keys and `1` or `1.0` make no difference."""
    if isinstance(value, Item):
        value = value.unwrap()
    if isinstance(value, msgspec.Struct):
        value = msgspec.to_builtins(value)
    if isinstance(value, dict):
        return frozenset((key, _comparable(part)) for key, part in value.items())
    return tuple(map(_comparable, value)) if isinstance(value, list | tuple) else value


def _take_comments(container: Container, above: list[Place]) -> Iterator[tuple[Table, str]]:
    """Take out the comments above each header. Gives each with the table that it goes with.

    `above` collects the places of comments and blank lines since the last key or header. Those that follow a key
    without a blank line are about that key, unless the header follows without one, too.
    """
    for i, (key, item) in enumerate(container.body):
        if isinstance(item, Table | AoT) and key is not None:
            for table in item.body if isinstance(item, AoT) else [item]:
                if not table.is_super_table():
                    yield table, _taken(above)
                    above.clear()
                yield from _take_comments(table.value, above)
        elif key is None:
            above.append((container, i))
        else:
            above.clear()


def _taken(above: list[Place]) -> str:
    blank = [isinstance(container.body[i][1], Whitespace) for container, i in above]
    own = above[blank.index(True) :] if True in blank else above
    text = "".join(container.body[i][1].as_string() for container, i in own)
    for container, i in own:
        container.body[i] = (None, Null())
    return text
