r"""Scores of forecasts against what came: errors, skill, shares, ranks, intervals.

.. math::

    MAPE = \overline{|\hat y / y - 1|}, \quad
    wMAPE = \frac{\sum |\hat y - y|}{\sum y}, \quad
    RMSE = \sqrt{\overline{\ln^2 (\hat y / y)}}, \quad
    skill = 1 - \frac{MSE}{MSE_{best}}, \quad
    CRPS = \overline{|X - y|} - \tfrac12 \overline{|X - X'|}

Sources: Smith, Tayman, Swanson (2013), *A Practitioner's Guide to State and Local Population
Projections*, chapter 13; Gneiting, Raftery (2007), J. Am. Stat. Assoc. 102, eq. 21.
"""

import numpy as np

from calibration.flow_scores import spearman
from model.axes import Array, ratio


def mape(forecast: Array, observed: Array) -> float:
    """Mean absolute relative error over units.

    Parameters
    ----------
    forecast, observed : (unit,) [persons]

    Returns
    -------
    float [1]

    Examples
    --------
    >>> round(mape(np.array([110.0, 180.0]), np.array([100.0, 200.0])), 6)
    0.1
    """
    return float(np.mean(np.abs(forecast / observed - 1)))


def weighted_mape(forecast: Array, observed: Array) -> float:
    """Sum of absolute errors over the sum observed.

    Examples
    --------
    >>> round(weighted_mape(np.array([110.0, 180.0]), np.array([100.0, 200.0])), 6)
    0.1
    """
    return float(np.abs(forecast - observed).sum() / observed.sum())


def log_rmse(forecast: Array, observed: Array) -> float:
    """Root mean square of the log of forecast over observed.

    Examples
    --------
    >>> round(log_rmse(np.array([110.0]), np.array([100.0])), 4)
    0.0953
    """
    return float(np.sqrt(np.mean(np.log(forecast / observed) ** 2)))


def rmse(forecast: Array, observed: Array) -> float:
    """Root mean square error in persons.

    Examples
    --------
    >>> rmse(np.array([103.0, 96.0]), np.array([100.0, 100.0])) == 12.5**0.5
    True
    """
    return float(np.sqrt(np.mean((forecast - observed) ** 2)))


def skill(error: float, best: float) -> float:
    """One minus the mean square error over that of the best rival; both given as roots.

    Minus infinity against a rival without error, unless there is none on either side.

    Examples
    --------
    >>> skill(0.05, 0.1)
    0.75
    """
    if best == 0:
        return 0.0 if error == 0 else -float("inf")
    return 1 - (error / best) ** 2


def dissimilarity(forecast: Array, observed: Array) -> float:
    """Half the sum of absolute differences of shares in the total.

    Examples
    --------
    >>> round(dissimilarity(np.array([60.0, 40.0]), np.array([50.0, 50.0])), 6)
    0.1
    """
    return float(np.abs(forecast / forecast.sum() - observed / observed.sum()).sum() / 2)


def rank_correlation(first: Array, second: Array) -> float:
    """Spearman's rank correlation; NaN where one side is the same for all units.

    Examples
    --------
    >>> rank_correlation(np.array([1.0, 5.0, 9.0]), np.array([2.0, 3.0, 30.0]))
    1.0
    """
    # Growth that is equal but for rounding is no ranking.
    return spearman(np.round(first, 9), np.round(second, 9))


def crps(draws: Array, observed: Array) -> Array:
    """Continuous ranked probability score of each unit; for one draw its absolute error.

    Parameters
    ----------
    draws : (draw, unit) [any]
    observed : (unit,) [any]

    Returns
    -------
    (unit,) [any]
        In the unit of the draws.

    Examples
    --------
    >>> crps(np.array([[0.0], [2.0]]), np.array([1.0])).tolist()
    [0.5]
    """
    count = len(draws)
    ordered = np.sort(draws, axis=0)
    rank = (2 * np.arange(1, count + 1) - count - 1)[:, None]
    return np.abs(draws - observed).mean(axis=0) - (rank * ordered).sum(axis=0) / count**2


def coverage(draws: Array, observed: Array, share: float) -> float:
    """Share of units whose observed value lies in the central interval of the draws.

    Examples
    --------
    >>> draws = np.linspace(0, 1, 101)[:, None] * np.ones(4)
    >>> coverage(draws, np.array([0.05, 0.15, 0.85, 0.99]), 0.8)
    0.5
    """
    low, high = np.quantile(draws, [(1 - share) / 2, (1 + share) / 2], axis=0)
    return float(np.mean((observed >= low) & (observed <= high)))


def bias(forecast: Array, observed: Array) -> float:
    """Error of a total, relative to the total observed.

    Examples
    --------
    >>> round(bias(np.array([110.0, 180.0]), np.array([100.0, 200.0])), 4)
    -0.0333
    """
    return float(ratio(forecast.sum(), observed.sum(), np.nan) - 1)
