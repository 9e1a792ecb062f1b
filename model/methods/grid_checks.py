"""What is wrong with tables by age: ages out of order, cells missing or out of bounds."""

from collections.abc import Sequence

import numpy as np

from model.axes import Array
from model.problems import Problem


def check_ages(ages: Sequence[float] | Array, table: str = "ages") -> list[Problem]:
    """What is wrong with the starts of age groups: each must be above the one before.

    Examples
    --------
    >>> [str(p) for p in check_ages([0, 10, 5])]
    ['ages: row 3: age 5 does not follow 10']
    """
    starts = np.asarray(ages, dtype=float)
    faults = []
    if starts.ndim != 1 or len(starts) < 2:
        return [Problem(table, None, "", "needs at least two age groups")]
    if starts[0] != 0:
        faults.append(Problem(table, None, "row 1", f"the first age is {starts[0]:g}, not 0"))
    for row in range(1, len(starts)):
        if not starts[row] > starts[row - 1]:
            message = f"age {starts[row]:g} does not follow {starts[row - 1]:g}"
            faults.append(Problem(table, None, f"row {row + 1}", message))
    return faults


def check_cells(
    table: str, values: Array, ages: Array, columns: Sequence[str], low: float, high: float
) -> list[Problem]:
    """What is wrong with the cells of a table: missing, or out of bounds.

    Parameters
    ----------
    table : str
    values : (column, age) or (age,) [any]
    ages : (age,) [years]
    columns : sequence of str
        Names of the columns.
    low, high : float [as values]

    Returns
    -------
    list of Problem
        Each names the table, the age (row) and the column.

    Examples
    --------
    >>> cells = np.array([[0.9, 1.2], [np.nan, 0.5]])
    >>> for p in check_cells("survivorship", cells, np.array([0, 5]), ("male", "female"), 0, 1):
    ...     print(p)
    survivorship: age 5, male: 1.2 is above 1
    survivorship: age 0, female: missing
    """
    cells = np.atleast_2d(np.asarray(values, dtype=float))
    if cells.shape != (len(columns), len(ages)):
        message = f"has shape {cells.shape}, not {(len(columns), len(ages))}"
        return [Problem(table, None, "", message)]
    faults = []
    for column, row in np.ndindex(cells.shape):
        value, place = cells[column, row], f"age {ages[row]:g}, {columns[column]}"
        if not np.isfinite(value):
            faults.append(Problem(table, None, place, "missing"))
        elif value < low:
            wrong = "is negative" if low == 0 else f"is below {low:g}"
            faults.append(Problem(table, None, place, f"{value:g} {wrong}"))
        elif value > high:
            faults.append(Problem(table, None, place, f"{value:g} is above {high:g}"))
    return faults
