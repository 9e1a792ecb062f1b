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
from model.mode_kernel import CAR, attraction, nest_sums
from model.row_sums import by_column, by_row

TOLERANCE = 1e-11
STEADY = 1e-5
ROUNDS = 1000
TRIALS = 3000
SLOWEST = 0.01
# While congestion is far off, hiring need not be nearer than this part of what is left of it.
LOOSE, FIRST = 1e-2, 1e-3
MOMENT = 1e-9


# -- hiring ------------------------------------------------------------------------


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def hire(  # type: ignore[no-untyped-def]
    friction, squared, scale, supply, free, attached, posts, hiring, usual, normal, curve, taste,
    tolerance,
):  # fmt: skip
    """Hiring probabilities at which people choose knowing them; ``hiring`` is brought up to date.

    Answers the weights of workplaces, the access of residences, those seeking, and the gaps left.
    ``squared`` is the square of ``friction``.
    """
    zones = len(supply)
    weight, access, force = np.empty(zones), np.empty(zones), np.empty(zones)
    seeking, pulled, own = np.empty(zones), np.empty(zones), np.empty(zones)
    level, gaps, crowd = np.empty(zones), np.empty(zones), np.empty(zones)
    often, per_curve, before = math.log(usual), 1.0 / curve, 1e300
    for j in range(zones):
        level[j] = logarithm(hiring[j])
    for trial in range(TRIALS):
        for j in range(zones):
            weight[j] = scale[j] * exponential(taste * (level[j] - often))
        by_row(friction, weight, access)
        for i in range(zones):
            force[i] = supply[i] * free[i] / access[i]
        by_column(friction, force, pulled)
        if trial == 0:
            # Of those who choose a workplace, how many would choose it anyhow: they do not answer.
            by_column(squared, force / access, own)
            for j in range(zones):
                own[j] *= weight[j] / pulled[j] if pulled[j] > 0.0 else 0.0
        for j in range(zones):
            pulled[j] *= weight[j]
        for j in range(zones):
            seeking[j] = attached[j] + pulled[j]
        for j in range(zones):
            open_ = posts[j] > 0.0 and seeking[j] > 0.0
            crowd[j] = seeking[j] / (normal * posts[j]) if open_ else 1.0
        for j in range(zones):
            crowd[j] = exponential(curve * logarithm(crowd[j]))
        for j in range(zones):
            gap = -logarithm(1.0 + crowd[j]) * per_curve - level[j]
            gaps[j] = gap if posts[j] > 0.0 and seeking[j] > 0.0 else 0.0
        for j in range(zones):
            there = seeking[j] if seeking[j] > 0.0 else 1.0
            slope = taste * crowd[j] / (1.0 + crowd[j]) * (1.0 - own[j]) * pulled[j] / there
            level[j] += min(max(gaps[j] / (1.0 + slope), -2.0), 2.0)
        worst = 0.0
        for j in range(zones):
            gaps[j] = abs(gaps[j])
            worst = max(worst, gaps[j])
        if worst < tolerance:
            break
        if worst > before:
            # Far from where they stood at first, others choose: all are taken to answer.
            own[:] = 0.0
        before = worst
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
    free, attached = np.empty(zones), np.empty(zones)
    room, flow = np.empty((7, zones, zones)), np.empty((6, zones))
    friction, cars, near, squared = room[0], room[1], room[2], room[3]
    staying, driving, answer = room[4], room[5], room[6]
    for i in range(zones):
        total, row = 0.0, workplace[i]
        for j in range(zones):
            row[j] *= keep[i]
            total += row[j]
            near[i, j] = supply[i] * min(distance[i, j] * 0.5, reach)
            staying[i, j] = near[i, j] * row[j] * modes[i, j, CAR]
        free[i] = 1.0 - total
    by_column(workplace, supply, attached)
    by_column(staying, np.ones(zones), flow[0])
    base_slow, car_cost, gap, step = slow.copy(), cost[:, :, CAR].copy(), slow * 0.0, slow * 0.0
    turned, before, pace, tolerance = 1.0, 1e300, 1.0, FIRST
    for _ in range(ROUNDS):
        # At rest already, streets are as they were: only hiring was not near enough yet.
        if turned >= STEADY:
            attraction(
                sums, car_cost, constants[CAR], ends, slow, base_slow, theta, mode_scale, border,
                friction, logsum, cars,
            )  # fmt: skip
            drivers(friction, cars, near, ends, -0.5 * theta, squared, driving, answer)
        weight, reached, seeking, gaps = hire(
            friction, squared, scale, supply, free, attached, posts, hiring, usual, normal, curve,
            taste, tolerance,
        )  # fmt: skip
        new, here = free / reached, weight * hiring
        street_flows(staying, driving, answer, new, here, hiring, flow)
        turned, swing = congest(
            flow, new, here, hiring, slow, delay, residents, base_kilometres, exponent, commuting,
            gap, step,
        )  # fmt: skip
        tolerance = max(LOOSE * turned, TOLERANCE) if turned >= STEADY else TOLERANCE
        if turned < STEADY and gaps.max() < TOLERANCE:
            break
        # Slower streets have fewer cars, so that steps may swing to and fro: shorter ones then.
        if turned > 0.4 * before:
            pace = max(pace / 2, SLOWEST) if swing < 0.0 else min(2 * pace, 1.0)
        if turned >= STEADY:
            before = turned
            for z in range(zones):
                slow[z] += pace * step[z]
    for z in range(zones):
        slow[z] += pace * step[z]
    access[:] = reached
    renew(friction, weight, reached, sums, inside, cars, free, posts, hiring, workplace, modes)
    return seeking, gaps, np.abs(gap)


