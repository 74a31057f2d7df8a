"""Colours of curves that also the colour-blind can tell apart, after Okabe and Ito (2008), "Color Universal Design".

The light variants are darker, so that they stand out from a light ground. A theme of the terminal's own sixteen colours
has those of them that differ most. Where there are no colours, curves differ by their lines.
"""

from textual.app import App

DARK = ("#56b4e9", "#e69f00", "#26b98a", "#d98bb5", "#e8703a", "#d9cf4a")
LIGHT = ("#0072b2", "#a86400", "#007f5c", "#a34a80", "#b84300", "#6e6600")
SIXTEEN_DARK = ("bright_blue", "bright_yellow", "bright_green", "bright_magenta", "bright_red", "bright_cyan")
SIXTEEN_LIGHT = ("blue", "red", "green", "magenta", "cyan", "yellow")


def colour(app: App[object], line: int) -> str:
    """The colour of a curve drawn with the line of this number, in the app's theme."""
    dark = app.current_theme.dark
    if app.native_ansi_color:
        return (SIXTEEN_DARK if dark else SIXTEEN_LIGHT)[line]
    return (DARK if dark else LIGHT)[line]
