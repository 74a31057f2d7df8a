"""What docs/scenarios.md says is so."""

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine import architectures, example_sources, scenario
from engine.errors import InputError
from engine.scenario_file import load
from engine.scenario_table import Table
from engine.tasks import RULES

PAGE = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text()
BODY, ERRORS = PAGE.split("## What is wrong, and where")

SECTIONS = {
    "## The top of the file": scenario.Scenario,
    "## `[[examples]]`": example_sources.Row,
    "## `[[files]]`": example_sources.DataFile,
    "## `[tasks.NAME]`": example_sources.Task,
    "## `[family]`": example_sources.Family,
    "## `[tokenizer]`": architectures.Tokenizer,
    '### `architecture = "transformer"`': architectures.Transformer,
    '### `architecture = "gru"`': architectures.Gru,
    '### `architecture = "gru_tagger"`': architectures.GruTagger,
    '### `architecture = "gru_classifier"`': architectures.GruClassifier,
    "## `[pretraining]`": scenario.Pretraining,
    "### `[pretraining.weights]`": scenario.LossWeights,
    "## `[tunings.NAME]`": scenario.Tuning,
    "### `[tunings.NAME.lora]`": scenario.Lora,
}


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize("text", blocks(BODY, "toml"))
def test_each_example_is_a_scenario(text: str, tmp_path: Path) -> None:
    for file in tomllib.loads(text).get("files", []):
        (tmp_path / file["path"]).parent.mkdir(exist_ok=True)
        (tmp_path / file["path"]).touch()
    (tmp_path / "example.toml").write_text(text)
    load(tmp_path / "example.toml")


def test_every_table_of_a_scenario_has_a_section() -> None:
    assert set(Table.__subclasses__()) == set(SECTIONS.values())


@pytest.mark.parametrize(("heading", "table"), SECTIONS.items())
def test_every_key_is_explained_with_its_default(heading: str, table: type[msgspec.Struct]) -> None:
    section = re.split(r"\n##+ ", BODY.split(f"\n{heading}\n")[1])[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", section, re.MULTILINE))
    fields = msgspec.structs.fields(table)

    assert set(rows) == {field.name for field in fields}
    for field in fields:
        if stated := re.fullmatch("`(.*)`", rows[field.name]):
            assert tomllib.loads(f"value = {stated[1]}")["value"] == as_toml(field)
        else:
            assert field.required or as_toml(field) in (None, [], {}) or field.name in ("model", "weights")


def test_every_rule_is_named() -> None:
    for name in RULES:
        assert f"`{name}`" in BODY


def test_errors_look_as_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (text,), (shown,) = blocks(ERRORS, "toml"), blocks(ERRORS, "text")
    Path("mine.toml").write_text(text)
    with pytest.raises(InputError) as caught:
        load(Path("mine.toml"))
    assert f"{caught.value}\n" == shown


def as_toml(field: Any) -> Any:
    default = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
    return list(default) if isinstance(default, tuple) else default
