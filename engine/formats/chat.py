"""Conversations: chat `messages` (role, content) and ShareGPT `conversations` (from, value).

The last message of the assistant is the response. What comes before it becomes the instruction:

- one user message: its text;
- a system and a user message: both texts, with a line break between;
- anything longer, or in another order: every message as a line `role: text`. The model reads a dialogue as one text.

`extra` keeps a conversation that is more than one question and its answer, and it is written again as it was; in the
other of the two shapes with the roles and texts of its messages. Where the example was edited, only its instruction and
response are written.
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
        self._names = {ours: names[0] for ours, names in roles.items()}
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
        plain = self._plain(example.instruction, example.response)
        original = extra.pop(self.field, None)
        if self._tells(original, example):
            return {self.field: original}
        for other in (MESSAGES, SHAREGPT):
            conversation = extra.get(other.field)
            is_kept = conversation != other._plain(example.instruction, example.response)
            if is_kept and other._tells(conversation, example):
                told = self._messages(other._turns(extra.pop(other.field)))
                return {self.field: told if self._tells(told, example) else plain}
        return {self.field: plain}

    def _tells(self, conversation: Any, example: Example) -> bool:
        """Whether an example is this conversation, unedited."""
        try:
            return self.parts({self.field: conversation})[:2] == (example.instruction, example.response)
        except WrongRow:
            return False

    def _plain(self, instruction: str, response: str) -> list[dict[str, str]]:
        return self._messages([("user", instruction), ("assistant", response)])

    def _messages(self, turns: list[tuple[str, str]]) -> list[dict[str, str]]:
        """Messages of this shape, of roles by our names."""
        return [{self._role: self._names.get(role, role), self._text: text} for role, text in turns]

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
