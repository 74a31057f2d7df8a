"""Messages at the edge of the screen that cannot stop the app."""

from dataclasses import dataclass

from textual.app import App
from textual.notifications import Notification, Notify
from textual.widgets._toast import ToastRack

SHORTEST = 0.01
"""Seconds."""


@dataclass
class Notice(Notification):
    """A message that always has some time left.

    Between the look whether it has expired and the timer that takes it away, its time may run out. Textual's timer
    counts backwards then and never ends, and no key is handled any more.
    """

    def follows(self, former: Notification) -> bool:
        """Whether it says how it now stands with what the former said something about: what comes before a colon."""
        about, about_before = (notice.message.partition(":")[0] for notice in (self, former))
        return (about, self.severity) == (about_before, former.severity)

    @property
    def time_left(self) -> float:
        """Seconds until it goes, never none."""
        return max(SHORTEST, super().time_left)

    @property
    def has_expired(self) -> bool:
        """Whether it is not to be shown any more."""
        return super().time_left <= 0


class ShowsNotices(App[None]):
    """An app that shows messages of this kind."""

    def on_notify(self, event: Notify) -> None:
        """A message is to be shown; a former one on the same matter goes."""
        event.notification = notice = Notice(**vars(event.notification))
        for former in [each for each in self._notifications if notice.follows(each)]:
            self._unnotify(former, refresh=False)
            self.screen.query(f"#{ToastRack._toast_id(former)}").remove()  # Textual would leave an empty box
