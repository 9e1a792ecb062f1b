"""What stands against meeting row and column totals: faults of input, and contradictions.

A table with a given pattern of empty cells can have given margins if and only if no set of rows
needs more than the columns it reaches can take (Hall 1935; Gale 1957): the sets are found by
maximum flow, and shown. Margins can also be met only by emptying cells that the seed fills; then
no factors exist, and the cells are shown.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from model.axes import Array
from model.kernels.balancing import EQUAL, survey
from model.problems import Problem, ProblemsError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# Margins become whole numbers for the maximum flow, whose capacities are 32-bit.
UNITS = 2**30
SHOWN = 8


def named(places: Array, names: Sequence[str] | None) -> str:
    """Names of places, the first few.

    Examples
    --------
    >>> named(np.array([0, 2]), ["a", "b", "c"]), named(np.arange(9), None)
    ('a, c', '0, 1, 2, 3, 4, 5, 6, 7 and 1 more')
    """
    listed = [str(place if names is None else names[place]) for place in places[:SHOWN]]
    rest = len(places) - len(listed)
    return ", ".join(listed) + (f" and {rest} more" if rest else "")


def check(
    seed: Array,
    rows: Array,
    columns: Array,
    row_names: Sequence[str] | None,
    column_names: Sequence[str] | None,
) -> None:
    """Refuse what cannot be balanced for a plain reason.

    Parameters
    ----------
    seed : (row, column) [any]
    rows : (row,) [any]
    columns : (column,) [any]
    row_names, column_names : sequence of str or None

    Raises
    ------
    ProblemsError
        Every fault at once.

    Examples
    --------
    >>> check(np.eye(2), np.array([1.0, 2.0]), np.array([1.0, 1.0]), None, None)
    Traceback (most recent call last):
    model.problems.ProblemsError: margins: total: rows sum to 3, columns to 2
    """
    found = []
    bad, row_sums, column_sums = survey(seed)
    if bad:
        fair = (seed >= 0) & np.isfinite(seed)
        cells = cell_names(np.argwhere(~fair), row_names, column_names)
        found.append(("seed", f"cells negative, infinite or missing: {cells}"))
        rest = np.where(fair, seed, 0.0)
        row_sums, column_sums = rest.sum(axis=1), rest.sum(axis=0)
    sides = (("row", rows, row_names, row_sums), ("column", columns, column_names, column_sums))
    for side, wanted, names, sums in sides:
        wrong = ~((wanted >= 0) & np.isfinite(wanted))
        if wrong.any():
            listed = named(np.flatnonzero(wrong), names)
            found.append((side, f"totals negative, infinite or missing: {listed}"))
        lost = (wanted > 0) & (sums == 0) & ~wrong
        if lost.any():
            listed = named(np.flatnonzero(lost), names)
            found.append((side, f"a total to meet, but every cell of the seed is zero: {listed}"))
    total, other = rows.sum(), columns.sum()
    if np.isfinite([total, other]).all() and abs(total - other) > EQUAL * max(total, other):
        found.append(("total", f"rows sum to {total:.10g}, columns to {other:.10g}"))
    if found:
        raise ProblemsError(Problem("margins", None, key, message) for key, message in found)


def cell_names(
    cells: Array, row_names: Sequence[str] | None, column_names: Sequence[str] | None
) -> str:
    """Cells as pairs of names.

    Examples
    --------
    >>> cell_names(np.array([[0, 1]]), ["a", "b"], None)
    '(a, 1)'
    """
    pairs = [
        f"({named(cell[:1], row_names)}, {named(cell[1:], column_names)})" for cell in cells[:SHOWN]
    ]
    rest = len(cells) - len(pairs)
    return ", ".join(pairs) + (f" and {rest} more" if rest else "")


def blocked(
    seed: Array,
    rows: Array,
    columns: Array,
    row_names: Sequence[str] | None = None,
    column_names: Sequence[str] | None = None,
) -> list[Problem]:
    """Which rows and columns contradict each other; else which cells would have to be empty.

    Parameters
    ----------
    seed : (row, column) [any]
    rows : (row,) [any]
    columns : (column,) [any]
    row_names, column_names : sequence of str, optional

    Returns
    -------
    list of Problem
        Empty when factors exist.

    Notes
    -----
    Gale (1957, Pacific Journal of Mathematics 7); Dinitz's maximum flow of scipy. Exact to about
    one part in 1e9 of the total for each row and column.

    Examples
    --------
    >>> seed = np.array([[1.0, 0.0], [1.0, 1.0]])
    >>> print(blocked(seed, np.array([3.0, 1.0]), np.array([2.0, 2.0]))[0].message)
    rows 0 need 3, the only columns they reach (0) take 2
    >>> print(blocked(seed, np.array([2.0, 2.0]), np.array([2.0, 2.0]))[0].message)
    met only in the limit where filled cells become empty: (1, 0)
    """
    if (seed > 0).all():
        return []
    residual, met = leftover(seed, rows, columns)
    count = len(rows)
    slack = count + len(columns)
    if met < UNITS - 2 * slack:
        from scipy.sparse.csgraph import breadth_first_order

        source = count + len(columns)
        reach = breadth_first_order(residual > 0, source, return_predecessors=False)
        needing = np.sort(reach[reach < count])
        taking = np.flatnonzero((seed[needing] > 0).any(axis=0) & (columns > 0))
        need, take = rows[needing].sum(), columns[taking].sum()
        message = (
            f"rows {named(needing, row_names)} need {need:.10g}, the only columns they reach "
            f"({named(taking, column_names) or 'none'}) take {take:.10g}"
        )
        return [Problem("margins", None, "structure", message)]
    from scipy.sparse.csgraph import connected_components

    # A filled cell can stay filled if flow can go round a circle through it.
    inside = residual[: count + len(columns), : count + len(columns)] > slack
    _, part = connected_components(inside, connection="strong")
    there = (seed > 0) & (rows > 0)[:, None] & (columns > 0)
    lost = np.argwhere(there & (part[:count, None] != part[count:]))
    if not len(lost):
        return []
    message = (
        "met only in the limit where filled cells become empty: "
        f"{cell_names(lost, row_names, column_names)}"
    )
    return [Problem("margins", None, "structure", message)]


def leftover(seed: Array, rows: Array, columns: Array) -> tuple["csr_array", int]:
    """Capacities left by the maximum flow from rows to columns, and what flows.

    Nodes are rows, columns, a source and a sink; capacities in 2**-30 of the total.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    count, width = seed.shape
    source, sink = count + width, count + width + 1
    start, end = np.nonzero((seed > 0) & (rows > 0)[:, None] & (columns > 0))
    row_units = np.rint(rows / rows.sum() * UNITS).astype(np.int32)
    column_units = np.rint(columns / columns.sum() * UNITS).astype(np.int32)
    heads = np.concatenate([start, np.full(count, source), count + np.arange(width)])
    tails = np.concatenate([count + end, np.arange(count), np.full(width, sink)])
    room = np.concatenate([np.full(len(start), UNITS, np.int32), row_units, column_units])
    graph = csr_array((room, (heads, tails)), shape=(sink + 1, sink + 1))
    found = maximum_flow(graph, source, sink)
    return csr_array(graph - found.flow), int(found.flow_value)
