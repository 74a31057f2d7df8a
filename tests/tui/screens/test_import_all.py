import subprocess
import sys


def test_every_screen_is_imported_and_torch_is_not() -> None:
    code = """
import sys
from tui import screens
screens.import_all()
print(*(name for name in ("tui.screens.compare", "tui.screens.replay", "torch") if name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["tui.screens.compare", "tui.screens.replay"]
