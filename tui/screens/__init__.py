"""The screens of the app, one a file; a style sheet of its own stands beside the screen."""


def import_all() -> None:
    """Import every screen that is not there yet, so that none has to be waited for when it is opened."""
    import importlib  # the first frame does not wait for it
    import pkgutil

    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        importlib.import_module(module.name)
