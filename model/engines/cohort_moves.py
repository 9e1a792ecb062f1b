"""Compiled loops of relocation in the mean engine, one draw and level of education at a time.

Who leaves stands in rows, those of a class one after the other by place, and in columns, ages of
men and then of women; so do those who land. Every sum runs in a fixed order within a draw.
"""

import numpy as np
from numba import njit

from model.engines.marginals import sum_classes
from model.engines.tiles import GOALS, WIDTH, tile_of_product


@njit(cache=True)
def relocate(  # type: ignore[no-untyped-def]
    people, leave, destination, home, lands, main, usual, cells, tiles, rows,
    flows, homecoming, arrivals, departures, schooled, grown
):  # fmt: skip
    """Movers of all draws leave their cells and arrive.

    Arrays of people and moves lead with the draw; ``lands``, ``main``, ``usual``, ``cells``,
    ``tiles`` and ``rows`` are those of :class:`model.engines.ways.Ways`.
    """
    draws, places, hukou, levels, sexes, ages = people.shape
    columns = -(-sexes * ages // WIDTH) * WIDTH
    movers = np.zeros((hukou * places, columns))
    landed = np.zeros((hukou * places + GOALS, columns))
    weights, leavers = np.empty((len(rows), GOALS)), np.empty((hukou, places))
    apart = np.empty((len(cells), sexes, places))
    for d in range(draws):
        leavers[:] = 0.0
        grown[d] = 0.0
        weigh(destination[d], home[d], lands, main, tiles, rows, weights)
        # One level of education after the other, so that all of it stays near the processor.
        for level in range(levels):
            depart(people[d], level, leave[d], main, usual, movers, leavers)
            for column in range(0, columns, WIDTH):
                for t in range(len(tiles)):
                    row, first, last = tiles[t]
                    tile_of_product(movers, rows, first, last, weights, column, landed, row)
            move_apart(
                people[d], level, leave[d], destination[d], home[d], lands, cells,
                movers, landed, apart,
            )  # fmt: skip
            arrive(
                people[d], level, movers, landed, arrivals[d], departures[d], schooled[d], grown[d]
            )
        flow(leavers, cells, apart, main, destination[d], flows[d])
        for h in range(hukou):
            for p in range(places):
                for q in range(places):
                    homecoming[d, h, p, q] = flows[d, h, p, q] * home[d, h, p, q]


@njit(cache=True, fastmath={"contract"})
def weigh(destination, home, lands, main, tiles, rows, weights):  # type: ignore[no-untyped-def]
    """Shares of the movers of the rows of each tile that arrive at its goals, (row, goal)."""
    places = destination.shape[1]
    for t in range(len(tiles)):
        row, first, last = tiles[t]
        after, start = row // places, row % places
        local = 1.0 if after == 0 else 0.0
        goals = min(places - start, GOALS)
        for k in range(first, last):
            before, origin = rows[k] // places, rows[k] % places
            share, coming = destination[main[before], origin], home[before, origin]
            leads, into = lands[before, after, origin], weights[k]
            into[:] = 0.0
            for i in range(goals):
                q = start + i
                into[i] = share[q] * (coming[q] * local + (1.0 - coming[q]) * leads[q])


@njit(cache=True, fastmath={"reassoc", "contract"})
def depart(people, level, leave, main, usual, movers, leavers):  # type: ignore[no-untyped-def]
    """Movers of one draw and level of education who choose as most of their class do.

    ``people`` (place, hukou, education, sex, age), ``leave`` (place, group, age); ``leavers``
    (hukou, place) is added to.
    """
    places, hukou, _, sexes, ages = people.shape
    for p in range(places):
        for h in range(hukou):
            rate, mine, gone = leave[p, main[h]], usual[h, level], movers[h * places + p]
            total = 0.0
            for s in range(sexes):
                cell, part = people[p, h, level, s], gone[s * ages : (s + 1) * ages]
                for a in range(ages):
                    moved = cell[a] * (rate[a] * mine[a])
                    part[a] = moved
                    total += moved
            leavers[h, p] += total


@njit(cache=True, fastmath={"contract"})
def move_apart(  # type: ignore[no-untyped-def]
    people, level, leave, destination, home, lands, cells, movers, landed, apart
):  # fmt: skip
    """Movers of cells that choose unlike the rest of their class join those who leave and land.

    ``apart`` (cell, sex, place) is who leaves.
    """
    places, classes, _, sexes, ages = people.shape
    part = np.empty(places)
    landing = np.empty((sexes, places))
    for c in range(len(cells)):
        h, e, a, g = cells[c]
        if e != level:
            continue
        for p in range(places):
            for s in range(sexes):
                gone = people[p, h, e, s, a] * leave[p, g, a]
                apart[c, s, p], movers[h * places + p, s * ages + a] = gone, gone
        for after in range(classes):
            local = 1.0 if after == 0 else 0.0
            landing[:] = 0.0
            for p in range(places):
                one, two = apart[c, 0, p], apart[c, 1, p]
                if one == 0.0 and two == 0.0:
                    continue
                share, coming, leads = destination[g, p], home[h, p], lands[h, after, p]
                men, women = landing[0], landing[1]
                for q in range(places):
                    part[q] = share[q] * (coming[q] * local + (1.0 - coming[q]) * leads[q])
                for q in range(places):
                    men[q] += one * part[q]
                for q in range(places):
                    women[q] += two * part[q]
            for q in range(places):
                for s in range(sexes):
                    landed[after * places + q, s * ages + a] += landing[s, q]


@njit(cache=True, fastmath={"contract"})
def arrive(people, level, movers, landed, arrivals, departures, schooled, grown):  # type: ignore[no-untyped-def]
    """Movers leave their cells, those who land join theirs; all are summed.

    ``arrivals`` and ``departures`` (zone, sex, age) are added to. Sums are as in
    :func:`model.engines.marginals.sum_people`.
    """
    places, classes, _, sexes, ages = people.shape
    zones = len(arrivals)
    for p in range(places):
        for s in range(sexes):
            for h in range(classes):
                row, begin, end = h * places + p, s * ages, (s + 1) * ages
                cell, gone, come = (
                    people[p, h, level, s],
                    movers[row, begin:end],
                    landed[row, begin:end],
                )
                for a in range(ages):
                    cell[a] = cell[a] - gone[a] + come[a]
                if p < zones:
                    left, here = departures[p, s], arrivals[p, s]
                    for a in range(ages):
                        left[a] += gone[a]
                        here[a] += come[a]
            sum_classes(people[p], level, s, schooled[p], grown[p])


@njit(cache=True, fastmath={"contract"})
def flow(leavers, cells, apart, main, destination, flows):  # type: ignore[no-untyped-def]
    """Moves of one draw by class before, (hukou, place, place)."""
    classes, places = leavers.shape
    for h in range(classes):
        for p in range(places):
            share, row = destination[main[h], p], flows[h, p]
            for q in range(places):
                row[q] = leavers[h, p] * share[q]
    for c in range(len(cells)):
        h, g = cells[c, 0], cells[c, 3]
        for p in range(places):
            gone = 0.0
            for s in range(apart.shape[1]):
                gone += apart[c, s, p]
            share, row = destination[g, p], flows[h, p]
            for q in range(places):
                row[q] += gone * share[q]
