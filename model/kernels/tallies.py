"""What commuters of a year add up to, draw by draw: minutes, kilometres, persons by mode.

One draw touches only its own arrays. Imported by what calls it, not at start-up.
"""

import numpy as np

from model.kernels.compiled import njit
from model.kernels.modes import CAR

MOMENT = 1e-9


@njit(cache=True)
def tallies(flows, minutes, road, street, turned, distance, spread):  # type: ignore[no-untyped-def]
    """Sums over workplaces and modes of each residence, (draw, zone, 4), and by mode (draw, mode).

    ``flows`` and ``minutes`` (draw, mode, zone, to_zone); by car it takes ``road`` and what streets
    that ``turned`` slower add to ``street``. The four: minutes, kilometres, persons within 45
    minutes, persons beyond 60. Times of one pair and mode lie evenly within ``spread`` of their
    mean on both sides.
    """
    draws, modes, zones, _ = flows.shape
    by_zone, by_mode = np.zeros((draws, zones, 4)), np.zeros((draws, modes))
    for d in range(draws):
        tally_all(
            flows[d], minutes[d], road[d], street[d], turned[d], distance[d], spread[d],
            by_zone[d], by_mode[d],
        )  # fmt: skip
    return by_zone, by_mode


@njit(cache=True)
def tallies_of_shares(commuters, shares, minutes, road, street, turned, distance, spread):  # type: ignore[no-untyped-def]
    """Flows by mode from their ``shares`` of all ``commuters``, and :func:`tallies` of them."""
    draws, modes, zones, _ = shares.shape
    by_zone, by_mode = np.zeros((draws, zones, 4)), np.zeros((draws, modes))
    flows, pairs = np.empty(shares.shape), zones * zones
    for d in range(draws):
        everybody, part = commuters[d].reshape(pairs), shares[d].reshape(modes, pairs)
        into = flows[d].reshape(modes, pairs)
        for m in range(modes):
            share, flow = part[m], into[m]
            for c in range(pairs):
                flow[c] = everybody[c] * share[c]
        tally_all(
            flows[d], minutes[d], road[d], street[d], turned[d], distance[d], spread[d],
            by_zone[d], by_mode[d],
        )  # fmt: skip
    return flows, by_zone, by_mode


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def tally_all(flows, minutes, road, street, turned, distance, wide, by_zone, by_mode):  # type: ignore[no-untyped-def]
    """Sums of one draw added up: see :func:`tallies`."""
    modes, zones, _ = flows.shape
    driven = np.empty(zones)
    for m in range(modes):
        for i in range(zones):
            times = minutes[m, i]
            if m == CAR:
                usual, ends, times = road[i], street[i], driven
                for j in range(zones):
                    driven[j] = usual[j] + ends[j] * (turned[i] + turned[j]) * 0.5
            everybody, sums = tally(flows[m, i], times, distance[i], wide)
            by_mode[m] += everybody
            for s in range(4):
                by_zone[i, s] += sums[s]


@njit(cache=True, inline="always", error_model="numpy", fastmath={"reassoc", "contract"})
def tally(flow, times, ways, wide):  # type: ignore[no-untyped-def]
    """Persons of a residence by one mode, and the four sums of :func:`tallies`."""
    everybody, whole, way, quick, slow = 0.0, 0.0, 0.0, 0.0, 0.0
    for j in range(len(flow)):
        everybody += flow[j]
    # Hardly anybody has a place to walk to, or a metro.
    if everybody > 0.0:
        for j in range(len(flow)):
            persons, time = flow[j], times[j]
            # Shares of an even spread from lowest to highest, as parts of the width.
            per = 0.5 / (wide * max(time, MOMENT))
            lowest = (1.0 - wide) * time
            whole += persons * time
            way += persons * ways[j]
            quick += persons * min(max((45.0 - lowest) * per, 0.0), 1.0)
            slow += persons * (1.0 - min(max((60.0 - lowest) * per, 0.0), 1.0))
    return everybody, (whole, way, quick, slow)
