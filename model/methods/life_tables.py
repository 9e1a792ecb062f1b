r"""Life tables on any grid of ages, single years or groups.

.. math::

    {}_nq_x = \frac{n\, {}_nm_x}{1 + (n - {}_na_x)\, {}_nm_x}, \quad
    l_{x+n} = l_x (1 - {}_nq_x), \quad
    {}_nL_x = n\, l_{x+n} + {}_na_x\, {}_nd_x, \quad e_x = T_x / l_x

In the open group :math:`{}_\infty L_x = l_x / m_x`. The life tables that the model itself runs on
are those of single years in ``model.processes.life_table``.

Source: Preston, Heuveline, Guillot (2001), *Demography*, chapter 3 (box 3.1; table 3.3 for the
first two groups after Coale and Demeny 1983).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.axes import Array
from model.methods.grid_checks import check_ages, check_cells
from model.problems import Problem, ProblemsError

# Years lived under 1 and at 1-4 by those who die there (Preston et al., table 3.3): value at a
# death rate of infants of 0.107 or more, else intercept and slope on that rate.
FIRST_YEARS = {
    "male": ((0.330, 0.045, 2.684), (1.352, 1.651, -2.816)),
    "female": ((0.350, 0.053, 2.800), (1.361, 1.522, -1.518)),
}
HIGH_MORTALITY = 0.107


@dataclass(frozen=True)
class LifeTable:
    """Columns of a life table for one birth, (age,) each; the last group is open.

    ``ages`` [years], ``rates`` [1/yr], ``part`` nax [years], ``dying`` nqx [1], ``alive`` lx [1],
    ``deaths`` ndx [1], ``years`` nLx [years], ``ahead`` Tx [years], ``expectancy`` ex [years].
    """

    ages: Array
    rates: Array
    part: Array
    dying: Array
    alive: Array
    deaths: Array
    years: Array
    ahead: Array
    expectancy: Array


def mean_part(ages: Sequence[float] | Array, rates: Array, sex: str | None = None) -> Array:
    """Years lived in a group by those who die in it, by rule.

    Parameters
    ----------
    ages : (age,) [years]
    rates : (age,) [1/yr]
    sex : str, optional
        ``male`` or ``female``: groups of ages 0 and 1-4 after Coale and Demeny. Otherwise half
        of every group.

    Returns
    -------
    (age,) [years]
        That of the open group is one over its rate.

    Examples
    --------
    >>> part = mean_part([0, 1, 5, 10], np.array([0.01, 0.001, 0.001, 0.02]), "female")
    >>> part.round(4).tolist()
    [0.081, 1.5068, 2.5, 50.0]
    """
    ages, rates = np.asarray(ages, dtype=float), np.asarray(rates, dtype=float)
    part = np.append(np.diff(ages) / 2, 1 / rates[-1])
    if sex is not None:
        for group, (high, level, slope) in enumerate(FIRST_YEARS[sex]):
            if group + 1 < len(ages) and (ages[group], ages[group + 1]) == ((0, 1), (1, 5))[group]:
                part[group] = high if rates[0] >= HIGH_MORTALITY else level + slope * rates[0]
    return part


def life_table(
    ages: Sequence[float] | Array, rates: Array, part: Array | None = None, sex: str | None = None
) -> LifeTable:
    """Life table from death rates on any grid.

    Parameters
    ----------
    ages : (age,) [years]
        Where groups start; the last is open.
    rates : (age,) [1/yr]
        Death rates.
    part : (age,) [years], optional
        nax; by default as :func:`mean_part` says.
    sex : str, optional
        For that rule.

    Returns
    -------
    LifeTable

    Raises
    ------
    ProblemsError
        Ages out of order; rates missing, negative, zero in the open group, or so high that more
        than everybody would die; all at once.

    Examples
    --------
    >>> table = life_table([0, 1, 5], np.array([0.02, 0.005, 0.0125]), np.array([0.1, 1.6, 80]))
    >>> table.dying.round(5).tolist(), float(table.expectancy[2].round(6))
    ([0.01965, 0.01976, 1.0], 80.0)
    """
    ages, rates = np.asarray(ages, dtype=float), np.asarray(rates, dtype=float)
    faults = check_ages(ages) + check_cells("death rates", rates, ages, ("rate",), 0, np.inf)
    if not faults and rates[-1] == 0:
        message = "0 in the open group: nobody would ever die"
        faults.append(Problem("death rates", None, f"age {ages[-1]:g}, rate", message))
    if faults:
        raise ProblemsError(faults)
    width = np.diff(ages)
    part = mean_part(ages, rates, sex) if part is None else np.array(part, dtype=float)
    faults = check_cells("part of the group lived", part, ages, ("nax",), 0, np.inf)
    if faults:
        raise ProblemsError(faults)
    part[-1] = 1 / rates[-1]
    dying = np.append(width * rates[:-1] / (1 + (width - part[:-1]) * rates[:-1]), 1.0)
    faults = check_cells("probability of dying (nqx)", dying, ages, ("nqx",), 0, 1)
    if faults:
        raise ProblemsError(faults)
    alive = np.append(1.0, np.cumprod(1 - dying[:-1]))
    deaths = alive * dying
    years = np.append(width * alive[1:] + part[:-1] * deaths[:-1], alive[-1] / rates[-1])
    ahead = np.cumsum(years[::-1])[::-1]
    with np.errstate(invalid="ignore"):
        expectancy = np.where(alive > 0, ahead / np.where(alive > 0, alive, 1), np.nan)
    return LifeTable(ages, rates, part, dying, alive, deaths, years, ahead, expectancy)


def survivorship_ratios(years: Array) -> tuple[Array, float]:
    """Survival from each group to the next, for a grid of groups of one width.

    Parameters
    ----------
    years : (age,) [years]
        nLx for one birth; the last is T of the open group.

    Returns
    -------
    surviving : (age,) [1]
        The last two share that of the open group, T / (nL + T).
    first : float [years]
        nL0: divided by the width it is the share of newborns alive at the end of a step.

    Examples
    --------
    >>> alive, first = survivorship_ratios(np.array([4.9, 4.8, 4.0, 6.0]))
    >>> alive.round(4).tolist(), first
    ([0.9796, 0.8333, 0.6, 0.6], 4.9)
    """
    years = np.asarray(years, dtype=float)
    alive = years[1:] / years[:-1]
    old = years[-1] / (years[-2] + years[-1])
    return np.append(alive[:-1], [old, old]), float(years[0])
