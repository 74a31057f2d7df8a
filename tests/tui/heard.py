"""What the widgets of an app tell each other."""

from typing import TypeVar

from textual.message import Message

MessageT = TypeVar("MessageT", bound=Message)


class Heard:
    """Every message of an app, each once; for `run_test(message_hook=…)`, which hears one wherever it bubbles to."""

    def __init__(self) -> None:
        self._messages: dict[int, Message] = {}

    def __call__(self, message: Message) -> None:
        self._messages[id(message)] = message

    def of(self, *kinds: type[MessageT]) -> list[MessageT]:
        """The messages of these kinds, in the order in which they came."""
        return [message for message in self._messages.values() if isinstance(message, kinds)]
