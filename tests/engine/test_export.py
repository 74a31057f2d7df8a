from pathlib import Path

import pytest
import torch

from engine import headless
from engine.architectures import Transformer
from engine.errors import InputError
from engine.example_sources import Row
from engine.inference.answer import Answerer
from engine.protocol import Finished
from engine.runs import Run
from engine.scenario import Pretraining, Scenario, Tuning
from engine.storage import StorageError
from engine.training import checkpoint
from engine.workspace import Workspace
from tests.engine.small import CHARACTERS, identical, weights


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    scenario = Scenario(
        title="Digits | letters",
        about="What *follows* a digit.",
        prompt_template="? {instruction}",
        examples=[Row(instruction=str(n), response=str(n + 1), split="train") for n in range(4)],
        tokenizer=CHARACTERS,
        model=Transformer(width=16, layers=1, heads=2, context=16),
        tunings={"next": Tuning(steps=3, threads=1)},
    )
    folder = tmp_path_factory.mktemp("export")
    return headless.train(scenario, "digits", folder, "next", workspace=Workspace(folder / "workspace"))


@pytest.fixture
def exported(run: Run, tmp_path: Path) -> Path:
    headless.export(run, tmp_path / "model")
    return tmp_path / "model"


def loaded(folder: Path) -> Answerer:
    return checkpoint.load(folder, torch.device("cpu")).answerer


def test_the_folder_holds_the_model_alone_with_all_that_answering_needs(run: Run, exported: Path) -> None:
    assert sorted(path.name for path in exported.iterdir()) == ["README.md", "checkpoint.json", "model.safetensors"]
    assert identical(weights(loaded(exported).model), weights(headless.load_run(run).model))
    assert [loaded(exported).answer("2")] == list(headless.ask(run, ["2"]))


def test_the_card_says_what_the_model_is_and_how_well_it_does(run: Run, exported: Path) -> None:
    card = (exported / "README.md").read_text()
    parameters = sum(weight.numel() for weight in loaded(exported).model.parameters())
    score = run.scores()["train"][""]
    assert card.startswith("# Digits | letters: next\n")
    assert "What *follows* a digit." in card
    assert f"{parameters:,} parameters" in card
    assert f"| train | – | {score.exact_match:.1%} | {score.did_not_stop:.1%} | {score.loss:.4f} | 4 |" in card
    assert f"`{checkpoint.read_manifest(exported).weights}`" in card
    assert run.id in card


def test_the_card_says_by_which_command_and_with_how_much_work_the_model_was_made(run: Run, exported: Path) -> None:
    card = (exported / "README.md").read_text()
    finished = list(run.events())[-1]
    assert isinstance(finished, Finished)
    assert "`tunetui train digits --tuning next --seed 0`: 3 steps, " in card
    assert f" tokens and {finished.seconds:,.0f} seconds of training on cpu (1 thread, float32)." in card


def test_half_a_model_is_half_as_large_and_all_but_the_same(run: Run, exported: Path, tmp_path: Path) -> None:
    headless.export(run, tmp_path / "half", half=True)
    sizes = [(folder / "model.safetensors").stat().st_size for folder in (tmp_path / "half", exported)]
    assert sizes[0] < 0.6 * sizes[1]
    whole, half = weights(loaded(exported).model), weights(loaded(tmp_path / "half").model)
    assert all(torch.equal(half[name], whole[name].half().float()) for name in whole)
    assert "rounded to float16" in (tmp_path / "half" / "README.md").read_text()
    hashes = {checkpoint.read_manifest(folder).weights for folder in (tmp_path / "half", exported)}
    assert len(hashes) == 2


def test_a_bases_card_names_the_command_that_makes_it_again(tmp_path: Path) -> None:
    scenario = Scenario(
        title="Base",
        model=Transformer(width=8, layers=1, heads=1, context=72),
        pretraining=Pretraining(rules=["first"], steps=9, batch_size=2, row_tokens=8, threads=1),
    )
    base = headless.pretrain(scenario, "tiny", workspace=Workspace(tmp_path / "workspace"), steps=2)
    headless.export(base, tmp_path / "model")
    card = (tmp_path / "model" / "README.md").read_text()
    assert "`tunetui pretrain tiny --steps 2`: 2 steps, 32 tokens" in card
    assert "text that rules write" in card


def test_the_card_may_be_edited_and_the_model_still_loads(exported: Path) -> None:
    (exported / "README.md").write_text("Mine.")
    loaded(exported)


def test_an_empty_folder_is_filled_and_a_full_one_is_left_alone(run: Run, exported: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    headless.export(run, tmp_path / "empty")
    loaded(tmp_path / "empty")
    (exported / "README.md").write_text("Mine.")
    for there in (exported, exported / "README.md"):
        with pytest.raises(InputError, match="it is there already"):
            headless.export(run, there)
    assert (exported / "README.md").read_text() == "Mine."


def test_nothing_is_left_of_an_export_that_fails_at_its_last_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(Path, "write_text", fail)
    with pytest.raises(StorageError, match="disk is full"):
        headless.export(run, tmp_path / "model")
    assert list(tmp_path.iterdir()) == []
