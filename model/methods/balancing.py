r"""Balancing: the factors that make a table of any seed meet given margins.

.. math:: T_{ij} = a_i K_{ij} b_j, \qquad \sum_j T_{ij} = R_i, \qquad \sum_i T_{ij} = C_j

The factors are unique up to one constant where every part of the table is connected. Rounds of
Furness (Deming, Stephan 1940; Furness 1965), accelerated on the logarithms of the column factors;
where these creep, Newton on the convex dual. Margins that no table of the seed's pattern can have
are refused, with the rows and columns that stand against each other.

Sources: Furness (1965, Traffic Engineering and Control 7); Walker, Ni (2011, SIAM Journal on
Numerical Analysis 49); Ruschendorf (1995, Annals of Statistics 23).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.axes import Array, contiguous
from model.kernels.balancing import attempt, spread
from model.methods.margins import blocked, check, named
from model.problems import Problem, ProblemsError, RunError

ROUNDS = 400
NEWTON_ROUNDS = 60
NEWTON_STEP = 5.0
FINEST = 1e-13


@dataclass(frozen=True)
class Balance:
    """Factors that meet the margins, and how they were reached.

    Attributes
    ----------
    row_factors : (row,) [any]
        Zero where the row's margin is zero.
    column_factors : (column,) [1]
        Mean one over columns that are not empty.
    rounds : int
        Passes over the seed.
    residual : float [1]
        Largest relative error of a margin.
    """

    row_factors: Array
    column_factors: Array
    rounds: int
    residual: float

    def flows(self, seed: npt.ArrayLike) -> Array:
        """Balanced table, (row, column).

        Examples
        --------
        >>> seed = [[1.0, 1.0], [1.0, 3.0]]
        >>> balanced(seed, [2, 2], [2, 2]).flows(seed).round(3).tolist()
        [[1.268, 0.732], [0.732, 1.268]]
        """
        return spread(*contiguous(seed), self.row_factors, self.column_factors)


def balanced(
    seed: npt.ArrayLike,
    rows: npt.ArrayLike,
    columns: npt.ArrayLike,
    tolerance: float = 1e-10,
    *,
    row_names: Sequence[str] | None = None,
    column_names: Sequence[str] | None = None,
) -> Balance:
    """Factors that scale a seed to row and column totals.

    Parameters
    ----------
    seed : (row, column) [any]
        Not negative; a zero stays zero.
    rows : (row,) [any]
    columns : (column,) [any]
        Same total as the rows.
    tolerance : float [1]
        Largest relative error of any margin, from 1e-13.
    row_names, column_names : sequence of str, optional
        For the report of problems; numbers from 0 otherwise.

    Returns
    -------
    Balance

    Raises
    ------
    ProblemsError
        Every fault at once: shapes, negative or missing cells and margins, totals that differ,
        rows and columns that are wanted but empty; else the sets of rows and columns whose
        margins contradict each other, or the cells that would have to be emptied.
    RunError
        No convergence, with the last residual and the worst columns.

    Notes
    -----
    Deming, Stephan (1940); Furness (1965). The example is lecture 8 of NPTEL 105101087.

    Examples
    --------
    >>> seed = np.array([[20.0, 30, 28], [36, 32, 24], [22, 34, 26]])
    >>> found = balanced(seed, [98, 106, 122], [102, 118, 106])
    >>> found.flows(seed).round(3)[0].tolist()
    [25.789, 35.508, 36.703]
    """
    cells, wanted, taken = contiguous(seed, rows, columns)
    if cells.shape != wanted.shape + taken.shape or cells.ndim != 2:
        shapes = f"seed {cells.shape}, rows {wanted.shape}, columns {taken.shape}"
        raise ProblemsError([Problem("margins", None, "shape", f"{shapes} do not fit together")])
    if not FINEST <= tolerance < 1:
        raise RunError(f"tolerance = {tolerance:g} is outside [{FINEST:g}, 1)")
    found = Balance(*attempt(cells, wanted, taken, tolerance, ROUNDS))
    if found.residual < tolerance:
        return found
    check(cells, wanted, taken, row_names, column_names)
    if not (wanted.all() and taken.all()):
        return without_empty(cells, wanted, taken, tolerance, row_names, column_names)
    problems = blocked(cells, wanted, taken, row_names, column_names)
    if problems:
        raise ProblemsError(problems)
    return continued(cells, wanted, taken, tolerance, found, column_names)


def without_empty(
    seed: Array,
    rows: Array,
    columns: Array,
    tolerance: float,
    row_names: Sequence[str] | None,
    column_names: Sequence[str] | None,
) -> Balance:
    """Balance of the rows and columns that are not empty; factors of the others are zero.

    Examples
    --------
    >>> margin = np.array([2.0, 0.0])
    >>> without_empty(np.ones((2, 2)), margin, margin, 1e-12, None, None).row_factors.tolist()
    [2.0, 0.0]
    """
    some_rows, some_columns = np.flatnonzero(rows), np.flatnonzero(columns)
    part = balanced(
        seed[np.ix_(some_rows, some_columns)],
        rows[some_rows],
        columns[some_columns],
        tolerance,
        row_names=names_of(some_rows, row_names),
        column_names=names_of(some_columns, column_names),
    )
    row_factors, column_factors = np.zeros(len(rows)), np.zeros(len(columns))
    row_factors[some_rows] = part.row_factors
    column_factors[some_columns] = part.column_factors
    return Balance(row_factors, column_factors, part.rounds, part.residual)


def names_of(places: Array, names: Sequence[str] | None) -> list[str]:
    """Names of some places, by which a part reports as the whole would.

    Examples
    --------
    >>> names_of(np.array([2]), None), names_of(np.array([1]), ["a", "b"])
    (['2'], ['b'])
    """
    return [str(place) if names is None else str(names[place]) for place in places.tolist()]


def continued(
    seed: Array,
    rows: Array,
    columns: Array,
    tolerance: float,
    found: Balance,
    column_names: Sequence[str] | None = None,
) -> Balance:
    """Balance by Newton, from where the rounds crept.

    Parameters
    ----------
    seed : (row, column) [any]
    rows : (row,) [any]
    columns : (column,) [any]
    tolerance : float [1]
    found : Balance
        Not yet within the tolerance.
    column_names : sequence of str, optional

    Returns
    -------
    Balance

    Raises
    ------
    RunError
        No convergence.

    Examples
    --------
    >>> seed, margin = np.array([[1.0, 1.0], [1.0, 3.0]]), np.array([2.0, 2.0])
    >>> begun = Balance(margin, np.ones(2), 0, 1.0)
    >>> continued(seed, margin, margin, 1e-12, begun).column_factors.round(6).tolist()
    [1.267949, 0.732051]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        start = np.log(found.column_factors)
    small_rows, small_columns = rows / rows.sum(), columns / columns.sum()
    logs, more, residual, worst = newton(seed, small_rows, small_columns, start, tolerance)
    count = found.rounds + more
    if not residual < tolerance:
        raise RunError(
            f"the margins are not met after {count} rounds: largest relative error "
            f"{residual:.1e}, worst columns {named(worst, column_names)}"
        )
    weights = np.exp(logs - logs.max())
    weights /= weights.mean()
    return Balance(rows / (seed @ weights), weights, count, residual)


