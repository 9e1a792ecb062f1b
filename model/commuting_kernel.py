"""Commuting within a year, draw by draw: mode choice, workplaces, hiring and congestion at once.

The equations are those of :mod:`model.processes.modes`, ``commuting``, ``matching`` and
``congestion``, which the tests hold these loops against. One draw touches only its own arrays, so
that its numbers do not depend on the draws beside it. Imported by what calls it, not at start-up.
"""

import math

import numpy as np
from numba import njit

from model.axes import Array
from model.elementary import exponential, logarithm
from model.network import NEVER

TOLERANCE = 1e-11
STEADY = 1e-5
ROUNDS = 1000
TRIALS = 3000
SLOWEST = 0.01
CAR = 2
MOMENT = 1e-9


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def nest_sums(cost, constants, theta, power):  # type: ignore[no-untyped-def]
    """Weights of the nests of active and of public modes, and shares inside them.

    ``sums`` (2, zone, to_zone) and ``inside`` (5, zone, to_zone): walk, cycle, bus, metro, rail.
    """
    zones = cost.shape[0]
    sums = np.empty((2, zones, zones))
    inside = np.empty((5, zones, zones))
    minutes = np.empty((5, zones))
    least, total = np.empty(zones), np.empty(zones)
    steep = theta / power
    for i in range(zones):
        for place in range(5):
            mode = place if place < 2 else place + 1
            row, shift = minutes[place], constants[mode]
            for j in range(zones):
                given = cost[i, j, mode]
                row[j] = given + shift if given < NEVER / 2 else np.inf
        for nest in range(2):
            low, high = (0, 2) if nest == 0 else (2, 5)
            least[:] = NEVER
            for place in range(low, high):
                row = minutes[place]
                for j in range(zones):
                    least[j] = min(least[j], row[j])
            total[:] = 0.0
            for place in range(low, high):
                row, weight = minutes[place], inside[place, i]
                for j in range(zones):
                    weight[j] = exponential((least[j] - row[j]) * steep)
                    total[j] += weight[j]
            whole = sums[nest, i]
            for j in range(zones):
                there = total[j] > 0.0
                log_total = logarithm(total[j] if there else 1.0)
                level = exponential(power * log_total - least[j] * theta)
                whole[j] = level if there else 0.0
                total[j] = 1.0 / total[j] if there else 0.0
            for place in range(low, high):
                weight = inside[place, i]
                for j in range(zones):
                    weight[j] *= total[j]
    return sums, inside


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def attraction(  # type: ignore[no-untyped-def]
    sums, car_cost, constant, ends, slow, base_slow, theta, scale, border, friction, logsum, cars
):  # fmt: skip
    """Friction, logsum and share of cars at a given slowdown of the streets, (zone, to_zone)."""
    zones = len(slow)
    turned = slow - base_slow
    for i in range(zones):
        active, public, edge = sums[0, i], sums[1, i], border[i]
        price, end, here = car_cost[i], ends[i], turned[i]
        pull, cost, share = friction[i], logsum[i], cars[i]
        for j in range(zones):
            driven = price[j] + constant + end[j] * (here + turned[j]) * 0.5
            car = exponential(-theta * driven)
            # Never zero: constants on trial may put a pair beyond all modes.
            total = max(active[j] + public[j] + car, 1e-300)
            level = logarithm(total)
            cost[j] = -level / theta
            pull[j] = exponential(scale * level - edge[j])
            share[j] = car / total


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def hire(  # type: ignore[no-untyped-def]
    friction, scale, supply, free, attached, posts, hiring, usual, normal, curve, taste, tolerance
):  # fmt: skip
    """Hiring probabilities at which people choose knowing them; ``hiring`` is brought up to date.

    Answers the weights of workplaces, the access of residences, those seeking, and the gaps left.
    """
    zones = len(supply)
    weight, access = np.empty(zones), np.empty(zones)
    seeking, pulled = np.empty(zones), np.empty(zones)
    level, gaps = np.empty(zones), np.empty(zones)
    for j in range(zones):
        level[j] = logarithm(hiring[j])
    often = math.log(usual)
    worst = 0.0
    for _ in range(TRIALS):
        for j in range(zones):
            weight[j] = scale[j] * exponential(taste * (level[j] - often))
            pulled[j] = 0.0
        for i in range(zones):
            row, total = friction[i], 0.0
            for j in range(zones):
                total += row[j] * weight[j]
            access[i] = total
            force = supply[i] * free[i] / total
            for j in range(zones):
                pulled[j] += force * row[j]
        worst = 0.0
        for j in range(zones):
            chosen = pulled[j] * weight[j]
            seeking[j] = attached[j] + chosen
            open_ = posts[j] > 0.0 and seeking[j] > 0.0
            there = seeking[j] if open_ else 1.0
            offered = normal * posts[j] if open_ else 1.0
            crowd = exponential(curve * logarithm(there / offered))
            gap = -logarithm(1.0 + crowd) / curve - level[j]
            gap = gap if open_ else 0.0
            gaps[j] = abs(gap)
            slope = taste * crowd / (1.0 + crowd) * chosen / there
            worst = max(worst, abs(gap))
            level[j] += min(max(gap / (1.0 + slope), -2.0), 2.0)
        if worst < tolerance:
            break
    for j in range(zones):
        hiring[j] = exponential(level[j])
    return weight, access, seeking, gaps


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def one_year(  # type: ignore[no-untyped-def]
    cost, constants, theta, power, mode_scale, border, ends, distance, reach,
    supply, keep, workplace, modes, posts, scale, hiring, usual, normal, curve, taste,
    slow, delay, residents, base_kilometres, exponent, commuting, logsum, access,
):  # fmt: skip
    """One draw of :func:`settle`; ``hiring``, ``workplace``, ``modes`` and ``slow`` are renewed."""
    zones = len(supply)
    sums, inside = nest_sums(cost, constants, theta, power)
    free, attached, traffic = np.empty(zones), np.zeros(zones), np.empty(zones)
    friction, cars = np.empty((zones, zones)), np.empty((zones, zones))
    kept_cars, near = np.empty((zones, zones)), np.empty((zones, zones))
    for i in range(zones):
        total, row = 0.0, workplace[i]
        for j in range(zones):
            row[j] *= keep[i]
            total += row[j]
            attached[j] += supply[i] * row[j]
            kept_cars[i, j] = row[j] * modes[i, j, CAR]
            near[i, j] = supply[i] * min(distance[i, j] * 0.5, reach)
        free[i] = 1.0 - total
    base_slow, car_cost = slow.copy(), cost[:, :, CAR].copy()
    turned, before, pace, gap = 1e300, 1e300, 1.0, np.zeros(zones)
    for _ in range(ROUNDS):
        attraction(
            sums, car_cost, constants[CAR], ends, slow, base_slow, theta, mode_scale, border,
            friction, logsum, cars,
        )  # fmt: skip
        weight, reached, seeking, gaps = hire(
            friction, scale, supply, free, attached, posts, hiring, usual, normal, curve, taste,
            min(max(turned * 1e-6, TOLERANCE), 1e-6),
        )  # fmt: skip
        traffic[:] = 0.0
        for i in range(zones):
            pull, share, kept, way = friction[i], cars[i], kept_cars[i], near[i]
            new, driven = free[i] / reached[i], 0.0
            for j in range(zones):
                drive = way[j] * hiring[j] * (kept[j] + new * pull[j] * weight[j] * share[j])
                driven += drive
                traffic[j] += drive
            traffic[i] += driven
        turned, swing = 0.0, 0.0
        for z in range(zones):
            driven = traffic[z] / base_kilometres[z] if base_kilometres[z] > 0 else 1.0
            load = commuting * driven + (1 - commuting) * residents[z]
            wanted = (1 + delay[z] * load**exponent) / (1 + delay[z])
            swing += (wanted - slow[z]) * gap[z]
            gap[z] = wanted - slow[z]
            turned = max(turned, abs(gap[z]))
        # Slower streets have fewer cars, so that steps may swing to and fro: shorter ones then.
        if turned > 0.4 * before:
            pace = max(pace / 2, SLOWEST) if swing < 0.0 else min(2 * pace, 1.0)
        for z in range(zones):
            slow[z] += pace * gap[z]
        if turned < STEADY and gaps.max() < TOLERANCE:
            break
        before = turned
    access[:] = reached
    renew(friction, weight, reached, sums, inside, cars, free, posts, hiring, workplace, modes)
    return seeking, gaps, np.abs(gap)


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def renew(friction, weight, access, sums, inside, cars, free, posts, hiring, workplace, modes):  # type: ignore[no-untyped-def]
    """Workplaces and modes of those who stay and those who chose, in place."""
    zones = len(free)
    chosen, part, other = np.empty(zones), np.empty(zones), np.empty(zones)
    for i in range(zones):
        row, active, public = workplace[i], sums[0, i], sums[1, i]
        new = free[i] / access[i]
        for j in range(zones):
            chosen[j] = new * friction[i, j] * weight[j]
            total = row[j] + chosen[j]
            part[j] = row[j] / total if total > 0.0 else 0.0
            # Too far to walk or to cycle, and no line: cars alone, and nothing to share out.
            rest = active[j] + public[j]
            other[j] = (1.0 - cars[i, j]) / rest if rest > 0.0 else 0.0
            row[j] = total * hiring[j] if posts[j] > 0.0 else 0.0
        for j in range(zones):
            mode, kept = modes[i, j], part[j]
            walking, riding = (
                (1.0 - kept) * other[j] * active[j],
                (1.0 - kept) * other[j] * public[j],
            )
            mode[0] = mode[0] * kept + walking * inside[0, i, j]
            mode[1] = mode[1] * kept + walking * inside[1, i, j]
            mode[2] = mode[2] * kept + (1.0 - kept) * cars[i, j]
            mode[3] = mode[3] * kept + riding * inside[2, i, j]
            mode[4] = mode[4] * kept + riding * inside[3, i, j]
            mode[5] = mode[5] * kept + riding * inside[4, i, j]


