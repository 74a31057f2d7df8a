import json

import pytest

from engine.protocol import Score
from tui.json_output import print_json, print_json_line


def test_what_is_not_a_number_is_null(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"loss": float("nan"), "rate": float("inf")})

    assert json.loads(capsys.readouterr().out) == {"loss": None, "rate": None}


def test_structs_become_objects_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_json_line(Score(1.0, 0.0, 0.5, 3))

    assert capsys.readouterr().out == '{"exact_match":1.0,"did_not_stop":0.0,"loss":0.5,"examples":3}\n'
