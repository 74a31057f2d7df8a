"""Answers taken out of the app: to the clipboard, or to a file."""

import os

from textual.containers import Vertical

from engine import atomic
from engine.errors import EngineError
from tui.plain_text import plain_text
from tui.screens.line_prompt import LinePrompt
from tui.transcript import transcript
from tui.transcript_file import ASK, NAME, FileName, path_of
from tui.widgets.answer_list import AnswerList

TMUX_NOTE = "tmux passes it on where its option allow-passthrough or set-clipboard is on."


class AnswerExport(Vertical):
    """A pane with an `AnswerList` that can be copied from and written down; its keys are the pane's."""

    def action_copy(self) -> None:
        """Copy the answer in hand."""
        reply = self.query_one(AnswerList).reply
        if reply:
            self.app.copy_to_clipboard(reply.text)
            note = f"Copied: {plain_text(reply.text) or 'an empty answer'}"
            self.notify(f"{note}\n{TMUX_NOTE}" if os.environ.get("TMUX") else note, markup=False)

    def action_write(self) -> None:
        """Write everything to a file."""
        text = transcript(self.query_one(AnswerList).exchanges)

        def named(name: str | None) -> None:
            if name is not None:
                self.run_worker(lambda: self._write(name, text), thread=True)

        prompt = LinePrompt("Write prompts and answers to a file", ASK, NAME, wrong=FileName().wrong)
        self.app.push_screen(prompt, named)

    def _write(self, name: str, text: str) -> None:
        try:
            atomic.write_text(path_of(name), text)
        except EngineError as error:
            self.app.call_from_thread(self.notify, plain_text(str(error)), severity="error", markup=False)
        else:
            self.app.call_from_thread(self.notify, plain_text(f"Written: {name}"), markup=False)
