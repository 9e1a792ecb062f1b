"""Years as they are typed: with commas between them."""

from model.problems import Problem, ProblemsError


def typed_years(text: str, first: int | None = None, last: int | None = None) -> list[int]:
    """Years of a list parted by commas, in the order given.

    Parameters
    ----------
    text : str
        As ``2025,2035``.
    first, last : int [year], optional
        Between which they have to lie, both included.

    Returns
    -------
    list of int

    Raises
    ------
    ProblemsError
        Every part that is no year, and every year outside the bounds.

    Examples
    --------
    >>> typed_years("2020, 2035")
    [2020, 2035]
    >>> typed_years("2020,soon", 2020, 2035)
    Traceback (most recent call last):
    model.problems.ProblemsError: arguments: years: 'soon' is no year; write years with commas, \
as 2025,2035
    """
    parts = [part.strip() for part in text.split(",")]
    messages = []
    for part in parts:
        if not part.isdecimal():
            messages.append(f"{part!r} is no year; write years with commas, as 2025,2035")
        elif first is not None and last is not None and not first <= int(part) <= last:
            messages.append(f"{part} is outside the run, {first} to {last}")
    if messages:
        raise ProblemsError(Problem("arguments", None, "years", one) for one in messages)
    return [int(part) for part in parts]
