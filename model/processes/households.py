r"""Households by headship, and by size.

.. math::

    H_z = \frac{P_z}{1 + (\bar m_z - 1)\,e^{-g t}}, \qquad
    \bar m_z = \frac{P_z}{k_z \sum_{s,a} h_{s,a} N_{z,s,a}}

:math:`h` is the headship profile of the area's table with its drawn factors, :math:`k_z` makes the
family households of the base year what the census counted, :math:`P_z` are people in family
households (a constant share of residents), and :math:`g` lets the mean size go on falling beyond
what ageing does to it. Households by size are one-person households and, for the rest, a shifted
Poisson law of the same mean. So households need not fall where people do.

Sources: headship rates after Kono (1987); profile from the area's table (assumed); households by
zone from the census; drift after the fall of the mean size between censuses (2010-2020), slowed.
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array, lift, ratio
from model.contract import Process
from model.parameters import Params, par
from model.world import World

SIZES = 5


@dataclass(frozen=True)
class HouseholdParams(Params):
    """How household size goes on falling."""

    size_fall: float = par(
        0.0125, unit="1/yr", prior="Normal(0.0125, 0.008) on [-0.01, 0.05]", low=-0.05, high=0.1,
        id="H08",
        doc="yearly relative fall of the people beyond the first in a household, age apart",
        source="persons per family household fell 0.047 a year in 2010-2020; slower after",
        evidence="seen",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def headed(people: Array, profile: Array) -> Array:
    """Households that the headship profile gives, (draw, place) [households].

    Parameters
    ----------
    people : (draw, place, sex, age) [persons]
    profile : (sex, age) or (draw, sex, age) [1]

    Examples
    --------
    >>> headed(np.ones((1, 1, 2, 101)), np.full((2, 101), 0.5)).tolist()
    [[101.0]]
    """
    column = profile.reshape(*profile.shape[:-2], -1, 1)
    return np.matmul(people.reshape(*people.shape[:2], -1), column)[:, :, 0]


def mean_size(members: Array, households: Array, elapsed: float, p: HouseholdParams) -> Array:
    """Persons per household after the drift of a number of years.

    Parameters
    ----------
    members : (draw, zone) [persons]
        In family households.
    households : (draw, zone) [households]
        By headship alone.
    elapsed : float [years]
    p : HouseholdParams

    Returns
    -------
    (draw, zone) [1]
        Never below one; one where nobody lives.

    Examples
    --------
    >>> mean_size(np.array([[220.0]]), np.array([[100.0]]), 0.0, HouseholdParams()).tolist()
    [[2.2]]
    """
    now = np.maximum(ratio(members, households, 1.0), 1.0)
    return 1 + (now - 1) * np.exp(-lift(p.size_fall, 1) * elapsed)


def by_size(mean: Array, alone: Array) -> Array:
    """Shares of households of 1, 2, 3, 4, and 5 or more members.

    Parameters
    ----------
    mean : (draw, zone) [1]
        Persons per household.
    alone : (draw, zone) [1]
        Exponent of the share of one-person households, exp(-alone (mean - 1)).

    Returns
    -------
    (draw, zone, members) [1]
        Sums to one; one-person households are at least as many as the mean needs, 2 - mean.

    Examples
    --------
    >>> by_size(np.array([[2.0]]), np.array([[1.0]])).round(3).tolist()
    [[[0.368, 0.353, 0.206, 0.06, 0.014]]]
    """
    single = np.maximum(np.exp(-alone * (mean - 1)), 2 - mean)
    rest = 1 - single
    more = np.maximum(ratio(mean - single, rest, 2.0) - 2, 0.0)
    two = np.exp(-more)
    shares = [single, rest * two, rest * two * more, rest * two * more**2 / 2]
    return np.stack([*shares, 1 - sum(shares)], axis=2)


def invert(people: Array, members: Array, counted: Array, alone: Array, profile: Array) -> Array:
    """Constants of each zone: headship scale, member share, exponent of living alone.

    Parameters
    ----------
    people : (zone, sex, age) [persons]
    members : (zone,) [persons]
        In family households.
    counted, alone : (zone,) [households]
        Family households, and those of one person.
    profile : (sex, age) or (draw, sex, age) [1]

    Returns
    -------
    (3, draw, zone) [1]
        A single draw where the profile has none.

    Examples
    --------
    >>> found = invert(np.ones((1, 2, 101)), np.array([202.0]), np.array([101.0]),
    ...                np.array([37.155]), np.full((2, 101), 0.5))
    >>> found.round(4)[:, 0, 0].tolist()
    [1.0, 1.0, 1.0]
    """
    scale = ratio(counted, headed(people[None], profile))
    share = ratio(members, people.sum(axis=(1, 2)))
    beyond = ratio(members, counted, 1.0) - 1
    exponent = ratio(-np.log(ratio(alone, counted, 1.0)), beyond)
    return np.stack(np.broadcast_arrays(scale, share, exponent))


# -- action ------------------------------------------------------------------------


def act(world: World, p: HouseholdParams) -> None:
    """Households of the people counted, their number and size."""
    zones = len(world.area.zones)
    scale, share, alone = world.fixed["household_constants"]
    members = world["population"] * share
    headship = scale * headed(world["people"], world.fixed["headship"])[:, :zones]
    size = mean_size(members, headship, world.elapsed, p)
    world["households"] = members / size
    world["household_size"] = size
    shares = by_size(size, alone)
    world["households_by_size"] = world["households"][:, :, None] * shares


HOUSEHOLDS = Process(
    "households",
    reads=("people", "population"),
    writes=("households", "household_size", "households_by_size"),
    act=act,
    params=HouseholdParams,
    about="households by headship, and by size",
)
