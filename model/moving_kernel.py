"""Where people move, draw by draw: the nested logit, expected moves, and sums of flows.

The equations are those of :mod:`model.processes.nested_logit`, ``migration`` and
``registration``; the tests hold these loops against them in plain numpy. One draw touches only
its own arrays, so that its numbers do not depend on the draws beside it. Imported by what calls
it, not at start-up.
"""

import numpy as np
from numba import njit

from model.elementary import exponential, logarithm


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def choose(value, cost, nest, dissimilarity, slots, leave, destination):  # type: ignore[no-untyped-def]
    """Leaving and shares of destinations of every group of ``cost``.

    ``nest`` (place,) is the nest of each place, ``slots`` (group,) where each group stands in
    ``leave`` (draw, group, place) and ``destination`` (draw, group, place, place).
    """
    draws, groups, places = cost.shape[:3]
    nests = dissimilarity.shape[1]
    factor, inverse = np.empty(nests), np.empty(places)
    # Four sums of a nest side by side, for one alone would wait for itself.
    mass, part = np.empty((4, nests)), np.arange(places) % 4
    for d in range(draws):
        for j in range(places):
            inverse[j] = 1.0 / dissimilarity[d, nest[j]]
        for g in range(groups):
            for i in range(places):
                row, price, here = destination[d, slots[g], i], cost[d, g, i], value[d, i]
                for j in range(places):
                    row[j] = exponential((value[d, j] - here - price[j]) * inverse[j])
                row[i] = 0.0
                mass[:] = 0.0
                for j in range(places):
                    mass[part[j], nest[j]] += row[j]
                moving = 0.0
                for n in range(nests):
                    whole = (mass[0, n] + mass[1, n]) + (mass[2, n] + mass[3, n])
                    there = whole if whole > 1e-300 else 1.0
                    factor[n] = exponential((dissimilarity[d, n] - 1.0) * logarithm(there))
                    moving += factor[n] * whole
                leave[d, slots[g], i] = moving / (1.0 + moving)
                each = 1.0 / moving
                for j in range(places):
                    row[j] *= factor[nest[j]] * each


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def flows_of(movers, leave, destination, given, flows):  # type: ignore[no-untyped-def]
    """Moves of all groups (draw, place, place), with those ``given`` that nobody chooses."""
    draws, groups, places = movers.shape
    for d in range(draws):
        for i in range(places):
            row = flows[d, i]
            row[:] = given[d, i]
            for g in range(groups):
                leavers = movers[d, g, i] * leave[d, g, i]
                for j in range(places):
                    row[j] += leavers * destination[d, g, i, j]


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def expect(counts, leave, destination, group, main, moves):  # type: ignore[no-untyped-def]
    """Moves (draw, hukou, place, place) in expectation.

    ``main`` (hukou,) is the group of most cells of a class; cells of others are looked after one
    by one.
    """
    draws, places, classes, education, ages = counts.shape
    leavers = np.empty(leave.shape[2])
    for d in range(draws):
        for p in range(places):
            for h in range(classes):
                leavers[:] = 0.0
                for e in range(education):
                    cell, rate, of_cell = counts[d, p, h, e], leave[d, p, main[h]], group[h, e]
                    total = 0.0
                    for a in range(ages):
                        total += cell[a] * rate[a]
                    leavers[main[h]] += total
                    for a in range(ages):
                        g = of_cell[a]
                        if g != main[h]:
                            leavers[main[h]] -= cell[a] * rate[a]
                            leavers[g] += cell[a] * leave[d, p, g, a]
                row = moves[d, h, p]
                row[:] = 0.0
                for g in range(len(leavers)):
                    if leavers[g] != 0.0:
                        for q in range(places):
                            row[q] += leavers[g] * destination[d, g, p, q]


@njit(cache=True)
def sum_seats(flows, labels, summed):  # type: ignore[no-untyped-def]
    """Flows between places (row, place, place) added to flows between seats (row, seat, seat)."""
    rows, places = flows.shape[:2]
    for r in range(rows):
        for i in range(places):
            into = summed[r, labels[i]]
            for j in range(places):
                into[labels[j]] += flows[r, i, j]


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def sum_classes(flows, home, becomes, arrivals):  # type: ignore[no-untyped-def]
    """Arrivals (draw, hukou, place) by the class that people have on arrival."""
    draws, classes, places = flows.shape[:3]
    for d in range(draws):
        for h in range(classes):
            for i in range(places):
                for j in range(places):
                    coming = home[d, h, i, j]
                    arrivals[d, 0, j] += coming
                    arrivals[d, becomes[h, i, j], j] += flows[d, h, i, j] - coming
