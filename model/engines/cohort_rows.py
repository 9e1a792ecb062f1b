"""Compiled loops over the people of a draw, one level of education and sex: they grow and move.

Those of all ages but the youngest are worked out in vectors. Vectors and single numbers follow the
same steps in the same order, so that who leaves a cell is never more than live in it, to the last
bit.
"""

import numpy as np
from numba import njit

from model.axes import BEYOND, ELSEWHERE, LOCAL
from model.vectors import LANES, load, minus, plus, spread, store, times


@njit(cache=True)
def depart(people, level, sex, young, years, surviving, chance, leave, ways, movers, leavers):  # type: ignore[no-untyped-def]
    """Those not ``young`` grow by ``years`` (0 or 1), may become local, and leave.

    ``people`` (place, hukou, education, sex, age), ``surviving`` (place or 1, cell) and ``chance``
    (place, hukou) of becoming local; ``leave`` (place, group, age). Those who choose as most of
    their class do are put into ``movers`` (hukou x place, age) and added to ``leavers``
    (hukou, place, lane), but stay in their cells as yet.
    """
    places, hukou, levels, sexes, ages = people.shape
    size, step, groups, wide = sexes * ages, levels * sexes * ages, leave.shape[1], movers.shape[1]
    everybody, survival = people.reshape(-1), surviving.reshape(-1)
    usual = ways.usual
    one, oldest, end = spread(1.0), lane_of_oldest(), wide - LANES
    for p in range(places):
        near, far = spread(chance[p, ELSEWHERE]), spread(chance[p, BEYOND])
        begin = (p * hukou * levels + level) * size + sex * ages + young
        alive = (0 if len(surviving) == 1 else p) * size + sex * ages + young - years
        main, rate, total = ways.main, p * groups * ages + young, spread(0.0)
        near_rate, far_rate = rate + main[ELSEWHERE] * ages, rate + main[BEYOND] * ages
        rate += main[LOCAL] * ages
        total_near, total_far = total, total
        for v in range(end, -1, -LANES):
            c, living = begin + v, load(surviving, alive + v)
            local = times(load(people, c - years), living)
            elsewhere = times(load(people, c + step - years), living)
            beyond = times(load(people, c + 2 * step - years), living)
            if v == end and years == 1:
                # The two oldest ages join.
                last, at = survival[alive + v + LANES], c + LANES - 1
                local = plus(local, times(oldest, spread(everybody[at] * last)))
                elsewhere = plus(elsewhere, times(oldest, spread(everybody[at + step] * last)))
                beyond = plus(beyond, times(oldest, spread(everybody[at + 2 * step] * last)))
            local = plus(plus(local, times(elsewhere, near)), times(beyond, far))
            elsewhere, beyond = times(elsewhere, minus(one, near)), times(beyond, minus(one, far))
            store(people, c, local)
            store(people, c + step, elsewhere)
            store(people, c + 2 * step, beyond)
            own = level * ages + young + v
            local = times(local, times(load(leave, rate + v), load(usual, own)))
            leaving = times(load(leave, near_rate + v), load(usual, own + levels * ages))
            elsewhere = times(elsewhere, leaving)
            leaving = times(load(leave, far_rate + v), load(usual, own + 2 * levels * ages))
            beyond = times(beyond, leaving)
            store(movers, p * wide + v, local)
            store(movers, (places + p) * wide + v, elsewhere)
            store(movers, (2 * places + p) * wide + v, beyond)
            total, total_near = plus(total, local), plus(total_near, elsewhere)
            total_far = plus(total_far, beyond)
        add(leavers, p * LANES, total)
        add(leavers, (places + p) * LANES, total_near)
        add(leavers, (2 * places + p) * LANES, total_far)


@njit(cache=True)
def lane_of_oldest():  # type: ignore[no-untyped-def]
    """A vector that is one in its last lane."""
    lanes = np.zeros(LANES)
    lanes[LANES - 1] = 1.0
    return load(lanes, 0)


@njit(cache=True)
def add(array, at, vector):  # type: ignore[no-untyped-def]
    """A vector is added to what stands in an array."""
    store(array, at, plus(load(array, at), vector))


@njit(cache=True)
def add_level(array, at, vector, level):  # type: ignore[no-untyped-def]
    """A vector is added to that of the levels before, if there are any."""
    store(array, at, plus(load(array, at), vector) if level > 0 else vector)


