"""The colours of the app: a dark and a light theme of its own, and two that use the terminal's sixteen colours.

One accent colour stands for focus and for what is live. Red and green never stand alone: a sign says the same.
"""

from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="tunetui-dark",
    primary="#8fb3ff",
    secondary="#7f8ba3",
    accent="#8fb3ff",
    warning="#e0af68",
    error="#f7768e",
    success="#8fce8f",
    foreground="#d4d9e4",
    background="#12141a",
    surface="#181b23",
    panel="#222631",
    dark=True,
    variables={
        "border": "#8fb3ff",
        "border-blurred": "#343a48",
        "block-cursor-background": "#8fb3ff",
        "block-cursor-foreground": "#12141a",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#2a3040",
        "footer-background": "#12141a",
        "footer-key-foreground": "#8fb3ff",
        "footer-description-foreground": "#8d96aa",
        "scrollbar": "#343a48",
        "scrollbar-hover": "#4a5266",
        "scrollbar-active": "#8fb3ff",
        "scrollbar-background": "#12141a",
        "scrollbar-background-hover": "#12141a",
        "scrollbar-background-active": "#12141a",
        "input-selection-background": "#8fb3ff 30%",
    },
)

LIGHT = Theme(
    name="tunetui-light",
    primary="#2f5fc4",
    secondary="#667085",
    accent="#2f5fc4",
    warning="#9a6700",
    error="#b3261e",
    success="#1f7a34",
    foreground="#20242c",
    background="#fbfaf7",
    surface="#f4f2ed",
    panel="#e9e6df",
    dark=False,
    variables={
        "border": "#2f5fc4",
        "border-blurred": "#cfcabf",
        "block-cursor-background": "#2f5fc4",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#dfe6f5",
        "footer-background": "#fbfaf7",
        "footer-key-foreground": "#2f5fc4",
        "footer-description-foreground": "#667085",
        "scrollbar": "#cfcabf",
        "scrollbar-hover": "#b5afa2",
        "scrollbar-active": "#2f5fc4",
        "scrollbar-background": "#fbfaf7",
        "scrollbar-background-hover": "#fbfaf7",
        "scrollbar-background-active": "#fbfaf7",
        "input-selection-background": "#2f5fc4 25%",
    },
)


def _sixteen(name: str) -> Theme:
    """Textual's theme of the terminal's own colours, with lines that can be seen and this app's one accent."""
    theme = BUILTIN_THEMES[name]
    own = {
        "border": theme.accent or "",
        "border-blurred": "ansi_bright_black",
        "footer-key-foreground": theme.accent or "",
        "scrollbar": "ansi_bright_black",
        "scrollbar-hover": "ansi_bright_black",
        "scrollbar-active": theme.accent or "",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
    }
    return replace(theme, name=f"tunetui-{name}", variables=theme.variables | own)


ANSI_DARK, ANSI_LIGHT = _sixteen("ansi-dark"), _sixteen("ansi-light")

OWN_THEMES = (DARK, LIGHT, ANSI_DARK, ANSI_LIGHT)

NAMES = {"dark": DARK.name, "light": LIGHT.name, "ansi-dark": ANSI_DARK.name, "ansi-light": ANSI_LIGHT.name}
"""What a person writes in the settings -> the theme's name in Textual."""
