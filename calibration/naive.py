r"""Naive forecasts of population: what a forecast has to beat.

.. math::

    last: N_t, \quad linear: N_t + \tfrac{h}{t - s} (N_t - N_s), \quad
    exponential: N_t (N_t / N_s)^{h / (t - s)}, \quad share: N_t\, P_{t+h} / P_t

Constant share is told the total it shares, which nobody knew in the base year: a rival with an
unfair advantage, kept because it is usual. In :func:`closed_cohorts` cohorts survive by the
national life table, nobody moves, and children follow by the child-woman ratio of the census.
The method of Hamilton and Perry stands in :mod:`calibration.hamilton_perry`.

Source: Smith, Tayman, Swanson (2013), *A Practitioner's Guide to State and Local Population
Projections*, chapters 7 and 8.
"""

import numpy as np

from model.axes import FEMALE, Array, ratio
from model.processes.life_table import survivorship

# Children of an age group, and the women whose ratio to them is kept (Smith et al., chapter 7).
CHILDREN = ((slice(0, 5), slice(15, 45)), (slice(5, 10), slice(20, 50)))


def last_value(last: Array) -> Array:
    """The last count again.

    Examples
    --------
    >>> last_value(np.array([120.0])).tolist()
    [120.0]
    """
    return np.array(last, dtype=float)


def linear_trend(earlier: Array, last: Array, step: float = 1.0) -> Array:
    """The last change again, in persons.

    Parameters
    ----------
    earlier, last : (unit,) [persons]
    step : float [1]
        Years ahead over years between the counts.

    Returns
    -------
    (unit,) [persons]

    Examples
    --------
    >>> linear_trend(np.array([100.0]), np.array([120.0])).tolist()
    [140.0]
    """
    return last + step * (last - earlier)


def exponential_trend(earlier: Array, last: Array, step: float = 1.0) -> Array:
    """The last change again, in proportion.

    Parameters
    ----------
    earlier, last : (unit,) [persons]
    step : float [1]
        Years ahead over years between the counts.

    Returns
    -------
    (unit,) [persons]

    Examples
    --------
    >>> exponential_trend(np.array([100.0]), np.array([120.0])).tolist()
    [144.0]
    """
    return last * (last / earlier) ** step


def constant_share(last: Array, total: float, total_then: float) -> Array:
    """The last share of a total, of the total that came.

    Parameters
    ----------
    last : (unit,) [persons]
    total, total_then : float [persons]
        Of the base year, and of the year forecast.

    Returns
    -------
    (unit,) [persons]

    Examples
    --------
    >>> constant_share(np.array([20.0, 30.0]), 100, 110).tolist()
    [22.0, 33.0]
    """
    return last * (total_then / total)


def closed_cohorts(people: Array, rates: Array, years: int) -> Array:
    """People after some years if nobody moved: survivors, and children by child-woman ratios.

    Parameters
    ----------
    people : (unit, sex, age) [persons]
        By single year of age.
    rates : (sex, age) [1/yr]
        Death rates of the base year, kept.
    years : int [yr]
        At least 10, so that children are all born after the base year.

    Returns
    -------
    (unit, sex, age) [persons]

    Examples
    --------
    >>> still = closed_cohorts(np.ones((1, 2, 101)), np.full((2, 101), 1e-9), 10)
    >>> still[0, 1, [0, 7, 50]].round(6).tolist()
    [1.0, 1.0, 1.0]
    """
    if years < 10:
        raise ValueError(f"children under 10 must be born after the base year, not {years} years")
    surviving, _ = survivorship(rates)
    found = np.array(people, dtype=float)
    for _ in range(years):
        alive = found * surviving
        found[..., 1:] = alive[..., :-1]
        found[..., -1] += alive[..., -1]
        found[..., 0] = 0
    for ages, mothers in CHILDREN:
        women = people[:, FEMALE, mothers].sum(axis=1)
        later = found[:, FEMALE, mothers].sum(axis=1)
        found[..., ages] = people[..., ages] * ratio(later, women)[:, None, None]
    return found
