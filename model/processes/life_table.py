r"""Life tables: from death rates to survival.

.. math:: q_x = \frac{m_x}{1 + (1 - a_x) m_x}, \quad l_{x+1} = l_x (1 - q_x), \quad
    L_x = l_{x+1} + a_x (l_x - l_{x+1}), \quad S_x = L_{x+1} / L_x

Source: Preston, Heuveline, Guillot (2001), *Demography*, chapter 3 and 6.
"""

import numpy as np

from model.axes import Array, ratio


def stationary_years(rates: Array) -> Array:
    """Person-years lived at each single age by a cohort of one, L(x), last age open.

    Parameters
    ----------
    rates : (..., age) [1/yr]
        Death rates by single year of age.

    Returns
    -------
    (..., age) [yr]

    Raises
    ------
    ValueError
        A rate that is negative, or zero in the open group (nobody would ever die).

    Notes
    -----
    Deaths fall at mid-year, those of infants after a tenth of it (Preston et al., table 3.3,
    low mortality); the open group lives one over its death rate.

    Examples
    --------
    >>> float(stationary_years(np.full(101, 0.02)).sum().round(2))
    50.0
    """
    rates = np.asarray(rates, dtype=float)
    if np.any(rates < 0) or np.any(rates[..., -1] == 0):
        raise ValueError("death rates must be positive in the open group and nowhere negative")
    part = np.full(rates.shape[-1], 0.5)
    part[0] = 0.1
    dying = np.minimum(rates / (1 + (1 - part) * rates), 1.0)
    dying[..., -1] = 1.0
    alive = np.ones(rates.shape)
    alive[..., 1:] = np.cumprod(1 - dying[..., :-1], axis=-1)
    next_alive = alive * (1 - dying)
    years = next_alive + part * (alive - next_alive)
    years[..., -1] = alive[..., -1] / rates[..., -1]
    return years


def life_expectancy(rates: Array) -> Array:
    """Life expectancy at birth.

    Parameters
    ----------
    rates : (..., age) [1/yr]

    Returns
    -------
    (...) [yr]

    Examples
    --------
    >>> float(life_expectancy(np.full(101, 0.0125)).round(1))
    80.0
    """
    return stationary_years(rates).sum(axis=-1)


def survivorship(rates: Array) -> tuple[Array, Array]:
    """Survival from each age to the next within a year, and of newborns to year-end.

    Parameters
    ----------
    rates : (..., age) [1/yr]

    Returns
    -------
    surviving : (..., age) [1]
        Probability that someone of a completed age is alive a year later; the two oldest
        groups share that of the open interval, T(x+1)/T(x).
    newborn : (...) [1]
        Probability that a child born during the year is alive at its end.

    Examples
    --------
    >>> alive, newborn = survivorship(np.full(101, 0.02))
    >>> round(float(alive[30]), 4), round(float(newborn), 4)
    (0.9802, 0.9823)
    """
    years = stationary_years(rates)
    surviving = np.empty(years.shape)
    surviving[..., :-2] = ratio(years[..., 1:-1], years[..., :-2])
    tail = ratio(years[..., -1], years[..., -2] + years[..., -1])
    surviving[..., -2:] = tail[..., None]
    return surviving, years[..., 0]
