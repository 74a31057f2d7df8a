"""The notebook's two models: what it shows, what its floor is, and that the repair works."""

import math
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from engine import dataset, headless
from engine.inference.answer import Answerer
from engine.protocol import Evaluation, Event, Finished, Step
from engine.runs import Run
from engine.scenario import Scenario
from engine.scenario_library import folders, resolve
from engine.tokenizer import Letters
from engine.workspace import Workspace

LENGTH = 10
