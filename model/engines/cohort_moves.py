"""Compiled loops of relocation in the mean engine, one draw, level of education and sex at a time.

They grow older, leave and arrive while all of them are near the processor. Who leaves stands in
rows, those of a class one after the other by place, and in columns by age; so do those who land.
The youngest come last, apart from the others. Every sum runs in a fixed order within a draw.
"""

import numpy as np

from model.engines.cohort_rows import (
    arrive,
    arrive_young,
    depart,
    depart_apart,
    depart_young,
    empty,
    land_apart,
)
from model.kernels.compiled import njit
from model.kernels.vectors import LANES, across, fetch, fused, load, spread, store

GOALS, WIDTH = 4, 24
"""Rows and columns of a tile of the product: its sums fill half of the registers."""


@njit(cache=True)
def relocate(people, growth, table, ways, moves, sums):  # type: ignore[no-untyped-def]
    """People of all draws grow as they are due to, leave their cells and arrive.

    ``people`` (draw, place, hukou, education, sex, age); ``growth``, ``table``, ``moves`` and
    ``sums`` are tuples of :mod:`model.engines.ways`, their arrays leading with the draw.
    """
    draws, places, hukou, levels, sexes, ages = people.shape
    young, wide = ages % WIDTH, ages // WIDTH * WIDTH
    movers, landed = room_for(hukou * places, wide), room_for(hukou * places + GOALS, wide)
    weights, leavers = np.empty((len(ways.rows), GOALS)), np.empty((hukou, places, LANES))
    apart, landing = np.empty((len(ways.cells), sexes, places)), np.empty(places)
    for d in range(draws):
        leave, goals, home = table.leave[d], table.destination[d], table.home[d]
        here, classed, schooled = people[d], sums.classed[d], sums.schooled[d]
        came, left = moves.arrivals[d], moves.departures[d]
        surviving, chance = growth.surviving[d], growth.chance[d]
        after = min(d + 1, draws - 1) * here.size
        leavers[:] = 0.0
        weigh(goals, home, ways, weights)
        for level in range(levels):
            for sex in range(sexes):
                depart(
                    here, level, sex, young, growth.years, surviving, chance, leave, ways,
                    movers, leavers, left,
                )  # fmt: skip
                depart_apart(here, level, sex, young, ages, leave, ways, apart, left)
                turn = level * sexes + sex + 1
                coming = d * here.size + turn * ages if turn < levels * sexes else after
                for column in range(0, wide, WIDTH):
                    multiply(movers, weights, ways, column, landed, people, coming)
                land_apart(level, sex, young, ages, 0, goals, home, ways, apart, landing, landed)
                arrive(here, level, sex, young, landed, classed, schooled, came)
        classed[..., :young] = 0.0
        came[..., :young] = 0.0
        left[..., :young] = 0.0
        for level in range(levels):
            if empty(here, level, young):
                schooled[:, level, :, :young] = 0.0
                continue
            depart_young(
                here, level, young, growth.years, surviving, chance, leave, ways,
                movers, leavers, left,
            )  # fmt: skip
            for sex in range(sexes):
                depart_apart(here, level, sex, 0, young, leave, ways, apart, left)
            multiply(movers, weights, ways, 0, landed, people, after)
            for sex in range(sexes):
                land_apart(
                    level, sex, 0, young, sex * young, goals, home, ways, apart, landing, landed
                )
            arrive_young(here, level, young, landed, classed, schooled, came)
        flow(leavers, apart, ways, goals, home, moves.flows[d], moves.homecoming[d])


