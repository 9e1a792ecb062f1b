"""Kernels over cells of firms: counts ``(draw, sector, status, size_class, zone)``.

Zones stand last so that the inner loops run along memory and vectorise. Each draw is worked on
by itself, in one order, so that a draw is the same in any block. Sectors without a technology
ladder have no firms beyond the third status, and the kernels skip those cells. The numpy twin of
every kernel stands in its test.
"""

import numpy as np
from numba import njit

from model.axes import Array
from model.firms import CLASS_MEANS, CLASSES, FIRST_RUNG, STATE, STATUSES, SUREST_EXIT, YOUNG

_MEANS = CLASS_MEANS
_LAST = CLASSES - 1


def statuses_of(technology: Array) -> Array:
    """(sector,) how many statuses the firms of a sector can have.

    Examples
    --------
    >>> statuses_of(np.array([True, False])).tolist()
    [8, 3]
    """
    return np.where(np.asarray(technology, dtype=bool), len(STATUSES), FIRST_RUNG).astype(np.int64)


@njit(cache=True)
def move_cells(counts, statuses, leave, share, gone, come):  # type: ignore[no-untyped-def]
    """Relocation in expectation, in place; departures and arrivals of every cell.

    A mover from zone i picks zone j with ``share[j] / (1 - share[i])``: what leaves every zone,
    each over one minus its share, is one pool from which zone j takes its share, its own part
    left out.
    """
    draws, sectors, zones = leave.shape
    rate, private = np.empty(zones), np.empty(zones)
    for d in range(draws):
        for k in range(sectors):
            part, left, came = share[d, k], gone[d, k], come[d, k]
            for z in range(zones):
                rest = 1.0 - part[z]
                rate[z] = leave[d, k, z] / rest if rest > 0.0 else 0.0
                private[z] = 0.0
            waiting = 0.0
            for s in range(statuses[k]):
                if s == STATE:
                    continue
                for b in range(CLASSES):
                    row = counts[d, k, s, b]
                    pool = 0.0
                    for z in range(zones):
                        pool += row[z] * rate[z]
                    for z in range(zones):
                        private[z] += row[z]
                        row[z] = row[z] * (1.0 - rate[z]) + pool * part[z]
                    waiting += pool
            for z in range(zones):
                left[z] = private[z] * leave[d, k, z]
                came[z] = (waiting - private[z] * rate[z]) * part[z]


@njit(cache=True)
def tally_cells(counts, statuses, hazard, factor, mobility, scale, tallied):  # type: ignore[no-untyped-def]
    """Firms and jobs there are, those that exits take, and what steps of survivors would move.

    ``tallied`` (6, draw, sector, zone) holds firms, quitting, jobs, leaving, rising, falling.
    """
    draws, sectors, zones = factor.shape
    total, lost = np.empty(zones), np.empty(zones)
    for d in range(draws):
        for k in range(sectors):
            by, size = factor[d, k], scale[d, k]
            firms, quitting, jobs = tallied[0, d, k], tallied[1, d, k], tallied[2, d, k]
            leaving, rising, falling = tallied[3, d, k], tallied[4, d, k], tallied[5, d, k]
            tallied[:, d, k] = 0.0
            for b in range(CLASSES):
                total[:] = 0.0
                lost[:] = 0.0
                for s in range(statuses[k]):
                    row, chance = counts[d, k, s, b], hazard[d, s, b]
                    for z in range(zones):
                        total[z] += row[z]
                        lost[z] += row[z] * min(chance * by[z], SUREST_EXIT)
                mean, inclined = _MEANS[b], _MEANS[b] * mobility[d, b]
                gain = inclined if b < _LAST else 0.0
                loss = 0.5 * inclined if b > 0 else 0.0
                for z in range(zones):
                    firms[z] += total[z]
                    jobs[z] += total[z] * mean
                for z in range(zones):
                    quitting[z] += lost[z]
                    leaving[z] += lost[z] * mean
                for z in range(zones):
                    rising[z] += (total[z] - lost[z]) * gain
                for z in range(zones):
                    falling[z] += (total[z] - lost[z]) * loss
            for z in range(zones):
                jobs[z] *= size[z]
                leaving[z] *= size[z]
            for z in range(zones):
                rising[z] *= size[z]
                falling[z] *= size[z]


# Order in which statuses hand on: from the top, so that nobody changes twice in a year.
_ORDER = np.array([6, 5, 4, 3, 1, 0, 2])


