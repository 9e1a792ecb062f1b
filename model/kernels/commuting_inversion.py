"""The base year of commuting, draw by draw: scales of workplaces and constants of modes.

Both margins of the matrix and the shares of modes are met at once; equations as in
:mod:`model.processes.commuting` and ``modes``. Imported by what calls it, not at start-up.
"""

import math

import numpy as np

from model.kernels.commuting import TOLERANCE
from model.kernels.compiled import njit
from model.kernels.elimination import solve, solve_symmetric
from model.kernels.modes import CAR, attraction, nest_sums

TURNS = 400
SHARES = 1e-10
NEARER, LOOSEST = 1e-3, 1e-3


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def balanced(friction, rows, columns, scale, tolerance):  # type: ignore[no-untyped-def]
    """Scales of columns that meet both margins: a sweep of Furness, then Newton's steps.

    ``scale`` is brought up to date; answers the access of rows and the last residual.
    """
    zones = len(rows)
    reached, access = np.empty(zones), np.empty(zones)
    shares, slope, step = np.empty((zones, zones)), np.empty((zones, zones)), np.empty(zones)
    worst, before = 1e300, 1e300
    for turn in range(60):
        reached[:] = 0.0
        for i in range(zones):
            total = 0.0
            for j in range(zones):
                total += friction[i, j] * scale[j]
            access[i] = total
            for j in range(zones):
                shares[i, j] = friction[i, j] * scale[j] / total
                reached[j] += rows[i] * shares[i, j]
        before, worst = worst, 0.0
        for j in range(zones):
            miss = abs(reached[j] / columns[j] - 1.0) if columns[j] > 0.0 else 0.0
            if not miss <= worst:  # so that what is no number is never met
                worst = miss if miss < np.inf else np.inf
        if worst < tolerance:
            break
        if turn < 1 or worst > 3.0 * before:
            sweep(scale, columns, reached)
            continue
        fill = 0.0
        for j in range(zones):
            fill += reached[j] / zones**2
        slope[:] = fill
        for k in range(zones):
            row = shares[k]
            for i in range(zones):
                part, into = row[i] * rows[k], slope[i]
                for j in range(i + 1):
                    into[j] -= part * row[j]
        for j in range(zones):
            slope[j, j] += reached[j] if reached[j] > 0.0 else 1.0
            step[j] = columns[j] - reached[j]
        solve_symmetric(slope, step)
        if not np.isfinite(step).all():
            # Zones that exchange next to nobody: rounding has left a slope that is not definite.
            sweep(scale, columns, reached)
            continue
        for j in range(zones):
            scale[j] *= math.exp(min(max(step[j], -1.0), 1.0))
    level = 0.0
    for j in range(zones):
        level += scale[j]
    for j in range(zones):
        scale[j] *= zones / level
        access[j] *= zones / level
    return access, worst


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def sweep(scale, columns, reached):  # type: ignore[no-untyped-def]
    """Scales by what would, alone, meet each column: the step of Furness."""
    for j in range(len(scale)):
        scale[j] = scale[j] * columns[j] / reached[j] if columns[j] > 0.0 else 0.0


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def response(rows, friction, scale, access, sums, inside, cars, power, mode_scale):  # type: ignore[no-untyped-def]
    """Shares of modes among all commuters, and minus their slope in the constants."""
    zones, modes = len(rows), 6
    total, slope = np.zeros(modes), np.zeros((modes, modes))
    share, within = np.empty((modes, zones)), np.ones((modes, zones))
    flows, mean = np.empty((modes, zones)), np.empty(modes)
    everybody = rows.sum()
    for i in range(zones):
        weight = rows[i] / everybody / access[i]
        for m in range(modes):
            part, row = share[m], cars[i]
            if m == CAR:
                for j in range(zones):
                    part[j] = row[j]
            else:
                nest, place = 0 if m < CAR else 1, m if m < CAR else m - 1
                along = within[m]
                for j in range(zones):
                    along[j] = inside[place, i, j]
                    both = max(sums[0, i, j] + sums[1, i, j], 1e-300)
                    part[j] = (1.0 - row[j]) / both * sums[nest, i, j] * along[j]
            flow, reached = flows[m], 0.0
            for j in range(zones):
                flow[j] = weight * friction[i, j] * scale[j] * part[j]
                reached += flow[j]
            mean[m] = reached
            total[m] += reached
            slope[m, m] += reached
        for m in range(modes):
            flow = flows[m]
            for n in range(m + 1):
                part, joint = share[n], 0.0
                for j in range(zones):
                    joint += flow[j] * part[j]
                slope[m, n] -= power * (1.0 - mode_scale) * joint
                if rows[i] > 0.0:
                    slope[m, n] -= power * mode_scale * mean[m] * mean[n] * everybody / rows[i]
                if (m < CAR) == (n < CAR) and (m > CAR) == (n > CAR):
                    along, alike = within[n], 0.0
                    for j in range(zones):
                        alike += flow[j] * along[j]
                    slope[m, n] -= (1.0 - power) * alike
    for m in range(modes):
        for n in range(m):
            slope[n, m] = slope[m, n]
    return total, slope


