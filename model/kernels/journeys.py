"""Times and generalised costs of a year, draw by draw, in one pass over pairs and modes.

The equations are those of :mod:`model.processes.accessibility`; the tests hold this loop against
them in plain numpy. Imported by what calls it, not at start-up.
"""

import numpy as np

from model.kernels.compiled import njit
from model.kernels.elementary import exponential

CAR, BUS, METRO, RAIL = 2, 3, 4, 5


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def price(  # type: ignore[no-untyped-def]
    usual, weighted, fare, dear, haul, end_share, slow, road_change, transit_change,
    minutes, cost, road, street, transit,
):  # fmt: skip
    """Minutes and costs (draw, mode, zone, to_zone), and what is made of them.

    ``usual``, ``weighted`` and ``fare`` are the journeys without policies, ``dear`` (draw, zone)
    the minutes worth a yuan, ``slow`` (draw, zone) the slowdown of streets, the changes (draw,
    zone, to_zone) [log]. ``road``, ``street`` and ``transit`` are (draw, zone, to_zone) [minutes].
    """
    draws, modes, zones, _ = usual.shape
    factor = np.empty(zones)
    for d in range(draws):
        turned = slow[d]
        # Mode by mode, so that few rows are on their way from memory at once.
        for m in range(modes):
            for i in range(zones):
                felt, money, whole = weighted[d, m, i], fare[d, m, i], cost[d, m, i]
                copied(usual[d, m, i], minutes[d, m, i])
                for j in range(zones):
                    whole[j] = felt[j] + money[j] * dear[d, i]
        for i in range(zones):
            if relative(transit_change[d, i], factor):
                for m in range(BUS, modes):
                    shortened(usual[d, m, i], factor, minutes[d, m, i])
                    shortened(weighted[d, m, i], factor, cost[d, m, i])
            relative(road_change[d, i], factor)
            long, part, ends, driven = haul[d, i], end_share[d, i], street[d, i], road[d, i]
            before, whole = usual[d, CAR, i], cost[d, CAR, i]
            for j in range(zones):
                ends[j] = long[j] * part[j] * factor[j]
            for j in range(zones):
                extra = ends[j] * ((turned[i] + turned[j]) * 0.5 - 1.0)
                driven[j] = before[j] * factor[j] + extra
            for j in range(zones):
                whole[j] += driven[j] - before[j]
            copied(driven, minutes[d, CAR, i])
            least, bus = transit[d, i], minutes[d, BUS, i]
            metro, rail = minutes[d, METRO, i], minutes[d, RAIL, i]
            for j in range(zones):
                least[j] = min(bus[j], min(metro[j], rail[j]))


@njit(cache=True, inline="always")
def copied(row, into):  # type: ignore[no-untyped-def]
    """One row into another."""
    for j in range(len(row)):
        into[j] = row[j]


@njit(cache=True, inline="always")
def shortened(row, factor, into):  # type: ignore[no-untyped-def]
    """What a factor takes off a row, taken off."""
    for j in range(len(row)):
        into[j] += row[j] * (factor[j] - 1.0)


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def relative(change, factor):  # type: ignore[no-untyped-def]
    """``factor`` of log changes; answers whether any is not one."""
    largest = 0.0
    for j in range(len(change)):
        factor[j] = 1.0
        largest += abs(change[j])
    if largest > 0.0:
        for j in range(len(change)):
            factor[j] = exponential(change[j])
    return largest > 0.0


@njit(cache=True)
def best_pair(access, minutes, wait, fares, best, waiting, fare, ride):  # type: ignore[no-untyped-def]
    """The pair of stations by which a train takes least time, for each pair of zones.

    ``access`` (draw, zone, station) is the way to a station, or from it; ``minutes``, ``fares``
    (station, station) and ``wait`` (draw, station, station) are of a ride. ``best`` (draw, zone,
    to_zone) is what there is without any, and as long as the best in the end; ``waiting``,
    ``fare`` and ``ride``, of the same shape, are those of that pair.
    """
    draws, zones, stations = access.shape
    start, reach = np.empty(stations, dtype=np.int64), np.empty(stations)
    for d in range(draws):
        for i in range(zones):
            reach[:] = np.inf
            for first in range(stations):
                for last in range(stations):
                    there = access[d, i, first] + (minutes[first, last] + wait[d, first, last])
                    if there < reach[last]:
                        reach[last], start[last] = there, first
            for j in range(zones):
                for last in range(stations):
                    whole = reach[last] + access[d, j, last]
                    if whole < best[d, i, j]:
                        first = start[last]
                        best[d, i, j], ride[d, i, j] = whole, minutes[first, last]
                        waiting[d, i, j] = wait[d, first, last]
                        fare[d, i, j] = fares[first, last]
