"""What is wanted of a run, on the main screen or on that of all runs. The app passes it on to the engine."""

from dataclasses import dataclass

from textual.message import Message


@dataclass
class OfRun(Message):
    """Something is wanted of a run."""

    run: str


class Pause(OfRun, namespace="run"):
    """Hold it after its step; one that waits leaves the line."""


class Resume(OfRun, namespace="run"):
    """Let a paused or interrupted run go on; one that has left the line comes to its end."""


HOLD = {"running": "Pause", "queued": "Take out", "paused": "Go on", "interrupted": "Go on"}
"""A run's state -> what the key that holds runs does with it, in a word."""