# -- streets -----------------------------------------------------------------------


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def drivers(friction, cars, near, ends, half, squared, driving, answer):  # type: ignore[no-untyped-def]
    """Of those who choose, kilometres driven in streets, and how they answer to slower ones."""
    zones = len(friction)
    pairs = zones * zones
    pull, share, way = friction.reshape(pairs), cars.reshape(pairs), near.reshape(pairs)
    end, square = ends.reshape(pairs), squared.reshape(pairs)
    drive, fall = driving.reshape(pairs), answer.reshape(pairs)
    for c in range(pairs):
        square[c] = pull[c] * pull[c]
    for c in range(pairs):
        drive[c] = way[c] * pull[c] * share[c]
    for c in range(pairs):
        fall[c] = drive[c] * (1.0 - share[c]) * end[c] * half
    # Both ends of a trip inside a zone are in its own streets.
    for z in range(zones):
        answer[z, z] *= 2.0


@njit(cache=True)
def street_flows(staying, driving, answer, new, here, hiring, flow):  # type: ignore[no-untyped-def]
    """Sums of what is driven by destination and by origin, ``flow`` (6, zone).

    The first, of those who stay by destination, is given; then by origin; of those who choose by
    destination and by origin; and how these answer, likewise.
    """
    by_row(staying, hiring, flow[1])
    by_column(driving, new, flow[2])
    by_row(driving, here, flow[3])
    by_column(answer, new, flow[4])
    by_row(answer, here, flow[5])


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def congest(  # type: ignore[no-untyped-def]
    flow, new, here, hiring, slow, delay, residents, base_kilometres, exponent, commuting, gap, step
):  # fmt: skip
    """Gaps of the slowdown, and Newton's steps by each zone's own answer; how large, which way."""
    turned, swing = 0.0, 0.0
    for z in range(len(slow)):
        driven, fewer = 1.0, 0.0
        if base_kilometres[z] > 0:
            stay, come = flow[1, z] + hiring[z] * flow[0, z], here[z] * flow[2, z]
            driven = (stay + come + new[z] * flow[3, z]) / base_kilometres[z]
            fewer = (here[z] * flow[4, z] + new[z] * flow[5, z]) / base_kilometres[z]
        load = commuting * driven + (1 - commuting) * residents[z]
        steep = delay[z] / (1 + delay[z]) * load ** (exponent - 1)
        found = 1 / (1 + delay[z]) + steep * load - slow[z]
        swing += found * gap[z]
        gap[z] = found
        step[z] = found / (1 - exponent * steep * commuting * fewer)
        turned = max(turned, abs(found))
    return turned, swing


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def renew(friction, weight, access, sums, inside, cars, free, posts, hiring, workplace, modes):  # type: ignore[no-untyped-def]
    """Workplaces and modes of those who stay and those who chose, in place."""
    zones = len(free)
    total, part, other = np.empty(zones), np.empty(zones), np.empty(zones)
    for i in range(zones):
        row, pull, drive, new = workplace[i], friction[i], cars[i], free[i] / access[i]
        active, public = sums[0, i], sums[1, i]
        for j in range(zones):
            total[j] = row[j] + new * pull[j] * weight[j]
        for j in range(zones):
            part[j] = row[j] / total[j] if total[j] > 0.0 else 0.0
        for j in range(zones):
            row[j] = total[j] * hiring[j] if posts[j] > 0.0 else 0.0
        for j in range(zones):
            # Too far to walk or to cycle, and no line: cars alone, and nothing to share out.
            rest = active[j] + public[j]
            other[j] = (1.0 - part[j]) * (1.0 - drive[j]) / rest if rest > 0.0 else 0.0
        for j in range(zones):
            mode, kept = modes[i, j], part[j]
            walking, riding = other[j] * active[j], other[j] * public[j]
            mode[0] = mode[0] * kept + walking * inside[0, i, j]
            mode[1] = mode[1] * kept + walking * inside[1, i, j]
            mode[2] = mode[2] * kept + (1.0 - kept) * drive[j]
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
