"""Matrices with given margins: biproportional fitting, which input-output work calls RAS.

Sources: Deming and Stephan (1940, Annals of Mathematical Statistics 11); Stone (1961).
"""

import numpy as np

from model.axes import Array
from model.problems import RunError
from model.world import ratio


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
    RunError
        No convergence in 1,000 rounds; names the last residual.

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
    raise RunError(f"margins do not balance, last residual {error.max():.2e}")
