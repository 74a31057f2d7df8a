"""The headless engine: scenarios, examples, models, training, runs. It knows nothing of any screen."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("tunetui")
except PackageNotFoundError:  # run from a source tree that is not installed
    __version__ = "0.0.0"
