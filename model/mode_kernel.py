"""Choice of modes in compiled loops: weights of nests, friction between zones, share of cars.

The equations are those of :mod:`model.processes.modes`. A loop that stores to many arrays is not
vectorised (the compiler would have to ask too often whether they overlap), and one that reads
single modes of pairs is slow when it is: so loops here are short, and modes are fetched first.
"""

import numpy as np
from numba import njit

from model.elementary import exponential, logarithm
from model.network import NEVER

CAR = 2


@njit(cache=True)
def fetch(flat, mode, row):  # type: ignore[no-untyped-def]
    """One mode of ``flat`` (pair, mode) into ``row``: loops over such rows alone are fast."""
    for c in range(len(row)):
        row[c] = flat[c, mode]


@njit(cache=True)
def shift(row, pairs, constant):  # type: ignore[no-untyped-def]
    """A constant added to the first minutes of a row; never becomes infinite."""
    for c in range(pairs):
        row[c] = row[c] + constant if row[c] < NEVER / 2 else np.inf


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def nest(minutes, modes, pairs, theta, power, whole, share):  # type: ignore[no-untyped-def]
    """Weight of a nest and shares inside it, for the first ``modes`` rows and ``pairs`` columns.

    ``minutes`` (mode, pair) are infinite where a mode is missing.
    """
    steep = theta / power
    least, total = np.empty(pairs), np.zeros(pairs)
    for c in range(pairs):
        least[c] = NEVER
    for m in range(modes):
        row = minutes[m]
        for c in range(pairs):
            least[c] = min(least[c], row[c])
    for m in range(modes):
        row, weight = minutes[m], share[m]
        for c in range(pairs):
            weight[c] = exponential((least[c] - row[c]) * steep)
            total[c] += weight[c]
    for c in range(pairs):
        there = total[c] > 0.0
        log_total = logarithm(total[c] if there else 1.0)
        level = exponential(power * log_total - least[c] * theta)
        whole[c] = level if there else 0.0
        total[c] = 1.0 / total[c] if there else 0.0
    for m in range(modes):
        weight = share[m]
        for c in range(pairs):
            weight[c] *= total[c]


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def nest_sums(cost, constants, theta, power):  # type: ignore[no-untyped-def]
    """Weights of the nests of active and of public modes, and shares inside them.

    ``sums`` (2, zone, to_zone) and ``inside`` (5, zone, to_zone): walk, cycle, bus, metro, rail.
    Few pairs are near enough to walk or to cycle, and few have a metro: they are worked out apart.
    """
    zones = cost.shape[0]
    pairs = zones * zones
    flat = cost.reshape(pairs, 6)
    sums, inside = np.zeros((2, pairs)), np.zeros((5, pairs))
    minutes, share, level = np.empty((3, pairs)), np.empty((3, pairs)), np.empty(pairs)
    for row, mode in ((0, 3), (1, 5)):
        fetch(flat, mode, minutes[row])
        shift(minutes[row], pairs, constants[mode])
    nest(minutes, 2, pairs, theta, power, sums[1], share)
    inside[2], inside[4] = share[0], share[1]
    which = np.empty(pairs, np.int64)
    for first, last, into in ((0, 2, 0), (3, 6, 1)):
        count, modes = 0, last - first
        for c in range(pairs):
            some = min(flat[c, 0], flat[c, 1]) if into == 0 else flat[c, 4]
            if some < NEVER / 2:
                which[count] = c
                count += 1
        for m in range(modes):
            for k in range(count):
                minutes[m, k] = flat[which[k], first + m]
            shift(minutes[m], count, constants[first + m])
        nest(minutes, modes, count, theta, power, level, share)
        for k in range(count):
            sums[into, which[k]] = level[k]
            for m in range(modes):
                inside[2 * into + m, which[k]] = share[m, k]
    return sums.reshape(2, zones, zones), inside.reshape(5, zones, zones)


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def attraction(  # type: ignore[no-untyped-def]
    sums, car_cost, constant, ends, slow, base_slow, theta, scale, border, friction, logsum, cars
):  # fmt: skip
    """Friction, logsum and share of cars at a given slowdown of the streets, (zone, to_zone)."""
    zones = len(slow)
    pairs, per = zones * zones, -1.0 / theta
    turned = slow - base_slow
    for i in range(zones):
        price, end, here, level = car_cost[i], ends[i], turned[i], logsum[i]
        for j in range(zones):
            level[j] = -theta * (price[j] + constant + end[j] * (here + turned[j]) * 0.5)
    active, public, edge = sums[0].reshape(pairs), sums[1].reshape(pairs), border.reshape(pairs)
    pull, cost, share = friction.reshape(pairs), logsum.reshape(pairs), cars.reshape(pairs)
    for c in range(pairs):
        car = exponential(cost[c])
        # Never zero: constants on trial may put a pair beyond all modes.
        total = max(active[c] + public[c] + car, 1e-300)
        share[c] = car / total
        cost[c] = total
    for c in range(pairs):
        level = logarithm(cost[c])
        cost[c] = level * per
        pull[c] = exponential(scale * level - edge[c])
