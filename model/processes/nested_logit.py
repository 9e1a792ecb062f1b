r"""Choice of a place in nests: cities, with every external region apart.

.. math::

    I_{im} = \lambda \ln \sum_{j \in m} e^{V_{ij}/\lambda}, \qquad
    \Pi_{ij} = \frac{e^{I_{im}}}{e^{V_{ii}} + \sum_{m} e^{I_{im}}}\,
        \frac{e^{V_{ij}/\lambda}}{e^{I_{im}/\lambda}}

Source: McFadden (1978).
"""

import numpy as np

from model.area import Area
from model.axes import Array, lift, over_draws


def choices_among(
    slots: Array, value: Array, cost: Array, nests: Array, dissimilarity: Array
) -> tuple[Array, Array]:
    """Leaving and destinations of groups that choose by utility, with room for the others.

    Parameters
    ----------
    slots : (group,) [1]
        Where the groups of the cost stand in the answers, which end with the last of them.
    value : (draw, place) [utility]
    cost : (draw, group, place, place) [utility]
        Of the groups that choose.
    nests : (nest, place) [1]
    dissimilarity : (draw, nest) [1]

    Returns
    -------
    leave : (draw, group, place) [1]
    destination : (draw, group, place, place) [1]
        Zero for groups that have no slot.

    Examples
    --------
    >>> last, one = np.array([1]), np.ones((1, 2))
    >>> leave, _ = choices_among(last, one, np.zeros((1, 1, 2, 2)), np.eye(2), one)
    >>> leave[0].tolist()
    [[0.0, 0.0], [0.5, 0.5]]
    """
    from model.kernels.moving import choose

    draws, groups = max(len(value), len(cost)), slots.max() + 1
    value, cost, dissimilarity = over_draws(draws, value, cost, dissimilarity)
    leave = np.zeros((draws, groups, value.shape[1]))
    destination = np.zeros((draws, groups, value.shape[1], value.shape[1]))
    choose(value, cost, nests.argmax(axis=0), dissimilarity, slots, leave, destination)
    return leave, destination


def nests_of(area: Area) -> Array:
    """(nest, place) membership: one nest a city, one a region."""
    zones, cities = len(area.zones), len(area.cities)
    nests = np.zeros((cities + len(area.regions), len(area.places)))
    nests[:cities, :zones] = area.in_city
    nests[cities:, zones:] = np.eye(len(area.regions))
    return nests


def dissimilarities(area: Area, inside: Array | float) -> Array:
    """(draw, nest) dissimilarity: that of cities inside them, one for a region alone."""
    inside = lift(inside, 1) * np.ones(len(area.cities))
    return np.concatenate([inside, np.ones((len(inside), len(area.regions)))], axis=1)
