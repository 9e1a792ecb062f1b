"""Compiled loops of the balancing: one pass over the seed a round, and Anderson's acceleration.

A round reads the seed once: while a row is at hand its factor is found and what it sends to every
column is added up. Past rounds then say where the logarithms of the column factors are heading
(Walker, Ni 2011); each column counts by its share of the whole.
"""

import numpy as np

from model.axes import Array
from model.kernels.compiled import njit

# Sums may be taken in another order, so that they run on vectors; no number is assumed finite.
SUMS = {"reassoc", "nsz", "contract", "arcp"}
MEMORY = 12
PLAIN = 2
ASTRAY = 3.0
LARGEST = 4.0
RIDGE = 1e-14
LARGEST_CELL = 1.7e308
EQUAL = 1e-9


@njit(cache=True, forceinline=True, error_model="numpy", fastmath=SUMS)
def survey(seed: Array) -> tuple[float, Array, Array]:
    """Bad cells, and the sums of rows and columns.

    Parameters
    ----------
    seed : (row, column) [any]

    Returns
    -------
    bad : float
        Number of cells that are negative, infinite or no number.
    rows : (row,) [any]
    columns : (column,) [any]

    Examples
    --------
    >>> bad, rows, _ = survey(np.array([[1.0, 0.0], [-1.0, 2.0]]))
    >>> bad, rows.tolist()
    (1.0, [1.0, 1.0])
    """
    count, width = seed.shape
    rows, columns = np.zeros(count), np.zeros(width)
    bad = 0.0
    for i in range(count):
        # Two loops over a row at hand: each runs on vectors.
        for j in range(width):
            bad += 0.0 if 0.0 <= seed[i, j] <= LARGEST_CELL else 1.0
        total = 0.0
        for j in range(width):
            total += seed[i, j]
            columns[j] += seed[i, j]
        rows[i] = total
    return bad, rows, columns


@njit(cache=True, error_model="numpy")
def spread(seed: Array, rows: Array, columns: Array) -> Array:
    """Seed times row and column factors, (row, column).

    Examples
    --------
    >>> spread(np.ones((1, 2)), np.array([2.0]), np.array([1.0, 3.0])).tolist()
    [[2.0, 6.0]]
    """
    flows = np.empty_like(seed)
    for i in range(seed.shape[0]):
        for j in range(seed.shape[1]):
            flows[i, j] = seed[i, j] * columns[j] * rows[i]
    return flows


@njit(cache=True, forceinline=True, error_model="numpy", fastmath=SUMS)
def sweep(seed: Array, rows: Array, weights: Array, scales: Array, reached: Array) -> None:
    """Row factors that meet the rows, and what each column then attracts per unit of weight.

    Four rows at a time, so that weights and sums are loaded once for four.

    Parameters
    ----------
    seed : (row, column) [any]
    rows : (row,) [any]
    weights : (column,) [any]
    scales : (row,) [any]
        Written.
    reached : (column,) [any]
        Written.

    Examples
    --------
    >>> scales, reached = np.empty(1), np.empty(2)
    >>> sweep(np.ones((1, 2)), np.array([3.0]), np.array([1.0, 2.0]), scales, reached)
    >>> scales.tolist(), reached.tolist()
    ([1.0], [1.0, 1.0])
    """
    count, columns = seed.shape
    reached[:] = 0.0
    whole = count - count % 4
    for i in range(0, whole, 4):
        a = b = c = d = 0.0
        for j in range(columns):
            weight = weights[j]
            a += seed[i, j] * weight
            b += seed[i + 1, j] * weight
            c += seed[i + 2, j] * weight
            d += seed[i + 3, j] * weight
        a, b, c, d = rows[i] / a, rows[i + 1] / b, rows[i + 2] / c, rows[i + 3] / d
        scales[i], scales[i + 1], scales[i + 2], scales[i + 3] = a, b, c, d
        for j in range(columns):
            reached[j] += (
                a * seed[i, j] + b * seed[i + 1, j] + c * seed[i + 2, j] + d * seed[i + 3, j]
            )
    for i in range(whole, count):
        total = 0.0
        for j in range(columns):
            total += seed[i, j] * weights[j]
        scales[i] = rows[i] / total
        for j in range(columns):
            reached[j] += scales[i] * seed[i, j]


@njit(cache=True, forceinline=True, error_model="numpy")
def accelerated_sweeps(
    seed: Array, rows: Array, columns: Array, tolerance: float, limit: int
) -> tuple[Array, int, float]:
    """Logarithms of the column factors that balance a seed.

    Parameters
    ----------
    seed : (row, column) [any]
        No empty row or column.
    rows : (row,) [1]
        Positive, sum one.
    columns : (column,) [1]
        Positive, sum one.
    tolerance : float [1]
        Largest relative error of a column.
    limit : int
        Rounds at most.

    Returns
    -------
    logs : (column,) [log]
    rounds : int
    residual : float [1]

    Examples
    --------
    >>> half = np.array([0.5, 0.5])
    >>> logs, rounds, residual = accelerated_sweeps(np.ones((2, 2)), half, half, 1e-10, 9)
    >>> rounds, residual
    (1, 0.0)
    """
    size = columns.size
    logs, targets = np.zeros(size), np.empty(size)
    for j in range(size):
        targets[j] = np.log(columns[j])
    weights, reached, scales = np.empty(size), np.empty(size), np.empty(rows.size)
    image, move = np.empty(size), np.empty(size)
    last_image, last_move = np.zeros(size), np.zeros(size)
    images, moves = np.zeros((MEMORY, size)), np.zeros((MEMORY, size))
    products = np.zeros((MEMORY, MEMORY))
    known = slot = 0
    best = residual = np.inf
    for count in range(limit):
        for j in range(size):
            weights[j] = np.exp(logs[j])
        sweep(seed, rows, weights, scales, reached)
        residual = 0.0
        for j in range(size):
            error = abs(reached[j] * weights[j] / columns[j] - 1.0)
            residual = error if not (error <= residual) else residual
        if residual < tolerance or not np.isfinite(residual):
            return logs, count + 1, residual
        for j in range(size):
            image[j] = targets[j] - np.log(reached[j])
            move[j] = image[j] - logs[j]
        if residual > ASTRAY * best:
            known = slot = 0
        elif count > PLAIN:
            for j in range(size):
                images[slot, j] = image[j] - last_image[j]
                moves[slot, j] = move[j] - last_move[j]
            known = min(known + 1, MEMORY)
            for k in range(known):
                products[k, slot] = products[slot, k] = inner(columns, moves[k], moves[slot])
            slot = (slot + 1) % MEMORY
        best = min(best, residual)
        for j in range(size):
            last_image[j] = logs[j] = image[j]
            last_move[j] = move[j]
        if known:
            extrapolate(logs, known, products, moves, images, columns, move)
    return logs, limit, residual


