"""Commuting within a year, draw by draw: mode choice, workplaces, hiring and congestion at once.

The equations are those of :mod:`model.processes.modes`, ``commuting``, ``matching`` and
``congestion``, which the tests hold these loops against. One draw touches only its own arrays, so
that its numbers do not depend on the draws beside it. Imported by what calls it, not at start-up.

Functions that others call are compiled into them (``forceinline``). Else a process that compiles
calls one copy of them and one that reads its cache another, and the two may differ in the last bit.
"""

import math

import numpy as np

from model.kernels.compiled import njit
from model.kernels.elementary import exponential, logarithm
from model.kernels.modes import CAR, NEAR, attraction, nest_sums, nudge, nudge_cost
from model.kernels.row_sums import by_column, by_row

TOLERANCE = 1e-11
STEADY = 1e-5
ROUNDS = 1000
TRIALS = 3000
SLOWEST = 0.01
# While congestion is far off, hiring need not be nearer than this part of what is left of it.
LOOSE, FIRST = 1e-2, 1e-3


# -- hiring ------------------------------------------------------------------------


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
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


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def one_year(  # type: ignore[no-untyped-def]
    cost, constants, theta, power, mode_scale, border, ends, longest, distance, reach,
    supply, keep, places, ways, posts, scale, hiring, usual, normal, curve, taste,
    slow, delay, residents, base_kilometres, exponent, commuting,
    workplace, modes, logsum, access,
):  # fmt: skip
    """One draw of :func:`settle`; ``hiring`` and ``slow`` are renewed, the last four written."""
    zones = len(supply)
    sums, inside = nest_sums(cost, constants, theta, power)
    free, attached = np.empty(zones), np.empty(zones)
    room, flow = np.empty((11, zones, zones)), np.empty((6, zones))
    pull, share, near, squared, staying = room[0], room[1], room[2], room[3], room[4]
    driving, answer, kept, rise = room[5], room[6], room[7], room[8]
    friction, cars = pull, share
    stayers(places, ways[CAR], keep, supply, distance, reach, kept, free, near, staying)
    by_column(kept, supply, attached)
    by_column(staying, np.ones(zones), flow[0])
    by_row(staying, np.ones(zones), flow[1])
    base_slow, gap, step, known = slow.copy(), slow * 0.0, slow * 0.0, np.full(zones, np.inf)
    foretold(flow, keep, slow, delay, residents, base_kilometres, exponent, commuting)
    turned, before, pace, tolerance = 1.0, 1e300, 1.0, FIRST
    for _ in range(ROUNDS):
        # At rest already, streets are as they were: only hiring was not near enough yet.
        if turned >= STEADY:
            if theta * longest * np.abs(slow - known).max() > NEAR:
                attraction(
                    sums, cost[CAR], constants[CAR], ends, slow, base_slow, theta, mode_scale,
                    border, pull, logsum, share,
                )  # fmt: skip
                friction, cars, known[:] = pull, share, slow
                answers(pull, share, near, ends, -0.5 * theta, squared, answer)
            else:
                friction, cars = room[9], room[10]
                nudge(pull, share, ends, slow - known, theta, mode_scale, rise, friction, cars)
            drivers(friction, cars, near, driving)
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
            slow += pace * step
    slow += pace * step
    access[:] = reached
    if cars is not share:
        nudge_cost(share, rise, theta, logsum)
    new_shares(friction, weight, free / reached, kept, posts, hiring, workplace, squared)
    new_modes(sums, inside, cars, squared, ways, modes)
    return seeking, gaps, np.abs(gap)


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def stayers(places, cars, keep, supply, distance, reach, kept, free, near, staying):  # type: ignore[no-untyped-def]
    """Those who keep their workplace, the share of others, and kilometres in streets.

    ``near`` are kilometres of the labour force of a zone, ``staying`` those driven by stayers.
    """
    zones = len(supply)
    for i in range(zones):
        total, last, row, way, driven, car = 0.0, places[i], kept[i], near[i], staying[i], cars[i]
        for j in range(zones):
            row[j] = last[j] * keep[i]
        for j in range(zones):
            total += row[j]
        for j in range(zones):
            way[j] = supply[i] * min(distance[i, j] * 0.5, reach)
        for j in range(zones):
            driven[j] = way[j] * row[j] * car[j]
        free[i] = 1.0 - total


