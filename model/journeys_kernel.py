"""Times and generalised costs of a year, draw by draw, in one pass over pairs and modes.

The equations are those of :mod:`model.processes.accessibility`; the tests hold this loop against
them in plain numpy. Imported by what calls it, not at start-up.
"""

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
