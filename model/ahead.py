"""What a worker needs before its first task, loaded while the caller finds out what that is."""

from importlib import import_module


def load(area: str) -> None:
    """Import the model and read the tables of an area: a second of work for every process.

    Examples
    --------
    >>> load("shenyang")
    """
    from model.area_loading import load_area

    import_module("model.variants")  # and with it all that a run needs
    load_area(area)
