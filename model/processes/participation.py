"""Participation: who offers work, by age, sex and zone.

The profile by age and sex is the country's; a constant for each zone, on the logit, makes the
labour force of the base year what employed residents and unemployment imply. It stays.

Sources: participation by age and sex from the area's table (assumed, after census long forms);
employed residents from the census by place of residence.
"""

from typing import TYPE_CHECKING

import numpy as np

from model.axes import Array
from model.contract import Process
from model.parameters import Params
from model.world import ratio

if TYPE_CHECKING:
    from model.world import World


# -- equations ---------------------------------------------------------------------


def shifted_participation(profile: Array, shift: Array) -> Array:
    """Participation by zone: the profile of the country, its logit shifted by a zone constant.

    Parameters
    ----------
    profile : (sex, age) [1]
        Zero below working age.
    shift : (draw, zone) [1]

    Returns
    -------
    (draw, zone, sex, age) [1]

    Examples
    --------
    >>> half = shifted_participation(np.full((2, 101), 0.5), np.zeros((1, 1)))
    >>> float(half[0, 0, 0, 30])
    0.5
    """
    odds = ratio(profile, 1 - profile)
    moved = odds * np.exp(shift)[:, :, None, None]
    return moved / (1 + moved)


def participation_shift(profile: Array, people: Array, labour_force: Array) -> Array:
    """Zone constants that make participation give the labour force observed, by bisection.

    Parameters
    ----------
    profile : (sex, age) [1]
    people : (zone, sex, age) [persons]
    labour_force : (draw, zone) [persons]

    Returns
    -------
    (draw, zone) [1]

    Raises
    ------
    ValueError
        More workers in a zone than people of working age.

    Examples
    --------
    >>> people = np.ones((1, 2, 101))
    >>> shift = participation_shift(np.full((2, 101), 0.5), people, np.array([[101.0]]))
    >>> abs(float(shift[0, 0])) < 1e-9
    True
    """
    able = (people * (profile > 0)).sum(axis=(1, 2))
    if np.any(labour_force >= able):
        zone = int((labour_force - able).max(axis=0).argmax())
        raise ValueError(f"zone {zone}: more workers than people of working age")
    low, high = np.full(labour_force.shape, -12.0), np.full(labour_force.shape, 12.0)
    for _ in range(60):
        middle = (low + high) / 2
        reached = (people * shifted_participation(profile, middle)).sum(axis=(2, 3))
        low = np.where(reached < labour_force, middle, low)
        high = np.where(reached < labour_force, high, middle)
    return (low + high) / 2


# -- action ------------------------------------------------------------------------


def act_labour_force(world: "World", p: Params) -> None:
    """Who offers work, in expectation."""
    zones = len(world.area.zones)
    world["participation"] = world.fixed["base_participation"]
    people = world.population.counts()[:, :zones]
    world["labour_supply"] = (people * world["participation"]).sum(axis=(2, 3))


LABOUR_FORCE = Process(
    "labour force",
    writes=("participation", "labour_supply"),
    act=act_labour_force,
    params=Params,
    about="who offers work",
)
