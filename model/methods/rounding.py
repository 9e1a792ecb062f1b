"""Whole numbers for a table of fractions: every margin kept, nobody left out on average.

Rounding each cell by itself breaks the sums of rows and columns; rounding the largest fractions
up leaves out what is rare everywhere. Controlled rounding by luck does neither (Cox 1987, JASA
82; dependent rounding of Gandhi, Khuller, Parthasarathy, Srinivasan 2006, JACM 53).
"""

import numpy as np

from model.axes import Array
from model.kernels.compiled import njit

_NEAR = 1e-9


def controlled_table(table: Array, luck: Array) -> Array:
    """Whole numbers for a table, each next to its cell, row and column sums next to theirs.

    Parameters
    ----------
    table : (row, column) [any]
        Non-negative.
    luck : (cell,) [1]
        Uniform numbers in (0, 1), one for each cell at least.

    Returns
    -------
    (row, column) [same]
        Integers less than one away from every cell and from the sum of every row and column;
        the expectation over luck is the table.

    Examples
    --------
    >>> table = np.array([[0.5, 0.5], [1.5, 0.5]])
    >>> whole = controlled_table(table, np.full(4, 0.3))
    >>> whole.sum(axis=0).tolist(), whole.sum(axis=1).tolist()
    ([2, 1], [1, 2])
    """
    floor = np.floor(table + _NEAR)
    part = np.clip(table - floor, 0.0, 1.0)
    settle_fractions(part, luck)
    return (floor + np.rint(part)).astype(np.int64)


@njit(cache=True)
def _open_column(part, row, apart):  # type: ignore[no-untyped-def]
    for column in range(part.shape[1]):
        if column != apart and _NEAR < part[row, column] < 1.0 - _NEAR:
            return column
    return -1


@njit(cache=True)
def _open_row(part, column, apart):  # type: ignore[no-untyped-def]
    for row in range(part.shape[0]):
        if row != apart and _NEAR < part[row, column] < 1.0 - _NEAR:
            return row
    return -1


@njit(cache=True)
def _walk(part, start, path, seen):  # type: ignore[no-untyped-def]
    """Nodes from ``start`` along open cells until one comes again or none is left.

    Rows are numbered from zero, columns after them. Answers the length of ``path`` and where in
    it the cycle begins (minus one: no cycle).
    """
    rows = part.shape[0]
    seen[:] = -1
    path[0], length, node, before = start, 1, start, -1
    seen[start] = 0
    while True:
        if node < rows:
            found = _open_column(part, node, before - rows if before >= 0 else -1)
            after = found + rows if found >= 0 else -1
        else:
            after = _open_row(part, node - rows, before)
        if after < 0:
            return length, -1
        if seen[after] >= 0:
            path[length] = after
            return length + 1, seen[after]
        path[length] = after
        seen[after] = length
        length += 1
        before, node = node, after


@njit(cache=True)
def settle_fractions(part, luck):  # type: ignore[no-untyped-def]
    """Fractions made zeros and ones, in place: shifts along cycles and paths of open cells.

    Alternate cells of a cycle, or of a path that ends where nothing else is open, go up and down
    together, one way or the other with the odds that keep expectations; at least one of them
    becomes whole.
    """
    rows, columns = part.shape
    path, seen = np.empty(rows + columns + 1, np.int64), np.empty(rows + columns, np.int64)
    first, turn = 0, 0
    while first < rows:
        if _open_column(part, first, -1) < 0:
            first += 1
            continue
        length, begin = _walk(part, first, path, seen)
        if begin < 0:
            # A dead end: from there, the path is as long as it can be.
            length, begin = _walk(part, path[length - 1], path, seen)
        start = max(begin, 0)
        rise, fall = 1.0, 1.0
        for edge in range(start, length - 1):
            one, other = min(path[edge], path[edge + 1]), max(path[edge], path[edge + 1])
            value = part[one, other - rows]
            ahead = (edge - start) % 2 == 0
            rise = min(rise, 1.0 - value if ahead else value)
            fall = min(fall, value if ahead else 1.0 - value)
        shift = rise if luck[turn] * (rise + fall) < fall else -fall
        turn += 1
        for edge in range(start, length - 1):
            one, other = min(path[edge], path[edge + 1]), max(path[edge], path[edge + 1])
            part[one, other - rows] += shift if (edge - start) % 2 == 0 else -shift
