r"""Choice of a place in nests: cities, with every external region apart.

.. math::

    I_{im} = \lambda \ln \sum_{j \in m} e^{V_{ij}/\lambda}, \qquad
    \Pi_{ij} = \frac{e^{I_{im}}}{e^{V_{ii}} + \sum_{m} e^{I_{im}}}\,
        \frac{e^{V_{ij}/\lambda}}{e^{I_{im}/\lambda}}

Source: McFadden (1978).
"""

from typing import TYPE_CHECKING

import numpy as np

from model.axes import Array, contiguous, lift, ratio, total

if TYPE_CHECKING:
    from model.area import Area


def move_shares(
    value: Array, cost: Array, nests: Array, dissimilarity: Array
) -> tuple[Array, Array]:
    """Probability of leaving each place and the shares of destinations (nested logit).

    Parameters
    ----------
    value : (draw, place) [utility]
        Of living in a place.
    cost : (draw, place, place) [utility]
        Of moving there; the diagonal is ignored.
    nests : (nest, place) [1]
        Membership; a place belongs to one nest.
    dissimilarity : (draw, nest) [1]

    Returns
    -------
    leave : (draw, place) [1]
    destination : (draw, place, place) [1]
        Rows sum to one over the others; zero on the diagonal.

    Examples
    --------
    >>> leave, to = move_shares(np.zeros((1, 2)), np.zeros((1, 2, 2)), np.eye(2), np.ones((1, 2)))
    >>> leave.tolist(), to.tolist()
    ([[0.5, 0.5]], [[[0.0, 1.0], [1.0, 0.0]]])
    """
    of_place = total(dissimilarity, nests.T)[:, None]
    gain = value[:, None, :] - value[:, :, None] - cost
    diagonal = np.arange(value.shape[1])
    gain[:, diagonal, diagonal] = -np.inf
    within = np.exp(gain / of_place)
    mass = np.matmul(within, nests.T)
    nest_odds = np.where(mass > 0, np.where(mass > 0, mass, 1.0) ** dissimilarity[:, None], 0.0)
    odds = within * np.matmul(ratio(nest_odds, mass), nests)
    moving = odds.sum(axis=2)
    return moving / (1 + moving), odds / moving[:, :, None]


def choices(value: Array, cost: Array, nests: Array, dissimilarity: Array) -> tuple[Array, Array]:
    """Leaving and destinations of every group that chooses by utility.

    Parameters
    ----------
    value : (draw, place) [utility]
    cost : (draw, group, place, place) [utility]
    nests : (nest, place) [1]
    dissimilarity : (draw, nest) [1]

    Returns
    -------
    leave : (draw, group, place) [1]
    destination : (draw, group, place, place) [1]

    Examples
    --------
    >>> leave, _ = choices(np.zeros((1, 2)), np.zeros((1, 4, 2, 2)), np.eye(2), np.ones((1, 2)))
    >>> leave.shape, float(leave[0, 0, 0])
    ((1, 4, 2), 0.5)
    """
    groups = np.arange(cost.shape[1])
    return choices_among(groups, value, cost, nests, dissimilarity)


def choices_among(
    slots: Array, value: Array, cost: Array, nests: Array, dissimilarity: Array
) -> tuple[Array, Array]:
    """As :func:`choices`, with room for groups that choose otherwise.

    Parameters
    ----------
    slots : (group,) [1]
        Where the groups of the cost stand in the answers, which end with the last of them.
    value, cost, nests, dissimilarity : as in :func:`choices`

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
    value, cost, dissimilarity = contiguous(
        *(
            np.broadcast_to(array, (draws, *array.shape[1:]))
            for array in (value, cost, dissimilarity)
        )
    )
    leave = np.zeros((draws, groups, value.shape[1]))
    destination = np.zeros((draws, groups, value.shape[1], value.shape[1]))
    choose(value, cost, nests.argmax(axis=0), dissimilarity, slots, leave, destination)
    return leave, destination


def nests_of(area: "Area") -> Array:
    """(nest, place) membership: one nest a city, one a region."""
    zones, cities = len(area.zones), len(area.cities)
    nests = np.zeros((cities + len(area.regions), len(area.places)))
    nests[:cities, :zones] = area.in_city
    nests[cities:, zones:] = np.eye(len(area.regions))
    return nests


def dissimilarities(area: "Area", inside: Array | float) -> Array:
    """(draw, nest) dissimilarity: that of cities inside them, one for a region alone."""
    inside = lift(inside, 1) * np.ones(len(area.cities))
    return np.concatenate([inside, np.ones((len(inside), len(area.regions)))], axis=1)