@njit(cache=True)
def arrive(people, level, sex, young, movers, landed, classed, schooled, arrivals, departures):  # type: ignore[no-untyped-def]
    """Movers not ``young`` leave their cells, those who land join theirs; all are summed.

    Added to the sums of levels before: ``classed`` (place, hukou, sex, age), ``arrivals`` and
    ``departures`` (zone, sex, age); and put into ``schooled`` (place, education, sex, age).
    """
    places, hukou, levels, sexes, ages = people.shape
    zones, size, step = len(arrivals), sexes * ages, levels * sexes * ages
    width, cell = movers.shape[1], sex * ages + young
    wide = places * width
    for p in range(places):
        begin, row = (p * hukou * levels + level) * size + cell, p * width
        into, own, here = (p * levels + level) * size, p * hukou * size + cell, p * size + cell
        for v in range(0, width, LANES):
            at, c = row + v, begin + v
            gone, come = load(movers, at), load(landed, at)
            now = plus(minus(load(people, c), gone), come)
            store(people, c, now)
            add_level(classed, own + v, now, level)
            at, c = at + wide, c + step
            out, back = load(movers, at), load(landed, at)
            more = plus(minus(load(people, c), out), back)
            store(people, c, more)
            add_level(classed, own + size + v, more, level)
            gone, come, now = plus(gone, out), plus(come, back), plus(now, more)
            at, c = at + wide, c + step
            out, back = load(movers, at), load(landed, at)
            more = plus(minus(load(people, c), out), back)
            store(people, c, more)
            add_level(classed, own + 2 * size + v, more, level)
            store(schooled, into + cell + v, plus(now, more))
            if p < zones:
                add_level(departures, here + v, plus(gone, out), level)
                add_level(arrivals, here + v, plus(come, back), level)


@njit(cache=True)
def empty(people, level, young):  # type: ignore[no-untyped-def]
    """Whether nobody so young is of a level of education."""
    places, hukou, _, sexes, _ = people.shape
    for p in range(places):
        for h in range(hukou):
            for s in range(sexes):
                for a in range(young):
                    if people[p, h, level, s, a] != 0.0:
                        return False
    return True


@njit(cache=True)
def grown(people, place, level, sex, age, years, surviving, chance, found):  # type: ignore[no-untyped-def]
    """Those of an age once they have grown by ``years`` and some are local, ``found`` (hukou,)."""
    hukou, ages = len(found), people.shape[4]
    alive = surviving[0 if len(surviving) == 1 else place, sex * ages : (sex + 1) * ages]
    for h in range(hukou):
        cell = people[place, h, level, sex]
        found[h] = cell[age - years] * alive[age - years] if age >= years else 0.0
        if years == 1 and age == ages - 1:
            found[h] += cell[age] * alive[age]
    near, far = chance[place, ELSEWHERE], chance[place, BEYOND]
    found[LOCAL] = (found[LOCAL] + found[ELSEWHERE] * near) + found[BEYOND] * far
    found[ELSEWHERE], found[BEYOND] = found[ELSEWHERE] * (1.0 - near), found[BEYOND] * (1.0 - far)


@njit(cache=True)
def grown_cells(people, years, surviving, chance, cells, found):  # type: ignore[no-untyped-def]
    """People of some cells once they have grown, (cell, sex, place), who have not done so yet.

    ``cells`` (cell, n) begin with class, education and age.
    """
    each = np.empty(people.shape[1])
    for c in range(len(cells)):
        h, e, a = cells[c, 0], cells[c, 1], cells[c, 2]
        for s in range(found.shape[1]):
            for p in range(found.shape[2]):
                grown(people, p, e, s, a, years, surviving, chance, each)
                found[c, s, p] = each[h]


@njit(cache=True)
def depart_young(people, level, young, years, surviving, chance, leave, ways, movers, leavers):  # type: ignore[no-untyped-def]
    """As :func:`depart`, those younger than ``young``, men in the first columns and then women."""
    places, hukou, _, sexes, _ = people.shape
    each = np.empty(hukou)
    for p in range(places):
        for s in range(sexes):
            for a in range(young - 1, -1, -1):
                grown(people, p, level, s, a, years, surviving, chance, each)
                for h in range(hukou):
                    gone = each[h] * (leave[p, ways.main[h], a] * ways.usual[h, level, a])
                    people[p, h, level, s, a] = each[h]
                    movers[h * places + p, s * young + a] = gone
                    leavers[h, p, 0] += gone


@njit(cache=True)
def arrive_young(people, level, young, movers, landed, classed, schooled, arrivals, departures):  # type: ignore[no-untyped-def]
    """As :func:`arrive`, those younger than ``young``."""
    places, hukou, _, sexes, _ = people.shape
    for p in range(places):
        for s in range(sexes):
            for a in range(young):
                column, total = s * young + a, 0.0
                for h in range(hukou):
                    row = h * places + p
                    now = people[p, h, level, s, a] - movers[row, column] + landed[row, column]
                    people[p, h, level, s, a] = now
                    classed[p, h, s, a] += now
                    total += now
                    if p < len(arrivals):
                        departures[p, s, a] += movers[row, column]
                        arrivals[p, s, a] += landed[row, column]
                schooled[p, level, s, a] = total
