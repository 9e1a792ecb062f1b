r"""Travel times between zones by road and by transit, and what they make of distance.

.. math::

    t^{road}_{ij} = t_0 + \frac{60\,\kappa_{ij} d_{ij}}{v(d)}, \quad
    v(d) = v_u + (v_h - v_u)(1 - e^{-\kappa d / d_0}), \quad
    \tau_{ij} = -\frac1\theta \ln \tfrac12 \sum_m e^{-\theta t^m_{ij}}

Transit is the faster of local bus or metro and of rail: road to a station, wait, train, road from
the station. A line counts from the year after its opening. Policies change times and nothing else.

Sources: great-circle distances times circuity (assumed: no road network table exists); rail
times from timetables; time inside a zone by the two-thirds-of-radius rule (a usual one).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.axes import Array, lift
from model.contract import Process
from model.parameters import Params, par

if TYPE_CHECKING:
    from model.area import Area
    from model.world import World

NEVER = 1e4
STATION_REACH = 15.0


@dataclass(frozen=True)
class AccessibilityParams(Params):
    """Speeds, waits and the weight of the slower mode."""

    urban_speed: float = par(
        28.0, unit="km/h", prior="Normal(28, 3)", low=10, high=60,
        doc="road speed on very short trips", source="judgement for large Chinese cities",
        evidence="assumed",
    )  # fmt: skip
    highway_speed: float = par(
        80.0, unit="km/h", prior="Normal(80, 5)", low=40, high=120,
        doc="road speed on very long trips", source="judgement: expressway limits less stops",
        evidence="assumed",
    )  # fmt: skip
    speed_distance: float = par(
        40.0, unit="km", prior="LogNormal(40, 0.2)", low=5, high=200,
        doc="distance over which speed rises from urban to highway", source="judgement",
        evidence="assumed",
    )  # fmt: skip
    terminal_time: float = par(
        8.0, unit="minutes", prior="Normal(8, 1)", low=0, high=30, id="C08",
        doc="walking and parking at both ends of a road trip",
        source="judgement: usual survey values",
        evidence="recalled",
    )  # fmt: skip
    built_density: float = par(
        10000.0, unit="persons/km2", prior="LogNormal(10000, 0.25)", low=500, high=50000, id="C08",
        doc="people per built-up square kilometre, for the size of a zone's built-up area",
        source="judgement on built-up areas of the region", evidence="assumed",
    )  # fmt: skip
    bus_speed: float = par(
        18.0, unit="km/h", prior="Normal(18, 2)", low=8, high=50,
        doc="speed of bus and metro, stops included", source="judgement", evidence="assumed",
    )  # fmt: skip
    bus_access: float = par(
        16.0, unit="minutes", prior="Normal(16, 3)", low=2, high=60,
        doc="walking and waiting for bus or metro", source="judgement", evidence="assumed",
    )  # fmt: skip
    rail_wait: float = par(
        20.0, unit="minutes", prior="Normal(20, 4)", low=2, high=60,
        doc="waiting and security at a station", source="judgement", evidence="assumed",
    )  # fmt: skip
    station_access: float = par(
        18.0, unit="minutes", prior="Normal(18, 3)", low=2, high=60,
        doc="from home to a station in one's own zone, and likewise at the other end",
        source="judgement", evidence="assumed",
    )  # fmt: skip
    mode_sensitivity: float = par(
        0.08, unit="1/min", prior="LogNormal(0.08, 0.3)", low=0.005, high=1, id="C05",
        doc="weight of a minute in the choice between road and transit", source="judgement",
        evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def road_minutes(distance: Array, p: AccessibilityParams) -> Array:
    """Door-to-door road time over a road distance.

    Parameters
    ----------
    distance : (draw, zone, to_zone) [km]
        Along the road.
    p : AccessibilityParams

    Returns
    -------
    (draw, zone, to_zone) [minutes]

    Examples
    --------
    >>> float(road_minutes(np.full((1, 1, 1), 40.0), AccessibilityParams())[0, 0, 0].round(1))
    47.4
    """
    urban, highway = lift(p.urban_speed, 2), lift(p.highway_speed, 2)
    speed = urban + (highway - urban) * -np.expm1(-distance / lift(p.speed_distance, 2))
    return lift(p.terminal_time, 2) + 60 * distance / speed


def inner_distance(people: Array, area: Array, p: AccessibilityParams) -> Array:
    r"""Mean distance of a trip inside a zone: two thirds of the radius of its built-up area.

    Parameters
    ----------
    people : (zone,) [persons]
    area : (zone,) [km2]
    p : AccessibilityParams

    Returns
    -------
    (draw, zone) [km]
        Along the road (times 1.3).

    Examples
    --------
    >>> inner_distance(np.array([1e6]), np.array([500.0]), AccessibilityParams()).round(2).tolist()
    [[4.89]]
    """
    built = np.minimum(people / lift(p.built_density, 1), area)
    return 1.3 * (2 / 3) * np.sqrt(built / np.pi)


def through_stations(road: Array, rail: Array, p: AccessibilityParams) -> Array:
    """Door-to-door rail time: best pair of stations, with access, wait and egress.

    Parameters
    ----------
    road : (draw, zone, to_zone) [minutes]
    rail : (zone, to_zone) [minutes]
        In-vehicle time between zones that hold a station; ``NEVER`` where no train runs.
    p : AccessibilityParams

    Returns
    -------
    (draw, zone, to_zone) [minutes]
        ``NEVER`` or more where no train can be used.

    Examples
    --------
    >>> road = np.full((1, 2, 2), 60.0); rail = np.array([[NEVER, 20.0], [20.0, NEVER]])
    >>> float(through_stations(road, rail, AccessibilityParams())[0, 0, 1])
    76.0
    """
    holds = np.flatnonzero((rail < NEVER).any(axis=1))
    if len(holds) == 0:
        return np.full(road.shape, NEVER)
    least = lift(p.station_access, 2)
    access = np.maximum(road[:, :, holds], least)
    access[:, holds, np.arange(len(holds))] = least[:, 0]
    trains = rail[np.ix_(holds, holds)]
    to_station = (access[:, :, :, None] + trains).min(axis=2)
    egress = access.transpose(0, 2, 1)
    best = np.full(road.shape, np.inf)
    for station in range(len(holds)):
        np.minimum(best, to_station[:, :, station, None] + egress[:, station, None, :], out=best)
    return best + lift(p.rail_wait, 2)


def over_modes(times: tuple[Array, ...], sensitivity: Array) -> Array:
    """Generalised cost over modes: the logsum, in minutes of equally good modes.

    Examples
    --------
    >>> float(over_modes((np.array([30.0]), np.array([30.0])), np.array([0.08]))[0].round(9))
    30.0
    """
    fastest = np.minimum.reduce(times)
    odds = sum(np.exp(-sensitivity * (time - fastest)) for time in times) / len(times)
    return fastest - np.log(odds) / sensitivity


def rail_in_year(area: "Area", year: int) -> Array:
    """(zone, to_zone) [minutes] fastest train of lines opened before ``year``; else ``NEVER``."""
    fastest = np.full((len(area.zones),) * 2, NEVER)
    position = {zone: index for index, zone in enumerate(area.zones)}
    for row in area.tables["rail_times"]:
        if row["opened"] < year:
            i, j = position[row["from_zone"]], position[row["to_zone"]]
            fastest[i, j] = fastest[j, i] = min(fastest[i, j], row["minutes"])
    return fastest


# -- action ------------------------------------------------------------------------


def road_distances(world: "World", p: AccessibilityParams) -> Array:
    """Distances along the road, (draw, zone, to_zone) [km]; inside a zone, a mean trip."""
    area, zones = world.area, len(world.area.zones)
    hills = np.array([row["terrain"] == "hills" for row in area.tables["zones"]])
    plain, steep = world.assumed["circuity.plain"], world.assumed["circuity.hills"]
    circuity = np.where(hills, lift(steep, 1), lift(plain, 1))
    along = area.distance[:zones, :zones] * (circuity[:, :, None] + circuity[:, None, :]) / 2
    inner = inner_distance(world.fixed["base_population"], area.column("zones", "area"), p)
    along[:, np.arange(zones), np.arange(zones)] = inner
    return along


def act(world: "World", p: AccessibilityParams) -> None:
    """Times of the year by mode, and the cost of commuting over both."""
    area = world.area
    distance = world.fixed["road_distance"]
    road = road_minutes(distance, p) * np.exp(world["policy_road_time"])
    rail = rail_in_year(area, world.year)
    local = lift(p.bus_access, 2) + 60 * distance / lift(p.bus_speed, 2)
    transit = np.minimum(local, through_stations(road, rail, p))
    transit = transit * np.exp(world["policy_transit_time"])
    world["road_time"], world["transit_time"] = road, transit
    world["commuting_cost"] = over_modes((road, transit), lift(p.mode_sensitivity, 2))
    fastest = np.minimum(road, transit)[:, :, area.core]
    world["travel_time_to_core"] = fastest
    near = area.distance[: len(area.zones), : len(area.zones)] <= STATION_REACH
    world["station_time_to_core"] = station_times(road, rail, near, area.core)
    world["population_within_hour"] = share_within(fastest, world["population"], 60.0)


def share_within(minutes: Array, people: Array, limit: float) -> Array:
    """Share of people whose time is within a limit, (draw,) [1].

    Examples
    --------
    >>> share_within(np.array([[30.0, 90.0]]), np.array([[1.0, 3.0]]), 60.0).tolist()
    [0.25]
    """
    return (people * (minutes <= limit)).sum(axis=1) / people.sum(axis=1)


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
    >>> road = np.full((1, 2, 2), 60.0); rail = np.array([[NEVER, 20.0], [20.0, NEVER]])
    >>> station_times(road, rail, np.eye(2) > 0, 0).tolist()
    [[60.0, 20.0]]
    """
    access = np.where(near, 0.0, road)
    arriving = rail[:, near[core]].min(axis=1)
    return np.minimum(road[:, :, core], (access + arriving).min(axis=2))


ACCESSIBILITY = Process(
    "accessibility",
    reads=("policy_road_time", "policy_transit_time"),
    writes=(
        "road_time",
        "transit_time",
        "commuting_cost",
        "travel_time_to_core",
        "station_time_to_core",
        "population_within_hour",
    ),
    remembers=("population",),
    act=act,
    params=AccessibilityParams,
    about="networks of the year; times by mode; generalised cost",
)
