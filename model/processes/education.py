r"""Education by cohort: who enters the next level of school, at the age when that is decided.

.. math:: N_{e+1,a_e} \leftarrow N_{e+1,a_e} + \pi_{e+1,t}\,N_{e,a_e}

A person's level is the highest entered, as in the census: those who study count. Lower secondary
school is entered at 12, upper secondary at 15, tertiary education at 18. Entry rates are those of
the area's table, interpolated on the logit between its years and constant beyond; nobody learns
later. Women and men enter alike.

Sources: Lutz, Goujon, KC, Sanderson (2007, Vienna Yearbook of Population Research 5) for the
cohort method; entry rates assumed (the area's table).
"""

import numpy as np

from model.area import Area
from model.axes import EDUCATION, Array
from model.contract import Process
from model.parameters import Params
from model.world import World

ENTRY_AGES = (12, 15, 18)


# -- equations ---------------------------------------------------------------------


def entry_rate(years: Array, rates: Array, year: float) -> Array:
    """Probability of entering a level in a year, interpolated on the logit.

    Parameters
    ----------
    years : (n,) [year]
        Rising.
    rates : (n, draw) [1]
        Between zero and one.
    year : float [year]

    Returns
    -------
    (draw,) [1]

    Examples
    --------
    >>> entry_rate(np.array([2020, 2030]), np.array([[0.5], [0.9]]), 2025).round(3).tolist()
    [0.75]
    """
    at = float(np.interp(year, years, np.arange(len(years))))
    low, high = int(at), min(int(at) + 1, len(years) - 1)
    logit = np.log(rates / (1 - rates))
    between = logit[low] + (at - low) * (logit[high] - logit[low])
    return 1 / (1 + np.exp(-between))


def entering(rates: Array) -> Array:
    """Probability of going up a level by level, sex and age.

    Parameters
    ----------
    rates : (draw, n) [1]
        Of entering the second, third, ... level.

    Returns
    -------
    (draw, education, sex, age) [1]

    Examples
    --------
    >>> table = entering(np.array([[1.0, 0.9, 0.6]]))
    >>> float(table[0, 2, 0, 18]), float(table.sum())
    (0.6, 5.0)
    """
    table = np.zeros((len(rates), len(EDUCATION), 2, 101))
    for level, age in enumerate(ENTRY_AGES):
        table[:, level, :, age] = rates[:, level, None]
    return table


def schooling(area: Area, assumed: dict[str, Array]) -> dict[str, tuple[Array, Array]]:
    """Years and drawn entry rates (n, draw) of each level above the first."""
    found = {}
    for level in EDUCATION[1:]:
        years = sorted(row["year"] for row in area.tables["schooling"] if row["level"] == level)
        rates = np.stack([assumed[f"schooling.{level}.{year}"] for year in years])
        found[level] = np.array(years), rates
    return found


# -- action ------------------------------------------------------------------------


def act(world: World, p: Params) -> None:
    """Those who reach the age of a level enter it or do not."""
    paths = schooling(world.area, world.assumed).values()
    rates = np.stack([entry_rate(years, rates, world.year) for years, rates in paths], axis=1)
    everybody = np.ones((len(rates), 1))
    world["school_entry"] = np.concatenate([everybody, rates], axis=1)
    world.population.learn(entering(rates))


SCHOOLING = Process(
    "schooling",
    writes=("school_entry",),
    act=act,
    about="who enters secondary and tertiary education",
)