def newton(
    seed: Array, rows: Array, columns: Array, logs: Array, tolerance: float
) -> tuple[Array, int, float, Array]:
    """Newton on the dual of balancing, with steps halved until it falls.

    Parameters
    ----------
    seed : (row, column) [any]
        No empty row or column.
    rows : (row,) [1]
    columns : (column,) [1]
    logs : (column,) [log]
        Where to start.
    tolerance : float [1]

    Returns
    -------
    logs : (column,) [log]
    rounds : int
    residual : float [1]
    worst : (3,) int
        Columns with the largest relative errors.

    Examples
    --------
    >>> half = np.array([0.5, 0.5])
    >>> seed = np.array([[1.0, 1.0], [1.0, 3.0]])
    >>> logs, rounds, residual, _ = newton(seed, half, half, np.zeros(2), 1e-12)
    >>> round(float(logs[0] - logs[1]), 6), residual < 1e-12
    (0.549306, True)
    """
    logs = np.where(np.isfinite(logs), logs, 0.0)
    diagonal = np.arange(len(columns))
    height, shares = dual(seed, rows, columns, logs)
    for rounds in range(NEWTON_ROUNDS):
        reached = rows @ shares
        errors = np.abs(reached / columns - 1)
        if errors.max() < tolerance or rounds == NEWTON_ROUNDS - 1:
            break
        slope = -(shares.T * rows) @ shares
        # What is lost to rounding, and the freedom of one constant in each part, is held.
        slope[diagonal, diagonal] += reached + 1e-12 * (reached + columns)
        step = np.linalg.solve(slope, columns - reached)
        step *= min(1.0, NEWTON_STEP / np.abs(step).max())
        gain = step @ (columns - reached)
        for _ in range(30):
            new_height, new_shares = dual(seed, rows, columns, logs + step)
            # Near the end the dual is flat to rounding, and the full step is right.
            if new_height <= height - 1e-4 * gain or gain < 1e-12:
                break
            step, gain = step / 2, gain / 2
        logs, height, shares = logs + step, new_height, new_shares
    return logs, rounds + 1, float(errors.max()), np.argsort(-errors, kind="stable")[:3]


def dual(seed: Array, rows: Array, columns: Array, logs: Array) -> tuple[float, Array]:
    """Convex function whose lowest point balances, and the rows' shares of columns there.

    Examples
    --------
    >>> one = np.array([1.0])
    >>> height, shares = dual(np.array([[2.0]]), one, one, np.array([0.0]))
    >>> round(height, 4), shares.tolist()
    (0.6931, [[1.0]])
    """
    weighted = seed * np.exp(logs)
    totals = weighted.sum(axis=1)
    shares = weighted / totals[:, None]
    return float(rows @ np.log(totals) - columns @ logs), shares
