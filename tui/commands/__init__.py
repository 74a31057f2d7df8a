"""The subcommands of `tunetui`, one a file, each called `command`. `tui.cli` imports them by name when they are used.

Only here may anything of `tui` call `engine.headless`, which imports torch, and only inside the function that runs.
"""
