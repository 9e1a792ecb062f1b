"""Times and generalised costs of a year, draw by draw, in one pass over pairs and modes.

The equations are those of :mod:`model.processes.accessibility`; the tests hold this loop against
them in plain numpy. Imported by what calls it, not at start-up.
"""

import numpy as np
from numba import njit

from model.elementary import exponential

CAR, BUS = 2, 3


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def price(  # type: ignore[no-untyped-def]
    usual, weighted, fare, dear, haul, end_share, slow, road_change, transit_change,
    minutes, cost, street, transit,
):  # fmt: skip
    """Minutes and costs (draw, zone, to_zone, mode), and what is made of them.

    ``usual``, ``weighted`` and ``fare`` are the journeys without policies, ``dear`` (draw, zone)
    the minutes worth a yuan, ``slow`` (draw, zone) the slowdown of streets, the changes (draw,
    zone, to_zone) [log]. ``street`` and ``transit`` (draw, zone, to_zone) [minutes].
    """
    draws, zones, _, modes = usual.shape
    for d in range(draws):
        for i in range(zones):
            yuan = dear[d, i]
            time, felt = usual[d, i].reshape(zones * modes), weighted[d, i].reshape(zones * modes)
            money, whole = fare[d, i].reshape(zones * modes), cost[d, i].reshape(zones * modes)
            taken = minutes[d, i].reshape(zones * modes)
            for c in range(zones * modes):
                taken[c] = time[c]
                whole[c] = felt[c] + money[c] * yuan
            for j in range(zones):
                change = transit_change[d, i, j]
                if change != 0.0:
                    saved = exponential(change) - 1.0
                    for m in range(BUS, modes):
                        taken[j * modes + m] += time[j * modes + m] * saved
                        whole[j * modes + m] += felt[j * modes + m] * saved
            for j in range(zones):
                shorter = exponential(road_change[d, i, j])
                in_streets = haul[d, i, j] * end_share[d, i, j]
                before = taken[j * modes + CAR]
                extra = in_streets * ((slow[d, i] + slow[d, j]) * 0.5 - 1.0)
                road = (before + extra) * shorter
                whole[j * modes + CAR] += road - before
                taken[j * modes + CAR] = road
                street[d, i, j] = in_streets * shorter
                least = taken[j * modes + BUS]
                for m in range(BUS + 1, modes):
                    least = min(least, taken[j * modes + m])
                transit[d, i, j] = least


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