@njit(cache=True, error_model="numpy")
def constants_of(cost, target, rows, columns, scale, start, theta, power, mode_scale, border):  # type: ignore[no-untyped-def]
    """Constants of modes at which commuters of a draw use them in the target shares.

    Newton's steps in logs, halved while they lead away; ``scale`` (columns) is brought up to date.
    Answers the constants [utility inside a nest] and the largest relative error of a share.
    """
    modes = len(target)
    best, point = start.copy(), start.copy()
    step, pace, merit, gap = np.zeros(modes), 1.0, 1e300, 1e300
    plain = 0
    zero, unit = np.zeros(len(rows)), power / theta
    car_cost, ends = cost[2].copy(), np.zeros((len(rows), len(rows)))
    friction, logsum, cars = np.empty(ends.shape), np.empty(ends.shape), np.empty(ends.shape)
    for _ in range(TURNS):
        constants = point * unit
        sums, inside = nest_sums(cost, constants, theta, power)
        attraction(
            sums, car_cost, constants[2], ends, zero, zero, theta, mode_scale, border, friction,
            logsum, cars,
        )  # fmt: skip
        # As near as the shares are to their target, and a little nearer.
        near = min(max(gap * NEARER, TOLERANCE), LOOSEST)
        access, _ = balanced(friction, rows, columns, scale, near)
        total, slope = response(
            rows, friction, scale, access, sums, inside, cars, power, mode_scale
        )
        now, gap = 0.0, 0.0
        force = np.zeros(modes)
        for m in range(modes):
            if target[m] > 0.0:
                miss = math.log(max(total[m], 1e-300) / target[m])
                now += target[m] * abs(miss)
                if not abs(miss) <= gap:  # so that what is no number is never met
                    gap = abs(miss) if abs(miss) < np.inf else np.inf
                force[m] = total[m] * miss
                slope[m, m] += 1e-12
            else:
                slope[m, m] += 1.0
        if gap < SHARES and near <= TOLERANCE:
            return point, gap
        if plain > 0:
            # Newton's steps led nowhere: short steps of every mode by its own gap for a while
            plain -= 1
            merit = 1e300
            for m in range(1, modes):
                if target[m] > 0.0:
                    miss = math.log(max(total[m], 1e-300) / target[m])
                    walk = math.log(max(total[0], 1e-300) / target[0]) if target[0] > 0.0 else 0.0
                    point[m] += 0.5 * min(max(miss - walk, -2.0), 2.0)
            continue
        if now < merit * (1.0 + 1e-9):
            best[:], merit, pace = point, now, min(1.0, 2.0 * pace)
            slope[0, 1:], slope[1:, 0], slope[0, 0], force[0] = 0.0, 0.0, 1.0, 0.0
            solve(slope, force)
            step[:] = force
        else:
            pace /= 2.0
            if pace < 1e-3:
                merit, pace, plain = 1e300, 0.3, 25
                point[:] = best
                continue
        for m in range(1, modes):
            point[m] = best[m] + pace * min(max(step[m], -3.0), 3.0)
    return point, gap


def base_constants(cost, target, rows, columns, scale, start, theta, power, mode_scale, border):  # type: ignore[no-untyped-def]
    """Constants of all draws, (draw, mode), and what is left of each draw.

    Not compiled itself: what calls a long loop would have it compiled twice.
    """
    found, left = np.empty(target.shape), np.empty(len(target))
    for d in range(len(target)):
        found[d], left[d] = constants_of(
            cost[d], target[d], rows[d], columns[d], scale[d], start[d], theta[d], power[d],
            mode_scale[d], border[d],
        )  # fmt: skip
    return found, left
