"""Where people move, draw by draw: the nested logit, expected moves, and sums of flows.

The equations are those of :mod:`model.processes.nested_logit`, ``migration`` and
``registration``; the tests hold these loops against them in plain numpy. One draw touches only
its own arrays, so that its numbers do not depend on the draws beside it. Imported by what calls
it, not at start-up.
"""

import numpy as np

from model.kernels.compiled import njit
from model.kernels.elementary import exponential, logarithm
from model.kernels.vectors import wide


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def choose(value, cost, nest, dissimilarity, slots, leave, destination):  # type: ignore[no-untyped-def]
    """Leaving and shares of destinations of every group of ``cost``.

    ``nest`` (place,) is the nest of each place, ``slots`` (group,) where each group stands in
    ``leave`` (draw, group, place) and ``destination`` (draw, group, place, place).
    """
    wide()
    draws, groups, places = cost.shape[:3]
    nests = dissimilarity.shape[1]
    inverse, mass = np.empty(places), np.empty((places, nests))
    # Four sums of a nest side by side, for one alone would wait for itself.
    side, part = np.empty((4, nests)), np.arange(places) % 4
    less = np.empty((places, nests))
    for d in range(draws):
        for j in range(places):
            inverse[j] = 1.0 / dissimilarity[d, nest[j]]
            less[j] = dissimilarity[d] - 1.0
        for g in range(groups):
            for i in range(places):
                row, price, here = destination[d, slots[g], i], cost[d, g, i], value[d, i]
                for j in range(places):
                    row[j] = exponential((value[d, j] - here - price[j]) * inverse[j])
                row[i] = 0.0
                side[:] = 0.0
                for j in range(places):
                    side[part[j], nest[j]] += row[j]
                for n in range(nests):
                    mass[i, n] = (side[0, n] + side[1, n]) + (side[2, n] + side[3, n])
            moving = powers(mass, less)
            for i in range(places):
                row, factor = destination[d, slots[g], i], mass[i]
                leave[d, slots[g], i] = moving[i] / (1.0 + moving[i])
                # Never zero: where every way is closed nobody leaves, and shares are none.
                each = 1.0 / max(moving[i], 1e-300)
                for j in range(places):
                    row[j] *= factor[nest[j]] * each


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def powers(mass, less):  # type: ignore[no-untyped-def]
    """Odds of nests over their mass, in its place; the odds of all nests of a row are answered."""
    wide()
    rows, nests = mass.shape
    flat, power, moving = mass.reshape(rows * nests), less.reshape(rows * nests), np.empty(rows)
    odds = np.empty(rows * nests)
    # All rows in one loop, which vectorises as a row of a few nests does not.
    for c in range(rows * nests):
        there = flat[c] if flat[c] > 1e-300 else 1.0
        factor = exponential(power[c] * logarithm(there))
        odds[c] = factor * flat[c]
        flat[c] = factor
    for r in range(rows):
        total = 0.0
        for n in range(nests):
            total += odds[r * nests + n]
        moving[r] = total
    return moving


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def leave_by_age(counts, apart, stay, curve, students, ages, main, cells, leave, leavers):  # type: ignore[no-untyped-def]
    """Probability of leaving (draw, place, group, age), and who leaves (draw, hukou, group, place).

    ``counts`` (draw, place, hukou, sex, age), ``stay`` (draw, group, place), ``curve``
    (draw, age), ``students`` (draw, place); ``ages`` are those of adulthood, of the first parents
    and past the last, of students and of graduates, whose groups follow those of the classes.
    ``main`` (hukou,) is the group of most cells of a class, ``cells`` (cell, 4) class, education,
    age and group of the others, of whom there are ``apart`` (draw, place, cell).
    """
    wide()
    draws, places, classes, _, oldest = counts.shape
    adult, first, past, student, graduate = ages
    everybody = np.empty((classes, oldest))
    for d in range(draws):
        rates, plain = curve[d], curve[d, first:past].sum() / (past - first)
        leavers[d] = 0.0
        for p in range(places):
            leave[d, p, classes:] = 0.0
            leave[d, p, classes, student] = students[d, p]
            leave[d, p, classes + 1, graduate] = stay[d, classes + 1, p]
            for h in range(classes):
                men, women, people = counts[d, p, h, 0], counts[d, p, h, 1], everybody[h]
                for a in range(oldest):
                    people[a] = men[a] + women[a]
                parents, moving = 0.0, 0.0
                for a in range(first, past):
                    parents += people[a]
                    moving += people[a] * rates[a]
                with_parents = moving / parents if parents > 0.0 else plain
                row, chance = leave[d, p, h], stay[d, h, p]
                minor = min(chance * with_parents, 1.0)
                for a in range(adult):
                    row[a] = minor
                for a in range(adult, oldest):
                    row[a] = min(chance * rates[a], 1.0)
            for c in range(len(cells)):
                everybody[cells[c, 0], cells[c, 2]] -= apart[d, p, c]
            for h in range(classes):
                rate, people, total = leave[d, p, main[h]], everybody[h], 0.0
                for a in range(oldest):
                    total += people[a] * rate[a]
                leavers[d, h, main[h], p] = total
            for c in range(len(cells)):
                h, _, a, g = cells[c]
                leavers[d, h, g, p] += apart[d, p, c] * leave[d, p, g, a]


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def expect(leavers, destination, labels, moves):  # type: ignore[no-untyped-def]
    """Moves between seats (draw, hukou, seat, seat) added to, in expectation.

    ``leavers`` (draw, hukou, group, place), ``destination`` (draw, group, place, place).
    """
    draws, classes, groups, places = leavers.shape
    row = np.empty(places)
    for d in range(draws):
        for h in range(classes):
            for p in range(places):
                row[:] = 0.0
                for g in range(groups):
                    gone, share = leavers[d, h, g, p], destination[d, g, p]
                    if gone != 0.0:
                        for q in range(places):
                            row[q] += gone * share[q]
                into = moves[d, h, labels[p]]
                for q in range(places):
                    into[labels[q]] += row[q]


@njit(cache=True)
def sum_seats(flows, labels, summed):  # type: ignore[no-untyped-def]
    """Flows between seats (row, seat, seat) put in, from flows between places (row, place, place).

    Origins of a seat are summed first, goals abreast: a sum that is added to one place after the
    other waits for itself.
    """
    rows, places = flows.shape[:2]
    leaving = np.empty((summed.shape[1], places))
    for r in range(rows):
        leaving[:] = 0.0
        for i in range(places):
            into, row = leaving[labels[i]], flows[r, i]
            for j in range(places):
                into[j] += row[j]
        summed[r] = 0.0
        for seat in range(len(leaving)):
            for j in range(places):
                summed[r, seat, labels[j]] += leaving[seat, j]


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def sum_classes(flows, home, becomes, moves, arrivals, departures):  # type: ignore[no-untyped-def]
    """Moves (draw, place, place), arrivals by the class on arrival and departures by that before.

    ``flows`` and ``home`` (draw, hukou, place, place); the last two are (draw, hukou, place).
    """
    draws, classes, places = flows.shape[:3]
    for d in range(draws):
        moves[d] = 0.0
        arrivals[d] = 0.0
        for h in range(classes):
            for i in range(places):
                row, coming, into, lead = flows[d, h, i], home[d, h, i], moves[d, i], becomes[h, i]
                total = 0.0
                for j in range(places):
                    into[j] += row[j]
                    total += row[j]
                departures[d, h, i] = total
                for j in range(places):
                    arrivals[d, 0, j] += coming[j]
                    arrivals[d, lead[j], j] += row[j] - coming[j]
