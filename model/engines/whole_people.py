"""From expected people by cell to whole agents: every total of the table kept."""

import numpy as np

from model.axes import Array
from model.methods.graduation import controlled_rounding
from model.methods.trait_rounding import round_traits


def whole_people(people: Array, zones: int, scale: int) -> tuple[Array, Array]:
    """Whole agents of the zones by all traits, and of the regions without registration.

    Ages by sex are rounded in each place so that its total is kept; education and registration
    follow within one of their margins (:func:`model.methods.trait_rounding.round_traits`).

    Parameters
    ----------
    people : (place, hukou, education, sex, age) [persons]
    zones : int
    scale : int [persons]
        People per agent.

    Returns
    -------
    residents : (zone, hukou, education, sex, age) [1]
    pools : (region, education, sex, age) [1]
        Agents.

    Examples
    --------
    >>> table = np.zeros((2, 3, 4, 2, 101))
    >>> table[:, 0, 0, :, 30] = 25.0
    >>> residents, pools = whole_people(table, zones=1, scale=10)
    >>> int(residents.sum()), int(pools.sum())
    (5, 5)
    """
    expected = people[:zones].transpose(0, 3, 4, 2, 1)
    ages = expected.sum(axis=(3, 4))
    totals = np.array([controlled_rounding(p.ravel() / scale).reshape(p.shape) for p in ages])
    residents = round_traits(expected, totals).transpose(0, 4, 3, 1, 2)
    outside = people[zones:].sum(axis=1)
    pools = np.array([controlled_rounding(p.ravel() / scale).reshape(p.shape) for p in outside])
    return np.ascontiguousarray(residents), pools.reshape(outside.shape).astype(np.int64)
