"""Every key of a TOML text is found, on the line that it stands on."""

import tomllib
from collections.abc import Iterator
from typing import Any

import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from engine.toml_lines import KeyPath, key_lines

TEXT = '''\
title = "x"  # [no.table]
about = """
[not.a.table]
not_a_key = 1 \\"""
"""
literal = @
a = 1
''@
numbers = [
    1, 2.5,
    [3],  # a comment, with "quotes" and ]
    { x = 4, "y z" = { deep = 5 } },
]
a.b."c.d" = 1979-05-27 07:32:00.5

[table.inner]
"quo\\u0074ed" = 1

[[rows]]
n = 1
[rows.sub]
n = 2

[[rows]]
[[rows.parts]]
n = 3
[[rows.parts]]
n = 4
'''.replace("@", "'" * 3)


def test_each_kind_of_key_is_on_its_line() -> None:
    lines = key_lines(TEXT)

    assert lines[()] == 1
    assert lines["title",] == 1
    assert lines["about",] == 2
    assert lines["literal",] == 6
    assert [lines["numbers", i] for i in range(4)] == [10, 10, 11, 12]
    assert lines["numbers", 2, 0] == 11
    assert lines["numbers", 3, "x"] == lines["numbers", 3, "y z", "deep"] == 12
    assert lines["a",] == lines["a", "b"] == lines["a", "b", "c.d"] == 14
    assert lines["table",] == lines["table", "inner"] == 16
    assert lines["table", "inner", "quoted"] == 17
    assert (lines["rows",], lines["rows", 0], lines["rows", 1]) == (19, 19, 24)
    assert (lines["rows", 0, "n"], lines["rows", 0, "sub", "n"]) == (20, 22)
    assert (lines["rows", 1, "parts", 0, "n"], lines["rows", 1, "parts", 1, "n"]) == (26, 28)


def test_exactly_the_keys_that_the_parser_sees_are_found() -> None:
    assert set(key_lines(TEXT)) == set(paths(tomllib.loads(TEXT)))


def test_windows_line_ends_count_once() -> None:
    assert key_lines('a = 1\r\nb = """\r\n"""\r\nc = 2\r\n') == {(): 1, ("a",): 1, ("b",): 2, ("c",): 4}


words = st.text("ab.\"'# \\é[]{}=\n", min_size=0, max_size=4)
scalars = st.integers(-9, 9) | st.booleans() | st.just(1.5) | words
inline = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=6
)
documents = st.dictionaries(
    words,
    st.recursive(
        inline,
        lambda inner: (
            st.dictionaries(words, inner, max_size=3)
            | st.lists(st.dictionaries(words, inner, max_size=3), min_size=1, max_size=3)
        ),
        max_leaves=8,
    ),
    max_size=4,
)


@given(documents)
def test_keys_of_any_document_are_found_on_a_line_that_holds_them(document: dict[str, Any]) -> None:
    text = tomlkit.dumps(document)
    data = tomllib.loads(text)
    lines = key_lines(text)
    physical = text.split("\n")

    assert set(lines) == set(paths(data))
    for path, line in lines.items():
        if path and isinstance(path[-1], str) and path[-1].isalnum():
            assert path[-1] in physical[line - 1]


def paths(value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    yield path
    for key, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from paths(part, (*path, key))
