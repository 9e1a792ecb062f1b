r"""Journeys by mode between zones: what they are made of, before policies and congestion.

.. math::

    t^{car}_{ij} = t_0 + \frac{60\,d_{ij}}{v(d)}\,(1 + e_{ij}(\bar s_{ij} - 1)), \quad
    v(d) = v_u + (v_h - v_u)(1 - e^{-d / d_0}), \quad e_{ij} = \min(1, 2 r / d_{ij})

Distances are great circles, widened by the size of zones, times circuity. Walking and cycling
inside a zone are shorter than the mean trip: exponential trips of mean D thinned by a willingness
of mean r have mean Dr/(D+r). Public transport is a stop, a wait (boarding and part of the headway),
rides of the networks in service, and the way on; a train can be reached by road from any zone.
Congestion slows the ends of car trips.

Sources: distances of seats, widened by the size of zones, times circuity (assumed: no road network
table exists); timetables; distances between discs after Santalo (1976).
"""

from dataclasses import dataclass

import numpy as np

from model.assumed_odds import by_name
from model.axes import MODES, Array, contiguous, lift
from model.network import NEVER, Rides, projects_of_roads, rides, road_factor
from model.processes.modes import ModeParams
from model.processes.speeds import AccessibilityParams, FareParams
from model.world import World

CAR, BUS, METRO, RAIL = (MODES.index(mode) for mode in ("car", "bus", "metro", "rail"))


@dataclass
class Journeys:
    """Journeys by mode without policies, at base-year congestion; ``(draw, mode, zone, to_zone)``.

    ``minutes`` door to door, ``weighted`` with waits and walks weighted as they are felt [minutes],
    ``fare`` [yuan]; ``haul`` minutes on the road and ``end_share`` of them in the streets of both
    ends (draw, zone, to_zone); ``rail`` (zone, to_zone) [minutes] in the train.
    """

    minutes: Array
    weighted: Array
    fare: Array
    haul: Array
    end_share: Array
    rail: Array


# -- equations ---------------------------------------------------------------------


def line_haul(distance: Array, slow: Array, fast: Array, p: AccessibilityParams) -> Array:
    """Minutes on the way at a speed that rises with distance.

    Parameters
    ----------
    distance : (draw, zone, to_zone) [km]
    slow, fast : (draw, 1, 1) [km/h]
        Speeds on very short and very long trips.
    p : AccessibilityParams

    Returns
    -------
    (draw, zone, to_zone) [minutes]

    Examples
    --------
    >>> p = AccessibilityParams()
    >>> far = np.full((1, 1, 1), 40.0)
    >>> float(line_haul(far, lift(28, 2), lift(80, 2), p)[0, 0, 0].round(1))
    39.4
    """
    speed = slow + (fast - slow) * -np.expm1(-distance / lift(p.speed_distance, 2))
    return 60 * distance / speed


def end_share(distance: Array, p: AccessibilityParams) -> Array:
    """Share of a road trip that congestion at its ends can slow.

    Examples
    --------
    >>> end_share(np.array([[[4.0, 64.0]]]), AccessibilityParams()).tolist()
    [[[1.0, 0.25]]]
    """
    reach = 2 * lift(p.urban_reach, 2)
    return np.minimum(1.0, reach / np.maximum(distance, 1e-9))


def zone_radius(people: Array, area: Array, p: AccessibilityParams) -> Array:
    """Radius of the built-up area of a zone, taken as a disc.

    Parameters
    ----------
    people : (zone,) [persons]
    area : (zone,) [km2]
    p : AccessibilityParams

    Returns
    -------
    (draw, zone) [km]

    Examples
    --------
    >>> zone_radius(np.array([1e6]), np.array([500.0]), AccessibilityParams()).round(2).tolist()
    [[5.64]]
    """
    built = np.minimum(people / lift(p.built_density, 1), area)
    return np.sqrt(built / np.pi)


def separation(distance: Array, radius: Array, p: AccessibilityParams) -> Array:
    r"""Mean distance between homes in one zone and workplaces in another, both of some size.

    .. math:: d_{ij} = \sqrt{D_{ij}^2 + g^2\,(r_i^2 + r_j^2) / 2}

    The distance of seats alone would put two districts side by side nearer than people are.

    Parameters
    ----------
    distance : (zone, to_zone) [km]
        Of seats; zero inside a zone.
    radius : (draw, zone) [km]
    p : AccessibilityParams

    Returns
    -------
    (draw, zone, to_zone) [km]

    Notes
    -----
    Exact for squares of distances of even discs (g = 1) and, by the choice of g, for means inside
    a zone; in between within 6 %. Mean of two even points of a disc: 0.905 r (Santalo 1976); from
    a centre: two thirds of r.

    Examples
    --------
    >>> radius = np.array([[4.0, 4.0]])
    >>> seats = np.array([[0.0, 3.0], [3.0, 0.0]])
    >>> separation(seats, radius, AccessibilityParams()).round(3).tolist()
    [[[3.2, 4.386], [4.386, 3.2]]]
    """
    size = (lift(p.inner_spread, 1) * radius) ** 2 / 2
    return np.sqrt(distance**2 + size[:, :, None] + size[:, None])


