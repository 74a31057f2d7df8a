"""The three panes of the main screen: examples, training, console."""
