"""Conversations: chat `messages` (role, content) and ShareGPT `conversations` (from, value).

The last message of the assistant is the response. What comes before it becomes the instruction:

- one user message: its text;
- a system and a user message: both texts, with a line break between;
- anything longer, or in another order: every message as a line `role: text`. The model reads a dialogue as one text.

`extra` keeps a conversation that is more than one question and its answer, and it is written again as it was. Where the
example was edited, only its instruction and response are written.
"""

from typing import Any

from engine.examples import Example
from engine.formats.shapes import Row, Shape, ShapeName, text_of
from engine.formats.wrong_row import WrongRow, described


class ChatShape(Shape):
    """A field that holds a list of messages."""

    def __init__(self, name: ShapeName, field: str, keys: tuple[str, str], roles: dict[str, list[str]]) -> None:
        """`keys` hold a message's role and its text; `roles` gives the file's names of a role, the usual one first."""
        self.name = name
        self.field = field
        self.fields = (field,)
        self._role, self._text = keys
        self._user, self._assistant = roles["user"][0], roles["assistant"][0]
        self._roles = {theirs: ours for ours, names in roles.items() for theirs in names}

    def parts(self, row: Row) -> tuple[str, str, Row]:
        turns = self._turns(row.get(self.field))
        answers = [place for place, (role, _) in enumerate(turns) if role == "assistant"]
        if not answers:
            raise WrongRow("no message of the assistant", field=self.field, expected="an answer to learn")
        instruction, response = _instruction(turns[: answers[-1]]), turns[answers[-1]][1]
        plain = row[self.field] == self._plain(instruction, response)
        return instruction, response, {} if plain else {self.field: row[self.field]}

    def own_fields(self, example: Example, extra: Row) -> Row:
        original = {self.field: extra.pop(self.field, None)}
        try:
            unchanged = self.parts(original)[:2] == (example.instruction, example.response)
        except WrongRow:
            unchanged = False
        return original if unchanged else {self.field: self._plain(example.instruction, example.response)}

    def _plain(self, instruction: str, response: str) -> list[dict[str, str]]:
        return [
            {self._role: self._user, self._text: instruction},
            {self._role: self._assistant, self._text: response},
        ]

    def _turns(self, messages: Any) -> list[tuple[str, str]]:
        """Role (by our names) and text of each message."""
        if not isinstance(messages, list):
            raise WrongRow(described(messages), field=self.field, expected="a list of messages")
        turns = []
        for place, message in enumerate(messages):
            where = f"{self.field}[{place}]"
            if not isinstance(message, dict):
                raise WrongRow(described(message), field=where, expected=f"{self._role} and {self._text}")
            try:
                role, text = text_of(message, self._role), text_of(message, self._text)
            except WrongRow as wrong:
                raise WrongRow(wrong.found, field=f"{where}.{wrong.field}", expected=wrong.expected) from None
            turns.append((self._roles.get(role, role), text))
        return turns


def _instruction(turns: list[tuple[str, str]]) -> str:
    roles = [role for role, _ in turns]
    if roles in (["user"], ["system", "user"]):
        return "\n".join(text for _, text in turns)
    return "\n".join(f"{role}: {text}" for role, text in turns)


MESSAGES = ChatShape("messages", "messages", ("role", "content"), {"user": ["user"], "assistant": ["assistant"]})
SHAREGPT = ChatShape(
    "sharegpt",
    "conversations",
    ("from", "value"),
    {"user": ["human", "user"], "assistant": ["gpt", "assistant", "chatgpt"]},
)
