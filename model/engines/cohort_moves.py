"""Compiled loops of relocation in the mean engine, one draw and level of education at a time.

Who leaves stands in rows, those of a class one after the other by place, and in columns, ages of
men and then of women, the last at the end of a row; so do those who land. Every sum runs in a fixed
order within a draw.
"""

import numpy as np
from numba import njit

from model.axes import BEYOND, ELSEWHERE, LOCAL
from model.engines.marginals import past_infancy
from model.vectors import LANES, across, fused, load, minus, plus, spread, store, times

GOALS, WIDTH = 4, 24
"""Rows and columns of a tile of the product: its sums fill half of the registers."""


@njit(cache=True)
def relocate(  # type: ignore[no-untyped-def]
    people, leave, destination, home, ways, flows, homecoming, arrivals, departures, schooled, grown
):  # fmt: skip
    """Movers of all draws leave their cells and arrive.

    Arrays lead with the draw; ``ways`` is a :class:`model.engines.ways.Ways`.
    """
    draws, places, hukou, levels, sexes, ages = people.shape
    columns = -(-sexes * ages // LANES) * LANES
    movers = room_for(hukou * places, columns)
    landed = room_for(hukou * places + GOALS, columns)
    weights, leavers = np.empty((len(ways.rows), GOALS)), np.empty((hukou, places))
    apart = np.empty((len(ways.cells), sexes, places))
    counted = past_infancy(sexes, ages)
    for d in range(draws):
        leavers[:] = 0.0
        grown[d] = 0.0
        weigh(destination[d], home[d], ways, weights)
        # One level of education after the other, so that all of it stays near the processor.
        for level in range(levels):
            depart(people[d], level, leave[d], ways, movers, leavers)
            multiply(movers, weights, ways.tiles, ways.rows, landed)
            move_apart(
                people[d], level, leave[d], destination[d], home[d], ways, movers, landed, apart
            )
            arrive(
                people[d], level, movers, landed, counted,
                arrivals[d], departures[d], schooled[d], grown[d],
            )  # fmt: skip
        flow(leavers, apart, ways, destination[d], home[d], flows[d], homecoming[d])


@njit(cache=True)
def room_for(rows, columns):  # type: ignore[no-untyped-def]
    """Zeros, (row, column), of which no vector lies across two lines of the processor's memory."""
    raw = np.zeros(rows * columns + LANES)
    begin = -(raw.ctypes.data // raw.itemsize) % LANES
    return raw[begin : begin + rows * columns].reshape(rows, columns)


@njit(cache=True, fastmath={"contract"})
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
def multiply(movers, weights, tiles, rows, landed):  # type: ignore[no-untyped-def]
    r"""Who lands, (row, column): movers times weights, tile by tile.

    .. math:: Y_{g,c} = \sum_{k} w_{k,g} X_{r(k),c}

    The rows :math:`r(k)` that count are listed, so that what is known to be zero costs nothing,
    and nothing is copied beforehand. The sums of a tile stay in registers; each is added up in the
    order of the list. After Goto and van de Geijn (2008, ACM TOMS 34(3)), the innermost kernel.
    """
    columns = movers.shape[1]
    odd = columns % WIDTH
    start = odd if clear(movers, landed, odd) else odd - WIDTH
    for begin in range(start, columns, WIDTH):
        # The first tile and the second overlap.
        column = max(begin, 0)
        for t in range(len(tiles)):
            row, first, last = tiles[t]
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
def clear(movers, landed, columns):  # type: ignore[no-untyped-def]
    """Whether nobody leaves in the first columns, those too young; nobody then lands in them."""
    for row in range(len(movers)):
        for c in range(columns):
            if movers[row, c] != 0.0:
                return False
    landed[:, :columns] = 0.0
    return True


@njit(cache=True)
def store3(array, at, one, two, three):  # type: ignore[no-untyped-def]
    """Three vectors, one after the other."""
    store(array, at, one)
    store(array, at + LANES, two)
    store(array, at + 2 * LANES, three)


@njit(cache=True)
def depart(people, level, leave, ways, movers, leavers):  # type: ignore[no-untyped-def]
    """Movers of one draw and level of education who choose as most of their class do.

    ``people`` (place, hukou, education, sex, age), ``leave`` (place, group, age); ``leavers``
    (hukou, place) is added to.
    """
    places, hukou, levels, sexes, ages = people.shape
    groups, columns, whole = leave.shape[1], movers.shape[1], ages // LANES * LANES
    shift = columns - sexes * ages
    all_people, all_movers, chances = people.reshape(-1), movers.reshape(-1), leave.reshape(-1)
    usual = ways.usual.reshape(-1)
    for p in range(places):
        for h in range(hukou):
            cell, gone = (
                ((p * hukou + h) * levels + level) * sexes * ages,
                (h * places + p) * columns + shift,
            )
            rate, mine = (p * groups + ways.main[h]) * ages, (h * levels + level) * ages
            total, rest = spread(0.0), 0.0
            for _ in range(sexes):
                for a in range(0, whole, LANES):
                    chance = times(load(leave, rate + a), load(usual, mine + a))
                    moved = times(load(people, cell + a), chance)
                    total = plus(total, moved)
                    store(movers, gone + a, moved)
                for a in range(whole, ages):
                    one = all_people[cell + a] * (chances[rate + a] * usual[mine + a])
                    all_movers[gone + a] = one
                    rest += one
                cell += ages
                gone += ages
            leavers[h, p] += across(total) + rest


@njit(cache=True, fastmath={"contract"})
def move_apart(people, level, leave, destination, home, ways, movers, landed, apart):  # type: ignore[no-untyped-def]
    """Movers of cells that choose unlike the rest of their class join those who leave and land.

    ``apart`` (cell, sex, place) is who leaves.
    """
    places, classes, _, sexes, ages = people.shape
    shift = movers.shape[1] - sexes * ages
    landing = np.empty((2, places))
    for c in range(len(ways.cells)):
        h, e, a, g = ways.cells[c]
        if e != level:
            continue
        for p in range(places):
            for s in range(sexes):
                gone = people[p, h, e, s, a] * leave[p, g, a]
                apart[c, s, p], movers[h * places + p, shift + s * ages + a] = gone, gone
        for after in range(classes):
            local = 1.0 if after == 0 else 0.0
            landing[:] = 0.0
            men, women = landing
            for p in range(places):
                one, two = apart[c, 0, p], apart[c, 1, p]
                if not ways.reaches[h, after, p] or (one == 0.0 and two == 0.0):
                    continue
                share, coming, leads = destination[g, p], home[h, p], ways.lands[h, after, p]
                for q in range(places):
                    part = share[q] * (coming[q] * local + (1.0 - coming[q]) * leads[q])
                    men[q] += one * part
                    women[q] += two * part
            for q in range(places):
                landed[after * places + q, shift + a] += men[q]
                landed[after * places + q, shift + ages + a] += women[q]


@njit(cache=True)
def arrive(people, level, movers, landed, counted, arrivals, departures, schooled, grown):  # type: ignore[no-untyped-def]
    """Movers leave their cells, those who land join theirs; all are summed.

    ``arrivals`` and ``departures`` (zone, sex, age) are added to. Sums are as in
    :func:`model.engines.marginals.sum_people`.
    """
    places, classes, levels, sexes, ages = people.shape
    zones, columns, size = len(arrivals), movers.shape[1], sexes * ages
    shift, odd, step, wide = columns - size, size % LANES, levels * size, places * columns
    all_people, all_schooled = people.reshape(-1), schooled.reshape(-1)
    left, came = departures.reshape(-1), arrivals.reshape(-1)
    for p in range(places):
        into, here = (p * levels + level) * size, p * size
        row, cell = p * columns + shift, (p * classes * levels + level) * size
        local = elsewhere = beyond = spread(0.0)
        for c in range(odd, size, LANES):
            past = load(counted, c)
            gone, come = load(movers, row + c), load(landed, row + c)
            now = plus(minus(load(people, cell + c), gone), come)
            store(people, cell + c, now)
            local = fused(now, past, local)
            out, back = load(movers, row + wide + c), load(landed, row + wide + c)
            more = plus(minus(load(people, cell + step + c), out), back)
            store(people, cell + step + c, more)
            elsewhere = fused(more, past, elsewhere)
            gone, come, now = plus(gone, out), plus(come, back), plus(now, more)
            out, back = load(movers, row + 2 * wide + c), load(landed, row + 2 * wide + c)
            more = plus(minus(load(people, cell + 2 * step + c), out), back)
            store(people, cell + 2 * step + c, more)
            beyond = fused(more, past, beyond)
            store(schooled, into + c, plus(now, more))
            if p < zones:
                store(departures, here + c, plus(load(departures, here + c), plus(gone, out)))
                store(arrivals, here + c, plus(load(arrivals, here + c), plus(come, back)))
        grown[p, LOCAL] += across(local)
        grown[p, ELSEWHERE] += across(elsewhere)
        grown[p, BEYOND] += across(beyond)
        for c in range(odd):
            all_schooled[into + c] = 0.0
            for h in range(classes):
                one, two = movers[h * places + p, shift + c], landed[h * places + p, shift + c]
                alive = all_people[cell + h * step + c] - one + two
                all_people[cell + h * step + c] = alive
                all_schooled[into + c] += alive
                grown[p, h] += alive * counted[c]
                if p < zones:
                    left[here + c] += one
                    came[here + c] += two


@njit(cache=True, fastmath={"contract"})
def flow(leavers, apart, ways, destination, home, flows, homecoming):  # type: ignore[no-untyped-def]
    """Moves of one draw by class before, (hukou, place, place), and those of them who come home."""
    classes, places = leavers.shape
    for h in range(classes):
        for p in range(places):
            share, row = destination[ways.main[h], p], flows[h, p]
            for q in range(places):
                row[q] = leavers[h, p] * share[q]
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
