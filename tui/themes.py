"""The colours of the app: a dark and a light theme of its own, and two that use the terminal's sixteen colours.

One accent colour stands for focus and for what is live. Red and green never stand alone: a sign says the same.
"""

from textual.theme import Theme

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

OWN_THEMES = (DARK, LIGHT)

NAMES = {"dark": DARK.name, "light": LIGHT.name, "ansi-dark": "ansi-dark", "ansi-light": "ansi-light"}
"""What a person writes in the settings -> the theme's name in Textual."""
