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
from model.kernels.vectors import (
    LANES,
    across,
    fetch,
    fused,
    load,
    minus,
    plus,
    smaller,
    spread,
    store,
    times,
)

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
    # One row more, that the last of eight numbers has room.
    weights, falls = np.empty((len(ways.rows) + 1, GOALS)), np.empty((len(ways.runs), GOALS))
    leavers = np.empty((hukou, places, LANES))
    apart, landing = np.empty((len(ways.cells), sexes, places)), np.empty(places)
    for d in range(draws):
        leave, goals, home = table.leave[d], table.destination[d], table.home[d]
        here, classed, schooled = people[d], sums.classed[d], sums.schooled[d]
        came, left = moves.arrivals[d], moves.departures[d]
        surviving, chance = growth.surviving[d], growth.chance[d]
        after = min(d + 1, draws - 1) * here.size
        leavers[:] = 0.0
        weigh(goals, home, ways, weights, falls)
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
                    multiply(movers, weights, falls, ways, column, landed, people, coming)
                land_apart(level, sex, young, ages, 0, goals, home, ways, apart, landing, landed)
                arrive(here, level, sex, young, landed, classed, schooled, came)
        classed[..., :young], schooled[..., :young] = 0.0, 0.0
        came[..., :young], left[..., :young] = 0.0, 0.0
        for level in range(levels):
            if empty(here, level, young):
                continue
            depart_young(
                here, level, young, growth.years, surviving, chance, leave, ways,
                movers, leavers, left,
            )  # fmt: skip
            for sex in range(sexes):
                depart_apart(here, level, sex, 0, young, leave, ways, apart, left)
            multiply(movers, weights, falls, ways, 0, landed, people, after)
            for sex in range(sexes):
                land_apart(
                    level, sex, 0, young, sex * LANES, goals, home, ways, apart, landing, landed
                )
            arrive_young(here, level, young, landed, classed, schooled, came)
        flow(leavers, apart, ways, goals, home, moves.flows[d], moves.homecoming[d])


