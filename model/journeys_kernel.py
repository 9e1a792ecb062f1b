"""Times and generalised costs of a year, draw by draw, in one pass over pairs and modes.

The equations are those of :mod:`model.processes.accessibility`; the tests hold this loop against
them in plain numpy. Imported by what calls it, not at start-up.
"""

import numpy as np
from numba import njit

from model.elementary import exponential

CAR, BUS, METRO, RAIL = 2, 3, 4, 5


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def price(  # type: ignore[no-untyped-def]
    usual, weighted, fare, dear, haul, end_share, slow, road_change, transit_change,
    minutes, cost, road, street, transit,
):  # fmt: skip
    """Minutes and costs (draw, zone, to_zone, mode), and what is made of them.

    ``usual``, ``weighted`` and ``fare`` are the journeys without policies, ``dear`` (draw, zone)
    the minutes worth a yuan, ``slow`` (draw, zone) the slowdown of streets, the changes (draw,
    zone, to_zone) [log]. ``road``, ``street`` and ``transit`` are (draw, zone, to_zone) [minutes].
    """
    draws, zones, _, modes = usual.shape
    before, factor = np.empty(zones), np.empty(zones)
    for d in range(draws):
        for i in range(zones):
            yuan, here, shorter = dear[d, i], slow[d, i], road_change[d, i]
            time, felt = usual[d, i].reshape(zones * modes), weighted[d, i].reshape(zones * modes)
            money, whole = fare[d, i].reshape(zones * modes), cost[d, i].reshape(zones * modes)
            taken = minutes[d, i].reshape(zones * modes)
            for c in range(zones * modes):
                taken[c] = time[c]
            for c in range(zones * modes):
                whole[c] = felt[c] + money[c] * yuan
            if relative(transit_change[d, i], factor):
                for j in range(zones):
                    for m in range(BUS, modes):
                        taken[j * modes + m] += time[j * modes + m] * (factor[j] - 1.0)
                        whole[j * modes + m] += felt[j * modes + m] * (factor[j] - 1.0)
            relative(shorter, factor)
            long, part, ends = haul[d, i], end_share[d, i], street[d, i]
            driven, least = road[d, i], transit[d, i]
            for j in range(zones):
                before[j] = taken[j * modes + CAR]
            for j in range(zones):
                ends[j] = long[j] * part[j] * factor[j]
            for j in range(zones):
                extra = ends[j] * ((here + slow[d, j]) * 0.5 - 1.0)
                driven[j] = before[j] * factor[j] + extra
            for j in range(zones):
                whole[j * modes + CAR] += driven[j] - before[j]
                taken[j * modes + CAR] = driven[j]
            for j in range(zones):
                first = j * modes
                least[j] = min(taken[first + BUS], min(taken[first + METRO], taken[first + RAIL]))


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
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