@njit(cache=True)
def room_for(rows, columns):  # type: ignore[no-untyped-def]
    """Zeros, (row, column), of which no vector lies across two lines of the processor's memory."""
    raw = np.zeros(rows * columns + LANES)
    begin = -(raw.ctypes.data // raw.itemsize) % LANES
    return raw[begin : begin + rows * columns].reshape(rows, columns)


@njit(cache=True, forceinline=True, fastmath={"contract"})
def weigh(destination, home, ways, weights):  # type: ignore[no-untyped-def]
    """Shares of the movers of the rows of each tile that arrive at its goals, (row, goal)."""
    places = destination.shape[1]
    shares, coming = destination.reshape(-1), home.reshape(-1)
    for t in range(len(ways.tiles)):
        row, first, last = ways.tiles[t]
        local, goals = 1.0 if row < places else 0.0, min(places - row % places, GOALS)
        for k in range(first, last):
            share, homeward = ways.pairs[k]
            if goals == GOALS:
                for i in range(GOALS):
                    back = coming[homeward + i]
                    part = back * local + (1.0 - back) * ways.leads[k, i]
                    weights[k, i] = shares[share + i] * part
            else:
                weights[k] = 0.0
                for i in range(goals):
                    back = coming[homeward + i]
                    part = back * local + (1.0 - back) * ways.leads[k, i]
                    weights[k, i] = shares[share + i] * part


@njit(cache=True)
def multiply(movers, weights, ways, column, landed, people, coming):  # type: ignore[no-untyped-def]
    r"""Who lands, (row, column): movers times weights, tile by tile, columns from ``column`` on.

    .. math:: Y_{g,c} = \sum_{k} w_{k,g} X_{r(k),c}

    The rows :math:`r(k)` that count are listed, so that what is known to be zero costs nothing,
    and nothing is copied beforehand. The sums of a tile stay in registers; each is added up in the
    order of the list. Meanwhile those who come next are fetched. After Goto and van de Geijn (2008,
    ACM TOMS 34(3)), the innermost kernel.
    """
    columns, tiles, rows = movers.shape[1], ways.tiles, ways.rows
    for t in range(len(tiles)):
        row, first, last = tiles[t]
        call(
            people,
            coming,
            len(movers),
            column // WIDTH * len(tiles) + t,
            columns // WIDTH * len(tiles),
        )
        a0 = a1 = a2 = b0 = b1 = b2 = c0 = c1 = c2 = d0 = d1 = d2 = spread(0.0)
        for k in range(first, last):
            at = rows[k] * columns + column
            x0, x1, x2 = load(movers, at), load(movers, at + 8), load(movers, at + 16)
            w = spread(weights[k, 0])
            a0, a1, a2 = fused(w, x0, a0), fused(w, x1, a1), fused(w, x2, a2)
            w = spread(weights[k, 1])
            b0, b1, b2 = fused(w, x0, b0), fused(w, x1, b1), fused(w, x2, b2)
            w = spread(weights[k, 2])
            c0, c1, c2 = fused(w, x0, c0), fused(w, x1, c1), fused(w, x2, c2)
            w = spread(weights[k, 3])
            d0, d1, d2 = fused(w, x0, d0), fused(w, x1, d1), fused(w, x2, d2)
        at = row * columns + column
        store3(landed, at, a0, a1, a2)
        store3(landed, at + columns, b0, b1, b2)
        store3(landed, at + 2 * columns, c0, c1, c2)
        store3(landed, at + 3 * columns, d0, d1, d2)


@njit(cache=True)
def call(people, coming, rows, part, parts):  # type: ignore[no-untyped-def]
    """A part of those who come next is asked for, whose first age stands at ``coming``."""
    levels, sexes, ages = people.shape[3:]
    for row in range(part * rows // parts, (part + 1) * rows // parts):
        begin = coming + row * levels * sexes * ages
        for a in range(0, ages, LANES):
            fetch(people, begin + a)


@njit(cache=True)
def store3(array, at, one, two, three):  # type: ignore[no-untyped-def]
    """Three vectors, one after the other."""
    store(array, at, one)
    store(array, at + LANES, two)
    store(array, at + 2 * LANES, three)


@njit(cache=True, forceinline=True, fastmath={"contract"})
def flow(leavers, apart, ways, destination, home, flows, homecoming):  # type: ignore[no-untyped-def]
    """Moves of one draw by class before, (hukou, place, place), and those of them who come home."""
    classes, places = leavers.shape[:2]
    for h in range(classes):
        for p in range(places):
            gone = across(load(leavers, (h * places + p) * LANES))
            share, row = destination[ways.main[h], p], flows[h, p]
            for q in range(places):
                row[q] = gone * share[q]
    for c in range(len(ways.cells)):
        h, g = ways.cells[c, 0], ways.cells[c, 3]
        for p in range(places):
            gone = 0.0
            for s in range(apart.shape[1]):
                gone += apart[c, s, p]
            share, row = destination[g, p], flows[h, p]
            for q in range(places):
                row[q] += gone * share[q]
    for h in range(classes):
        for p in range(places):
            row, coming, back = flows[h, p], home[h, p], homecoming[h, p]
            for q in range(places):
                back[q] = row[q] * coming[q]
