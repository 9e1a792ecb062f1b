"""Whether a result fits into the memory that this machine has free, said before it is computed."""

from pathlib import Path

import numpy as np

from model.area import Area
from model.problems import Problem, ProblemsError
from model.recorder import shapes

TOLD = Path("/proc/meminfo")


def free_memory() -> int | None:
    """Memory that can be had without swapping, caches given up [bytes]; None where nobody says."""
    try:
        lines = TOLD.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return 1024 * int(found[0]) if found else None


def size_of(area: Area, scenarios: int, draws: int, years: int, detail: bool) -> int:
    """Memory that a result fills: every number of every variable it keeps [bytes].

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> round(size_of(load_area(), 1, 2000, 16, detail=True) / 1e9, 1)
    26.5
    """
    numbers = sum(int(np.prod(shape)) for shape in shapes(area, draws, years, detail).values())
    return scenarios * numbers * np.dtype(float).itemsize


def refuse_too_large(area: Area, scenarios: int, draws: int, years: int, detail: bool) -> None:
    """Refuse a result that would not fit into memory, and say what would.

    Raises
    ------
    ProblemsError
        More than is free; where nobody says what is free, nothing is refused.
    """
    free, needed = free_memory(), size_of(area, scenarios, draws, years, detail)
    if free is None or needed <= free:
        return
    fitting = int(draws * free / needed)
    ways = [f"ask for {fitting:,} draws at most and run batches"] if fitting else []
    without = size_of(area, scenarios, draws, years, detail=False)
    if detail and without <= free:
        ways.append(
            f"do without the detail (`compare`, or ensemble() in Python: {without / 1e9:,.1f} GB)"
        )
    message = (
        f"the result would fill {needed / 1e9:,.1f} GB of memory, and {free / 1e9:,.1f} GB are "
        f"free; {', or '.join(ways) or 'ask for an earlier last year'}"
    )
    raise ProblemsError([Problem("arguments", None, "draws", message)])
