"""Choice of modes in compiled loops: weights of nests, friction between zones, share of cars.

The equations are those of :mod:`model.processes.modes`. A loop that stores to many arrays is not
vectorised (the compiler would have to ask too often whether they overlap): so loops here are short.

Functions that others call are compiled into them (``forceinline``). Else a process that compiles
calls one copy of them and one that reads its cache another, and the two may differ in the last bit.
"""

import numpy as np

from model.kernels.compiled import njit
from model.kernels.elementary import exponential, logarithm
from model.kernels.vectors import wide
from model.network import NEVER

CAR = 2
# Minutes beyond which a mode weighs nothing.
MISSING = 1e300
# Utility up to which power series of the length they have here leave nothing out.
NEAR = 1 / 32


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def shift(row, constant, into):  # type: ignore[no-untyped-def]
    """Minutes with the constant of a mode; out of reach where the mode is missing."""
    for c in range(len(into)):
        into[c] = row[c] + constant if row[c] < NEVER / 2 else MISSING


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def nest(minutes, modes, pairs, theta, power, whole, share):  # type: ignore[no-untyped-def]
    """Weight of a nest and shares inside it, for the first ``modes`` rows and ``pairs`` columns.

    ``minutes`` (mode, pair) are ``MISSING`` where a mode is missing.
    """
    wide()
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


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def nest_of_two(first, second, theta, power, whole, one, other):  # type: ignore[no-untyped-def]
    """Weight of a nest of two modes, and the shares of either: :func:`nest` with less to do."""
    wide()
    pairs, steep = len(first), theta / power
    for c in range(pairs):
        other[c] = exponential(-abs(first[c] - second[c]) * steep)
    for c in range(pairs):
        least = min(first[c], second[c])
        whole[c] = exponential(power * logarithm(1.0 + other[c]) - least * theta)
    for c in range(pairs):
        one[c] = (1.0 if first[c] <= second[c] else other[c]) / (1.0 + other[c])
    for c in range(pairs):
        other[c] = (other[c] if first[c] <= second[c] else 1.0) / (1.0 + other[c])


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def nest_sums(cost, constants, theta, power):  # type: ignore[no-untyped-def]
    """Weights of the nests of active and of public modes, and shares inside them.

    ``cost`` (mode, zone, to_zone); ``sums`` (2, zone, to_zone) and ``inside`` (5, zone, to_zone):
    walk, cycle, bus, metro, rail. Few pairs are near enough to walk or to cycle, and few have a
    metro: they are worked out apart.
    """
    zones = cost.shape[1]
    pairs = zones * zones
    flat = cost.reshape(6, pairs)
    sums, inside = np.zeros((2, pairs)), np.zeros((5, pairs))
    minutes, share, level = np.empty((3, pairs)), np.empty((3, pairs)), np.empty(pairs)
    for row, mode in ((0, 3), (1, 5)):
        shift(flat[mode], constants[mode], minutes[row])
    nest_of_two(minutes[0], minutes[1], theta, power, sums[1], inside[2], inside[4])
    which = np.empty(pairs, np.int64)
    for first, last, into in ((0, 2, 0), (3, 6, 1)):
        count, modes = 0, last - first
        for c in range(pairs):
            # Without a branch: where there is such a mode does not let itself be foretold.
            which[count] = c
            some = min(flat[0, c], flat[1, c]) if into == 0 else flat[4, c]
            count += 1 if some < NEVER / 2 else 0
        for m in range(modes):
            for k in range(count):
                share[m, k] = flat[first + m, which[k]]
            shift(share[m], constants[first + m], minutes[m, :count])
        nest(minutes, modes, count, theta, power, level, share)
        for k in range(count):
            sums[into, which[k]] = level[k]
            for m in range(modes):
                inside[2 * into + m, which[k]] = share[m, k]
    return sums.reshape(2, zones, zones), inside.reshape(5, zones, zones)


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def attraction(  # type: ignore[no-untyped-def]
    sums, car_cost, constant, ends, slow, base_slow, theta, scale, border, friction, logsum, cars
):  # fmt: skip
    """Friction, logsum and share of cars at a given slowdown of the streets, (zone, to_zone)."""
    wide()
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


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def nudge(pull, share, ends, moved, theta, scale, rise, friction, cars):  # type: ignore[no-untyped-def]
    """Friction and share of cars where streets moved a little since ``pull`` and ``share``.

    Weights of cars grow by ``rise``. Up to ``NEAR`` in utility the power series are exact to the
    last bit, and much less work than exponentials and logarithms.
    """
    wide()
    zones, half = len(moved), -0.5 * theta
    pairs = zones * zones
    for i in range(zones):
        end, level = ends[i], rise[i]
        for j in range(zones):
            level[j] = half * end[j] * (moved[i] + moved[j])
    grown, before, car = rise.reshape(pairs), pull.reshape(pairs), share.reshape(pairs)
    now, driven = friction.reshape(pairs), cars.reshape(pairs)
    for c in range(pairs):
        x = grown[c]
        rest = 1 / 24 + x * (1 / 120 + x * (1 / 720 + x * (1 / 5040)))
        grown[c] = x * (1.0 + x * (1 / 2 + x * (1 / 6 + x * rest)))
    # Coefficients of (1 + y) ** scale.
    c1 = scale
    c2 = c1 * (scale - 1.0) / 2
    c3 = c2 * (scale - 2.0) / 3
    c4 = c3 * (scale - 3.0) / 4
    c5 = c4 * (scale - 4.0) / 5
    c6 = c5 * (scale - 5.0) / 6
    c7 = c6 * (scale - 6.0) / 7
    c8 = c7 * (scale - 7.0) / 8
    c9 = c8 * (scale - 8.0) / 9
    for c in range(pairs):
        y = car[c] * grown[c]
        rest = c4 + y * (c5 + y * (c6 + y * (c7 + y * (c8 + y * c9))))
        now[c] = before[c] * (1.0 + y * (c1 + y * (c2 + y * (c3 + y * rest))))
    for c in range(pairs):
        driven[c] = car[c] * (1.0 + grown[c]) / (1.0 + car[c] * grown[c])


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def nudge_cost(share, rise, theta, logsum):  # type: ignore[no-untyped-def]
    """Logsum brought up to date after :func:`nudge`: the logarithm of one more as a series."""
    pairs, per = share.size, -1.0 / theta
    car, grown, cost = share.reshape(pairs), rise.reshape(pairs), logsum.reshape(pairs)
    for c in range(pairs):
        y = car[c] * grown[c]
        rest = 1 / 5 - y * (1 / 6 - y * (1 / 7 - y * (1 / 8 - y * (1 / 9 - y * (1 / 10)))))
        cost[c] += per * y * (1.0 - y * (1 / 2 - y * (1 / 3 - y * (1 / 4 - y * rest))))