def active_distance(distance: Array, willing: Array) -> Array:
    """Distance that people walk or cycle: inside a zone the short trips of it, else all the way.

    Parameters
    ----------
    distance : (draw, zone, to_zone) [km]
    willing : (draw, 1, 1) [km]
        Mean distance people are willing to go; nobody goes more than four times as far.

    Returns
    -------
    (draw, zone, to_zone) [km]
        ``NEVER`` where it is too far.

    Examples
    --------
    >>> active_distance(np.array([[[3.0, 5.0], [50.0, 6.0]]]), lift(1.5, 2)).tolist()
    [[[1.0, 5.0], [10000.0, 1.2]]]
    """
    found = np.where(distance <= 4 * willing, distance, NEVER)
    own = np.arange(distance.shape[1])
    inside = distance[:, own, own]
    found[:, own, own] = inside * willing[:, 0] / (inside + willing[:, 0])
    return found


def through_stations(
    road: Array, network: Rides, boarding: Array, p: AccessibilityParams
) -> tuple[Array, Array, Array]:
    """Journeys by train from any zone: the best pair of stations, reached by road.

    A train is of use where it saves driving: the ways to and from the stations together are
    shorter than the whole way by road.

    Parameters
    ----------
    road : (draw, zone, to_zone) [minutes]
        Way to a station outside one's zone.
    network : Rides
    boarding : (draw,) [minutes]
    p : AccessibilityParams

    Returns
    -------
    moving, waiting : (draw, zone, to_zone) [minutes]
        On the way, and at stations; ``NEVER`` where no train can be used.
    fare : (draw, zone, to_zone) [yuan]

    Examples
    --------
    >>> none = np.full((0, 0), NEVER)
    >>> empty = Rides(np.zeros(0, int), np.zeros(0), none, none, none, none, none)
    >>> boarding = np.array([15.0])
    >>> parts = through_stations(np.ones((1, 2, 2)), empty, boarding, AccessibilityParams())
    >>> float(parts[0].min())
    10000.0
    """
    from model.kernels.journeys import best_pair

    draws, zones = road.shape[:2]
    moving, waiting = np.full(road.shape, NEVER), np.zeros(road.shape)
    fare, best, ride = np.zeros(road.shape), np.full(road.shape, NEVER), np.zeros(road.shape)
    if len(network.zone) == 0:
        return moving, waiting, fare
    least = lift(p.access_scale, 1) * network.access
    # One layout, and so one machine code, for however many draws.
    access = np.ascontiguousarray(np.maximum(road[:, :, network.zone], least[:, None]))
    stations = np.arange(len(network.zone))
    access[:, network.zone, stations] = least
    wait = network.boardings * lift(boarding, 2) + lift(p.headway_share, 2) * network.headway
    wait = np.broadcast_to(wait, (draws, *wait.shape[1:]))
    access, minutes, wait, fares = contiguous(access, network.minutes, wait, network.fare)
    best_pair(access, minutes, wait, fares, best, waiting, fare, ride)
    useful = (best < NEVER) & (best - waiting - ride < road)
    moving = np.where(useful, best - waiting, NEVER)
    own = np.arange(zones)
    moving[:, own, own] = NEVER
    return moving, waiting, fare


def between_stops(
    zones: int, network: Rides, boarding: Array, p: AccessibilityParams
) -> tuple[Array, Array, Array, Array]:
    """Journeys of metro or coach between zones that have stops, walked to.

    Returns
    -------
    riding, waiting, walking : (draw, zone, to_zone) [minutes]
        ``NEVER`` of riding where there is none.
    fare : (draw, zone, to_zone) [yuan]

    Examples
    --------
    >>> one = np.array([[6.0]])
    >>> four, two = one * 0 + 4, one * 0 + 2
    >>> net = Rides(np.array([0]), np.array([8.0]), one, four, two / 2, two, one)
    >>> parts = between_stops(2, net, np.array([3.0]), AccessibilityParams())
    >>> [float(part[0, 0, 0]) for part in parts]
    [6.0, 4.0, 16.0, 2.0]
    """
    draws = max(len(np.atleast_1d(boarding)), len(np.atleast_1d(p.access_scale)))
    shape = (draws, zones, zones)
    riding, waiting = np.full(shape, NEVER), np.zeros(shape)
    walking, fare = np.zeros(shape), np.zeros(shape)
    pairs = np.ix_(np.arange(draws), network.zone, network.zone)
    riding[pairs] = network.minutes
    runs = network.minutes < NEVER
    wait = network.boardings * lift(boarding, 2) + lift(p.headway_share, 2) * network.headway
    waiting[pairs] = np.where(runs, wait, 0.0)
    ways = lift(p.access_scale, 2) * (network.access[:, None] + network.access)
    walking[pairs] = np.where(runs, ways, 0.0)
    fare[pairs] = np.where(runs, network.fare, 0.0)
    return riding, waiting, walking, fare


