"""The Markdown that the text of a file may use: what gives it shape, and nothing that acts or hides a part of it."""

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

SHAPES = ("heading", "list", "fence", "code", "backticks", "emphasis", "newline")
"""Headings, lists, blocks of code, code, and what is emphasised."""


def shaping_parser() -> MarkdownIt:
    """A parser of those. Links, pictures, HTML, entities and all else stand there as they were written.

    Of a block of code what follows its first fence is its first line.
    """
    parser = MarkdownIt("zero").enable(SHAPES)
    parser.core.ruler.push("show_info", _show_info)
    return parser


def _show_info(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "fence" and token.info.strip():
            token.content, token.info = f"{token.info.strip()}\n{token.content}", ""
