"""Colours of curves that also the colour-blind can tell apart, after Okabe and Ito (2008), "Color Universal Design".

The light variants are darker, so that they stand out from a light ground. Where there are no colours, lines differ by
their dashes and runs by their names.
"""

DARK = ("#56b4e9", "#e69f00", "#26b98a", "#d98bb5", "#e8703a", "#d9cf4a")
LIGHT = ("#0072b2", "#a86400", "#007f5c", "#a34a80", "#b84300", "#6e6600")


def colour(number: int, *, dark: bool) -> str:
    """The colour of the curve with this number; they repeat after six."""
    colours = DARK if dark else LIGHT
    return colours[number % len(colours)]
