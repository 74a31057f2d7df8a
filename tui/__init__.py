"""Everything a person sees: the command line and the terminal app. Outside `tui.commands` nothing reaches torch."""
