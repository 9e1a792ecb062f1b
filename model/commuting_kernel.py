"""Commuting within a year, draw by draw: mode choice, workplaces, hiring and congestion at once.

The equations are those of :mod:`model.processes.modes`, ``commuting``, ``matching`` and
``congestion``, which the tests hold these loops against. One draw touches only its own arrays, so
that its numbers do not depend on the draws beside it. Imported by what calls it, not at start-up.
"""

import math

import numpy as np
from numba import njit

from model.axes import Array
from model.network import NEVER

TOLERANCE = 1e-11
STEADY = 1e-5
ROUNDS = 200
TRIALS = 3000


@njit(cache=True)
def nest_sums(cost, constants, theta, power):  # type: ignore[no-untyped-def]
    """Weights of the nests of active and of public modes, and shares inside them.

    ``sums`` (zone, to_zone, 2) and ``inside`` (zone, to_zone, 5): walk, cycle, bus, metro, rail.
    """
    zones = cost.shape[0]
    sums = np.zeros((zones, zones, 2))
    inside = np.zeros((zones, zones, 5))
    steep = theta / power
    shift = np.zeros(5)
    for place in range(5):
        shift[place] = constants[place if place < 2 else place + 1]
    for i in range(zones):
        for j in range(zones):
            for nest in range(2):
                low, high = (0, 2) if nest == 0 else (2, 5)
                total, used, only = 0.0, 0, 0
                for place in range(low, high):
                    minutes = cost[i, j, place if place < 2 else place + 1]
                    if minutes < NEVER / 2:
                        weight = math.exp(-(minutes + shift[place]) * steep)
                        inside[i, j, place] = weight
                        total += weight
                        used += 1
                        only = place
                if used == 1:
                    minutes = cost[i, j, only if only < 2 else only + 1]
                    sums[i, j, nest] = math.exp(-(minutes + shift[only]) * theta)
                    inside[i, j, only] = 1.0
                elif total > 0.0:
                    sums[i, j, nest] = total**power
                    for place in range(low, high):
                        inside[i, j, place] /= total
    return sums, inside


@njit(cache=True)
def attraction(sums, car_cost, constant, ends, slow, base_slow, theta, scale, border):  # type: ignore[no-untyped-def]
    """Friction, logsum and share of cars at a given slowdown of the streets."""
    zones = sums.shape[0]
    friction = np.empty((zones, zones))
    logsum = np.empty((zones, zones))
    cars = np.empty((zones, zones))
    for i in range(zones):
        for j in range(zones):
            change = slow[i] - base_slow[i] + slow[j] - base_slow[j]
            car = math.exp(-theta * (car_cost[i, j] + constant + ends[i, j] * change / 2))
            total = sums[i, j, 0] + sums[i, j, 1] + car
            level = math.log(total)
            logsum[i, j] = -level / theta
            friction[i, j] = math.exp(scale * level - border[i, j])
            cars[i, j] = car / total
    return friction, logsum, cars


@njit(cache=True, fastmath={"reassoc", "contract"})
def hire(  # type: ignore[no-untyped-def]
    friction, scale, supply, free, attached, posts, hiring, usual, normal, curve, taste, tolerance
):  # fmt: skip
    """Hiring probabilities at which people choose knowing them; ``hiring`` is brought up to date.

    Answers the weights of workplaces, the access of residences, those seeking, and the residual.
    """
    zones = len(supply)
    weight, access = np.empty(zones), np.empty(zones)
    seeking, pulled = np.empty(zones), np.empty(zones)
    worst = 0.0
    for _ in range(TRIALS):
        for j in range(zones):
            weight[j] = scale[j] * math.exp(taste * math.log(hiring[j] / usual))
            pulled[j] = 0.0
        for i in range(zones):
            total = 0.0
            for j in range(zones):
                total += friction[i, j] * weight[j]
            access[i] = total
            force = supply[i] * free[i] / total
            for j in range(zones):
                pulled[j] += force * friction[i, j]
        worst = 0.0
        for j in range(zones):
            chosen = pulled[j] * weight[j]
            seeking[j] = attached[j] + chosen
            if posts[j] <= 0.0 or seeking[j] <= 0.0:
                continue
            crowd = math.exp(curve * math.log(seeking[j] / (normal * posts[j])))
            gap = -math.log1p(crowd) / curve - math.log(hiring[j])
            slope = taste * crowd / (1.0 + crowd) * chosen / seeking[j]
            worst = max(worst, abs(gap))
            hiring[j] *= math.exp(min(max(gap / (1.0 + slope), -2.0), 2.0))
        if worst < tolerance:
            break
    return weight, access, seeking, worst


