"""The headless engine: scenarios, examples, models, training, runs. It knows nothing of any screen."""

__version__ = "0.1.0"
