"""What a worker needs before its first task, loaded while the caller finds out what that is."""


def load(area: str) -> None:
    """Import the model and read the tables of an area: a second of work for every process.

    Examples
    --------
    >>> load("shenyang")
    """
    from model import variants
    from model.simulation import known_area

    assert variants
    known_area(area)