@njit(cache=True)
def renew_cells(  # type: ignore[no-untyped-def]
    counts, statuses, following, hazard, factor, closing, mobility, up, down, change, entrants,
    entrant_size, entrant_state,
):  # fmt: skip
    """A year of firms in expectation, in place: exit, closure, steps, change of status, entry."""
    draws, sectors, zones = factor.shape
    plane = CLASSES * zones
    # Shares of a class that stay, come from below and come from above.
    share = np.zeros((3, CLASSES, zones))
    shares = share.reshape(3, plane)
    # A row of nobody at either end of the living, so that neighbours need no question.
    living = np.zeros((CLASSES + 2, zones))
    live = living.reshape(plane + 2 * zones)
    flat = counts.reshape(draws, sectors, counts.shape[2], plane)
    for d in range(draws):
        for k in range(sectors):
            step_shares(share, mobility[d], up[d, k], down[d, k])
            for s in range(statuses[k]):
                for b in range(CLASSES):
                    survive(
                        counts[d, k, s, b], living[b + 1], hazard[d, s, b], factor[d, k],
                        closing[d, k],
                    )  # fmt: skip
                step(
                    flat[d, k, s], live[:plane], live[zones : plane + zones], live[2 * zones :],
                    shares[0], shares[1], shares[2],
                )  # fmt: skip
            for s in _ORDER:
                then = following[k, s]
                if s < statuses[k] and then != s:
                    for b in range(CLASSES):
                        turn(counts[d, k, s, b], counts[d, k, then, b], change[d, s])
            for b in range(CLASSES):
                new, owned = entrant_size[d, b], entrant_state[d]
                add(counts[d, k, YOUNG, b], entrants[d, k], new * (1.0 - owned))
                add(counts[d, k, STATE, b], entrants[d, k], new * owned)


@njit(cache=True, inline="always")
def survive(row, live, chance, factor, closing):  # type: ignore[no-untyped-def]
    """Those of a row over zones who neither give up nor close, into ``live``."""
    for z in range(len(row)):
        live[z] = row[z] * (1.0 - min(chance * factor[z], SUREST_EXIT)) * (1.0 - closing[z])


@njit(cache=True, inline="always")
def step(row, below, live, above, stay, climb, slip):  # type: ignore[no-untyped-def]
    """Survivors after their steps, all classes of a status in a row."""
    for i in range(len(row)):
        row[i] = live[i] * stay[i] + below[i] * climb[i] + above[i] * slip[i]


@njit(cache=True, inline="always")
def turn(here, there, chance):  # type: ignore[no-untyped-def]
    """Change of status of a row over zones, in place."""
    for z in range(len(here)):
        turning = here[z] * chance[z]
        here[z] -= turning
        there[z] += turning


@njit(cache=True)
def step_shares(share, mobility, up, down):  # type: ignore[no-untyped-def]
    """Shares of each class and zone that stay, come from the class below and from above."""
    zones = len(up)
    for b in range(CLASSES):
        ascent = mobility[b] if b < _LAST else 0.0
        descent = mobility[b] if b > 0 else 0.0
        lifted = mobility[b - 1] if b > 0 else 0.0
        lowered = mobility[b + 1] if b < _LAST else 0.0
        stay, climb, slip = share[0, b], share[1, b], share[2, b]
        for z in range(zones):
            stay[z] = 1.0 - up[z] * ascent - down[z] * descent
        for z in range(zones):
            climb[z] = up[z] * lifted
        for z in range(zones):
            slip[z] = down[z] * lowered


@njit(cache=True)
def census_cells(counts, statuses, scale, firms, jobs, owned, sizes, rungs):  # type: ignore[no-untyped-def]
    """Firms, jobs and jobs of the state by cell, firms by size and on each rung by zone."""
    draws, sectors, zones = scale.shape
    total = np.empty(zones)
    sizes[:] = 0.0
    rungs[:] = 0.0
    for d in range(draws):
        for k in range(sectors):
            number, held, state, size = firms[d, k], jobs[d, k], owned[d, k], scale[d, k]
            number[:] = 0.0
            held[:] = 0.0
            state[:] = 0.0
            for b in range(CLASSES):
                total[:] = 0.0
                for s in range(statuses[k]):
                    add(total, counts[d, k, s, b], 1.0)
                    if s >= FIRST_RUNG:
                        add(rungs[d, s - FIRST_RUNG], counts[d, k, s, b], 1.0)
                add(state, counts[d, k, STATE, b], _MEANS[b])
                add(number, total, 1.0)
                add(held, total, _MEANS[b])
                add(sizes[d, b], total, 1.0)
            for z in range(zones):
                held[z] *= size[z]
                state[z] *= size[z]


@njit(cache=True, inline="always")
def add(into, row, weight):  # type: ignore[no-untyped-def]
    """A row over zones added with a weight, in place."""
    for z in range(len(row)):
        into[z] += row[z] * weight