@njit(cache=True)
def room_for(rows, columns):  # type: ignore[no-untyped-def]
    """Zeros, (row, column), of which no vector lies across two lines of the processor's memory."""
    raw = np.zeros(rows * columns + LANES)
    begin = -(raw.ctypes.data // raw.itemsize) % LANES
    return raw[begin : begin + rows * columns].reshape(rows, columns)


@njit(cache=True, forceinline=True)
def weigh(destination, home, ways, weights, falls):  # type: ignore[no-untyped-def]
    """Shares of the movers of the rows of each tile that arrive at its goals, (row, goal).

    ``falls`` (run, goal) is by how much the chance of coming home falls from a run to the next.
    """
    shares, coming = destination.reshape(-1), home.reshape(-1)
    one, leads, homes = spread(1.0), ways.leads, ways.homes
    for k in range(len(ways.rows)):
        share, homeward = ways.pairs[k]
        if max(share + LANES - shares.size, homeward + LANES - coming.size) <= 0:
            # Eight numbers, four of which those of the next row take the place of.
            back = load(coming, homeward)
            part = times(minus(one, back), load(leads, k * GOALS))
            part = plus(part, times(back, load(homes, k * GOALS)))
            store(weights, k * GOALS, times(load(shares, share), part))
        else:
            for i in range(GOALS):
                there = share + i < shares.size and homeward + i < coming.size
                back = coming[homeward + i] if there else 0.0
                part = (1.0 - back) * leads[k, i] + back * homes[k, i]
                weights[k, i] = shares[share + i] * part if there else 0.0
    for run in range(len(ways.runs)):
        now, after = ways.runs[run, 2:]
        for i in range(GOALS):
            there = coming[now + i] if now + i < coming.size else 0.0
            fewer = coming[after + i] if after >= 0 and after + i < coming.size else 0.0
            falls[run, i] = there - fewer


@njit(cache=True)
def multiply(movers, weights, falls, ways, column, landed, people, coming):  # type: ignore[no-untyped-def]
    r"""Who lands, (row, column): movers times weights, tile by tile, columns from ``column`` on.

    .. math:: Y_{g,c} = \sum_{k} w_{k,g} X_{r(k),c}

    The rows :math:`r(k)` that count are listed, so that what is known to be zero costs nothing,
    and nothing is copied beforehand. The sums of a tile stay in registers; each is added up in the
    order of the list. Meanwhile those who come next are fetched. After Goto and van de Geijn (2008,
    ACM TOMS 34(3)), the innermost kernel.

    Of those who keep their class, a part :math:`h_{s,g}` comes home that is the same for all of a
    run of rows, the places of a seat :math:`s`. With :math:`S_s` the sum up to the end of run
    :math:`s`, and none after the last, that part is

    .. math:: \sum_{s} h_s (S_s - S_{s-1}) = \sum_{s} (h_s - h_{s+1}) S_s

    and costs a product a run instead of one a row.
    """
    columns, tiles, rows, runs = movers.shape[1], ways.tiles, ways.rows, ways.runs
    for t in range(len(tiles)):
        row, begin, end, first, last, local = tiles[t]
        turn, turns = column // WIDTH * len(tiles) + t, columns // WIDTH * len(tiles)
        call(people, coming, len(movers), turn, turns)
        zero = spread(0.0)
        a = b = c = d = (zero, zero, zero)
        if begin < end:
            at = local * columns + column
            e = f = g = h = a
            for run in range(begin, end):
                for k in range(runs[run, 0], runs[run, 1]):
                    x = at_row(movers, rows[k] * columns + column)
                    w0, w1, w2, w3 = four(weights, k)
                    a, b, c, d = more(w0, x, a), more(w1, x, b), more(w2, x, c), more(w3, x, d)
                w0, w1, w2, w3 = four(falls, run)
                e, f, g, h = more(w0, a, e), more(w1, b, f), more(w2, c, g), more(w3, d, h)
            a = come_home(landed, at, a, e)
            b = come_home(landed, at + columns, b, f)
            c = come_home(landed, at + 2 * columns, c, g)
            d = come_home(landed, at + 3 * columns, d, h)
        for k in range(first, last):
            x = at_row(movers, rows[k] * columns + column)
            w0, w1, w2, w3 = four(weights, k)
            a, b, c, d = more(w0, x, a), more(w1, x, b), more(w2, x, c), more(w3, x, d)
        at = row * columns + column
        put(landed, at, a)
        put(landed, at + columns, b)
        put(landed, at + 2 * columns, c)
        put(landed, at + 3 * columns, d)


@njit(cache=True, forceinline=True)
def at_row(array, at):  # type: ignore[no-untyped-def]
    """Three vectors that stand one after the other."""
    return load(array, at), load(array, at + LANES), load(array, at + 2 * LANES)


@njit(cache=True, forceinline=True)
def put(array, at, three):  # type: ignore[no-untyped-def]
    """Three vectors, one after the other."""
    store(array, at, three[0])
    store(array, at + LANES, three[1])
    store(array, at + 2 * LANES, three[2])


@njit(cache=True, forceinline=True)
def four(array, row):  # type: ignore[no-untyped-def]
    """The numbers of a row, each a vector."""
    return (
        spread(array[row, 0]),
        spread(array[row, 1]),
        spread(array[row, 2]),
        spread(array[row, 3]),
    )


@njit(cache=True, forceinline=True)
def more(w, x, y):  # type: ignore[no-untyped-def]
    """Three sums, to which a product is added."""
    return fused(w, x[0], y[0]), fused(w, x[1], y[1]), fused(w, x[2], y[2])


@njit(cache=True, forceinline=True)
def come_home(landed, at, all_of_them, home):  # type: ignore[no-untyped-def]
    """Those who do not come ``home``; those who do join who has landed.

    Differences may have made ``home`` a little less than nothing: then nobody is.
    """
    a, b, c = all_of_them
    others = (
        smaller(minus(a, home[0]), a),
        smaller(minus(b, home[1]), b),
        smaller(minus(c, home[2]), c),
    )
    one, two, three = at_row(landed, at)
    back = (
        plus(one, minus(a, others[0])),
        plus(two, minus(b, others[1])),
        plus(three, minus(c, others[2])),
    )
    put(landed, at, back)
    return others


@njit(cache=True)
def call(people, coming, rows, part, parts):  # type: ignore[no-untyped-def]
    """A part of those who come next is asked for, whose first age stands at ``coming``."""
    levels, sexes, ages = people.shape[3:]
    for row in range(part * rows // parts, (part + 1) * rows // parts):
        begin = coming + row * levels * sexes * ages
        for a in range(0, ages, LANES):
            fetch(people, begin + a)


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
            row, coming, back = flows[h, p], home[h, ways.seat[p]], homecoming[h, p]
            for q in range(places):
                back[q] = row[q] * coming[q]