# -- streets -----------------------------------------------------------------------


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def foretold(flow, keep, slow, delay, residents, base_kilometres, exponent, commuting):  # type: ignore[no-untyped-def]
    """``slow`` if all drove as last year: where the search for the year's own begins.

    The first two of ``flow`` are what those who stay drive, by destination and by origin.
    """
    for z in range(len(slow)):
        if keep[z] > 0.0 and base_kilometres[z] > 0.0:
            driven = (flow[0, z] + flow[1, z]) / (keep[z] * base_kilometres[z])
            load = commuting * driven + (1 - commuting) * residents[z]
            slow[z] = (1.0 + delay[z] * power(load, exponent)) / (1.0 + delay[z])


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def drivers(friction, cars, near, driving):  # type: ignore[no-untyped-def]
    """Of those who choose, kilometres driven in streets."""
    pairs = friction.size
    pull, share, way = friction.reshape(pairs), cars.reshape(pairs), near.reshape(pairs)
    drive = driving.reshape(pairs)
    for c in range(pairs):
        drive[c] = way[c] * pull[c] * share[c]


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def answers(friction, cars, near, ends, half, squared, answer):  # type: ignore[no-untyped-def]
    """How kilometres driven answer to slower streets, and the squares of ``friction``.

    They lead the steps only: there is no need of them when streets have moved a little.
    """
    pairs = friction.size
    pull, share, way = friction.reshape(pairs), cars.reshape(pairs), near.reshape(pairs)
    end, square, fall = ends.reshape(pairs), squared.reshape(pairs), answer.reshape(pairs)
    for c in range(pairs):
        square[c] = pull[c] * pull[c]
    for c in range(pairs):
        fall[c] = way[c] * pull[c] * share[c] * (1.0 - share[c]) * end[c] * half
    # Both ends of a trip inside a zone are in its own streets.
    for z in range(len(friction)):
        answer[z, z] *= 2.0


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
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


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def congest(  # type: ignore[no-untyped-def]
    flow, new, here, hiring, slow, delay, residents, base_kilometres, exponent, commuting, gap, step
):  # fmt: skip
    """Gaps of the slowdown, and Newton's steps by each zone's own answer; how large, which way."""
    turned, swing, zones = 0.0, 0.0, len(slow)
    load, steep, fewer = np.empty(zones), np.empty(zones), np.empty(zones)
    for z in range(zones):
        usual = base_kilometres[z]
        stay, come = flow[1, z] + hiring[z] * flow[0, z], here[z] * flow[2, z]
        driven = (stay + come + new[z] * flow[3, z]) / usual if usual > 0.0 else 1.0
        load[z] = commuting * driven + (1.0 - commuting) * residents[z]
        answer = here[z] * flow[4, z] + new[z] * flow[5, z]
        fewer[z] = answer / usual if usual > 0.0 else 0.0
    for z in range(zones):
        steep[z] = power(load[z], exponent - 1.0) * delay[z] / (1.0 + delay[z])
    for z in range(zones):
        found = 1.0 / (1.0 + delay[z]) + steep[z] * load[z] - slow[z]
        swing += found * gap[z]
        gap[z] = found
        step[z] = found / (1.0 - exponent * steep[z] * commuting * fewer[z])
        turned = max(turned, abs(found))
    return turned, swing


@njit(cache=True, inline="always", error_model="numpy")
def power(base, exponent):  # type: ignore[no-untyped-def]
    """Power of a number; none of nothing."""
    return exponential(exponent * logarithm(base)) if base > 0.0 else 0.0


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def new_shares(friction, weight, new, kept, posts, hiring, workplace, part):  # type: ignore[no-untyped-def]
    """Shares at work by workplace, and the part of those attached to it that stayed."""
    zones, hired, total = len(new), np.empty(len(new)), np.empty(len(new))
    for j in range(zones):
        hired[j] = hiring[j] if posts[j] > 0.0 else 0.0
    for i in range(zones):
        row, pull, stay, work = kept[i], friction[i], part[i], workplace[i]
        for j in range(zones):
            total[j] = row[j] + new[i] * pull[j] * weight[j]
        for j in range(zones):
            stay[j] = row[j] / total[j] if total[j] > 0.0 else 0.0
        for j in range(zones):
            work[j] = total[j] * hired[j]


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def new_modes(sums, inside, cars, part, ways, modes):  # type: ignore[no-untyped-def]
    """Shares of modes when ``part`` of a pair stays with the ``ways`` of last year."""
    pairs = part.size
    stay, drive = part.reshape(pairs), cars.reshape(pairs)
    before, after = ways.reshape(6, pairs), modes.reshape(6, pairs)
    active, public = sums[0].reshape(pairs), sums[1].reshape(pairs)
    own, other = inside.reshape(5, pairs), np.empty(pairs)
    for c in range(pairs):
        # Too far to walk or to cycle, and no line: cars alone, and nothing to share out.
        rest = active[c] + public[c]
        other[c] = (1.0 - stay[c]) * (1.0 - drive[c]) / rest if rest > 0.0 else 0.0
    for m in range(6):
        last, now, share = before[m], after[m], own[m if m < CAR else m - 1]
        if m == CAR:
            for c in range(pairs):
                now[c] = last[c] * stay[c] + (1.0 - stay[c]) * drive[c]
            continue
        nest = active if m < CAR else public
        for c in range(pairs):
            now[c] = last[c] * stay[c] + other[c] * nest[c] * share[c]


@njit(cache=True)
def settle(  # type: ignore[no-untyped-def]
    cost, constants, theta, power, mode_scale, border, ends, longest, distance, reach,
    supply, keep, places, ways, posts, scale, hiring, usual, normal, curve, taste,
    slow, delay, residents, base_kilometres, exponent, commuting,
):  # fmt: skip
    """Workplaces, modes, hiring and congestion of all draws; see :func:`settled`.

    ``places`` and ``ways`` are workplaces and modes of last year, ``longest`` (draw,) the most of
    ``ends``. Answers last what is left of hiring and of congestion, (draw, 2, zone).
    """
    draws, zones = supply.shape
    workplace, modes = np.empty(places.shape), np.empty(ways.shape)
    logsum, access = np.empty((draws, zones, zones)), np.empty((draws, zones))
    seeking, left = np.empty((draws, zones)), np.empty((draws, 2, zones))
    for d in range(draws):
        seeking[d], left[d, 0], left[d, 1] = one_year(
            cost[d], constants[d], theta[d], power[d], mode_scale[d], border[d], ends[d],
            longest[d], distance[d], reach[d], supply[d], keep[d], places[d], ways[d], posts[d],
            scale[d], hiring[d], usual[d], normal[d], curve[d], taste[d], slow[d], delay[d],
            residents[d], base_kilometres[d], exponent[d], commuting[d], workplace[d], modes[d],
            logsum[d], access[d],
        )  # fmt: skip
    return workplace, modes, logsum, access, seeking, left
