"""A run played back: the same events, the same path to the screen, at a speed of one's choice."""

from collections.abc import Sequence
from itertools import pairwise

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from engine.protocol import AnyEvent
from tui.figures import duration
from tui.known_answers import RightAnswers
from tui.plain_text import plain_text
from tui.screens.quiet_screen import QuietScreen
from tui.settings import settings_of
from tui.state import RunView, apply_all
from tui.widgets.key_line import KeyLine
from tui.widgets.run_display import RunDisplay

SPEEDS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 50.0, 200.0)
EMPTY = "The curves begin with the first step."
LONGEST_GAP = 1.0
"""Seconds. What lies between two events for longer, a pause or a night, is shortened to this."""


class ReplayScreen(QuietScreen[None]):
    """Plays as soon as it is open."""

    BINDINGS = [
        Binding("escape", "dismiss", "Back", id="replay.back", tooltip="Leave the replay."),
        Binding("space", "hold", "Hold/go on", id="replay.hold", tooltip="Hold the replay, or let it go on."),
        Binding("greater_than_sign,full_stop", "faster(1)", "Faster", id="replay.faster", tooltip="Play faster."),
        Binding("less_than_sign,comma", "faster(-1)", "Slower", id="replay.slower", tooltip="Play slower."),
        Binding("home", "seek(0)", "Start", id="replay.start", tooltip="Play from the start."),
        Binding("end", "seek(1)", "End", id="replay.end", show=False, tooltip="Go to the end."),
    ]

    def __init__(self, events: Sequence[AnyEvent], name: str, known: RightAnswers | None = None) -> None:
        """A replay of these events, at least one; `known` is what would be right."""
        super().__init__()
        self._events, self._known = events, known or {}
        self._offsets = offsets(events)
        self._called = name
        self._told = 0
        self._view = RunView()
        self.position = 0.0
        """Seconds of the story that were played."""
        self.speed = SPEEDS.index(1.0)
        """Position in `SPEEDS`."""
        self.held = False
        self._state = (False, False)
        self._picture = 0.1
        """Seconds from one picture to the next."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="pane", id="replay"):
            yield RunDisplay()
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin."""
        self.query_one(RunDisplay).query("*").first().focus()
        self._picture = 1 / settings_of(self.app).updates
        self.set_interval(self._picture, self._tick)
        self.play(0.0)

    def play(self, seconds: float) -> None:
        """Go on by so many seconds of the story."""
        self.position = min(self.position + seconds, self._offsets[-1])
        count = self._told
        while count < len(self._events) and self._offsets[count] <= self.position:
            count += 1
        self._view = apply_all(self._view, self._events[self._told : count])
        self._told = count
        place = self.query_one("#replay")
        sign = "■ the end " if self.is_over else "‖" if self.held else "▶"
        if self._state != (state := (self.held, self.is_over)):  # space does something else now
            self._state = state
            self.refresh_bindings()
        time = f"{duration(self.position)} of {duration(self._offsets[-1])}"
        place.border_title = Content(f"Replay of {plain_text(self._called)}  {sign} {SPEEDS[self.speed]:g}×  {time}")
        drawn = {self._called: self._view}
        self.query_one(RunDisplay).show(self._view, drawn=drawn, known=self._known, empty=EMPTY)

    @property
    def is_over(self) -> bool:
        """Whether all of it was played."""
        return self.position >= self._offsets[-1]

    def key_word(self, binding: Binding) -> str:
        """What a key does at this moment."""
        if binding.action == "hold":
            return "Again" if self.is_over else "Go on" if self.held else "Hold"
        return binding.description

    def action_hold(self) -> None:
        """Hold or go on; at the end from the start."""
        if self.is_over:
            self.action_seek(0)
            self.held = False
        else:
            self.held = not self.held
        self.play(0.0)

    def action_faster(self, by: int) -> None:
        """The next speed up or down."""
        self.speed = min(len(SPEEDS) - 1, max(0, self.speed + by))
        self.play(0.0)

    def action_seek(self, share: float) -> None:
        """Go to a place of the story, from 0 to 1."""
        self.position, self._told, self._view = share * self._offsets[-1], 0, RunView()
        self.play(0.0)

    def _tick(self) -> None:
        if not self.held and not self.is_over:
            self.play(self._picture * SPEEDS[self.speed])


def offsets(events: Sequence[AnyEvent]) -> list[float]:
    """Seconds from the first event to each, long gaps shortened."""
    found = [0.0]
    for earlier, later in pairwise(events):
        found.append(found[-1] + min(LONGEST_GAP, max(0.0, later.time - earlier.time)))
    return found
