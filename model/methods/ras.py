"""Matrices with given margins: biproportional fitting, which input-output work calls RAS.

Sources: Deming and Stephan (1940, Annals of Mathematical Statistics 11); Stone (1961).
"""

import numpy as np

from model.axes import Array, ratio, worst_of
from model.problems import Unsolved

TOLERANCE = 1e-9
ROUNDS = 5000
"""Error of a margin over its zone's total at which :func:`fit_margins` stops, and its rounds."""


def biproportional(seed: Array, rows: Array, columns: Array, tolerance: float = 1e-12) -> Array:
    """Matrix with given margins whose odds are those of a seed.

    Parameters
    ----------
    seed : (draw, sector, zone) [1]
        Positive.
    rows : (draw, sector) [persons]
    columns : (draw, zone) [persons]
        Same total as the rows; or ``(zone,)``, the same in every draw.
    tolerance : float [1]
        Largest error of a row, relative to the whole, at which a draw is left alone.

    Returns
    -------
    (draw, sector, zone) [persons]

    Raises
    ------
    Unsolved
        No convergence in 1,000 rounds; has draw, row, column and the last residual.

    Examples
    --------
    >>> seed = np.array([[[1.0, 1.0], [1.0, 3.0]]])
    >>> biproportional(seed, np.array([[2.0, 2.0]]), np.array([2.0, 2.0])).round(3).tolist()
    [[[1.268, 0.732], [0.732, 1.268]]]
    """
    table = seed * ratio(columns, seed.sum(axis=1))[:, None]
    whole = np.maximum(columns.sum(axis=-1), 1e-300)
    for _ in range(1000):
        reached = table.sum(axis=2)
        error = np.abs(reached - rows).max(axis=1) / whole
        going = ~(error < tolerance)
        if not going.any():
            return table
        moved = table * ratio(rows, reached)[:, :, None]
        moved = moved * ratio(columns, moved.sum(axis=1))[:, None]
        table = np.where(going[:, None, None], moved, table)
    draw, row = worst_of(np.abs(reached - rows))
    # Columns are met last: what a row lacks is told of the column that its scaling upsets most.
    upset = np.abs((table * ratio(rows, reached)[:, :, None]).sum(axis=1) - columns)
    how_far = f"last residual {error[draw]:.2e}"
    raise Unsolved("margins do not balance", (draw, row, *worst_of(upset[draw])), how_far)


def fit_margins(seed: Array, targets: list[Array]) -> Array:
    """Table nearest to a seed (in relative entropy) with the wanted margins, zone by zone.

    Parameters
    ----------
    seed : (zone, ...) [1]
        Non-negative; a zero stays zero.
    targets : list of arrays [persons]
        Each of as many axes as ``seed``, of length one where the table is summed. The first is
        met to rounding error, the others to 1e-9 of the zone's total.

    Returns
    -------
    (zone, ...) [persons]

    Raises
    ------
    Unsolved
        Margins that no table with the zeros of the seed can have; has the zone's position.

    Examples
    --------
    >>> rows, columns = np.array([[[30.0], [10.0]]]), np.array([[[20.0, 20.0]]])
    >>> fit_margins(np.ones((1, 2, 2)), [rows, columns])[0].tolist()
    [[15.0, 15.0], [5.0, 5.0]]
    """
    table, miss = nearest_table(seed, targets, ROUNDS)
    if not np.all(miss <= TOLERANCE):
        worst = worst_of(miss)
        raise Unsolved("margins do not fit together", worst, f"last residual {miss[worst]:.2e}")
    return table


def nearest_table(seed: Array, targets: list[Array], rounds: int) -> tuple[Array, Array]:
    """As :func:`fit_margins`, but stops after some rounds and says how far off each zone is.

    Returns
    -------
    (zone, ...) [persons], (zone,) [1]

    Examples
    --------
    >>> rows, columns = np.array([[[30.0], [10.0]]]), np.array([[[20.0, 20.0]]])
    >>> _, miss = nearest_table(np.eye(2)[None], [rows, columns], 10)
    >>> miss.tolist()
    [0.25]
    """
    table = np.array(seed, dtype=float)
    summed = [tuple(i for i in range(1, table.ndim) if t.shape[i] == 1) for t in targets]
    size = np.maximum(targets[0].reshape(len(table), -1).sum(axis=1), 1e-300)
    miss, open_ = np.full(len(table), np.inf), np.arange(len(table))
    for _ in range(rounds):
        part, gap = table[open_], np.zeros(len(open_))
        for target, axes in zip(reversed(targets), reversed(summed), strict=True):
            sums = part.sum(axis=axes, keepdims=True)
            off = np.abs(sums - target[open_]).reshape(len(open_), -1).max(axis=1)
            gap = np.maximum(gap, off / size[open_])
            part *= ratio(target[open_], sums)
        table[open_], miss[open_] = part, gap
        open_ = open_[gap > TOLERANCE]
        if not len(open_):
            break
    return table, miss
