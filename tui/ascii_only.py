"""For terminals and fonts that have nothing but ASCII: each line and sign of the app as one character that all have."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

SIGNS = {
    **dict.fromkeys(range(0x2080, 0x208A), "'"),  # the place of a digit
    **dict.fromkeys(range(0x2400, 0x2424), "?"),  # pictures of control characters
    **dict.fromkeys(range(0x2500, 0x2580), "+"),  # corners and crossings of lines; the lines themselves stand below
    **dict.fromkeys(range(0x2580, 0x25A0), "#"),  # blocks; the thin ones stand below
    **{ord(sign): "-" for sign in "─━┄┅┈┉╌╍╴╶╸╺▔−–"},
    **{ord(sign): "|" for sign in "│┃┆┇┊┋╎╏╵╷╹╻▌▍▎▏▐▕‖"},
    **dict(zip(map(ord, "▁▂▃▄▅▆▇█"), "__..::##", strict=True)),
    **dict(zip(map(ord, "═␣∅…·•✓✗■⏹×±“”"), '=__~.*vx##x~""', strict=True)),
    **dict(zip(map(ord, "←↑→↓⏎›▸▶◂�◌"), "<^>v<>>><?o", strict=True)),
}
"""Code point -> what stands for it."""


class AsciiOnly(LineFilter):
    """Letters of other scripts stay: they are what somebody wrote."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments with the signs put in ASCII."""
        return [
            segment if segment.text.isascii() else Segment(segment.text.translate(SIGNS), segment.style)
            for segment in segments
        ]