@njit(cache=True)
def one_year(  # type: ignore[no-untyped-def]
    cost, constants, theta, power, mode_scale, border, ends, distance, reach,
    supply, keep, workplace, modes, posts, scale, hiring, usual, normal, curve, taste,
    slow, delay, residents, base_kilometres, exponent, commuting,
):  # fmt: skip
    """One draw of :func:`settle`; ``hiring``, ``workplace``, ``modes`` and ``slow`` are renewed."""
    zones = len(supply)
    sums, inside = nest_sums(cost, constants, theta, power)
    free, attached = np.empty(zones), np.zeros(zones)
    for i in range(zones):
        total = 0.0
        for j in range(zones):
            workplace[i, j] *= keep[i]
            total += workplace[i, j]
            attached[j] += supply[i] * workplace[i, j]
        free[i] = 1.0 - total
    base_slow, car_cost = slow.copy(), cost[:, :, 2].copy()
    traffic, moved = np.empty(zones), np.zeros(zones)
    turned, before, pace = 1e300, 1e300, 1.0
    for _ in range(ROUNDS):
        friction, logsum, cars = attraction(
            sums, car_cost, constants[2], ends, slow, base_slow, theta, mode_scale, border
        )
        weight, access, seeking, worst = hire(
            friction, scale, supply, free, attached, posts, hiring, usual, normal, curve, taste,
            min(max(turned * 1e-6, TOLERANCE), 1e-6),
        )  # fmt: skip
        traffic[:] = 0.0
        for i in range(zones):
            for j in range(zones):
                new = free[i] * friction[i, j] * weight[j] / access[i] * cars[i, j]
                drive = supply[i] * hiring[j] * (workplace[i, j] * modes[i, j, 2] + new)
                near = drive * min(distance[i, j] / 2, reach)
                traffic[i] += near
                traffic[j] += near
        turned, along = 0.0, 0.0
        for z in range(zones):
            driven = traffic[z] / base_kilometres[z] if base_kilometres[z] > 0 else 1.0
            load = commuting * driven + (1 - commuting) * residents[z]
            wanted = (1 + delay[z] * load**exponent) / (1 + delay[z])
            step = pace * (wanted - slow[z])
            turned = max(turned, abs(step))
            along += step * moved[z]
            moved[z] = step
            slow[z] += step
        if turned < STEADY and worst < TOLERANCE:
            break
        # Beyond the mark, or to and fro about it with little gain.
        if turned > before or (along < 0.0 and turned > before / 2):
            pace = max(pace / 2, 0.05)
        before = turned
    for i in range(zones):
        for j in range(zones):
            chosen = free[i] * friction[i, j] * weight[j] / access[i]
            total = workplace[i, j] + chosen
            other = (1.0 - cars[i, j]) / (sums[i, j, 0] + sums[i, j, 1])
            for mode in range(6):
                if mode == 2:
                    share = cars[i, j]
                else:
                    place = mode if mode < 2 else mode - 1
                    nest = sums[i, j, 0 if mode < 2 else 1]
                    share = other * nest * inside[i, j, place]
                kept = workplace[i, j] * modes[i, j, mode]
                modes[i, j, mode] = (kept + chosen * share) / total if total > 0 else share
            workplace[i, j] = total * hiring[j] if posts[j] > 0 else 0.0
    return logsum, access, seeking, worst, turned


@njit(cache=True)
def settle(  # type: ignore[no-untyped-def]
    cost, constants, theta, power, mode_scale, border, ends, distance, reach,
    supply, keep, workplace, modes, posts, scale, hiring, usual, normal, curve, taste,
    slow, delay, residents, base_kilometres, exponent, commuting,
):  # fmt: skip
    """Workplaces, modes, hiring and congestion of all draws; see :func:`settled`."""
    draws, zones = supply.shape
    logsum, access = np.empty((draws, zones, zones)), np.empty((draws, zones))
    seeking, left = np.empty((draws, zones)), np.empty((draws, 2))
    for d in range(draws):
        logsum[d], access[d], seeking[d], left[d, 0], left[d, 1] = one_year(
            cost[d], constants[d], theta[d], power[d], mode_scale[d], border[d], ends[d],
            distance[d], reach[d], supply[d], keep[d], workplace[d], modes[d], posts[d], scale[d],
            hiring[d], usual[d], normal[d], curve[d], taste[d], slow[d], delay[d], residents[d],
            base_kilometres[d], exponent[d], commuting[d],
        )  # fmt: skip
    return logsum, access, seeking, left


@njit(cache=True)
def tallies(flows, minutes, car_minutes, distance, spread):  # type: ignore[no-untyped-def]
    """Sums over workplaces and modes of each residence, (draw, zone, 4), and by mode (draw, mode).

    The four: minutes, kilometres, persons within 45 minutes, persons beyond 60. Times of one pair
    and mode lie evenly within ``spread`` of their mean on both sides.
    """
    draws, zones, _, modes = flows.shape
    by_zone, by_mode = np.zeros((draws, zones, 4)), np.zeros((draws, modes))
    for d in range(draws):
        for i in range(zones):
            for j in range(zones):
                for m in range(modes):
                    persons = flows[d, i, j, m]
                    if persons == 0.0:
                        continue
                    time = car_minutes[d, i, j] if m == 2 else minutes[d, i, j, m]
                    wide = 2 * spread[d] * time
                    lowest = time - wide / 2
                    early = min(max((45.0 - lowest) / wide, 0.0), 1.0)
                    late = 1.0 - min(max((60.0 - lowest) / wide, 0.0), 1.0)
                    by_zone[d, i, 0] += persons * time
                    by_zone[d, i, 1] += persons * distance[d, i, j]
                    by_zone[d, i, 2] += persons * early
                    by_zone[d, i, 3] += persons * late
                    by_mode[d, m] += persons
    return by_zone, by_mode


def contiguous(*arrays: Array) -> list[Array]:
    """Arrays as loops like them: of floats, and in one piece.

    Examples
    --------
    >>> contiguous(np.zeros((2, 2), dtype=int).T)[0].flags.c_contiguous
    True
    """
    return [np.ascontiguousarray(array, dtype=float) for array in arrays]
