import json
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.command_line import tunetui

PROJECT = Path(__file__).parent.parent


def test_the_wheel_carries_all_that_tunetui_needs(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=PROJECT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
        names = set(archive.namelist())

    code = [*(PROJECT / "engine").rglob("*.py"), *(PROJECT / "tui").rglob("*.py"), PROJECT / "tunetui.py"]
    scenarios = [path for path in (PROJECT / "scenarios").rglob("*") if path.suffix in (".toml", ".jsonl")]
    assert {path.relative_to(PROJECT).as_posix() for path in code + scenarios} <= names
    assert not [name for name in names if name.startswith(("tests", "docs", "benchmarks"))]
    listed = tunetui("scenarios", "--json", cwd=tmp_path, PYTHONPATH=str(tmp_path / "installed"))
    paths = {Path(one["path"]) for one in json.loads(listed.stdout)}
    assert paths == set((tmp_path / "installed" / "scenarios").glob("*.toml"))
