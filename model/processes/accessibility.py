r"""Times and generalised costs of the year, by mode, door to door and station to station.

.. math::

    g_{ijm} = t^{moving} + w_w\,t^{wait} + w_a\,t^{walk} + \frac{fare_{ijm}}{VOT \cdot w_i}

A line counts from the year after its opening. Policies change times and nothing else; congestion
of last year slows cars until this year's is known (:mod:`model.processes.labour`).

Sources: see :mod:`model.processes.journeys` (times) and :mod:`model.processes.modes` (weights).
"""

import numpy as np

from model.axes import Array, lift
from model.contract import Process
from model.network import NEVER, links_in_service, open_projects
from model.processes.journeys import (
    Journeys,
    assemble,
    separation,
    zone_radius,
)
from model.processes.modes import money_minutes
from model.processes.speeds import AccessibilityParams
from model.world import World

STATION_REACH = 15.0


# -- action ------------------------------------------------------------------------


def road_distances(world: World, p: AccessibilityParams) -> Array:
    """Mean distances of trips along the road, (draw, zone, to_zone) [km]."""
    area, zones = world.area, len(world.area.zones)
    hills = np.array([row["terrain"] == "hills" for row in area.tables["zones"]])
    plain, steep = world.assumed["circuity.plain"], world.assumed["circuity.hills"]
    circuity = np.where(hills, lift(steep, 1), lift(plain, 1))
    radius = zone_radius(world.fixed["base_population"], area.column("zones", "area"), p)
    apart = separation(area.distance[:zones, :zones], radius, p)
    return apart * (circuity[:, :, None] + circuity[:, None, :]) / 2


def journeys(world: World, p: AccessibilityParams) -> Journeys:
    """Parts of journeys of this year's networks; kept until something opens."""
    area = world.area
    opened = open_projects(area, world.package.openings, world.year)
    key = (opened, sum(1 for _ in links_in_service(area, opened, world.year)))
    if key not in world.networks:
        world.networks[key] = assemble(world, opened, p)
    return world.networks[key]


def act(world: World, p: AccessibilityParams) -> None:
    """Times and costs of the year by mode."""
    from model.kernels.journeys import price

    area, made = world.area, journeys(world, p)
    dear = money_minutes(world["wage"], world.params["modes"])
    minutes, cost = np.empty(made.minutes.shape), np.empty(made.minutes.shape)
    road, street, transit = (np.empty(made.haul.shape) for _ in range(3))
    price(
        made.minutes, made.weighted, made.fare, dear, made.haul, made.end_share,
        world["slowdown"], world["policy_road_time"], world["policy_transit_time"],
        minutes, cost, road, street, transit,
    )  # fmt: skip
    world["mode_time"], world["mode_cost"] = minutes, cost
    world["road_time"], world["street_time"], world["transit_time"] = road, street, transit
    world["travel_time_to_core"] = np.minimum(road[:, :, area.core], transit[:, :, area.core])
    near = area.distance[: len(area.zones), : len(area.zones)] <= STATION_REACH
    world["station_time_to_core"] = station_times(road, made.rail, near, area.core)


def station_times(road: Array, rail: Array, near: Array, core: int) -> Array:
    """Time to the core with rail journeys counted from station to station.

    The reading most favourable to a plan: reaching a station nearby, waiting, and leaving a
    station near the core are free.

    Parameters
    ----------
    road : (draw, zone, to_zone) [minutes]
    rail : (zone, to_zone) [minutes]
        In-vehicle time; ``NEVER`` where no train runs.
    near : (zone, to_zone) [1]
        Whether a station of the second zone serves the first.
    core : int
        Index of the core zone.

    Returns
    -------
    (draw, zone) [minutes]

    Examples
    --------
    >>> road = np.full((1, 2, 2), 60.0); rail = np.array([[1e4, 20.0], [20.0, 1e4]])
    >>> station_times(road, rail, np.eye(2) > 0, 0).tolist()
    [[60.0, 20.0]]
    """
    arriving = rail[:, near[core]].min(axis=1)
    from_here = np.flatnonzero(arriving < NEVER)
    access = np.where(near[:, from_here], 0.0, road[:, :, from_here])
    by_train = (access + arriving[from_here]).min(axis=2, initial=NEVER)
    return np.minimum(road[:, :, core], by_train)


ACCESSIBILITY = Process(
    "accessibility",
    reads=("policy_road_time", "policy_transit_time"),
    writes=(
        "mode_time",
        "mode_cost",
        "street_time",
        "road_time",
        "transit_time",
        "travel_time_to_core",
        "station_time_to_core",
    ),
    remembers=("slowdown", "wage"),
    act=act,
    params=AccessibilityParams,
    about="networks of the year; times and generalised costs by mode",
)
