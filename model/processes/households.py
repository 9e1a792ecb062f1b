r"""Households by zone: residents over persons per household.

.. math:: HH_z = N_z / s_z(t), \qquad s_z(t) = \max(1,\; s_z(t_0) + \dot s\,(t - t_0))

Provisional: one mean size a zone, drifting. Headship by age and sex takes its place.

Sources: census households of the base year; drift after the fall between the last censuses.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.axes import Array, lift
from model.contract import Process
from model.parameters import Params, par

if TYPE_CHECKING:
    from model.world import World


@dataclass(frozen=True)
class HouseholdsParams(Params):
    """How household size drifts."""

    size_drift: float = par(
        -0.015, unit="persons/yr", prior="Normal(-0.015, 0.01)", low=-0.1, high=0.1, id="H08",
        doc="yearly change of persons per household",
        source="census bulletins: 2.65 to 2.18 persons in ten years in the core city, slowing",
        evidence="seen",
    )  # fmt: skip


def household_count(people: Array, size: Array, drift: Array, years: int) -> Array:
    """Households of each zone.

    Parameters
    ----------
    people : (draw, zone) [persons]
    size : (zone,) [persons]
        Per household in the base year.
    drift : (draw, 1) [persons/yr]
    years : int [yr]
        Since the base year.

    Returns
    -------
    (draw, zone) [1]
        A household has one person at least.

    Examples
    --------
    >>> household_count(np.array([[240.0]]), np.array([2.5]), np.array([[-0.01]]), 10).tolist()
    [[100.0]]
    """
    return people / np.maximum(size + drift * years, 1.0)


def act(world: "World", p: HouseholdsParams) -> None:
    """Households at the end of the year."""
    world["households"] = household_count(
        world["population"], world.fixed["household_size"], lift(p.size_drift, 1), world.elapsed
    )


HOUSEHOLDS = Process(
    "households",
    reads=("population",),
    writes=("households",),
    act=act,
    params=HouseholdsParams,
    about="residents over persons per household",
)
