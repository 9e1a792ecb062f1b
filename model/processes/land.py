r"""Land by zone: what may be built on, what is taken, what it costs and brings.

.. math::

    \bar Q_z = \min(\kappa\,Q_z\,e^{s},\; b\,Q_z(0)\,e^{s} - Q_z)_+, \qquad
    Q' = Q + \frac{(1-i)\,N}{FAR\;r}, \qquad
    \ell = \ell_0 + FAR\,(p - k)_+

New land is bounded by the year's quota and by a growth boundary around the built-up area.
:math:`N` is floor space on new sites, of which :math:`i` lies inside the built-up area, and
housing takes the share :math:`r` of what is newly built over. The price of land is what a
developer can leave for it: the price of floor space less the cost of building it.

Industry demands no land. What is built over beside housing, the share :math:`1-r`, follows new
dwellings; a park, or capital, takes none and is not held back for want of it. No evidence was
found on land by job or by capital in the zones.

Sources: residual valuation of land; the growth boundary of China's territorial plans.
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array, lift
from model.contract import Process
from model.parameters import Params, par
from model.world import World


@dataclass(frozen=True)
class LandParams(Params):
    """Quota, boundary, and how densely is built."""

    quota: float = par(
        0.025, unit="1/yr", prior="LogNormal(0.025, 0.3)", low=0, high=0.2,
        doc="land that may be built over in a year, over the built-up area",
        source="judgement: built-up areas of large northern cities grew by 2 to 4 percent a year",
        evidence="assumed",
    )  # fmt: skip
    boundary: float = par(
        1.3, unit="1", prior="Uniform(1.15, 1.45)", low=1, high=3,
        doc="growth boundary over the built-up area of the base year",
        source="ceiling of 1.3 in the guidance for drawing urban growth boundaries",
        evidence="recalled",
    )  # fmt: skip
    residential_share: float = par(
        0.35, unit="share", prior="Beta(35, 65)", low=0.05, high=0.9,
        doc="share of newly built-up land that is for housing",
        source="planning standard GB 50137: 25 to 40 percent", evidence="recalled",
    )  # fmt: skip
    floor_area_ratio: float = par(
        1.8, unit="1", prior="LogNormal(1.8, 0.2)", low=0.3, high=6,
        doc="floor space over site area of new dwellings", source="judgement",
        evidence="assumed",
    )  # fmt: skip
    infill: float = par(
        0.5, unit="share", prior="Beta(5, 5)", low=0, high=0.95,
        doc="share of new sites that lie inside the built-up area", source="judgement",
        evidence="assumed",
    )  # fmt: skip
    farm_price: float = par(
        60.0, unit="yuan of 2020/m2", prior="LogNormal(60, 0.3)", low=5, high=1000,
        doc="price of land that nobody builds on: compensation for farm land",
        source="provincial compensation standards", evidence="recalled",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def available_land(built_up: Array, base: Array, supply: Array, p: LandParams) -> Array:
    """Land that may be built over this year.

    Parameters
    ----------
    built_up, base : (draw, zone) [km2]
        Now, and in the base year.
    supply : (draw, zone) [log]
        Usable land by policy.
    p : LandParams

    Returns
    -------
    (draw, zone) [km2]
        Zero at the boundary.

    Examples
    --------
    >>> now = np.array([[100.0, 129.5, 140.0]])
    >>> available_land(now, np.full((1, 3), 100.0), now * 0, LandParams()).round(6).tolist()
    [[2.5, 0.5, 0.0]]
    """
    more = np.exp(supply)
    room = lift(p.boundary, 1) * base * more - built_up
    return np.maximum(np.minimum(lift(p.quota, 1) * built_up * more, room), 0.0)


def buildable(land: Array, p: LandParams) -> Array:
    """Floor space on new sites that an area of new land allows, infill with it.

    Parameters
    ----------
    land : (draw, zone) [km2]
    p : LandParams

    Returns
    -------
    (draw, zone) [m2]

    Examples
    --------
    >>> float(buildable(np.array([[1.0]]), LandParams())[0, 0])
    1260000.0
    """
    return land * 1e6 / land_per_floor_space(p)


def land_per_floor_space(p: LandParams) -> Array:
    """Built-up land taken by floor space on new sites, (draw, 1) [1].

    Examples
    --------
    >>> land_per_floor_space(LandParams()).round(4).tolist()
    [[0.7937]]
    """
    outside = 1 - lift(p.infill, 1)
    return outside / (lift(p.floor_area_ratio, 1) * lift(p.residential_share, 1))


def residual_price(price: Array, cost: Array, p: LandParams) -> Array:
    """Price of housing land: what price leaves after cost.

    Parameters
    ----------
    price, cost : (draw, zone) [yuan of 2020/m2]
        Of floor space.
    p : LandParams

    Returns
    -------
    (draw, zone) [yuan of 2020/m2]
        Of land.

    Examples
    --------
    >>> cost = np.array([[4000.0, 6000.0]])
    >>> residual_price(np.array([[5000.0, 5000.0]]), cost, LandParams()).tolist()
    [[1860.0, 60.0]]
    """
    left = np.maximum(price - cost, 0.0)
    return lift(p.farm_price, 1) + lift(p.floor_area_ratio, 1) * left


def land_sales(floor_space: Array, land_price: Array, taken: Array, p: LandParams) -> Array:
    """Value of land sold: housing sites at their price, other new land at that of farm land.

    Parameters
    ----------
    floor_space : (draw, zone) [m2]
        On new sites.
    land_price : (draw, zone) [yuan of 2020/m2]
    taken : (draw, zone) [km2]
    p : LandParams

    Returns
    -------
    (draw, zone) [1e8 yuan of 2020]

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> float(land_sales(one * 1.8e6, one * 1000, one * 0, LandParams())[0, 0])
    10.0
    """
    homes = floor_space / lift(p.floor_area_ratio, 1) * land_price
    others = taken * 1e6 * (1 - lift(p.residential_share, 1)) * lift(p.farm_price, 1)
    return (homes + others) / 1e8


# -- action ------------------------------------------------------------------------


def act_supply(world: World, p: LandParams) -> None:
    """Land that this year may be built over."""
    world["land_available"] = available_land(
        world["built_up_area"], world.fixed["base_built_up_area"], world["policy_land_supply"], p
    )


def act_use(world: World, p: LandParams) -> None:
    """Land taken by what was built; its price, and what its sale brings."""
    sites = world["floor_space_on_new_sites"]
    world["land_taken"] = sites * land_per_floor_space(p) / 1e6
    world["built_up_area"] = world["built_up_area"] + world["land_taken"]
    world["land_price"] = residual_price(world["housing_price"], world["building_cost"], p)
    world["land_revenue"] = land_sales(sites, world["land_price"], world["land_taken"], p)


LAND_SUPPLY = Process(
    "land supply",
    reads=("policy_land_supply",),
    remembers=("built_up_area",),
    writes=("land_available",),
    act=act_supply,
    params=LandParams,
    about="what the year's quota and the growth boundary leave",
)
LAND = Process(
    "land",
    reads=("floor_space_on_new_sites", "housing_price", "building_cost"),
    remembers=("built_up_area",),
    writes=("land_taken", "built_up_area", "land_price", "land_revenue"),
    act=act_use,
    params=LandParams,
    about="land taken, its price and its sale",
)