# -- assembly ----------------------------------------------------------------------


class Parts:
    """Parts of journeys by mode while they are put together: moving, waiting, walking, and fare.

    They stay apart by mode until all are there, as many are the same for all pairs.
    """

    def __init__(self) -> None:
        self.of_mode: dict[int, tuple[Array, ...]] = {}

    def put(self, mode: int, *parts: Array) -> None:
        """Set a mode: moving, waiting, walking, fare."""
        self.of_mode[mode] = parts

    def better(self, mode: int, *parts: Array) -> None:
        """Set a mode where these parts take less time than what is there."""
        old = self.of_mode[mode]
        shorter = sum(parts[:3]) < sum(old[:3])
        self.put(mode, *(np.where(shorter, a, b) for a, b in zip(parts, old, strict=True)))

    def together(self, shape: tuple[int, ...], felt: ModeParams) -> tuple[Array, Array, Array]:
        """Minutes, minutes as they are felt, and fares, all ``(draw, mode, zone, to_zone)``."""
        minutes, weighted, fares = np.empty((3, shape[0], len(MODES), *shape[1:]))
        wait, walk = lift(felt.wait_weight, 2), lift(felt.walk_weight, 2)
        for mode, (moving, waiting, walking, fare) in self.of_mode.items():
            taken = moving + waiting + walking
            there = taken < NEVER
            minutes[:, mode] = np.where(there, taken, NEVER)
            weighted[:, mode] = np.where(there, moving + wait * waiting + walk * walking, NEVER)
            fares[:, mode] = np.where(there, fare, 0.0)
        return minutes, weighted, fares


def assemble(world: World, opened: frozenset[str], p: AccessibilityParams) -> Journeys:
    """Journeys by every mode, with the given projects in service."""
    area, zones = world.area, len(world.area.zones)
    distance = world.fixed["road_distance"]
    parts = Parts()
    slow, fast = lift(p.urban_speed, 2), lift(p.highway_speed, 2)
    gain = by_name(world, "road_gain", projects_of_roads(area))
    car = line_haul(distance, slow, fast, p) * road_factor(area, opened, gain)
    _on_roads(parts, distance, car, world.params["fares"], p)
    network = {name: rides(area, name, opened, world.year) for name in ("metro", "coach", "rail")}
    boarding = np.asarray(p.metro_boarding)
    parts.put(METRO, *between_stops(zones, network["metro"], boarding, p))
    parts.better(BUS, *between_stops(zones, network["coach"], boarding, p))
    road = car + lift(p.terminal_time, 2)
    moving, waiting, fare = through_stations(road, network["rail"], np.asarray(p.rail_boarding), p)
    parts.put(RAIL, moving, waiting, np.zeros(moving.shape), fare)
    return Journeys(
        *parts.together(distance.shape, world.params["modes"]),
        car, end_share(distance, p), by_zone(network["rail"], zones),
    )  # fmt: skip


def _on_roads(
    parts: Parts, distance: Array, car: Array, fares: FareParams, p: AccessibilityParams
) -> None:
    """Walking, cycling, driving, and the bus of every road."""
    zero = np.zeros(distance.shape)
    for mode, speed, trip in ((0, p.walk_speed, p.walk_trip), (1, p.cycle_speed, p.cycle_trip)):
        way = active_distance(distance, lift(trip, 2))
        taken = np.where(way < NEVER, 60 * way / lift(speed, 2), NEVER)
        parts.put(mode, *((zero, zero, taken, zero) if mode == 0 else (taken, zero, zero, zero)))
    parts.put(CAR, car, zero, lift(p.terminal_time, 2), lift(fares.car_cost, 2) * distance)
    bus = line_haul(distance, lift(p.bus_speed, 2), lift(p.coach_speed, 2), p)
    fare = lift(fares.bus_fare, 2) + lift(fares.coach_fare, 2) * distance
    parts.put(BUS, bus, lift(p.bus_wait, 2), lift(p.bus_access, 2), fare)


def by_zone(network: Rides, zones: int) -> Array:
    """(zone, to_zone) [minutes] in the vehicle between zones with a station, without change."""
    fastest = np.full((zones, zones), NEVER)
    np.minimum.at(fastest, (network.zone[:, None], network.zone), network.fastest)
    return fastest
