from pathlib import Path

from engine.protocol import Answer, Evaluation, Token
from engine.workspace import Workspace
from tests.tui.stories import SCORES, new_run, story
from tui.run_record import read_story


def test_a_replay_holds_the_answers_and_not_what_they_are_made_of(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    run = new_run(workspace)
    answers = [Answer("Add 1 and 2", "3", [Token("3", 0.9)], stopped=True)]
    with run.log() as log:
        log.append(story()[0])
        log.append(Evaluation(step=1, scores=SCORES, answers=answers, seconds=0.1))

    (evaluation,) = [event for event in read_story(workspace, run.id).events if isinstance(event, Evaluation)]

    assert [(answer.response, answer.tokens) for answer in evaluation.answers] == [("3", [])]