@njit(cache=True, error_model="numpy")
def attempt(
    seed: Array, rows: Array, columns: Array, tolerance: float, limit: int
) -> tuple[Array, Array, int, float]:
    """Factors that balance a seed, as far as they were reached.

    Parameters
    ----------
    seed : (row, column) [any]
    rows : (row,) [any]
    columns : (column,) [any]
        None zero, or all.
    tolerance : float [1]
    limit : int
        Rounds at most.

    Returns
    -------
    row_factors : (row,) [any]
    column_factors : (column,) [1]
        Mean one.
    rounds : int
    residual : float [1]
        Largest relative error of a margin; no number where the input is at fault.

    Examples
    --------
    >>> ones = np.ones(2)
    >>> attempt(np.ones((2, 2)), ones, ones, 1e-10, 9)
    (array([0.5, 0.5]), array([1., 1.]), 1, 0.0)
    """
    row_factors, column_factors = np.zeros(rows.size), np.zeros(columns.size)
    bad, row_sums, column_sums = survey(seed)
    total, other = rows.sum(), columns.sum()
    fair = bad == 0 and meant(rows, row_sums) and meant(columns, column_sums)
    if not (fair and abs(total - other) <= EQUAL * max(total, other) < np.inf):
        return row_factors, column_factors, 0, np.nan
    if total == 0:
        return row_factors, column_factors, 0, 0.0
    small_rows, small_columns = rows / total, columns / other
    logs, count, residual = accelerated_sweeps(seed, small_rows, small_columns, tolerance, limit)
    top, mean = logs.max(), 0.0
    for j in range(logs.size):
        column_factors[j] = np.exp(logs[j] - top)
        mean += column_factors[j] / logs.size
    for j in range(logs.size):
        column_factors[j] /= mean
    sweep(seed, rows, column_factors, row_factors, logs)
    return row_factors, column_factors, count, residual


@njit(cache=True, error_model="numpy")
def meant(totals: Array, sums: Array) -> bool:
    """Whether totals are fair, and none is wanted where the seed is empty.

    Examples
    --------
    >>> meant(np.array([1.0, 0.0]), np.array([2.0, 0.0]))
    True
    """
    for place in range(totals.size):
        if not 0.0 <= totals[place] < np.inf or (totals[place] > 0 and sums[place] == 0):
            return False
    return True


@njit(cache=True, forceinline=True, error_model="numpy", fastmath=SUMS)
def inner(columns: Array, one: Array, other: Array) -> float:
    """Product of two steps, each column by its share.

    Examples
    --------
    >>> inner(np.array([0.5, 0.5]), np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    1.5
    """
    total = 0.0
    for j in range(columns.size):
        total += columns[j] * one[j] * other[j]
    return total


@njit(cache=True, forceinline=True, error_model="numpy")
def extrapolate(
    logs: Array,
    known: int,
    products: Array,
    moves: Array,
    images: Array,
    columns: Array,
    move: Array,
) -> None:
    """Move the logarithms by what past steps say is still to come.

    Examples
    --------
    >>> logs, one = np.zeros(1), np.ones((1, 1))
    >>> extrapolate(logs, 1, 4 * one, 2 * one, 3 * one, one[0], 4 * one[0])
    >>> logs.round(6).tolist()
    [-4.0]
    """
    lower, past = np.zeros((known, known)), np.empty(known)
    trace = 0.0
    for k in range(known):
        trace += products[k, k]
    # Cholesky by hand: calling a library for so few unknowns costs more than the unknowns do.
    for k in range(known):
        past[k] = inner(columns, moves[k], move)
        for i in range(k + 1):
            cell = products[k, i] + (RIDGE * trace + 1e-300 if i == k else 0.0)
            for before in range(i):
                cell -= lower[k, before] * lower[i, before]
            if i == k:
                lower[k, k] = np.sqrt(max(cell, RIDGE * trace + 1e-300))
            else:
                lower[k, i] = cell / lower[i, i]
    for k in range(known):
        for before in range(k):
            past[k] -= lower[k, before] * past[before]
        past[k] /= lower[k, k]
    for k in range(known - 1, -1, -1):
        for after in range(k + 1, known):
            past[k] -= lower[after, k] * past[after]
        past[k] /= lower[k, k]
    for j in range(columns.size):
        step = 0.0
        for k in range(known):
            step -= past[k] * images[k, j]
        logs[j] += min(max(step, -LARGEST), LARGEST)