@njit(cache=True)
def settle(  # type: ignore[no-untyped-def]
    cost, constants, theta, power, mode_scale, border, ends, distance, reach,
    supply, keep, workplace, modes, posts, scale, hiring, usual, normal, curve, taste,
    slow, delay, residents, base_kilometres, exponent, commuting,
):  # fmt: skip
    """Workplaces, modes, hiring and congestion of all draws; see :func:`settled`.

    Answers last what is left of hiring and of congestion, (draw, 2, zone).
    """
    draws, zones = supply.shape
    logsum, access = np.empty((draws, zones, zones)), np.empty((draws, zones))
    seeking, left = np.empty((draws, zones)), np.empty((draws, 2, zones))
    for d in range(draws):
        seeking[d], left[d, 0], left[d, 1] = one_year(
            cost[d], constants[d], theta[d], power[d], mode_scale[d], border[d], ends[d],
            distance[d], reach[d], supply[d], keep[d], workplace[d], modes[d], posts[d], scale[d],
            hiring[d], usual[d], normal[d], curve[d], taste[d], slow[d], delay[d], residents[d],
            base_kilometres[d], exponent[d], commuting[d], logsum[d], access[d],
        )  # fmt: skip
    return logsum, access, seeking, left


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def tallies(flows, minutes, car_minutes, distance, spread):  # type: ignore[no-untyped-def]
    """Sums over workplaces and modes of each residence, (draw, zone, 4), and by mode (draw, mode).

    The four: minutes, kilometres, persons within 45 minutes, persons beyond 60. Times of one pair
    and mode lie evenly within ``spread`` of their mean on both sides.
    """
    draws, zones, _, modes = flows.shape
    by_zone, by_mode = np.zeros((draws, zones, 4)), np.zeros((draws, modes))
    for d in range(draws):
        wide = spread[d]
        for i in range(zones):
            for m in range(modes):
                car, everybody = m == CAR, 0.0
                whole, way, quick, slow = 0.0, 0.0, 0.0, 0.0
                for j in range(zones):
                    persons = flows[d, i, j, m]
                    time = car_minutes[d, i, j] if car else minutes[d, i, j, m]
                    # Shares of an even spread from lowest to highest, as parts of the width.
                    per = 0.5 / (wide * max(time, MOMENT))
                    lowest = (1.0 - wide) * time
                    early = min(max((45.0 - lowest) * per, 0.0), 1.0)
                    late = 1.0 - min(max((60.0 - lowest) * per, 0.0), 1.0)
                    everybody += persons
                    whole += persons * time
                    way += persons * distance[d, i, j]
                    quick += persons * early
                    slow += persons * late
                by_mode[d, m] += everybody
                by_zone[d, i, 0] += whole
                by_zone[d, i, 1] += way
                by_zone[d, i, 2] += quick
                by_zone[d, i, 3] += slow
    return by_zone, by_mode


def contiguous(*arrays: Array) -> list[Array]:
    """Arrays as loops like them: of floats, and in one piece.

    Examples
    --------
    >>> contiguous(np.zeros((2, 2), dtype=int).T)[0].flags.c_contiguous
    True
    """
    return [np.ascontiguousarray(array, dtype=float) for array in arrays]
