"""Text of a dataset or a model, made safe for a terminal."""

_DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)
_LINE_ENDS = (0x2028, 0x2029)
_SYMBOLS: dict[int, str] = {
    **{code: chr(0x2400 + code) for code in range(0x20)},
    0x7F: "␡",
    **dict.fromkeys((*range(0x80, 0xA0), *_DIRECTIONS, *_LINE_ENDS, *range(0xD800, 0xE000)), "�"),
}


def plain_text(text: str) -> str:
    """The text with a symbol for every character that would move, colour or garble instead of being printed.

    Control characters get their picture (a line break is `␊`, an escape `␛`). Characters that turn the writing
    direction, and lone surrogates, which no terminal can print, become `�`. The result is one line.
    """
    return text.translate(_SYMBOLS)


def plain_lines(text: str) -> str:
    """The same for each line of a text that may have several."""
    return "\n".join(map(plain_text, text.split("\n")))
