"""Fake processes of runs on several devices, started where real ones would be."""

import subprocess
import sys

import pytest

from engine.launch import ROOT
from engine.launched import Launched
from engine.protocol import Event
from engine.runs import Run


class Fakes:
    """Starts fake processes for a run, and lets them go at the end."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.heard: list[Event] = []
        self.words: tuple[str, ...] = ()
        self._started: list[Launched] = []
        monkeypatch.setattr("engine.launched.launch", self._launch)

    def at(self, run: Run, *words: str) -> Launched:
        """Such processes at work; the words are for `tests.engine.fake_processes`."""
        self.words = words
        self._started.append(Launched(run, None, self.heard.append))
        return self._started[-1]

    def end(self) -> None:
        """No process stays behind."""
        for work in self._started:
            work.close()
            work.wait()

    def _launch(self, run: Run, device: str | None) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "tests.engine.fake_processes", str(run.folder), *self.words]
        with run.log_file.open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT)
